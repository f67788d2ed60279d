"""New arrays of the kind of another: constants that rules need, made where the data lives."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import constant, dispatched


@dispatched
def arange_like(x: Any, *bounds: int) -> Any:
    """``numpy.arange(*bounds)``, integers, on the device of `x`."""
    # A real one: Dask makes integers in the dtype of what they shall be like.
    return np.arange(*bounds, like=x.real)


@dispatched
def eye_like(x: Any, rows: int, columns: int | None = None, k: int = 0) -> Any:
    """``numpy.eye(rows, columns, k)`` in the dtype of `x`, on its device."""
    if isinstance(x, np.ndarray):
        return np.eye(rows, columns, k, dtype=x.dtype)
    # NumPy hands settings of np.eye over that not every library knows.
    row, column = arange_like(x, rows), arange_like(x, rows if columns is None else columns)
    return (row[:, None] + k == column).astype(x.dtype)


constant(arange_like, eye_like)
