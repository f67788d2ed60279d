"""Functions that are constant between their steps, and those that take numbers apart."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import Sample, Samples, binary, imaginary, real, unary

_ROUNDED = [
    *unary(),
    Sample("decimals", (real(2, 3), 1), {}),
    Sample("tens", (40 * real(3),), {"decimals": -1}),
    Sample("complex", (imaginary(3),), {}),
]

SAMPLES: Samples = {
    np.floor: unary(),
    np.ceil: unary(),
    np.trunc: unary(),
    np.fix: unary(),
    np.rint: [*unary(), Sample("complex", (imaginary(3),), {})],
    np.round: _ROUNDED,
    np.around: _ROUNDED,
    np.spacing: unary(),
    np.nextafter: binary(),
    np.heaviside: [
        *binary(),
        Sample("value at zero", (np.zeros(2, int), real(2)), {}),
    ],
    np.modf: unary(),
    np.frexp: unary(),
    np.ldexp: [
        Sample("matrix and row", (real(2, 3), np.array([2, -1, 0])), {}),
        Sample("stretched", (real(3), np.array([[1], [2]])), {}),
        Sample("number", (real(), 3), {}),
        Sample("empty", (real(0, 3), 1), {}),
    ],
}
