"""Reading and writing at an index."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import indexing
from autograd_np.testing.catalogue.sample import MASK, Sample, Samples, real

SAMPLES: Samples = {
    indexing.getitem: [
        Sample("int", (real(3, 2), 1), {}),
        Sample("slice", (real(5), slice(None, None, -2)), {}),
        Sample("mixed", (real(2, 3, 2), (..., None, 0)), {}),
        Sample("repeated", (real(4, 2), np.array([0, 2, 0, 0])), {}),
        Sample("pairs", (real(3, 3), (np.array([0, 1, 0]), np.array([1, 2, 1]))), {}),
        Sample("mask", (real(2, 3), MASK), {}),
        Sample("list", (real(4), [3, 3, -1]), {}),
        Sample("nothing", (real(4), np.array([], int)), {}),
        Sample("slice and array", (real(2, 3), (slice(None), np.array([0, 0, 2]))), {}),
    ],
    indexing.index_add: [
        Sample("repeated", (real(3), np.array([0, 2, 0]), (4,)), {}),
        Sample("slice", (real(2), slice(1, 3), (4,)), {}),
        Sample("stretched", (real(), np.array([0, 2]), (3,)), {}),
    ],
    indexing.index_set: [
        Sample("int", (real(3, 2), 1, real(2)), {}),
        Sample("stretched", (real(3, 2), slice(0, 2), real(2)), {}),
        Sample("number", (real(4), np.array([0, 2]), 0.0), {}),
        Sample("mask", (real(2, 3), MASK, real()), {}),
        Sample("repeated", (real(4), np.array([0, 2, 0]), real(3)), {}),
        Sample("repeated, stretched", (real(4, 2), np.array([1, 1]), real(2)), {}),
    ],
}
