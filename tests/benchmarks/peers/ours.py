"""`autograd_np` with plain Tensors: NumPy's operators, and an update written out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_np as ag
from tests.benchmarks.networks import Problem
from tests.benchmarks.peers import Trainer


def build_tensors(problem: Problem) -> Trainer:
    """Train leaf Tensors; inputs and labels stay plain arrays, guarded while the graph lives."""
    x, y, kind, lr = problem.x, problem.y, problem.network.loss, problem.network.lr
    layers: list[tuple[Any, Any]] = [
        (
            ag.Tensor(W, requires_grad=True),
            None if b is None else ag.Tensor(b, requires_grad=True),
        )
        for W, b in problem.initial
    ]
    *hidden, last = layers
    parameters = [p for layer in layers for p in layer if p is not None]

    def affine(h: Any, W: Any, b: Any) -> Any:
        return h @ W if b is None else h @ W + b

    def step() -> Any:
        h: Any = x
        for W, b in hidden:
            h = ag.relu(affine(h, W, b))
        z = affine(h, *last)
        if kind == "cross_entropy":
            loss = ag.cross_entropy(z, y)
        elif kind == "binary_cross_entropy":
            loss = ag.binary_cross_entropy(ag.sigmoid(z), y)
        else:
            loss = np.square(z - y).sum()
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
            p.grad = None
        return loss

    return Trainer(step, lambda: [np.array(p.data) for p in parameters])
