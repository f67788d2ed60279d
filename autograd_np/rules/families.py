"""Families of rules that are imported when one is first needed, which keeps start-up short."""

from __future__ import annotations

import importlib
import sys
from functools import cache

import numpy as np

_LATER = (
    "arranging",
    "bessel",
    "chains",
    "choosing",
    "contractions",
    "convolutions",
    "creation",
    "cumulative",
    "decompositions",
    "differences",
    "fitting",
    "fourier",
    "grids",
    "nan_reductions",
    "norms",
    "padding",
    "parts",
    "polynomials",
    "products",
    "quantiles",
    "rounding",
    "scatter",
    "solving",
    "sorting",
    "splitting",
    "statistics",
    "trigonometric",
    "ufunc_methods",
)


def load_families() -> None:
    """Import every family; those of SciPy's functions where SciPy is in use."""
    _load_later()
    if "scipy.special" in sys.modules:
        _load_special()


def load_all() -> None:
    """Import every family, those of SciPy's functions where SciPy is installed."""
    _load_later()
    try:
        importlib.import_module("scipy.special")
    except ImportError:
        return
    _load_special()


@cache
def _load_later() -> None:
    for name in _LATER:
        importlib.import_module(f"autograd_np.rules.{name}")


@cache
def _load_special() -> None:
    # With SCIPY_ARRAY_API=1 SciPy hides its ufuncs in functions that no protocol reaches.
    if isinstance(importlib.import_module("scipy.special").erf, np.ufunc):
        importlib.import_module("autograd_np.rules.special")
