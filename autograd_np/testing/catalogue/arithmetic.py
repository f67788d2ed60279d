"""Sums, products and quotients, element by element."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import Samples, binary, unary

SAMPLES: Samples = {
    np.positive: unary(),
    np.negative: unary(),
    np.reciprocal: unary(),
    np.absolute: unary(),
    np.conjugate: unary(),
    np.sign: unary(),
    np.add: binary(),
    np.subtract: binary(),
    np.multiply: binary(),
    np.divide: binary(),
    np.real: unary(),
}
