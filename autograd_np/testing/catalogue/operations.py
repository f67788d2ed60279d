"""The activations and losses of our own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd_np.rules import activations, arithmetic, losses
from autograd_np.testing.catalogue.sample import (
    Array,
    Sample,
    Samples,
    positive,
    real,
    unary,
)

_LABELS = np.array([2, 0, 1, 2])
_TARGETS = np.array([[0.0, 1.0, 1.0], [1.0, 0.25, 0.0]])


def _cross_entropy() -> list[Sample]:
    samples = []
    for reduction in ("mean", "sum", "none"):
        samples += [
            Sample(f"labels, {reduction}", (real(4, 3), _LABELS, -1, reduction), {}),
            Sample(f"columns, {reduction}", (real(3, 4), _LABELS, 0, reduction), {}),
            Sample(f"deep, {reduction}", (real(2, 3, 2), _LABELS.reshape(2, 2), 1, reduction), {}),
        ]
    return samples


def _probabilities(*shape: int, seed: int = 0) -> Array:
    return positive(*shape, seed=seed) / 2.5


def _binary_loss(domain: Callable[..., Array]) -> list[Sample]:
    return [
        Sample(reduction, (domain(2, 3), _TARGETS, reduction), {})
        for reduction in ("mean", "sum", "none")
    ]


SAMPLES: Samples = {
    activations.relu: unary(),
    activations.sigmoid: unary(),
    activations.softmax: [
        Sample("last axis", (real(2, 3),), {}),
        Sample("first axis", (real(2, 3), 0), {}),
        Sample("both axes", (real(2, 3), (0, 1)), {}),
        Sample("vector", (real(3),), {}),
    ],
    activations.log_softmax: [
        Sample("last axis", (real(2, 3),), {}),
        Sample("first axis", (real(2, 3), 0), {}),
        Sample("vector", (real(3),), {}),
    ],
    activations.logsumexp: [
        Sample("all", (real(2, 3),), {}),
        Sample("axis", (real(2, 3), -1), {}),
        Sample("keepdims", (real(2, 3), 0, True), {}),
    ],
    losses.cross_entropy: _cross_entropy(),
    losses.binary_cross_entropy: _binary_loss(_probabilities),
    losses.binary_cross_entropy_with_logits: _binary_loss(real),
    arithmetic.stop_gradient: [],
}
