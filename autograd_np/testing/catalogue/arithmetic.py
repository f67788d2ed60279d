"""Sums, products and quotients, element by element, and what belongs to signs."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import Sample, Samples, binary, imaginary, real, unary

_COMPLEX = Sample("complex", (imaginary(2, 3),), {})

_COMPLEX_PAIR = [
    Sample("complex pair", (imaginary(2, 3), imaginary(3, seed=1)), {}),
    Sample("real and complex", (real(2, 1), imaginary(3)), {}),
    Sample("complex and real", (imaginary(2, 1), real(3)), {}),
]

# Divisors so long that no quotient is near a whole number.
_MODULAR = [
    Sample("matrix and row", (real(2, 3), 2.1 * real(3, seed=1)), {}),
    Sample("several periods", (10 * real(4), real(seed=2)), {}),
    Sample("constant divisor", (real(2, 3), 0.3), {}),
    Sample("constant dividend", (5.0, real(3)), {}),
    Sample("empty", (real(0, 3), real(3)), {}),
]

SAMPLES: Samples = {
    np.positive: [*unary(), _COMPLEX],
    np.negative: [*unary(), _COMPLEX],
    np.reciprocal: [*unary(), _COMPLEX],
    np.absolute: [*unary(), _COMPLEX],
    np.fabs: unary(),
    np.conjugate: [*unary(), _COMPLEX],
    np.sign: [*unary(), _COMPLEX],
    np.copysign: binary(),
    np.add: [*binary(), *_COMPLEX_PAIR],
    np.subtract: [*binary(), *_COMPLEX_PAIR],
    np.multiply: [*binary(), *_COMPLEX_PAIR],
    np.divide: [*binary(), *_COMPLEX_PAIR, Sample("dtype", (real(3), 2.0), {"dtype": complex})],
    np.floor_divide: _MODULAR,
    np.remainder: _MODULAR,
    np.fmod: _MODULAR,
    np.divmod: _MODULAR,
}
