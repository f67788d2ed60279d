"""Arrays as vectors of real numbers, in which a complex number counts twice.

The gradient of a real number L with respect to z = a + ib is dL/da + i dL/db: its parts are the
derivatives with respect to the parts of z, so that all of the checks may be done on real numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Space:
    """The arrays of one shape and dtype, and how the user knows the one that is meant.

    Attributes
    ----------
    label : str
    shape : tuple of int
    dtype : numpy.dtype

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.testing.space import Space
    >>> space = Space("input 0", (3,), np.dtype(complex))
    >>> space.axes
    (3, 2)
    >>> space.place(5)
    ('the imaginary part of input 0', (2,))
    """

    label: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @cached_property
    def is_complex(self) -> bool:
        """Whether each element is two real numbers."""
        return self.dtype.kind == "c"

    @cached_property
    def axes(self) -> tuple[int, ...]:
        """The shape of `reals` of such an array."""
        return (*self.shape, 2) if self.is_complex else self.shape

    @cached_property
    def size(self) -> int:
        """How many real numbers an array holds."""
        return math.prod(self.axes)

    @cached_property
    def _part(self) -> np.dtype[Any]:
        return np.dtype(np.finfo(self.dtype).dtype)

    def array(self, numbers: Array) -> Array:
        """The array of these real numbers, with memory of its own."""
        array: Array = numbers.astype(self._part)
        if self.is_complex:
            array = array.view(self.dtype)
        return array.reshape(self.shape)

    def place(self, number: int) -> tuple[str, tuple[int, ...]]:
        """Whose element, or part of an element, a real number is; and the index of the element."""
        index = tuple(int(i) for i in np.unravel_index(number, self.axes))
        if not self.is_complex:
            return self.label, index
        return f"the {('real', 'imaginary')[index[-1]]} part of {self.label}", index[:-1]


def space_of(label: str, array: Array) -> Space:
    """The space that an array belongs to."""
    return Space(label, array.shape, array.dtype)


def reals(array: Any) -> Array:
    """A complex array as a real one with a last axis of length 2; a real one as it is."""
    values: Array = np.asarray(array)
    if values.dtype.kind != "c":
        return values
    return np.ravel(values).view(values.real.dtype).reshape(*values.shape, 2)


def pack(arrays: Iterable[Any]) -> Array:
    """Arrays as one flat vector of float64."""
    return np.concatenate([np.asarray(reals(array), float).reshape(-1) for array in arrays])


def unpack(vector: Array, spaces: Sequence[Space]) -> list[Array]:
    """A flat vector as arrays with memory of their own."""
    arrays, start = [], 0
    for space in spaces:
        arrays.append(space.array(vector[start : start + space.size]))
        start += space.size
    return arrays


def slices(sizes: Sequence[int]) -> list[slice]:
    """Where parts of these sizes lie, one behind the other."""
    ends = np.cumsum(sizes, dtype=int).tolist()
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]


def within(parts: Sequence[slice], place: int) -> tuple[int, int]:
    """The number of the slice that holds a place, and the place in it."""
    for number, part in enumerate(parts):
        if part.start <= place < part.stop:
            return number, place - part.start
    raise IndexError(place)
