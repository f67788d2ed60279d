"""Running sums and products, and areas."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import cumulative
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, positive, real

_RUNNING = [
    Sample("flattened", (real(2, 3),), {}),
    Sample("axis", (real(3, 2),), {"axis": 0}),
    Sample("negative axis", (real(2, 4),), {"axis": -1}),
    Sample("middle axis", (real(2, 3, 2),), {"axis": 1}),
    Sample("0-d", (real(),), {}),
    Sample("one", (real(1),), {}),
    Sample("length 1", (real(3, 1),), {"axis": 1}),
    Sample("empty", (real(0, 3),), {"axis": 0}),
    Sample("dtype", (real(3),), {"dtype": float}),
    Sample("complex", (imaginary(2, 3),), {"axis": 1}),
]
_ZEROS = [
    Sample("zeros", (np.array([[0.0, 2, 3, 4], [1, 0, 5, 0]]),), {"axis": 1}),
    Sample("all zeros", (np.zeros(4),), {}),
    Sample("complex zero", (np.array([2 - 1j, 0, 3j]),), {}),
]
_STANDARD = [
    Sample("vector", (real(4),), {}),
    Sample("axis", (real(3, 2),), {"axis": 0}),
    Sample("initial", (real(2, 3),), {"axis": -1, "include_initial": True}),
    Sample("dtype", (real(3),), {"dtype": float}),
    Sample("complex", (imaginary(3),), {"include_initial": True}),
]

SAMPLES: Samples = {
    np.cumsum: _RUNNING,
    np.cumprod: [*_RUNNING, *_ZEROS],
    np.cumulative_sum: _STANDARD,
    np.cumulative_prod: [*_STANDARD, Sample("zeros", (np.array([2.0, 0, 3, 0, 1]),), {})],
    np.nancumsum: _RUNNING,
    np.nancumprod: [*_RUNNING, *_ZEROS],
    cumulative.recurrence: [
        Sample("vector", (real(5), real(4)), {"axis": 0}),
        Sample("rows", (real(2, 4), real(2, 3)), {"axis": 1}),
        Sample("columns", (real(3, 2), real(2, 2)), {"axis": 0}),
        Sample("one", (real(1), real(0)), {"axis": 0}),
        Sample("zeros", (real(6), np.array([0.0, 2, 0, 0, 3])), {"axis": 0}),
        Sample("complex", (imaginary(4), imaginary(3)), {"axis": 0}),
    ],
    cumulative.tail_sums: [Sample("rows", (real(2, 3), 1), {}), Sample("one", (real(1), 0), {})],
    cumulative.area: [
        Sample("one width", (real(2, 4), 0.5, 1), {}),
        Sample("widths", (real(2, 4), positive(1, 3), 1), {}),
        Sample("columns", (real(4, 2), positive(3, 2), 0), {}),
    ],
    np.trapezoid: [
        Sample("vector", (real(4),), {}),
        Sample("width", (real(2, 4),), {"dx": np.array(0.5)}),
        Sample("places", (real(4), np.cumsum(positive(4))), {}),
        Sample("places along an axis", (real(4, 2), np.cumsum(positive(4))), {"axis": 0}),
        Sample("places of each", (real(2, 4), np.cumsum(positive(2, 4), axis=1)), {"axis": -1}),
        Sample("one", (real(1),), {}),
        Sample("complex", (imaginary(3),), {}),
    ],
}
