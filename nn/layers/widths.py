"""Checks of the widths of layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from nn.module import Module


def width(name: str, value: int) -> int:
    """Return `value` as an int; raise ValueError unless it is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name}={value!r} must be a whole number of at least 1")
    return int(value)


def wrong_width(layer: Module, x: Any, expected: int | None) -> ValueError | None:
    """Return the error for an input of another width; None if that is not what was wrong."""
    if not x.ndim or x.shape[-1] != expected:
        return ValueError(
            f"{type(layer).__name__} was given an input of shape {x.shape}, "
            f"expected (..., {expected}). Samples are rows: write layer(x.T) if they are columns"
        )
    return None
