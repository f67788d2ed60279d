"""The five articles' networks: a compiled step is the eager step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from examples import article_000_mnist as article_000
from examples import article_001_random_regression as article_001
from examples import article_002_sum_difference_distance as article_002
from examples import article_003_two_moons as article_003
from examples import article_004_iris as article_004
from tests.nn.compiling_cases import BACKENDS, Twins, assert_same

pytestmark = pytest.mark.parametrize("backend", BACKENDS)
RNG = np.random.default_rng(0)


def sgd(model: nn.Module) -> nn.optim.Optimizer:
    return nn.SGD(model, lr=0.01)


def take(twins: Twins, x: Any, y: Any) -> None:
    # The steps of numba add up.
    for _ in range(4 if twins.backend == "numpy" else 1):
        assert twins.take(x, y)


def test_article_000(backend: str) -> None:
    """With its scaled ReLU, whose maximum is over the whole batch."""
    x, y = RNG.random((64, 784)), np.eye(10)[RNG.integers(10, size=64)]
    # Its layers find their width at the first call.
    take(Twins(article_000.network, sgd, article_000.batch_loss, backend), x, y)


def test_article_001(backend: str) -> None:
    def train(network: article_001.Network) -> Any:
        loss = np.sum(network.residuals() ** 2)
        loss.backward()
        for w in (network.w1, network.w2):
            w.data -= 1e-6 * w.grad
            w.grad = None
        return loss

    eager, network = article_001.Network.draw(), article_001.Network.draw()
    compiled = ag.compile(lambda: train(network), backend=backend)
    for _ in range(4 if backend == "numpy" else 1):
        assert_same(compiled().numpy(), train(eager).numpy(), backend)
        assert_same([network.w1.data, network.w2.data], [eager.w1.data, eager.w2.data], backend)


def test_article_002(backend: str) -> None:
    task = article_002.Task.draw()

    def loss(outputs: Any, targets: Any) -> Any:
        return article_002.minimised(outputs - targets)

    take(Twins(lambda: article_002.network(task_random()), sgd, loss, backend), task.x, task.y)


def task_random() -> np.random.RandomState:
    return article_002.Task.draw().random


def test_article_003(backend: str) -> None:
    x, y = RNG.normal(size=(900, 2)), RNG.integers(2, size=(900, 1)).astype(float)
    twins = Twins(lambda: article_003.network()[:-1], sgd, nn.BCEWithLogitsLoss(), backend)
    take(twins, x, y)


def test_article_004(backend: str) -> None:
    x, y = RNG.normal(size=(150, 4)), RNG.integers(3, size=150)
    take(Twins(article_004.network, sgd, nn.CrossEntropyLoss(), backend), x, y)
