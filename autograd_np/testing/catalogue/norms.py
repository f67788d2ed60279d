"""Norms of vectors and matrices."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import norms
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real
from autograd_np.testing.catalogue.solving import regular

_VECTOR_ORDERS = (0, 1, 2, 3, 1.5, 0.5, -1, -2.5, np.inf, -np.inf)
_MATRIX_ORDERS = ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
_CONDITIONS = (None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)

_AXES = [
    Sample("matrix", (real(2, 3),), {}),
    Sample("deep", (real(2, 2, 2),), {}),
    Sample("vector", (real(3),), {}),
    Sample("0-d", (real(),), {}),
    Sample("one", (real(1),), {}),
    Sample("empty", (real(0, 3),), {}),
    Sample("empty axis", (real(0, 3),), {"axis": 1}),
    Sample("axis", (real(2, 3),), {"axis": 0}),
    Sample("negative axis, keepdims", (real(2, 3, 2),), {"axis": -2, "keepdims": True}),
    Sample("axes", (real(2, 3, 2),), {"axis": (0, -1)}),
    Sample("keepdims", (real(2, 3),), {"keepdims": True}),
    Sample("complex", (imaginary(2, 3),), {}),
    Sample("complex axis", (imaginary(2, 3),), {"axis": 0}),
]

SAMPLES: Samples = {
    norms.euclidean_norm: _AXES,
    norms.power_norm: [
        *(Sample(f"{p}", (real(2, 3), p, 1), {}) for p in (0, 3, 1.5, 0.5, -1, -2.5)),
        Sample("keepdims", (real(2, 3), 3, 0, True), {}),
        Sample("empty axis", (real(2, 0), 3, 1), {}),
        *(Sample(f"complex, {p}", (imaginary(3), p, 0), {}) for p in (0, 3, 1.5, -1)),
    ],
    np.linalg.norm: [
        *_AXES,
        *(Sample(f"vector, {p}", (real(3), p), {}) for p in _VECTOR_ORDERS),
        *(Sample(f"rows, {p}", (real(2, 3), p), {"axis": -1}) for p in _VECTOR_ORDERS),
        *(Sample(f"complex vector, {p}", (imaginary(2), p), {}) for p in _VECTOR_ORDERS),
        *(Sample(f"matrix, {p}", (real(2, 3), p), {}) for p in _MATRIX_ORDERS),
        *(Sample(f"complex matrix, {p}", (imaginary(2, 2), p), {}) for p in _MATRIX_ORDERS),
        *(Sample(f"axes, {p}", (real(2, 2, 3), p, (2, 0)), {}) for p in _MATRIX_ORDERS),
        *(Sample(f"kept axes, {p}", (real(2, 1, 2), p, (-1, 0), True), {}) for p in ("nuc", -1)),
    ],
    np.linalg.vector_norm: [
        *_AXES,
        Sample("three axes", (real(2, 2, 1, 2),), {"axis": (3, 0, 1)}),
        Sample("three axes, keepdims", (real(2, 2, 2),), {"axis": (0, 2, 1), "keepdims": True}),
        *(Sample(f"{p}", (real(2, 2),), {"ord": p, "axis": 0}) for p in _VECTOR_ORDERS),
        *(Sample(f"all, {p}", (real(2, 2),), {"ord": p}) for p in (0, 1, 3, np.inf)),
    ],
    np.linalg.matrix_norm: [
        Sample("stack", (real(2, 3, 2),), {}),
        Sample("keepdims", (real(2, 3, 2),), {"keepdims": True}),
        *(Sample(f"{p}", (real(2, 3),), {"ord": p}) for p in _MATRIX_ORDERS),
    ],
    np.linalg.cond: [
        *(Sample(f"{p}", (regular(3, 3), p), {}) for p in _CONDITIONS),
        *(Sample(f"stack, {p}", (regular(2, 2, 2), p), {}) for p in _CONDITIONS),
        Sample("tall", (real(3, 2),), {}),
        Sample("1x1", (real(1, 1), 1), {}),
        Sample("complex", (regular(2, 2, domain=imaginary),), {}),
    ],
}
