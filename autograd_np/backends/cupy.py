"""CuPy's arrays at an index.

Where an index repeats, the GPU adds in an order that differs from run to run.
"""

from __future__ import annotations

from typing import Any

import cupy
import cupyx
import numpy as np

from autograd_np.graph import Shape
from autograd_np.rules.indexing import is_basic


def getitem(a: Any, index: Any) -> Any:
    """``a[index]``."""
    return a[_on_device(index)]


def index_add(values: Any, index: Any, shape: Shape) -> Any:
    """Zeros of `shape`, with `values` added at `index`; repeated indices add up."""
    out = cupy.zeros(shape, values.dtype)
    index = _on_device(index)
    if is_basic(index):
        out[index] = values
    else:
        cupyx.scatter_add(out, index, values)
    return out


def index_set(a: Any, index: Any, value: Any) -> Any:
    """A copy of `a` with `value` at `index`."""
    out = a.copy()
    out[_on_device(index)] = value
    return out


def last_written(g: Any, index: Any, shape: Shape) -> Any:
    """Which of the places that `index` selects keep what is assigned there.

    Raises
    ------
    ValueError
        If a place is selected repeatedly: which value CuPy keeps there is left open.
    """
    counts = index_add(cupy.ones(g.shape, cupy.float64), index, shape)
    if bool((counts > 1).any()):
        raise ValueError(
            "an assignment to a CuPy array selects the same place repeatedly, and which value is "
            "kept there is undefined. Write an index without repetitions."
        )
    return cupy.ones(g.shape, bool)


def _on_device(index: Any) -> Any:
    """An index with lists and NumPy's arrays in it moved to where the data is."""
    if isinstance(index, tuple):
        return tuple(_on_device(part) for part in index)
    return cupy.asarray(index) if isinstance(index, (list, np.ndarray)) else index
