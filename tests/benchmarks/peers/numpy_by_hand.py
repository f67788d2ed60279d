"""The step as a person writes it in NumPy: the backward pass derived by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.networks import Array, LossName, Problem, flat
from tests.benchmarks.peers import Trainer


def loss_and_gradient(
    kind: LossName, z: Array, y: NDArray[Any], rows: NDArray[np.intp]
) -> tuple[Any, Array]:
    """Return the loss of the last layer's output `z`, and its gradient with respect to `z`.

    Examples
    --------
    >>> loss, g = loss_and_gradient("sum_of_squares", np.array([[3.0]]), np.array([[1.0]]), None)
    >>> loss.item(), g.item()
    (4.0, 4.0)
    """
    if kind == "cross_entropy":
        z = z - z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        loss = (np.log(total[:, 0]) - z[rows, y]).mean()
        p /= total
        p[rows, y] -= 1
        p /= len(y)
        return loss, p
    if kind == "binary_cross_entropy":
        p = 1 / (1 + np.exp(-z))
        loss = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()
        return loss, (p - y) / len(y)
    error = z - y
    return np.vdot(error, error), 2 * error


def build(problem: Problem) -> Trainer:
    """Train with plain arrays and in-place updates."""
    x, y, kind, lr = problem.x, problem.y, problem.network.loss, problem.network.lr
    layers = problem.layers()
    *hidden, (W_last, b_last) = layers
    rows = np.arange(len(x))

    def step() -> Any:
        h = x
        inputs = []
        for W, b in hidden:
            inputs.append(h)
            h = h @ W
            if b is not None:
                h += b
            np.maximum(h, 0, out=h)
        inputs.append(h)
        z = h @ W_last
        if b_last is not None:
            z += b_last
        loss, g = loss_and_gradient(kind, z, y, rows)
        for (W, b), h in zip(reversed(layers), reversed(inputs), strict=True):
            dW = h.T @ g
            if b is not None:
                b -= lr * g.sum(axis=0)
            if h is not x:
                g = g @ W.T
                g *= h > 0
            W -= lr * dW
        return loss

    return Trainer(step, lambda: flat(layers))
