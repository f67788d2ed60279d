"""New arrays of the kind of another: constants that rules need, made where the data lives."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import constant, dispatched


@dispatched
def arange_like(x: Any, *bounds: int) -> Any:
    """``numpy.arange(*bounds)``, integers, on the device of `x`."""
    return np.arange(*bounds, like=x)


@dispatched
def eye_like(x: Any, rows: int, columns: int | None = None, k: int = 0) -> Any:
    """``numpy.eye(rows, columns, k)`` in the dtype of `x`, on its device."""
    return np.eye(rows, columns, k, dtype=x.dtype, like=x)


constant(arange_like, eye_like)
