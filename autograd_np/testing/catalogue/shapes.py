"""Moving elements about without computing with them."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import shapes
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real, unary

SAMPLES: Samples = {
    np.reshape: [
        Sample("flat", (real(2, 3), (6,)), {}),
        Sample("unknown length", (real(2, 3), (3, -1)), {}),
        Sample("order F", (real(2, 3), (3, 2)), {"order": "F"}),
        Sample("empty", (real(0, 3), (3, 0)), {}),
        Sample("to 0-d", (real(1), ()), {}),
        Sample("complex", (imaginary(2, 3), (3, 2)), {}),
    ],
    np.ravel: [
        Sample("rows", (real(2, 3),), {}),
        Sample("order F", (real(2, 3),), {"order": "F"}),
        Sample("0-d", (real(),), {}),
    ],
    np.squeeze: [
        Sample("all", (real(1, 3, 1),), {}),
        Sample("axis", (real(1, 3, 1),), {"axis": -1}),
        Sample("axes", (real(1, 3, 1),), {"axis": (0, -1)}),
    ],
    np.expand_dims: [
        Sample("front", (real(2, 3), 0), {}),
        Sample("several", (real(2, 3), (0, -1)), {}),
    ],
    np.transpose: [
        Sample("reversed", (real(2, 3, 4),), {}),
        Sample("axes", (real(2, 3, 4),), {"axes": (1, 2, 0)}),
        Sample("negative axes", (real(2, 3, 4),), {"axes": (-1, 0, -2)}),
        Sample("0-d", (real(),), {}),
        Sample("complex", (imaginary(2, 3),), {}),
    ],
    np.full_like: [
        Sample("number", (real(2, 3), real()), {}),
        Sample("row", (real(2), real(3)), {"shape": (2, 3)}),
    ],
    np.swapaxes: [Sample("negative", (real(2, 3, 4), 0, -1), {})],
    np.moveaxis: [
        Sample("one", (real(2, 3, 4), 0, -1), {}),
        Sample("several", (real(2, 3, 4), (0, -1), (-1, 0)), {}),
    ],
    np.rollaxis: [
        Sample("to the front", (real(2, 3, 4), 2), {}),
        Sample("negative", (real(2, 3, 4), -2), {"start": 3}),
        Sample("negative start", (real(2, 3, 4), 0), {"start": -1}),
    ],
    np.matrix_transpose: [Sample("stack", (real(2, 3, 2),), {})],
    np.linalg.matrix_transpose: [Sample("matrix", (real(3, 2),), {})],
    np.broadcast_to: [
        Sample("new axis", (real(3), (2, 3)), {}),
        Sample("stretched", (real(2, 1), (2, 3)), {}),
        Sample("0-d", (real(), (2, 2)), {}),
        Sample("empty", (real(1, 3), (0, 3)), {}),
    ],
    np.broadcast_arrays: [
        Sample("two", (real(2, 1), real(3)), {}),
        Sample("three, one constant", (real(3), 2.0, real(2, 1)), {}),
        Sample("one", (real(2),), {}),
    ],
    np.atleast_1d: [
        Sample("0-d", (real(),), {}),
        Sample("several", (real(), real(2)), {}),
    ],
    np.atleast_2d: [
        Sample("vector", (real(3),), {}),
        Sample("several", (real(), real(2), real(2, 2)), {}),
    ],
    np.atleast_3d: [
        Sample("vector", (real(3),), {}),
        Sample("several", (real(), real(2, 3), real(1, 2, 2)), {}),
    ],
    np.copy: [*unary(), Sample("order F", (real(2, 3),), {"order": "F"})],
    shapes.duplicate: [Sample("matrix", (real(2, 3),), {})],
    np.astype: [
        Sample("same", (real(3), np.float64), {}),
        Sample("to complex", (real(3), np.complex128), {}),
    ],
    shapes.cast: [
        Sample("same", (real(3), np.float64), {}),
        Sample("to complex", (real(), np.complex128), {}),
        Sample("complex", (imaginary(2), np.complex128), {}),
    ],
    shapes.discretize: [],
}
