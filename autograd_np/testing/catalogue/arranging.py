"""Repeating, turning and padding; diagonals and triangles."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import arranging, padding
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real

_TRIANGLES = [
    Sample("matrix", (real(3, 3),), {}),
    Sample("above", (real(3, 4),), {"k": 1}),
    Sample("below", (real(2, 3, 2),), {"k": -1}),
    Sample("vector", (real(3),), {}),
]
_WIDTHS = [(1, 2), (2, 1)]


def _padded(mode: str, **settings: object) -> list[Sample]:
    return [
        Sample(mode, (real(3, 2), _WIDTHS, mode), dict(settings)),
        Sample(f"{mode}, vector", (real(4), 2, mode), dict(settings)),
    ]


def _with_statistic(mode: str) -> list[Sample]:
    return [
        *_padded(mode),
        Sample(f"{mode} of some", (real(4), (1, 2), mode), {"stat_length": ((3, 2),)}),
    ]


SAMPLES: Samples = {
    np.flip: [
        Sample("all", (real(2, 3),), {}),
        Sample("axis", (real(2, 3),), {"axis": -1}),
        Sample("axes", (real(2, 3, 2),), {"axis": (0, 2)}),
        Sample("0-d", (real(),), {}),
    ],
    np.flipud: [Sample("matrix", (real(2, 3),), {})],
    np.fliplr: [Sample("matrix", (real(2, 3),), {})],
    np.roll: [
        Sample("all", (real(2, 3), 2), {}),
        Sample("axis", (real(2, 3), -1), {"axis": 1}),
        Sample("axes", (real(2, 3), (1, 2)), {"axis": (0, 1)}),
        Sample("one shift for two axes", (real(2, 3), 1), {"axis": (0, 1)}),
        Sample("array of shifts", (real(2, 3), np.array([1, -1])), {"axis": (0, -1)}),
    ],
    np.rot90: [
        Sample("once", (real(2, 3),), {}),
        Sample("back", (real(2, 3),), {"k": -1}),
        Sample("twice", (real(2, 3),), {"k": 2}),
        Sample("axes", (real(2, 3, 4),), {"k": 3, "axes": (2, 0)}),
    ],
    np.tile: [
        Sample("number", (real(3), 2), {}),
        Sample("new axes", (real(3), (2, 1, 2)), {}),
        Sample("fewer than axes", (real(2, 3), 2), {}),
        Sample("both", (real(2, 3), (2, 3)), {}),
        Sample("none", (real(2), 0), {}),
        Sample("0-d", (real(), (2,)), {}),
    ],
    np.repeat: [
        Sample("flattened", (real(2, 3), 2), {}),
        Sample("axis", (real(2, 3), 3), {"axis": 0}),
        Sample("negative axis", (real(2, 3), 2), {"axis": -1}),
        Sample("array", (real(3), np.array([2, 0, 1])), {}),
        Sample("array along an axis", (real(2, 3), [1, 2]), {"axis": -2}),
        Sample("array of one", (real(2, 2), [2]), {"axis": 1}),
        Sample("none", (real(3), 0), {}),
        Sample("0-d", (real(), 3), {}),
    ],
    np.resize: [
        Sample("longer", (real(2, 2), (3, 2)), {}),
        Sample("shorter", (real(2, 3), 4), {}),
        Sample("of nothing", (real(0), (2,)), {}),
        Sample("to nothing", (real(2), (0, 2)), {}),
    ],
    # Where an end is 0, differences would see another shape: those are for a test.
    np.trim_zeros: [
        Sample("vector", (real(3),), {}),
        Sample("matrix", (real(2, 3),), {"trim": "f", "axis": -1}),
    ],
    np.lib.stride_tricks.sliding_window_view: [
        Sample("vector", (real(4), 2), {}),
        Sample("matrix", (real(3, 3), (2, 2)), {}),
        Sample("axis", (real(2, 3), 2), {"axis": -1}),
        Sample("one axis twice", (real(4), (2, 2)), {"axis": (0, 0)}),
    ],
    np.diag: [
        Sample("of a vector", (real(3),), {}),
        Sample("of a vector, above", (real(2),), {"k": 1}),
        Sample("of a vector, below", (real(2),), {"k": -2}),
        Sample("of a matrix", (real(3, 3),), {}),
        Sample("of a wide matrix, above", (real(2, 4),), {"k": 1}),
        Sample("of a tall matrix, below", (real(4, 2),), {"k": -1}),
        Sample("outside", (real(2, 2),), {"k": 3}),
        Sample("complex", (imaginary(2),), {}),
    ],
    np.diagonal: [
        Sample("matrix", (real(3, 2),), {}),
        Sample("offset", (real(2, 4),), {"offset": 2}),
        Sample("below", (real(4, 2),), {"offset": -1}),
        Sample("axes", (real(2, 3, 4),), {"axis1": -1, "axis2": 0}),
        Sample("stack", (real(2, 3, 3),), {"offset": 1, "axis1": 1, "axis2": 2}),
        Sample("outside", (real(2, 2),), {"offset": -2}),
    ],
    arranging.on_diagonal: [
        Sample("below", (real(3), (4, 3), -1, 0, 1), {}),
        Sample("axes", (real(3, 2), (4, 3, 2), 1, -1, 0), {}),
    ],
    np.linalg.diagonal: [Sample("stack", (real(2, 3, 3),), {"offset": 1})],
    np.diagflat: [
        Sample("matrix", (real(2, 2),), {}),
        Sample("above", (real(2),), {"k": 1}),
        Sample("0-d", (real(),), {}),
    ],
    np.tril: _TRIANGLES,
    np.triu: _TRIANGLES,
    padding.framed: [
        Sample("zeros", (real(2, 3), ((1, 0), (0, 2)), 0), {}),
        Sample("numbers", (real(2), ((1, 1),), (3.0, 4.0)), {}),
    ],
    padding.extended: [
        Sample("columns", (real(2, 3), np.array([1, 1]), np.array([2, 0, 2]), 1), {}),
        Sample("before", (real(3), np.array([2]), np.array([], int), 0), {}),
    ],
    np.pad: [
        Sample("zeros", (real(2, 3), 1), {}),
        Sample("empty array", (real(0, 2), 1), {}),
        Sample("number", (real(2, 2), ((1, 0), (0, 2)), "constant"), {"constant_values": 3.0}),
        Sample("value", (real(2, 2), 1, "constant"), {"constant_values": real()}),
        Sample("value at each end", (real(2), (1, 2)), {"constant_values": (real(), 2.0)}),
        Sample("values", (real(2, 2), _WIDTHS), {"constant_values": real(2, 2, seed=1)}),
        Sample("value for each axis", (real(2, 2), 1), {"constant_values": real(2, 1)}),
        *_padded("edge"),
        *_padded("linear_ramp"),
        Sample("ramp to", (real(2, 2), _WIDTHS, "linear_ramp"), {"end_values": real(2, 2, seed=1)}),
        Sample("ramp, complex", (imaginary(3), 2, "linear_ramp"), {"end_values": real()}),
        *_with_statistic("maximum"),
        *_with_statistic("minimum"),
        *_with_statistic("mean"),
        *_with_statistic("median"),
        *_padded("reflect"),
        *_padded("symmetric"),
        *_padded("wrap"),
        *[
            Sample(f"{mode}, odd", (real(*shape), widths, mode), {"reflect_type": "odd"})
            for mode in ("reflect", "symmetric")
            for shape, widths in (((3, 2), _WIDTHS), ((3,), (7, 8)))
        ],
        Sample("reflect far", (real(3), (7, 8), "reflect"), {}),
        Sample("wrap far", (real(3), (7, 8), "wrap"), {}),
        Sample("reflect one", (real(1), 2, "reflect"), {"reflect_type": "odd"}),
        Sample("complex", (imaginary(3), 2, "reflect"), {"reflect_type": "odd"}),
    ],
}
