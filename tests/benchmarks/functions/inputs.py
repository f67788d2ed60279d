"""What the calls of the tables read, by name: large arrays, each drawn with a seed of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.random import Generator

Array = np.ndarray[Any, Any]

SIZE = 10**6
SIDE = 10**3
ORDER = 512


def normal(*shape: int) -> Callable[[Generator], Array]:
    """What draws normal numbers of a shape."""
    return lambda rng: rng.normal(size=shape)


def uniform(low: float, high: float, *shape: int) -> Callable[[Generator], Array]:
    """What draws uniform numbers of a shape."""
    return lambda rng: rng.uniform(low, high, shape)


def whole(high: int, *shape: int) -> Callable[[Generator], Array]:
    """What draws whole numbers from 0 to `high` - 1, repeatedly."""
    return lambda rng: rng.integers(high, size=shape)


def imaginary(*shape: int) -> Callable[[Generator], Array]:
    """What draws complex numbers of a shape."""
    return lambda rng: rng.normal(size=shape) + 1j * rng.normal(size=shape)


def spotted(*shape: int) -> Callable[[Generator], Array]:
    """What draws normal numbers, every tenth of which is replaced by NaN."""
    return lambda rng: np.where(rng.random(shape) < 0.1, np.nan, rng.normal(size=shape))


def definite(order: int) -> Callable[[Generator], Array]:
    """What draws a symmetric positive definite matrix."""
    return lambda rng: _definite(rng.normal(size=(order, order)))


def _definite(a: Array) -> Array:
    return a @ a.T / len(a) + np.eye(len(a))


# Arrays of floating and complex numbers are differentiated wherever a call reads them.
MAKERS: dict[str, Callable[[Generator], Array]] = {
    # Vectors: any numbers, positive ones, within -1 and 1, probabilities, beyond 1, near 1.
    "x": normal(SIZE),
    "y": normal(SIZE),
    "z": imaginary(SIZE),
    "half": imaginary(SIZE // 2 + 1),
    "p": uniform(0.5, 2.5, SIZE),
    "q": uniform(0.5, 2.5, SIZE),
    "inner": uniform(-0.9, 0.9, SIZE),
    "share": uniform(0.05, 0.95, SIZE),
    "beyond": uniform(1.1, 3.0, SIZE),
    "nearly_one": uniform(0.999, 1.001, SIZE),
    "spotted": spotted(SIZE),
    "mask": lambda rng: rng.random(SIZE) < 0.5,
    "other_mask": lambda rng: rng.random(SIZE) < 0.5,
    "binary": whole(2, SIZE),
    # Matrices of 1000 by 1000, a row and a column of them, and stacks of small ones.
    "A": normal(SIDE, SIDE),
    "B": normal(SIDE, SIDE),
    "Z": imaginary(SIDE, SIDE),
    "half_Z": imaginary(SIDE, SIDE // 2 + 1),
    "P": uniform(0.5, 2.5, SIDE, SIDE),
    "near_one": uniform(0.99, 1.01, SIDE, SIDE),
    "spotted_A": spotted(SIDE, SIDE),
    "row": normal(SIDE),
    "column": normal(SIDE, 1),
    "labels": whole(SIDE, SIDE),
    "variables": normal(100, SIZE // 100),
    "cube": normal(100, 100, 100),
    "vectors": normal(SIZE // 3, 3),
    "other_vectors": normal(SIZE // 3, 3),
    "stack": normal(10_000, 10, 10),
    "other_stack": normal(10_000, 10, 10),
    # For linear algebra.
    "M": normal(ORDER, ORDER),
    "N": normal(ORDER, ORDER),
    "S": definite(ORDER),
    "m": normal(ORDER),
    "n": normal(ORDER),
    "tall": normal(2 * ORDER, ORDER // 2),
    "long": normal(2 * ORDER),
    "E": normal(ORDER // 2, ORDER // 2),
    "small": normal(32, 32),
    "other_small": normal(32, 32),
    "blocks": normal(16, 32, 16, 32),
    "block": normal(16, 32),
    # Indices: of a vector, of few places, of a matrix's rows and elements, of a table's rows.
    "places": whole(SIZE, SIZE),
    "few": whole(SIDE, SIZE),
    "rows": whole(SIDE, SIDE),
    "i": whole(SIDE, SIZE),
    "j": whole(SIDE, SIZE),
    "order": whole(SIDE, SIDE, SIDE),
    "picks": whole(100, 100),
    "table": normal(30_000, 64),
    "words": whole(30_000, SIZE // 64),
    "starts": lambda rng: np.arange(0, SIZE, 10),
    "twos": whole(4, SIZE),
    # Short ones: kernels, polynomials, nodes.
    "kernel": normal(100),
    "signal": normal(10_000),
    "cubic": normal(4),
    "factor": normal(1000),
    "other_factor": normal(1000),
    "zeros": uniform(-1.0, 1.0, 100),
    "nodes": lambda rng: np.linspace(-4.0, 4.0, 1000),
    "heights": normal(1000),
}


@functools.cache
def array(name: str, dtype: str) -> Array:
    """The array of that name, its floating or complex numbers of `dtype`'s precision."""
    made = MAKERS[name](np.random.default_rng(list(name.encode())))
    if made.dtype.kind == "f":
        return made.astype(dtype)
    return made.astype(np.result_type(dtype, 1j)) if made.dtype.kind == "c" else made
