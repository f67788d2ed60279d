"""One call of a function, and the families of calls that most functions share."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """One call of a function.

    Attributes
    ----------
    name : str
    args : tuple
        Arrays of float64 and complex128 are differentiated; everything else is passed on.
    kwargs : dict
        The same for its values.
    order : int
        To which order finite differences can be trusted here.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    order: int = 2


def real(*shape: int, seed: int = 0) -> Array:
    """Numbers between 0.5 and 2 in absolute value, of both signs, no two alike."""
    rng = np.random.default_rng([zlib.crc32(repr(shape).encode()), seed])
    return np.asarray(rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape))


def positive(*shape: int, seed: int = 0) -> Array:
    """Numbers between 0.5 and 2."""
    return np.asarray(np.abs(real(*shape, seed=seed)))


def imaginary(*shape: int, seed: int = 0) -> Array:
    """Complex numbers, with parts between 0.5 and 2 in absolute value."""
    return np.asarray(real(*shape, seed=seed) + 1j * real(*shape, seed=seed + 1000))


def label(function: Callable[..., Any]) -> str:
    """What users call a function: ``np.linalg.solve``, ``np.add.reduce``, ``special.erf``.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.testing.catalogue import label
    >>> label(np.linalg.solve), label(np.add.reduce), label(np.fft.fft)
    ('np.linalg.solve', 'np.add.reduce', 'np.fft.fft')
    """
    name = function.__name__
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return f"{label(owner)}.{name}"
    if isinstance(function, np.ufunc):
        known = getattr(np, name, None) is function
        # SciPy's own names begin with an underscore where a Python function stands before them.
        return f"np.{name}" if known else f"special.{name.removeprefix('_')}"
    package, _, module = (function.__module__ or "").partition(".")
    if package != "numpy":
        return name
    return f"np.{module}.{name}" if module in ("linalg", "fft") else f"np.{name}"


MASK = np.array([[True, False, True], [True, True, False]])


def unary(domain: Callable[..., Array] = real) -> list[Sample]:
    """Shapes for a function of one array."""
    return [
        Sample("matrix", (domain(2, 3),), {}),
        Sample("0-d", (domain(),), {}),
        Sample("empty", (domain(0, 3),), {}),
        Sample("one", (domain(1),), {}),
    ]


def binary(left: Callable[..., Array] = real, right: Callable[..., Array] = real) -> list[Sample]:
    """Shapes for a function of two arrays that broadcast."""
    return [
        Sample("same shape", (left(2, 3), right(2, 3, seed=1)), {}),
        Sample("row", (left(2, 3), right(3)), {}),
        Sample("column", (left(2, 1), right(3)), {}),
        Sample("0-d and matrix", (left(), right(2, 2)), {}),
        Sample("0-d both", (left(), right(seed=1)), {}),
        Sample("stretched inner axis", (left(2, 1, 3), right(2, 2, 1)), {}),
        Sample("empty", (left(0, 3), right(3)), {}),
        Sample("left constant", (2, right(3)), {}),
        Sample("right constant", (left(3), 3), {}),
    ]


def reduction(domain: Callable[..., Array] = real) -> list[Sample]:
    """Axes for a reduction."""
    return [
        Sample("all", (domain(2, 3),), {}),
        Sample("axis", (domain(2, 3),), {"axis": 0}),
        Sample("negative axis", (domain(2, 3, 2),), {"axis": -2}),
        Sample("axes", (domain(2, 3, 2),), {"axis": (0, -1)}),
        Sample("keepdims", (domain(2, 3),), {"axis": 1, "keepdims": True}),
        Sample("keepdims all", (domain(2, 3),), {"keepdims": True}),
        Sample("0-d", (domain(),), {}),
        Sample("length 1", (domain(3, 1),), {"axis": 1}),
    ]


def masked(**more: Any) -> list[Sample]:
    """A reduction over some of the elements."""
    return [
        Sample("where", (real(2, 3),), {"axis": 1, "where": MASK, **more}),
        Sample("where all", (real(2, 3),), {"where": MASK, **more}),
    ]


EMPTY = [
    Sample("empty", (real(0, 3),), {}),
    Sample("empty axis", (real(0, 3),), {"axis": 0}),
]

Samples = dict[Callable[..., Any], list[Sample]]
