"""Reductions over axes."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import (
    EMPTY,
    MASK,
    Sample,
    Samples,
    masked,
    real,
    reduction,
)

_VARIANCE = [
    *(sample for sample in reduction() if sample.name not in ("0-d", "length 1")),
    *masked(),
    Sample("ddof", (real(4, 3),), {"axis": 0, "ddof": 1}),
    Sample("correction", (real(4, 3),), {"axis": 0, "correction": 1}),
    Sample("mean given", (real(4, 3),), {"axis": 0, "mean": real(1, 3)}),
]

_EXTREME = [
    *reduction(),
    Sample("where", (real(2, 3),), {"axis": 1, "where": MASK, "initial": 0.0}),
]

SAMPLES: Samples = {
    np.sum: [*reduction(), *masked(), *EMPTY, Sample("dtype", (real(3),), {"dtype": float})],
    np.mean: [*reduction(), *masked()],
    np.var: _VARIANCE,
    np.std: _VARIANCE,
    np.max: _EXTREME,
    np.amax: _EXTREME,
    np.min: _EXTREME,
    np.amin: _EXTREME,
    np.prod: [
        *reduction(),
        *masked(),
        *EMPTY,
        Sample("initial", (real(2, 3),), {"axis": 0, "initial": 3.0}),
        Sample("a zero", (np.array([[0.0, 2, 3], [1, 4, 5]]),), {"axis": 1}),
        Sample("two zeros", (np.array([0.0, 2, 0, 3, 5]),), {}),
        Sample("all zeros", (np.zeros(3),), {}),
    ],
}
