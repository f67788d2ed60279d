"""Products of vectors and matrices."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import linear_algebra
from autograd_np.testing.catalogue.sample import Sample, Samples, real

_PRODUCTS = [
    ("matrices", (2, 3), (3, 4)),
    ("vectors", (3,), (3,)),
    ("matrix and vector", (2, 3), (3,)),
    ("vector and matrix", (3,), (3, 2)),
    ("column", (3, 1), (1, 2)),
    ("empty", (0, 3), (3, 2)),
    ("empty sum", (2, 0), (0, 2)),
]

SAMPLES: Samples = {
    np.matmul: [
        *(Sample(name, (real(*a), real(*b, seed=1)), {}) for name, a, b in _PRODUCTS),
        Sample("batches", (real(2, 2, 3), real(2, 3, 2, seed=1)), {}),
        Sample("batch and matrix", (real(2, 2, 3), real(3, 2)), {}),
        Sample("matrix and batch", (real(2, 3), real(2, 3, 2)), {}),
        Sample("stretched batches", (real(2, 1, 2, 3), real(2, 3, 2)), {}),
        Sample("batch and vector", (real(2, 2, 3), real(3)), {}),
        Sample("vector and batch", (real(3), real(2, 3, 2)), {}),
        Sample("constant left", (np.arange(6).reshape(2, 3), real(3, 2)), {}),
    ],
    np.dot: [
        *(Sample(name, (real(*a), real(*b, seed=1)), {}) for name, a, b in _PRODUCTS),
        Sample("numbers", (real(), real(2, 3)), {}),
        Sample("number right", (real(3), real()), {}),
        Sample("deep", (real(2, 2, 3), real(2, 3, 2)), {}),
        Sample("deep and vector", (real(2, 2, 3), real(3)), {}),
        Sample("vector and deep", (real(3), real(2, 3, 2)), {}),
    ],
    linear_algebra.linear: [
        Sample("matrix", (real(4, 3), real(2, 3), real(2)), {}),
        Sample("no bias", (real(4, 3), real(2, 3)), {}),
        Sample("vector", (real(3), real(2, 3), real(2)), {}),
        Sample("batches", (real(2, 2, 3), real(2, 3), real(2)), {}),
    ],
}
