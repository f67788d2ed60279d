"""Powers, exponentials, logarithms, and the circular functions that networks use."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import (
    Sample,
    Samples,
    binary,
    imaginary,
    positive,
    real,
    unary,
)

_COMPLEX = Sample("complex", (imaginary(2, 3),), {})
_ALL = [*unary(), _COMPLEX]
_POSITIVE = [*unary(positive), _COMPLEX]

_POWER = [
    *binary(positive),
    Sample("negative base", (real(4), 3.0), {}),
    Sample("negative exponent", (real(4), -2.0), {}),
    Sample("zero exponent", (real(4), 0.0), {}),
    Sample("zero among the exponents", (positive(3), np.array([0.0, 1.0, 2.0])), {}),
    Sample("whole exponents", (real(3), np.array([0, 1, 3])), {}),
    Sample("zero base", (np.array([0.0, 1.5]), 2.0), {}),
    Sample("zero base, cube", (np.array([0.0, 1.5]), 3.0), {}),
    Sample("zero base, first power", (np.array([0.0, 1.5]), 1.0), {}),
    Sample("complex", (imaginary(2, 3), imaginary(3, seed=1)), {}),
    Sample("complex base", (imaginary(2, 3), real(3)), {}),
    Sample("complex exponent", (positive(2, 3), imaginary(3)), {}),
    Sample("complex exponent, negative base", (-positive(3), imaginary(3)), {}),
    Sample("complex base, constant exponent", (imaginary(3), 2.5), {}),
    Sample("constant base, complex exponent", (2.0, imaginary(3)), {}),
]

SAMPLES: Samples = {
    np.square: _ALL,
    np.sqrt: _POSITIVE,
    np.cbrt: unary(),
    np.exp: _ALL,
    np.exp2: _ALL,
    np.expm1: _ALL,
    np.log: _POSITIVE,
    np.log2: _POSITIVE,
    np.log10: _POSITIVE,
    np.log1p: _POSITIVE,
    np.sin: _ALL,
    np.cos: _ALL,
    np.tanh: _ALL,
    np.power: _POWER,
    np.float_power: _POWER,
    np.logaddexp: [*binary(), Sample("tie", (np.ones(2), np.ones(2)), {})],
    np.logaddexp2: [*binary(), Sample("tie", (np.ones(2), np.ones(2)), {})],
}
