"""Values and costs as short texts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_np.graph import Shape

# Elements up to which an array is shown in full.
_FEW = 6


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
    if isinstance(number, (int, np.integer)):
        return str(number)
    return f"{number:.4g}"


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
    for limit, unit in ((1e3, "B"), (1e6, "kB"), (1e9, "MB")):
        if count < limit:
            shown = count / (limit / 1e3)
            return f"{shown:.0f} {unit}" if unit == "B" else f"{shown:.3g} {unit}"
    return f"{count / 1e9:.3g} GB"


def seconds_text(seconds: float) -> str:
    """A time in the unit that fits.

    Examples
    --------
    >>> seconds_text(1.24e-6), seconds_text(0.0031), seconds_text(2.0)
    ('1.24 µs', '3.1 ms', '2 s')
    """
    for scale, unit in ((1e-3, "µs"), (1.0, "ms")):
        if seconds < scale:
            return f"{seconds / scale * 1e3:.3g} {unit}"
    return f"{seconds:.3g} s"


def nbytes(dtype: np.dtype[Any], shape: Shape) -> int:
    """The memory that a value takes."""
    return dtype.itemsize * math.prod(shape)


def _nested(array: Any) -> str:
    if not array.ndim:
        return number_text(array[()])
    return f"[{' '.join(_nested(each) for each in array)}]"
