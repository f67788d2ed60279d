"""Choosing between values."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import selection
from autograd_np.testing.catalogue.sample import MASK, Sample, Samples, binary, real

SAMPLES: Samples = {
    np.maximum: binary(),
    np.minimum: binary(),
    np.where: [
        Sample("both", (MASK, real(2, 3), real(2, 3, seed=1)), {}),
        Sample("row", (MASK, real(3), real(2, 1)), {}),
        Sample("constant", (MASK, real(2, 3), 0.0), {}),
        Sample("condition stretched", (MASK[:, :1], 1.0, real(3)), {}),
    ],
    selection.clamp: [
        Sample("both", (real(6), -1.0, 1.0), {}),
        Sample("lower", (real(6), 0.75, None), {}),
        Sample("upper", (real(6), None, -0.75), {}),
        Sample("arrays", (real(2, 3), real(3) - 1, real(2, 1) + 1), {}),
        Sample("crossed", (real(3), np.array(0.2), np.array(0.1)), {}),
    ],
}
