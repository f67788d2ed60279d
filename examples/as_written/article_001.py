"""Article 001 as written: random regression, 1000-100-1, with hand-written, right gradients."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def draw(seed: int) -> tuple[Array, Array, Array, Array]:
    """Return x (128, 1000), y (128, 1), w1 (1000, 100) and w2 (100, 1), drawn in this order."""
    randn = np.random.RandomState(seed).randn
    return randn(128, 1000), randn(128, 1), randn(1000, 100), randn(100, 1)


def train(seed: int = 0, learning_rate: float = 1e-6, steps: int = 1000) -> list[float]:
    """Run the article's gradient descent; return the loss before every step."""
    x, y, w1, w2 = draw(seed)
    losses = []
    for _ in range(steps):
        z = x @ w1
        hidden = np.maximum(z, 0)
        residual = hidden @ w2 - y
        losses.append(float(np.sum(residual**2)))
        dy = 2 * residual
        dw2 = hidden.T @ dy
        dw1 = x.T @ (dy @ w2.T * (z > 0))
        w1 -= learning_rate * dw1
        w2 -= learning_rate * dw2
    return losses
