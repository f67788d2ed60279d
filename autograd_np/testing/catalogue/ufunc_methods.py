"""`reduce`, `accumulate`, `reduceat` and `outer` of ufuncs."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import folds, running, ufunc_methods
from autograd_np.testing.catalogue.sample import (
    MASK,
    Sample,
    Samples,
    imaginary,
    positive,
    real,
)

_ONE_AXIS = [
    Sample("vector", (positive(4),), {}),
    Sample("first axis", (positive(3, 2),), {}),
    Sample("negative axis", (positive(2, 3), -1), {}),
    Sample("keepdims", (positive(2, 3),), {"axis": 1, "keepdims": True}),
    Sample("length 1", (positive(1, 3),), {}),
    Sample("initial", (positive(2, 3),), {"initial": 1.5}),
    Sample("empty, initial", (positive(0, 3),), {"initial": 1.5}),
    Sample("where", (positive(2, 3), 1), {"initial": 1.5, "where": MASK}),
    Sample("dtype", (positive(3),), {"dtype": float}),
]

_REDUCED = [
    *_ONE_AXIS,
    Sample("0-d", (positive(),), {}),
    Sample("all", (positive(2, 3), None), {}),
    Sample("axes", (positive(2, 3, 2), (0, -1)), {"keepdims": True}),
    Sample("no axis", (positive(2, 3), ()), {}),
]

_LARGE_FIRST = np.array([[9.7, 7.9], [2.1, 2.2], [0.6, 0.8]])

_MODULAR = [
    Sample("first axis", (_LARGE_FIRST,), {}),
    Sample("where", (_LARGE_FIRST,), {"initial": 31.3, "where": MASK.T}),
]

_ACCUMULATED = [
    Sample("vector", (real(5),), {}),
    Sample("first axis", (real(4, 2),), {}),
    Sample("negative axis", (real(2, 3), -1), {}),
    Sample("length 1", (real(1, 3),), {}),
    Sample("empty", (real(0, 3),), {}),
    Sample("empty other axis", (real(3, 0),), {}),
    Sample("dtype", (real(3),), {"dtype": float}),
]

_SLICED = [
    Sample("increasing", (positive(5), [0, 2, 3]), {}),
    Sample("late start", (positive(5), [2, 4]), {}),
    Sample("any order", (positive(6), [4, 1, 3, 3, 0]), {}),
    Sample("axis", (positive(2, 4), [0, 3], 1), {}),
    Sample("matrix", (positive(4, 2), np.array([2, 0, 1])), {}),
    Sample("no slices", (positive(3), np.array([], int)), {}),
]

_PAIRS = [
    Sample("vectors", (positive(2), positive(3)), {}),
    Sample("matrix and vector", (positive(2, 2), positive(3)), {}),
    Sample("number left", (positive(), positive(3)), {}),
    Sample("constant right", (positive(3), np.array([1, 2])), {}),
    Sample("empty", (positive(2), positive(0)), {}),
]

_COMPLEX = Sample("complex", (imaginary(3, 2),), {})

SAMPLES: Samples = {
    np.add.reduce: [*_REDUCED, _COMPLEX],
    np.multiply.reduce: [*_REDUCED, _COMPLEX],
    np.maximum.reduce: _REDUCED,
    np.minimum.reduce: _REDUCED,
    np.fmax.reduce: _REDUCED,
    np.fmin.reduce: _REDUCED,
    np.hypot.reduce: _REDUCED,
    np.logaddexp.reduce: _REDUCED,
    np.logaddexp2.reduce: _REDUCED,
    np.subtract.reduce: [*_ONE_AXIS, _COMPLEX],
    np.divide.reduce: [*_ONE_AXIS, _COMPLEX],
    np.fmod.reduce: _MODULAR,
    np.add.accumulate: [*_ACCUMULATED, _COMPLEX],
    np.multiply.accumulate: [*_ACCUMULATED, _COMPLEX],
    np.maximum.accumulate: _ACCUMULATED,
    np.minimum.accumulate: _ACCUMULATED,
    np.fmax.accumulate: _ACCUMULATED,
    np.fmin.accumulate: _ACCUMULATED,
    np.subtract.accumulate: [*_ACCUMULATED, _COMPLEX],
    np.logaddexp.accumulate: _ACCUMULATED,
    np.add.reduceat: [*_SLICED, Sample("complex", (imaginary(4), [0, 2]), {})],
    np.multiply.reduceat: _SLICED,
    np.hypot.reduceat: _SLICED,
    np.add.outer: _PAIRS,
    np.multiply.outer: [*_PAIRS, Sample("complex", (imaginary(2), real(3)), {})],
    np.power.outer: _PAIRS,
    folds.length: [
        Sample("vector", (real(4),), {}),
        Sample("matrix", (real(3, 2),), {}),
        Sample("row", (real(1, 3),), {}),
    ],
    running.extremes: [
        Sample("matrix", (np.fmax, real(5, 2), 0), {}),
        Sample("last axis", (np.minimum, real(2, 3), 1), {}),
    ],
    ufunc_methods.sums_of_slices: [Sample("axis", (real(2, 5), [3, 0, 1], 1), {})],
    np.divmod.outer: [Sample("vectors", (positive(2), 0.3 * positive(3)), {})],
}
