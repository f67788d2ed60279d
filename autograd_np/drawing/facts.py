"""Values and costs as short texts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_np.ancestry.spelling import cut
from autograd_np.graph import Shape

# Elements up to which an array is shown in full.
_FEW = 6

# Characters of what is no number.
_LONGEST = 12


def type_text(dtype: np.dtype[Any], shape: Shape) -> str:
    """Dtype and shape of a value.

    Examples
    --------
    >>> type_text(np.dtype("float32"), (150, 4))
    'float32 (150, 4)'
    """
    return f"{dtype.name} {shape}"


def value_text(value: Any) -> str:
    """A value on one line: in full if it is small, otherwise its ends.

    Examples
    --------
    >>> value_text(np.array(0.6931471805599453))
    '0.6931'
    >>> value_text(np.linspace(0, 1, 100))
    '[0 0.0101 … 0.9899 1]'
    """
    array = np.asarray(value)
    if not array.ndim:
        return number_text(array[()])
    flat = array.ravel()
    if array.size <= _FEW:
        return _nested(array)
    ends = [number_text(each) for each in (*flat[:2], *flat[-2:])]
    return f"[{' '.join(ends[:2])} … {' '.join(ends[2:])}]"


def number_text(number: Any) -> str:
    """A number with four significant digits.

    Examples
    --------
    >>> number_text(-0.000123456), number_text(np.float64("nan")), number_text(True)
    ('-0.0001235', 'nan', 'True')
    """
    if isinstance(number, (bool, np.bool_)):
        return str(bool(number))
    if isinstance(number, (float, complex, np.inexact)):
        return f"{number:.4g}"
    return cut(str(number), _LONGEST)


def norm_text(value: Any) -> str:
    """The Euclidean norm of all elements."""
    with np.errstate(all="ignore"):
        norm = np.linalg.norm(np.asarray(value, dtype=complex).ravel())
    return number_text(float(norm))


def bytes_text(count: int) -> str:
    """A number of bytes in the unit that fits.

    Examples
    --------
    >>> bytes_text(80), bytes_text(4_800), bytes_text(12_582_912)
    ('80 B', '4.8 kB', '12.6 MB')
    """
    return _in_units(count, ("B", "kB", "MB", "GB"))


def seconds_text(seconds: float) -> str:
    """A time in the unit that fits.

    Examples
    --------
    >>> seconds_text(1.24e-6), seconds_text(0.0031), seconds_text(2.0)
    ('1.24 µs', '3.1 ms', '2 s')
    """
    return _in_units(seconds * 1e6, ("µs", "ms", "s"))


def nbytes(dtype: np.dtype[Any], shape: Shape) -> int:
    """The memory that a value takes."""
    return dtype.itemsize * math.prod(shape)


def _in_units(number: float, units: tuple[str, ...]) -> str:
    """A number in the first of units, each a thousand times the last, in which it is short."""
    *smaller, largest = units
    for unit in smaller:
        # As it will be rounded.
        if float(f"{number:.3g}") < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} {largest}" if number < 1000 else f"{number:,.0f} {largest}"


def _nested(array: Any) -> str:
    if not np.ndim(array):
        return number_text(array)
    return f"[{' '.join(_nested(each) for each in array)}]"
