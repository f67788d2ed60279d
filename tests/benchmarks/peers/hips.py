"""HIPS autograd: `value_and_grad` of a function of nested lists of arrays."""

from __future__ import annotations

from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import value_and_grad
from autograd.scipy.special import logsumexp

from tests.benchmarks.networks import Problem, flat
from tests.benchmarks.peers import Trainer


def build(problem: Problem) -> Trainer:
    """Train plain arrays with the gradients of a loss function."""
    x, kind, lr = problem.x, problem.network.loss, problem.network.lr
    y: Any = problem.y
    layers = problem.layers()
    parameters = flat(layers)
    stride = 2 if problem.network.bias else 1
    rows = np.arange(len(x))

    def loss_of(parameters: list[Any]) -> Any:
        h = x
        last = len(parameters) - stride
        for i in range(0, len(parameters), stride):
            h = anp.dot(h, parameters[i])
            if stride == 2:
                h = h + parameters[i + 1]
            if i < last:
                h = anp.maximum(h, 0)
        if kind == "cross_entropy":
            return anp.mean(logsumexp(h, axis=1) - h[rows, y])
        if kind == "binary_cross_entropy":
            p = 1 / (1 + anp.exp(-h))
            return -anp.mean(y * anp.log(p) + (1 - y) * anp.log(1 - p))
        return anp.sum((h - y) ** 2)

    differentiate = value_and_grad(loss_of)

    def step() -> Any:
        loss, gradients = differentiate(parameters)
        for p, g in zip(parameters, gradients, strict=True):
            p -= lr * g
        return loss

    return Trainer(step, lambda: parameters)
