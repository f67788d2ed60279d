"""Joining and splitting arrays."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import splitting
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real

_SPLITS = [
    Sample("sections", (real(4, 2), 2), {}),
    Sample("places", (real(4, 2), [1, 2]), {}),
]

SAMPLES: Samples = {
    np.concatenate: [
        Sample("rows", ([real(2, 3), real(1, 3)],), {}),
        Sample("negative axis", ([real(2, 1), real(2, 3)],), {"axis": -1}),
        Sample("flattened", ([real(2, 2), real(3)],), {"axis": None}),
        Sample("with a constant", ([real(2), np.arange(3)],), {}),
        Sample("with an empty", ([real(0, 2), real(1, 2)],), {}),
        Sample("an array", (real(2, 3, 2),), {"axis": 1}),
        Sample("real and complex", ([real(2), imaginary(1)],), {}),
        Sample("dtype", ([real(2), real(1)],), {"dtype": np.float64}),
    ],
    np.stack: [
        Sample("front", ([real(3), real(3, seed=1)],), {}),
        Sample("back", ([real(2, 3), real(2, 3, seed=1)],), {"axis": -1}),
        Sample("0-d", ([real(), real(seed=1)],), {}),
        Sample("with a number", ([real(), 2.0],), {}),
        Sample("an array", (real(2, 3),), {"axis": 1}),
    ],
    np.vstack: [
        Sample("vectors", ((real(3), real(3, seed=1)),), {}),
        Sample("matrices", ([real(1, 2), real(2, 2)],), {}),
        Sample("0-d", ([real(), real(seed=1)],), {}),
    ],
    np.hstack: [
        Sample("vectors", ((real(3), real(2)),), {}),
        Sample("matrices", ([real(2, 1), real(2, 2)],), {}),
        Sample("0-d", ([real(), 1.0],), {}),
    ],
    np.dstack: [
        Sample("vectors", ((real(3), real(3, seed=1)),), {}),
        Sample("matrices", ([real(2, 1), real(2, 1, seed=1)],), {}),
    ],
    np.column_stack: [
        Sample("vectors", ((real(3), real(3, seed=1)),), {}),
        Sample("vector and matrix", ([real(2), real(2, 2)],), {}),
        Sample("0-d", ([real(), real(seed=1)],), {}),
    ],
    np.append: [
        Sample("flattened", (real(2, 2), real(3)), {}),
        Sample("axis", (real(2, 2), real(2, 1)), {"axis": -1}),
        Sample("number", (real(2), 3.0), {}),
    ],
    np.block: [
        Sample("one row", ([real(2), real(1)],), {}),
        Sample("matrices", ([[real(2, 2), real(2, 1)], [real(1, 2), np.ones((1, 1))]],), {}),
        Sample("numbers", ([[real(), 0.0], [1.0, real(seed=1)]],), {}),
        Sample("vectors in columns", ([[real(2)], [real(2, seed=1)]],), {}),
        Sample("array alone", (real(2),), {}),
    ],
    np.split: [
        *_SPLITS,
        Sample("negative axis", (real(2, 4), 2), {"axis": -1}),
        Sample("overlapping", (real(4), [3, 1]), {}),
        Sample("beyond the end", (real(3), [1, 5]), {}),
        Sample("one piece", (real(3), 1), {}),
        Sample("complex", (imaginary(4), 2), {}),
    ],
    np.array_split: [
        *_SPLITS,
        Sample("unequal", (real(5), 3), {}),
        Sample("more than there are", (real(2), 3), {}),
        Sample("negative axis", (real(2, 3), 2), {"axis": -1}),
    ],
    np.vsplit: _SPLITS,
    np.hsplit: [Sample("vector", (real(4), 2), {}), Sample("matrix", (real(2, 4), [1]), {})],
    np.dsplit: [Sample("sections", (real(2, 1, 4), 2), {})],
    np.unstack: [
        Sample("front", (real(2, 3),), {}),
        Sample("back", (real(2, 3),), {"axis": -1}),
        Sample("one", (real(1, 2),), {}),
        Sample("vector", (real(3),), {}),
    ],
    splitting.pieces: [
        Sample("rows", (real(3, 2), ((0, 1), (1, 3)), 0), {}),
        Sample("columns", (real(2, 3), ((0, 2), (2, 2), (2, 3)), 1), {}),
    ],
    splitting.layers: [
        Sample("front", (real(2, 3), 0), {}),
        Sample("back", (real(2, 3), 1), {}),
    ],
}
