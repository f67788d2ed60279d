"""Sorting, and choosing between values."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import sorting
from autograd_np.testing.catalogue.sample import MASK, Sample, Samples, imaginary, real

_NUMBERS = np.array([[2, 0, 1], [0, 0, 2]])
_TABLE = np.array([-1.0, -0.25, 0.5, 2.0])
_POINTS = np.array([[-1.75, 0.125, 1.5], [-0.5, 0.25, 2.25]])

SAMPLES: Samples = {
    sorting.reorder: [
        Sample("matrix", (real(2, 3), np.array([[2, 0, 1], [0, 1, 2]]), -1), {}),
        Sample("first axis", (real(3, 2), np.array([[2, 0], [0, 1], [1, 2]]), 0), {}),
    ],
    sorting.restore: [
        Sample("matrix", (real(2, 3), np.array([[2, 0, 1], [0, 1, 2]]), -1), {}),
        Sample("first axis", (real(3, 2), np.array([[2, 0], [0, 1], [1, 2]]), 0), {}),
    ],
    np.sort: [
        Sample("vector", (real(5),), {}),
        Sample("first axis", (real(3, 2),), {"axis": 0}),
        Sample("middle axis", (real(2, 3, 2), -2), {}),
        Sample("flattened", (real(2, 3),), {"axis": None}),
        Sample("0-d flattened", (real(),), {"axis": None}),
        Sample("kind", (real(5),), {"kind": "heapsort"}),
        Sample("stable", (real(5),), {"stable": True}),
        Sample("one", (real(2, 1),), {}),
        Sample("empty", (real(0, 3),), {"axis": 0}),
        Sample("complex", (imaginary(4),), {}),
    ],
    np.partition: [
        Sample("vector", (real(6), 2), {}),
        Sample("several", (real(7), [1, -2]), {}),
        Sample("first axis", (real(4, 2), 1), {"axis": 0}),
        Sample("flattened", (real(2, 3), 3), {"axis": None}),
        Sample("complex", (imaginary(4), 1), {}),
    ],
    np.sort_complex: [
        Sample("complex", (imaginary(4),), {}),
        Sample("from real", (real(2, 3),), {}),
    ],
    np.select: [
        Sample("arrays", ([MASK, ~MASK], [real(2, 3), real(2, 3, seed=1)], real()), {}),
        Sample("first that holds", ([MASK, np.ones((2, 3), bool)], [real(3), real(2, 1)]), {}),
        Sample("numbers", ([MASK, ~MASK[:1]], [real(2, 3), 2]), {"default": 0.5}),
        Sample("complex", ([MASK], [imaginary(2, 3)], real()), {}),
    ],
    np.piecewise: [
        Sample(
            "functions", (real(6), [real(6) < -1, real(6) > 1], [np.exp, np.square, np.sin]), {}
        ),
        Sample("constants", (real(4), [real(4) < 0], [-1.0, 1.0]), {}),
        Sample("rest is 0", (real(4), [real(4) < 0], [np.square]), {}),
        Sample("overlapping", (real(4), [real(4) < 9, real(4) < 0], [np.sin, np.square]), {}),
        Sample("one condition", (real(2, 3), MASK[None], [np.square, np.negative]), {}),
        Sample("arguments", (real(3), [real(3) > 0], [np.power], 3), {}),
        Sample("0-d", (real(), [True], [np.exp]), {}),
    ],
    np.choose: [
        Sample("arrays", (_NUMBERS, [real(2, 3), real(3), real(2, 1)]), {}),
        Sample("number", (_NUMBERS, [real(2, 3), 1.0, real()]), {}),
        Sample("wrap", (_NUMBERS + 2, [real(2, 3), real(3)]), {"mode": "wrap"}),
        Sample("clip", (_NUMBERS - 1, [real(2, 3), real(3)]), {"mode": "clip"}),
        Sample("complex", (_NUMBERS, [imaginary(3), real(3), 2j]), {}),
    ],
    np.compress: [
        Sample("flattened", ([True, False, True], real(2, 3)), {}),
        Sample("axis", (np.array([True, False, True]), real(2, 3)), {"axis": -1}),
        Sample("short", (np.array([0, 1]), real(3, 2)), {"axis": 0}),
        Sample("long", ([1, 0, 1, 0, 0], real(3, 2)), {"axis": 0}),
        Sample("none", ([False, False], real(2)), {}),
        Sample("complex", ([True, False, True], imaginary(3)), {}),
    ],
    np.extract: [
        Sample("matrix", (MASK, real(2, 3)), {}),
        Sample("numbers", ([1, 0, 2], real(3)), {}),
    ],
    np.clip: [
        Sample("both", (real(6), -1.0, 1.0), {}),
        Sample("keywords", (real(6),), {"a_min": None, "a_max": 0.75}),
        Sample("min", (real(6),), {"min": np.array(-0.75)}),
        Sample("max", (real(2, 3),), {"max": real(3)}),
        Sample("min and max", (real(2, 3),), {"min": real(3) - 1, "max": real(2, 1) + 1}),
        Sample("arrays", (real(2, 3), real(3) - 1, real(2, 1) + 1), {}),
        Sample("no bound", (real(3),), {"a_min": None, "a_max": None}),
        Sample("crossed", (real(3), np.array(0.2), np.array(0.1)), {}),
    ],
    np.interp: [
        Sample("table", (_POINTS, _TABLE, real(4)), {}),
        Sample("0-d", (np.array(0.125), _TABLE, real(4)), {}),
        Sample("ends", (_POINTS, _TABLE, real(4), real(), real(seed=1)), {}),
        Sample("one end", (_POINTS, _TABLE, real(4)), {"right": 0.0}),
        Sample("period", (_POINTS, _TABLE, real(4)), {"period": 3.5}),
        Sample("period given", (_POINTS, _TABLE[::-1], real(4)), {"period": np.array(-3.5)}),
        Sample("complex", (_POINTS, _TABLE, imaginary(4)), {}),
        Sample("one point", (_POINTS, _TABLE[:1], real(1)), {}),
        Sample("number", (0.125, _TABLE, real(4)), {}),
        Sample("empty", (real(0), _TABLE, real(4)), {}),
    ],
}
