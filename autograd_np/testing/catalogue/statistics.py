"""Averages, quantiles and covariances."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.rules import quantiles, statistics
from autograd_np.testing.catalogue.sample import (
    Sample,
    Samples,
    imaginary,
    positive,
    real,
    reduction,
)

_MEDIAN = [
    *reduction(),
    Sample("even", (real(3, 4),), {"axis": 1}),
    Sample("odd", (real(5),), {}),
]


def _quantiles(whole: int, **more: Any) -> list[Sample]:
    """Fractions of `whole`, at places that are no ranks: there the derivative jumps."""
    q = np.array([0.15, 0.7, 0.45]) * whole
    return [
        Sample("one", (real(5), np.array(0.3 * whole)), more),
        Sample("number", (real(5), 0.3 * whole), more),
        Sample("several", (real(2, 4), q), {"axis": 1, **more}),
        Sample("columns", (real(4, 3), q), {"axis": 0, **more}),
        Sample("keepdims", (real(2, 4), q), {"axis": -1, "keepdims": True, **more}),
        Sample("axes", (real(2, 3, 2), q), {"axis": (0, 2), **more}),
        Sample("matrix of them", (real(5), np.reshape([*q, 0.6 * whole], (2, 2))), more),
        Sample("length 1", (real(1), q), more),
        Sample("bounds", (real(4), [0, whole]), more),
        *(
            Sample(method, (real(2, 7), 0.37 * whole), {"axis": 1, "method": method, **more})
            for method in quantiles.METHODS
        ),
        Sample("in steps", (real(7), np.array(0.37 * whole)), {"method": "lower", **more}),
    ]


def _weighted(whole: int) -> list[Sample]:
    more = {"method": "inverted_cdf", "axis": 1, "weights": positive(2, 4)}
    return [Sample("weights", (real(2, 4), 0.4 * whole), more)]


_COUNTS = np.array([1, 2, 1, 3])
_COVARIANCE = [
    Sample("variables", (real(3, 4),), {}),
    Sample("columns", (real(4, 2),), {"rowvar": False}),
    Sample("two", (real(4), real(4, seed=1)), {}),
    Sample("two matrices", (real(2, 4), real(1, 4)), {}),
    Sample("two of columns", (real(4, 2), real(4, 1)), {"rowvar": False}),
    Sample("complex", (imaginary(2, 4),), {}),
    Sample("dtype", (real(2, 4),), {"dtype": np.float64}),
]

SAMPLES: Samples = {
    np.average: [
        *reduction(),
        Sample("weights of all", (real(2, 3),), {"weights": positive(2, 3)}),
        Sample("weights of an axis", (real(2, 3),), {"axis": 1, "weights": positive(3)}),
        Sample("weights of axes", (real(2, 3, 2),), {"axis": (2, 0), "weights": positive(2, 2)}),
        Sample(
            "keepdims with weights",
            (real(2, 3),),
            {"axis": 0, "weights": positive(2), "keepdims": True},
        ),
        Sample("returned", (real(2, 3),), {"axis": 0, "weights": positive(2), "returned": True}),
        Sample("returned without weights", (real(2, 3),), {"axis": 0, "returned": True}),
        Sample("complex", (imaginary(2, 3),), {"axis": 1, "weights": positive(3)}),
        Sample("complex weights", (real(3),), {"weights": imaginary(3)}),
    ],
    statistics.weighted_mean: [
        Sample("columns", (real(2, 3), positive(2, 1), 0, False), {}),
        Sample("all", (real(2, 3), positive(2, 3), None, True), {}),
    ],
    np.median: [*_MEDIAN, Sample("complex", (imaginary(5),), {})],
    np.nanmedian: _MEDIAN,
    np.quantile: [
        *_quantiles(1),
        *_weighted(1),
        Sample(
            "weights of an axis",
            (real(2, 4), [0.4]),
            {"axis": 1, "method": "inverted_cdf", "weights": positive(4)},
        ),
    ],
    np.percentile: [*_quantiles(100), *_weighted(100)],
    np.nanquantile: [*_quantiles(1), *_weighted(1)],
    np.nanpercentile: [*_quantiles(100), *_weighted(100)],
    quantiles.fraction: [Sample("percent", (positive(3), 100), {})],
    quantiles.stepwise: [Sample("row", (real(3), positive(2)), {})],
    quantiles.weighted_quantile: [
        Sample(
            "rows",
            (real(2, 4), [0.4, 0.8], 1, "inverted_cdf", False, positive(4), False),
            {},
        ),
    ],
    np.cov: [
        *_COVARIANCE,
        Sample("vector", (real(4),), {}),
        Sample("bias", (real(2, 4),), {"bias": True}),
        Sample("ddof", (real(2, 4),), {"ddof": 2}),
        Sample("frequencies", (real(2, 4),), {"fweights": _COUNTS}),
        Sample("weights", (real(2, 4),), {"aweights": positive(4)}),
        Sample(
            "all weights",
            (imaginary(2, 4),),
            {"fweights": _COUNTS, "aweights": positive(4), "ddof": 0},
        ),
        Sample("weights of few", (real(2, 4),), {"fweights": _COUNTS, "aweights": positive(4)}),
    ],
    np.corrcoef: [*_COVARIANCE, Sample("vector", (real(4),), {})],
    statistics.observation_weights: [Sample("four", (positive(4), "aweights", 4), {})],
    statistics.degrees_of_freedom: [Sample("positive", (positive(),), {})],
    np.bincount: [
        Sample("counts", (np.array([0, 3, 1, 3]),), {"weights": real(4)}),
        Sample("minlength", (np.array([2, 0, 2]),), {"weights": real(3), "minlength": 5}),
    ],
}
