"""Grids of numbers, differences over them, and functions applied along axes."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import grids
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, positive, real

_COORDINATES = np.array([0.5, 0.8, 1.5, 1.9])


def _differences(row):  # type: ignore[no-untyped-def]
    return row[1:] * row[:-1]


_RAMPS = [
    Sample("numbers", (positive(), positive(seed=1)), {"num": 4}),
    Sample("arrays", (positive(2, 1), positive(3, seed=1)), {"num": 3}),
    Sample("open", (positive(2), 3.0), {"num": 3, "endpoint": False}),
    Sample("axis", (positive(2), positive(2, seed=1)), {"num": 3, "axis": -1}),
    Sample("one", (positive(), 2.0), {"num": 1}),
    Sample("none", (positive(), 2.0), {"num": 0}),
    Sample("dtype", (positive(), 2.0), {"num": 3, "dtype": np.float64}),
    Sample("to complex", (positive(), 2.0), {"num": 3, "dtype": np.complex128}),
]

SAMPLES: Samples = {
    np.linspace: [
        *_RAMPS,
        Sample("step", (real(2), real(2, seed=1)), {"num": 3, "retstep": True}),
        Sample("step, open", (real(), 3.0), {"num": 2, "endpoint": False, "retstep": True}),
        Sample("complex", (imaginary(), real(2)), {"num": 3}),
    ],
    np.logspace: [
        *_RAMPS,
        Sample("base", (real(2), 0.5), {"num": 3, "base": positive()}),
        Sample("bases", (real(2, 1), 0.5), {"num": 3, "base": positive(3), "axis": 1}),
    ],
    np.geomspace: [
        *_RAMPS,
        Sample("negative", (-positive(2), -positive(2, seed=1)), {"num": 3}),
        Sample("complex", (imaginary(), imaginary(seed=1)), {"num": 4}),
    ],
    grids.ramp: [
        Sample("open", (real(2), real(1), 3, False), {}),
        Sample("closed", (real(), real(2), 3, True), {}),
    ],
    grids.geometric_ramp: [
        Sample("open", (positive(2), positive(1), 3, False), {}),
        Sample("closed", (positive(), positive(2), 3, True), {}),
    ],
    np.meshgrid: [
        Sample("two", (real(2), real(3)), {}),
        Sample("three, ij", (real(2), real(3), real(2, seed=1)), {"indexing": "ij"}),
        Sample("three, sparse", (real(2), real(3), real(1)), {"sparse": True}),
        Sample("0-d and a constant", (real(), [1.0, 2.0]), {"copy": False}),
        Sample("one", (real(3),), {}),
    ],
    np.diff: [
        Sample("once", (real(2, 4),), {}),
        Sample("twice", (real(5),), {"n": 2}),
        Sample("never", (real(3),), {"n": 0}),
        Sample("axis", (real(3, 2),), {"axis": 0}),
        Sample("numbers around", (real(2, 3),), {"prepend": real(), "append": 0.0}),
        Sample("arrays around", (real(2, 3),), {"prepend": real(2, 2), "append": real(2, 1)}),
        Sample("nothing left", (real(1),), {}),
        Sample("complex", (imaginary(3),), {"prepend": real()}),
    ],
    np.ediff1d: [
        Sample("matrix", (real(2, 2),), {}),
        Sample("ends", (real(3),), {"to_begin": real(2), "to_end": real(1, seed=1)}),
        Sample("numbers", (real(3),), {"to_begin": 0.0, "to_end": real()}),
        Sample("one", (real(1),), {}),
    ],
    np.gradient: [
        Sample("vector", (real(4),), {}),
        Sample("matrix", (real(2, 3),), {}),
        Sample("spacing", (real(4), positive()), {}),
        Sample("one spacing for all", (real(2, 3), positive()), {}),
        Sample("spacings", (real(3, 2), positive(), 2.0), {}),
        Sample("coordinates", (real(4), _COORDINATES), {}),
        Sample("coordinates, second order", (real(4), _COORDINATES), {"edge_order": 2}),
        Sample("second order", (real(3, 4), positive()), {"edge_order": 2, "axis": -1}),
        Sample("axes", (real(2, 3, 4), 0.5, _COORDINATES[:2]), {"axis": (2, 0)}),
        Sample("two elements", (real(2),), {}),
        Sample("complex", (imaginary(3), positive()), {}),
    ],
    np.apply_along_axis: [
        Sample("to numbers", (np.prod, 0, real(3, 2)), {}),
        Sample("to vectors", (_differences, -1, real(2, 3)), {}),
        Sample("to vectors, first axis", (_differences, 0, real(3, 2, 2)), {}),
        Sample("to matrices", (np.diag, 1, real(2, 2)), {}),
        Sample("settings", (np.diag, 0, real(2, 2)), {"k": 1}),
        Sample("vector", (np.prod, 0, real(3)), {}),
    ],
    np.apply_over_axes: [
        Sample("two", (np.prod, real(2, 3, 2), (0, -1)), {}),
        Sample("one", (np.sum, real(2, 3), 1), {}),
    ],
}
