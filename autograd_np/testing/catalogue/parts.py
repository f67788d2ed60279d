"""Real and imaginary parts, angles, and what becomes of complex and of infinite numbers."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import parts
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real, unary

_COMPLEX = [
    Sample("complex", (imaginary(2, 3),), {}),
    Sample("complex 0-d", (imaginary(),), {}),
    Sample("complex empty", (imaginary(0, 3),), {}),
]

SAMPLES: Samples = {
    np.real: [*unary(), *_COMPLEX],
    np.imag: [*unary(), *_COMPLEX],
    np.angle: [*unary(), *_COMPLEX, Sample("degrees", (imaginary(3), True), {})],
    np.real_if_close: [*unary(), *_COMPLEX],
    np.nan_to_num: [
        *unary(),
        *_COMPLEX,
        Sample("settings", (real(3),), {"nan": 1.0, "posinf": 2.0, "neginf": 3.0}),
    ],
    parts.finite: [Sample("numbers", (real(3), 0.0, None, None), {})],
}
