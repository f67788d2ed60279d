"""Choosing between values."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import selection
from autograd_np.testing.catalogue.sample import MASK, Sample, Samples, binary, imaginary, real

_EXTREME = [*binary(), Sample("complex", (imaginary(2, 3), imaginary(3, seed=1)), {})]

_CLIPPED = [
    Sample("both", (real(6), -1.0, 1.0), {}),
    Sample("lower", (real(6), 0.75, None), {}),
    Sample("upper", (real(6), None, -0.75), {}),
    Sample("arrays", (real(2, 3), real(3) - 1, real(2, 1) + 1), {}),
    Sample("crossed", (real(3), np.array(0.2), np.array(0.1)), {}),
    Sample("empty", (real(0, 3), -1.0, real(3)), {}),
]

SAMPLES: Samples = {
    np.maximum: _EXTREME,
    np.minimum: _EXTREME,
    np.fmax: _EXTREME,
    np.fmin: _EXTREME,
    np.where: [
        Sample("both", (MASK, real(2, 3), real(2, 3, seed=1)), {}),
        Sample("row", (MASK, real(3), real(2, 1)), {}),
        Sample("constant", (MASK, real(2, 3), 0.0), {}),
        Sample("condition stretched", (MASK[:, :1], 1.0, real(3)), {}),
        Sample("complex", (MASK, imaginary(2, 3), real(3)), {}),
        Sample("0-d", (np.array(True), real(), real(seed=1)), {}),
    ],
    np.clip: [
        *_CLIPPED,
        Sample("neither", (real(3), None, None), {}),
        Sample("min", (real(6),), {"min": -0.75}),
        Sample("max", (real(6),), {"max": real(2, 1)}),
    ],
    selection.clamp: _CLIPPED,
}
