"""The numbers of a value as texts: small arrays in full, large ones as statistics."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

#: Elements up to which an array is shown in full.
FULL = 60
_FIRST = 6
_BINS = 24

# From here on fixed-point numbers would run too wide.
_MOST = 1e5


def described(value: Any) -> dict[str, Any]:
    """What a page shows of a value: shape, and all elements or statistics of them.

    Examples
    --------
    >>> described(np.array([0.5, -1.25, np.nan]))["cells"]
    ['0.5000', '-1.2500', 'nan']
    >>> statistics = described(np.arange(100.0))["statistics"]
    >>> statistics[:3]
    [['min', '0'], ['max', '99'], ['mean', '49.5']]
    """
    array = np.asarray(value)
    shown: dict[str, Any] = {"shape": list(array.shape)}
    flat = array.ravel()
    if array.size <= FULL:
        return {**shown, "cells": texts(flat)}
    shown["first"] = texts(flat[:_FIRST])
    shown["statistics"], shown["histogram"] = _statistics(flat)
    return shown


def texts(flat: Any) -> list[str]:
    """Numbers of one array as texts with as many decimals each.

    Examples
    --------
    >>> texts(np.array([1.0, -20.0])), texts(np.array([1e-9, 0.25])), texts(np.array([True]))
    (['1', '-20'], ['1.000e-09', '2.500e-01'], ['True'])
    """
    numbers = flat.tolist()
    if flat.dtype.kind not in "fc":
        return [str(number) for number in numbers]
    if flat.dtype.kind == "c":
        return [f"{number:.4g}" for number in numbers]
    if len(numbers) == 1:
        return [f"{numbers[0]:.6g}"]
    sizes = [abs(number) for number in numbers if number and math.isfinite(number)]
    largest = max(sizes, default=0.0)
    if largest < _MOST and all(size.is_integer() for size in sizes):
        return [f"{number:.0f}" for number in numbers]
    decimals = min(4, 6 - len(str(int(min(largest, _MOST)))))
    if largest >= _MOST or min(sizes) < 10.0 ** (1 - decimals):
        return [f"{number:.3e}" if number else "0" for number in numbers]
    return [f"{number:.{decimals}f}" if number else "0" for number in numbers]


def number(value: float) -> str:
    """One number with four significant digits."""
    return f"{value:.4g}"


def _statistics(flat: Any) -> tuple[list[list[str]], dict[str, Any] | None]:
    """Names and texts of statistics, and a histogram, of the finite elements."""
    kind = flat.dtype.kind
    sizes = np.abs(flat) if kind == "c" else flat
    with np.errstate(all="ignore"):
        numbers = sizes.astype(np.float64)
        known = numbers[np.isfinite(numbers)]
        found: list[list[str]] = []
        if known.size:
            sign = "of |z|" if kind == "c" else ""
            found += [
                [f"{name} {sign}".strip(), number(getattr(known, name)())]
                for name in ("min", "max", "mean", "std")
            ]
            found.append(["norm", number(float(np.linalg.norm(known)))])
        zeros = float(np.mean(flat == 0))
    found.append(["zeros", f"{zeros:.1%}"])
    if kind in "fc" and known.size < flat.size:
        nans = int(np.isnan(flat).sum())
        found.append(["NaN", str(nans)])
        found.append(["inf", str(flat.size - known.size - nans)])
    return found, _histogram(known)


def _histogram(known: Any) -> dict[str, Any] | None:
    """Counts between the least and the greatest of finite numbers; None where these are one."""
    if not known.size:
        return None
    low, high = float(known.min()), float(known.max())
    # An interval too short or too long for floats has no bins.
    if not math.isfinite(high - low) or high - low <= 1e-12 * max(abs(low), abs(high)):
        return None
    counts, _ = np.histogram(known, bins=_BINS, range=(low, high))
    return {"low": number(low), "high": number(high), "counts": counts.tolist()}
