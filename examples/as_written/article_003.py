"""Article 003 as written: two moons, 2-25-50-50-25-1, with hand-written gradients.

They are right, but NaN once a point lies so far on the wrong side that its probability rounds to
0 or 1: the derivative of the loss and that of the sigmoid are taken one after the other.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
SIZES = (2, 25, 50, 50, 25, 1)


def draw(seed: int = 2) -> tuple[list[Array], list[Array]]:
    """Return the weights (outputs, inputs) and biases (outputs, 1), drawn layer by layer."""
    randn = np.random.RandomState(seed).randn
    weights, biases = [], []
    for into, out in pairwise(SIZES):
        weights.append(randn(out, into) * 0.1)
        biases.append(randn(out, 1) * 0.1)
    return weights, biases


def forward(x: Array, weights: list[Array], biases: list[Array]) -> list[Array]:
    """Return the input and every layer's output; columns are points."""
    outputs = [x]
    for w, b in zip(weights[:-1], biases[:-1], strict=True):
        outputs.append(np.maximum(w @ outputs[-1] + b, 0))
    return [*outputs, np.asarray(1 / (1 + np.exp(-(weights[-1] @ outputs[-1] + biases[-1]))))]


def output_gradient(z: Array, y: Array) -> Array:
    """Return the article's d(mean cross-entropy)/dz of the last layer: NaN from about |z| = 37 on.

    >>> output_gradient(np.array([[36.0]]), np.array([[0.0]])).round(6)
    array([[1.]])
    """
    p = 1 / (1 + np.exp(-z))
    return np.asarray(-(y / p - (1 - y) / (1 - p)) * (p * (1 - p)) / y.size)


def train(
    x: Array, y: Array, weights: list[Array], biases: list[Array], epochs: int = 10_000
) -> tuple[list[float], list[float]]:
    """Train in place; return the cost and the accuracy before every epoch's update."""
    costs, accuracies = [], []
    for _ in range(epochs):
        outputs = forward(x, weights, biases)
        p = outputs[-1]
        costs.append(float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))
        accuracies.append(float(np.mean((p > 0.5) == y)))
        delta = -(y / p - (1 - y) / (1 - p)) * (p * (1 - p)) / y.size
        for i in reversed(range(len(weights))):
            dw, db = delta @ outputs[i].T, np.sum(delta, axis=1, keepdims=True)
            if i:
                delta = weights[i].T @ delta * (outputs[i] > 0)
            weights[i] -= 0.01 * dw
            biases[i] -= 0.01 * db
    return costs, accuracies
