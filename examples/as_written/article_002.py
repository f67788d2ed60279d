"""Article 002 as written: sum, difference and distance, 2-4-4-3, with hand-written gradients.

They are right for half the sum of squared residuals, which is not the loss that the article prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def draw(random: np.random.RandomState, sizes: tuple[int, ...]) -> tuple[list[Array], list[Array]]:
    """Return the weights (outputs, inputs) and biases (outputs, 1), drawn layer by layer."""
    weights, biases = [], []
    for into, out in pairwise(sizes):
        weights.append(random.randn(out, into) * np.sqrt(2 / into))
        biases.append(random.randn(out, 1) * np.sqrt(2 / into))
    return weights, biases


def printed_loss(residual: Array) -> float:
    """Return the mean over the points (columns) of the L2 norm of the vector ``r**2 / 2``."""
    return float(np.mean(np.linalg.norm(residual**2 / 2, axis=0)))


def train(
    x: Array,
    y: Array,
    weights: list[Array],
    biases: list[Array],
    epochs: Iterable[int],
    learning_rate: float = 0.01,
) -> dict[int, float]:
    """Train in place; return and print the loss before the update of each of `epochs` (from 1)."""
    wanted = set(epochs)
    history = {}
    points = x.shape[1]
    for epoch in range(1, max(wanted) + 1):
        h1 = np.maximum(weights[0] @ x + biases[0], 0)
        h2 = np.maximum(weights[1] @ h1 + biases[1], 0)
        residual = weights[2] @ h2 + biases[2] - y
        if epoch in wanted:
            history[epoch] = printed_loss(residual)
            print(f"as written, epoch {epoch}: loss {history[epoch]}")
        d3 = residual / points
        d2 = weights[2].T @ d3 * (h2 > 0)
        d1 = weights[1].T @ d2 * (h1 > 0)
        for i, (delta, below) in enumerate(((d1, x), (d2, h1), (d3, h2))):
            weights[i] -= learning_rate * (delta @ below.T)
            biases[i] -= learning_rate * np.sum(delta, axis=1, keepdims=True)
    return history
