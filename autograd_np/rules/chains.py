"""Chains and powers of matrices, and tensors taken as matrices."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.linalg import LinAlgError

from autograd_np.rules.creation import eye_like
from autograd_np.rules.registry import composite, refuse_out


@composite(np.linalg.multi_dot)
def multi_dot(arrays: Any, *, out: Any = None) -> Any:
    """`numpy.linalg.multi_dot`: `numpy.dot` of them all, in the cheapest order."""
    refuse_out("multi_dot", out)
    arrays = [x if hasattr(x, "dtype") else np.asarray(x) for x in arrays]
    if len(arrays) < 2:
        raise ValueError(f"multi_dot was given {len(arrays)} arrays, expected at least two.")
    if len(arrays) == 2:
        return np.dot(*arrays)
    for number, x in enumerate(arrays):
        inner = 0 < number < len(arrays) - 1
        if x.ndim != 2 and (inner or x.ndim != 1):
            raise LinAlgError(
                f"multi_dot was given an array of {x.ndim} dimensions as number {number}, expected "
                f"{'2' if inner else '1 or 2'}."
            )
    first, last = arrays[0], arrays[-1]
    lengths = [1 if first.ndim == 1 else first.shape[0]]
    lengths += [x.shape[0] for x in arrays[1:]]
    lengths += [1 if last.ndim == 1 else last.shape[1]]
    splits = _cheapest_splits(tuple(lengths))

    def product(start: int, stop: int) -> Any:
        if stop - start == 1:
            return arrays[start]
        middle = splits[start, stop]
        return np.dot(product(start, middle), product(middle, stop))

    return product(0, len(arrays))


@lru_cache(maxsize=256)
def _cheapest_splits(lengths: tuple[int, ...]) -> dict[tuple[int, int], int]:
    """Where to split each run of a chain of matrices; number i is lengths[i] by lengths[i + 1].

    Cormen, Leiserson, Rivest, Stein, Introduction to Algorithms, 3rd ed., section 15.2.
    """
    count = len(lengths) - 1
    costs = {(i, i + 1): 0 for i in range(count)}
    splits = {}
    for size in range(2, count + 1):
        for start in range(count - size + 1):
            stop = start + size
            costs[start, stop], splits[start, stop] = min(
                (
                    costs[start, middle]
                    + costs[middle, stop]
                    + lengths[start] * lengths[middle] * lengths[stop],
                    middle,
                )
                for middle in range(start + 1, stop)
            )
    return splits


@composite(np.linalg.matrix_power)
def matrix_power(a: Any, n: Any) -> Any:
    """`numpy.linalg.matrix_power` by repeated squaring."""
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise LinAlgError(
            f"matrix_power was given an array of shape {a.shape}, expected square matrices."
        )
    try:
        n = operator.index(n)
    except TypeError:
        raise TypeError(f"matrix_power was given n={n!r}, expected an integer.") from None
    if n == 0:
        # Constant, but recorded: the gradient is 0.
        return np.where(False, a, eye_like(a, a.shape[-1]))
    if n == 1:
        return np.copy(a)
    if n < 0:
        a, n = np.linalg.inv(a), -n
    result, square = None, a
    while True:
        n, odd = divmod(n, 2)
        if odd:
            result = square if result is None else np.matmul(result, square)
        if not n:
            return result
        square = np.matmul(square, square)


@composite(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """`numpy.linalg.tensorinv` through `numpy.linalg.inv`."""
    if ind <= 0:
        raise ValueError(f"tensorinv was given ind={ind}, expected a positive number of axes.")
    shape = a.shape[ind:] + a.shape[:ind]
    matrix = np.reshape(a, (math.prod(a.shape[:ind]), math.prod(a.shape[ind:])))
    return np.reshape(np.linalg.inv(matrix), shape)


@composite(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Sequence[int] | None = None) -> Any:
    """`numpy.linalg.tensorsolve` through `numpy.linalg.solve`."""
    a, b = (x if hasattr(x, "dtype") else np.asarray(x) for x in (a, b))
    if axes is not None:
        a = np.moveaxis(a, tuple(axes), range(a.ndim - len(axes), a.ndim))
    shape = a.shape[b.ndim :]
    if a.size != math.prod(shape) ** 2:
        raise LinAlgError(
            f"tensorsolve was given arrays of shapes {a.shape} and {b.shape}, expected as many "
            f"unknowns as equations: prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])."
        )
    matrix = np.reshape(a, (b.size, math.prod(shape)))
    return np.reshape(np.linalg.solve(matrix, np.ravel(b)), shape)
