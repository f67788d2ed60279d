"""Reductions over axes. About NaN there are tests: finite differences cannot step there."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import factors
from autograd_np.testing.catalogue.sample import (
    EMPTY,
    MASK,
    Sample,
    Samples,
    imaginary,
    masked,
    real,
    reduction,
)

_COMPLEX = [
    Sample("complex", (imaginary(2, 3),), {}),
    Sample("complex axis", (imaginary(2, 3),), {"axis": 1}),
]

_VARIANCE = [
    *(sample for sample in reduction() if sample.name not in ("0-d", "length 1")),
    *masked(),
    *_COMPLEX,
    Sample("ddof", (real(4, 3),), {"axis": 0, "ddof": 1}),
    Sample("correction", (real(4, 3),), {"axis": 0, "correction": 1}),
    Sample("mean given", (real(4, 3),), {"axis": 0, "mean": real(1, 3)}),
    Sample("complex mean given", (imaginary(4, 3),), {"axis": 0, "mean": imaginary(1, 3)}),
    Sample("complex where", (imaginary(2, 3),), {"axis": 1, "where": MASK}),
]

_EXTREME = [
    *reduction(),
    *_COMPLEX,
    Sample("where", (real(2, 3),), {"axis": 1, "where": MASK, "initial": 0.0}),
    Sample("initial", (real(2, 4),), {"axis": 1, "initial": np.array(0.1)}),
    Sample("no axes", (real(2, 3),), {"axis": ()}),
]

_ZEROS = [
    Sample("a zero", (np.array([[0.0, 2, 3], [1, 4, 5]]),), {"axis": 1}),
    Sample("two zeros", (np.array([0.0, 2, 0, 3, 5]),), {}),
    Sample("all zeros", (np.zeros(3),), {}),
]

_SUM = [
    *reduction(),
    *masked(),
    *EMPTY,
    *_COMPLEX,
    Sample("dtype", (real(3),), {"dtype": float}),
    Sample("initial", (real(2, 3),), {"axis": 0, "initial": np.array(3.0)}),
    Sample("complex where", (imaginary(2, 3),), {"where": MASK}),
]

_PROD = [
    *_SUM,
    *_ZEROS,
    Sample("initial, where", (real(2, 3),), {"initial": np.array(-2.0), "where": MASK}),
    Sample("complex zero", (np.array([0, 2 - 1j, 3j]),), {}),
]

_MEAN = [*reduction(), *masked(), *_COMPLEX, Sample("dtype", (real(3),), {"dtype": float})]

SAMPLES: Samples = {
    np.sum: _SUM,
    np.mean: _MEAN,
    np.var: _VARIANCE,
    np.std: _VARIANCE,
    np.max: _EXTREME,
    np.amax: _EXTREME,
    np.min: _EXTREME,
    np.amin: _EXTREME,
    np.ptp: [*(s for s in reduction() if s.name not in ("0-d", "length 1")), *_COMPLEX],
    np.prod: _PROD,
    factors.products_of_others: [
        Sample("rows", (real(2, 5),), {"axis": 1}),
        Sample("columns", (real(4, 2),), {"axis": 0}),
        Sample("one", (real(2, 1),), {"axis": 1}),
        Sample("two", (real(2, 2),), {"axis": 1}),
        Sample("zeros", (np.array([[0.0, 2, 0], [1, 0, 5]]),), {"axis": 1}),
        Sample("complex", (imaginary(3),), {"axis": 0}),
    ],
    np.nansum: _SUM,
    np.nanprod: _PROD,
    np.nanmean: _MEAN,
    np.nanvar: _VARIANCE,
    np.nanstd: _VARIANCE,
    np.nanmax: _EXTREME,
    np.nanmin: _EXTREME,
}
