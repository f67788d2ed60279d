"""Traces of steps: how many, of whose functions and modules, with which names."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.nn.compiling_cases import (
    TARGETS,
    Twins,
    X,
    assert_same,
    eager_step,
    network,
)

LOSS = nn.MSELoss()
adam = partial(nn.Adam, lr=0.02)


def twins(backend: str = "numpy", **settings: Any) -> Twins:
    return Twins(network, adam, LOSS, backend, **settings)


def test_it_is_traced_once_for_each_shape() -> None:
    traced: list[int] = []

    class Counted(nn.Module):
        def __init__(self) -> None:
            self.inner = network()

        def forward(self, x: Any) -> Any:
            traced.append(x.shape[0])
            return self.inner(x)

    model = Counted()
    optimizer = adam(model)
    step = nn.compile_step(model, LOSS, optimizer)
    for _ in range(4):
        for rows in (16, 16, 8):
            step(X[:rows], TARGETS[:rows])
            optimizer.lr *= 0.9
            nn.predict(model.inner, X)
    assert traced == [16, 16, 8, 8]
    step(X[:16].astype(np.float32), TARGETS[:16])
    assert traced[4:] == [16, 16]


def test_the_number_of_traces_is_bounded() -> None:
    model = network()
    step = nn.compile_step(model, LOSS, adam(model))
    for rows in range(1, 30):
        step(X[:rows], TARGETS[:rows])
    assert len(step.compiled._entries) == 16


@pytest.mark.parametrize("make", [nn.SGD, nn.Adam, partial(nn.RMSprop, momentum=0.9)])
def test_a_step_in_a_function_of_ones_own(make: Any) -> None:
    def train(model: nn.Module, optimizer: nn.optim.Optimizer, x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = LOSS(model(x), y) + 0.01 * sum(np.sum(p**2) for p in model.parameters())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    results = []
    for compiled in (False, True):
        model = network(dropout=0.3)
        optimizer = make(model, lr=0.01)
        function: Any = partial(train, model, optimizer)
        if compiled:
            function = ag.compile(function)
        losses = []
        for number in range(6):
            losses.append(function(X, TARGETS).numpy())
            if number == 2:
                optimizer.load_state_dict(optimizer.state_dict())
                optimizer.lr = 0.05
        results.append([losses, model.state_dict(), optimizer.state_dict()])
    assert_same(results[1], results[0])


def test_several_updates_in_one_function() -> None:
    """Two optimizers, one of them twice."""

    def train(models: Any, optimizers: Any, x: Any) -> None:
        for number in (0, 1, 0):
            for optimizer in optimizers:
                optimizer.zero_grad()
            LOSS(models[0](x), models[1](x).detach()).backward()
            LOSS(models[1](x), TARGETS).backward()
            optimizers[number].step()
        for optimizer in optimizers:
            optimizer.zero_grad()

    results = []
    for compiled in (False, True):
        models = [network(), network(activation="relu")]
        optimizers = [adam(models[0]), nn.SGD(models[1], lr=0.1, momentum=0.5)]
        function: Any = partial(train, models, optimizers)
        if compiled:
            function = ag.compile(function)
        for _ in range(4):
            function(X)
        states = [[each.state_dict() for each in both] for both in (models, optimizers)]
        results.append(states)
    assert_same(results[1], results[0])


class Own(nn.Module):
    """NumPy, a buffer, substituted parameters and a list of layers."""

    def __init__(self) -> None:
        self.scale = nn.Parameter(np.linspace(0.5, 1.5, 3))
        self.layers = [nn.Linear(3, 5, rng=0), nn.Linear(5, 4, rng=1)]
        self.mean = ag.Tensor(np.zeros(3), name="mean")

    def forward(self, x: Any) -> Any:
        self.mean.data = 0.9 * self.mean.data + 0.1 * np.mean(x, axis=0)
        h = np.einsum("ij,j->ij", x - self.mean, self.scale)
        h = np.where(h > 0, h, 0.1 * h)
        halved = {name: p * 0.5 for name, p in self.layers[0].named_parameters()}
        h = np.maximum(nn.functional_call(self.layers[0], halved, h), self.layers[0](h))
        return np.concatenate([self.layers[1](h)[:, :2], np.sin(self.layers[1](h))[:, 2:]], axis=1)


def test_a_module_of_ones_own() -> None:
    pair = Twins(Own, adam, LOSS)
    for _ in range(4):
        # In eager mode the mean is a Tensor's only if the input is one.
        pair.take(ag.Tensor(X), TARGETS)
        means = [model.mean.numpy() for model in (pair.compiled, pair.eager)]  # type: ignore[attr-defined]
        assert_same(*means)


def test_inputs_may_be_tensors() -> None:
    pair = twins()
    x = ag.Tensor(X, requires_grad=True)
    for _ in range(3):
        eager_step(pair.eager, LOSS, pair.eager_optimizer, x, ag.Tensor(TARGETS))
        expected, x.grad = x.grad, None
        pair.step(x, ag.Tensor(TARGETS))
        assert_same(x.grad, expected)
        x.grad = None
        pair.compare()


def test_names_in_the_source() -> None:
    def source(model: nn.Module, optimizer: Any = nn.SGD) -> str:
        step = nn.compile_step(model, LOSS, optimizer(model))
        with pytest.raises(RuntimeError, match="has not been called yet"):
            _ = step.source
        step(X, TARGETS)
        return step.source

    layered = source(network())
    assert all(f" {name}" in layered for name in ("W1", "b1", "W2", "b2", "dW1", "db2"))
    wide = source(network(width=6000), adam)
    assert "W1_exp_avg_sq" in wide
    own = source(Own())
    assert all(f" {name}" in own for name in ("scale", "mean", "layers_0_weight", "layers_1_bias"))
    named = network()
    first = next(iter(named.parameters()))
    assert isinstance(first, ag.Tensor)
    first.name = "weights"
    assert " dweights" in source(named)
