"""Polynomials by their coefficients."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import polynomials
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, positive, real

_SUMS = [
    Sample("longer first", (real(4), real(2)), {}),
    Sample("longer second", (real(2), real(4)), {}),
    Sample("same length", (real(3), real(3, seed=1)), {}),
    Sample("a number", (real(3), 2.0), {}),
    Sample("a list", ([1, 2.0, 3], real(2)), {}),
    Sample("0-d", (real(), real(2)), {}),
    Sample("complex", (imaginary(3), real(2)), {}),
]

_ROOTS = [
    Sample("real", (np.array([1.0, -2, -5, 6]),), {}),
    Sample("pairs", (np.array([2.0, 1, 3, -1, 4]),), {}),
    Sample("complex", (imaginary(4),), {}),
    Sample("one", (real(2),), {}),
]

# Points and values of a curve, and weights.
_X, _Y = np.array([-1.5, -0.5, 0.25, 1.0, 2.0]), real(5)
_W = positive(5, seed=2)

SAMPLES: Samples = {
    np.polyval: [
        Sample("matrix", (real(4), real(2, 3)), {}),
        Sample("0-d", (real(3), real()), {}),
        Sample("a number", (real(3), 2), {}),
        Sample("a constant", (real(1), real(3)), {}),
        Sample("a list", ([1, 0.5, 2], real(3)), {}),
        Sample("poly1d", (np.poly1d([1, 0.5, 2]), real(3)), {}),
        Sample("rows", (real(3, 2), real(4, 2)), {}),
        Sample("empty", (real(3), real(0)), {}),
        Sample("complex", (imaginary(3), imaginary(2)), {}),
        Sample("complex coefficients", (imaginary(3), real(2)), {}),
        Sample("complex points", (real(3), imaginary(2)), {}),
    ],
    polynomials.evaluate: [
        Sample("matrix", (real(4), real(2, 3)), {}),
        Sample("a constant", (real(1), real(3)), {}),
        Sample("complex", (imaginary(3), real(2)), {}),
    ],
    np.polyadd: _SUMS,
    np.polysub: _SUMS,
    np.polymul: _SUMS,
    polynomials.series_quotient: [
        Sample("same length", (real(3), real(3, seed=1)), {}),
        Sample("short divisor", (real(4), real(2)), {}),
        Sample("number", (real(3), real(1)), {}),
        Sample("complex", (imaginary(3), imaginary(2)), {}),
    ],
    np.polydiv: [
        Sample("remainder", (real(5), real(3)), {}),
        Sample("by a number", (real(3), 2.0), {}),
        Sample("same degree", (real(3), real(3, seed=1)), {}),
        Sample("higher divisor", (real(2), real(3)), {}),
        Sample("complex", (imaginary(4), real(2)), {}),
    ],
    np.polyder: [
        Sample("once", (real(4),), {}),
        Sample("twice", (real(4), 2), {}),
        Sample("not at all", (real(4),), {"m": 0}),
        Sample("to nothing", (real(2),), {"m": 2}),
        Sample("complex", (imaginary(3),), {}),
    ],
    np.polyint: [
        Sample("once", (real(3),), {}),
        Sample("twice", (real(3), 2), {}),
        Sample("not at all", (real(3), 0), {}),
        Sample("constant", (real(3),), {"k": real()}),
        Sample("one constant", (real(3), 2), {"k": real(1)}),
        Sample("constants", (real(3), 2), {"k": real(3)}),
        Sample("a list of constants", (real(3), 2), {"k": [1, 2.5]}),
        Sample("complex", (imaginary(3),), {"k": imaginary(1)}),
    ],
    np.vander: [
        Sample("square", (real(3),), {}),
        Sample("wide", (real(2), 4), {}),
        Sample("increasing", (real(3),), {"N": 3, "increasing": True}),
        Sample("ones", (real(3),), {"N": 1}),
        Sample("no column", (real(3),), {"N": 0}),
        Sample("complex", (imaginary(2), 3), {}),
    ],
    np.roots: _ROOTS,
    polynomials.roots_of: _ROOTS,
    polynomials.characteristic: [
        Sample("real", (real(3, 3),), {}),
        Sample("equal eigenvalues", (np.array([[2.0, 1, 0], [0, 2, 0], [0, 0, 2]]),), {}),
        Sample("complex", (imaginary(2, 2),), {}),
        Sample("one", (real(1, 1),), {}),
    ],
    np.poly: [
        Sample("roots", (real(4),), {}),
        Sample("equal roots", (np.array([1.5, 1.5, -0.5]),), {}),
        Sample("complex", (imaginary(3),), {}),
        Sample("matrix", (real(3, 3),), {}),
        Sample("one", (real(1),), {}),
    ],
    np.polyfit: [
        Sample("line", (_X, _Y, 1), {}),
        Sample("parabola", (_X, _Y, 2), {}),
        Sample("several", (_X, real(5, 2), 1), {}),
        Sample("weights", (_X, _Y, 2), {"w": _W}),
        Sample("weights for several", (_X, real(5, 2), 1), {"w": _W}),
        Sample("covariance", (_X, _Y, 1), {"cov": True}),
        Sample("covariances", (_X, real(5, 2), 1), {"cov": True, "w": _W}),
        Sample("unscaled", (_X, _Y, 1), {"cov": "unscaled"}),
        Sample("full", (_X, _Y, 1), {"full": True}),
        Sample("through all points", (_X, _Y, 4), {}),
        Sample("complex", (_X, imaginary(5), 1), {}),
    ],
}
