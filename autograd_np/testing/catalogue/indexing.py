"""Reading and writing at an index, taking, inserting and leaving out."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import indexing
from autograd_np.testing.catalogue.sample import MASK, Sample, Samples, imaginary, real

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
        Sample("array and rows", (real(3, 2), (np.array([[-1, 0], [0, 0]]), slice(None))), {}),
        Sample("arrays apart", (real(2, 2, 2), (np.array([0, 0]), slice(None), [1, 1])), {}),
        Sample("array and new axis", (real(3, 2), (np.array([0, 0, 2]), None)), {}),
        Sample("ellipsis and array", (real(2, 3), (..., np.array([0, 0, -1]))), {}),
        Sample("array and int", (real(2, 3), (np.array([1, 1]), -1)), {}),
        Sample("mask of rows", (real(3, 2), np.array([True, False, True])), {}),
        Sample("mask and array", (real(2, 3), (MASK[:, 0], np.array([0, 0]))), {}),
        Sample("list of truths", (real(3), [True, False, True]), {}),
        Sample("0-d", (real(), ()), {}),
        Sample("complex", (imaginary(3), np.array([0, 2, 0])), {}),
    ],
    indexing.index_add: [
        Sample("repeated", (real(3), np.array([0, 2, 0]), (4,)), {}),
        Sample("slice", (real(2), slice(1, 3), (4,)), {}),
        Sample("stretched", (real(), np.array([0, 2]), (3,)), {}),
        Sample("rows", (real(3, 2), np.array([0, 2, -3]), (3, 2)), {}),
        Sample("mask", (real(4), MASK, (2, 3)), {}),
        Sample("complex", (imaginary(3, 2), np.array([0, 2, 0]), (3, 2)), {}),
    ],
    indexing.index_set: [
        Sample("int", (real(3, 2), 1, real(2)), {}),
        Sample("stretched", (real(3, 2), slice(0, 2), real(2)), {}),
        Sample("number", (real(4), np.array([0, 2]), 0.0), {}),
        Sample("mask", (real(2, 3), MASK, real()), {}),
        Sample("repeated", (real(4), np.array([0, 2, 0]), real(3)), {}),
        Sample("repeated, stretched", (real(4, 2), np.array([1, 1]), real(2)), {}),
    ],
    np.take: [
        Sample("flattened", (real(2, 3), [[0, -1], [0, 5]]), {}),
        Sample("axis", (real(2, 3), np.array([0, 2, 0])), {"axis": 1}),
        Sample("negative axis", (real(2, 3, 2), [1, 1]), {"axis": -2}),
        Sample("number", (real(2, 3), 1), {"axis": 0}),
        Sample("wrapped", (real(3), [4, -5, 1]), {"mode": "wrap"}),
        Sample("clipped", (real(2, 3), [4, -5, 1]), {"axis": 1, "mode": "clip"}),
        Sample("nothing", (real(3), np.array([], int)), {}),
        Sample("0-d", (real(), 0), {}),
    ],
    np.take_along_axis: [
        Sample("last axis", (real(2, 3), np.array([[0, 2, 0], [1, 1, -1]])), {"axis": -1}),
        Sample("first axis", (real(3, 2), np.array([[0, 2]])), {"axis": 0}),
        Sample("flattened", (real(2, 2), np.array([0, 3, 3])), {"axis": None}),
        Sample("stretched", (real(2, 3), np.array([[2, 0]])), {"axis": 1}),
    ],
    np.delete: [
        Sample("one", (real(4), 1), {}),
        Sample("several", (real(2, 4), [0, -1]), {"axis": 1}),
        Sample("slice", (real(4, 2), slice(0, 3, 2)), {"axis": 0}),
        Sample("mask", (real(3), np.array([True, False, True])), {}),
        Sample("flattened", (real(2, 2), [1, 1]), {}),
    ],
    np.insert: [
        Sample("number", (real(3), 1, real()), {}),
        Sample("several at one place", (real(3), 1, real(2)), {}),
        Sample("several places", (real(3), [0, 3, 1], real(3, seed=1)), {}),
        Sample("one value, several places", (real(3), [1, 1], real()), {}),
        Sample("row", (real(2, 3), 1, real(3)), {"axis": 0}),
        Sample("column", (real(2, 3), -1, real(2)), {"axis": 1}),
        Sample("columns", (real(2, 3), [0, 2], real(2, 2)), {"axis": 1}),
        Sample("columns at one place", (real(2, 3), [1], real(2, 2)), {"axis": 1}),
        Sample("slice", (real(4), slice(0, 4, 2), real(2)), {}),
        Sample("mask", (real(3), np.array([True, False, True]), real()), {}),
        Sample("flattened", (real(2, 2), 1, real()), {}),
    ],
}
