"""Sums of products of two operands over named axes; their gradients are more of the same.

`numpy.einsum` and most products of vectors and matrices come down to `contract`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.rules.registry import dispatched, rule, written


@dispatched
def contract(a: Any, b: Any, subscripts: str) -> Any:
    """The product of two operands, summed over the subscripts that the result lacks.

    As ``numpy.einsum(subscripts, a, b)``, for subscripts of the form ``"ij,jk->ik"`` in which every
    letter stands in at least two of the three terms, once in each, for axes of the same length.
    """
    # NumPy's einsum takes BLAS seldom, and never by default; other libraries' do.
    arrays = a.__class__ is b.__class__ is np.ndarray
    if not arrays or not _has_blas(a, b):
        return np.einsum(subscripts, a, b)
    layout = _layout(subscripts)
    if layout.swapped:
        a, b = b, a
    if not layout.summed:
        return (
            a.transpose(layout.a_axes)[layout.a_stretched]
            * b.transpose(layout.b_axes)[layout.b_stretched]
        )
    if layout.loops:
        return np.einsum(subscripts, *((b, a) if layout.swapped else (a, b)))
    return _matrix_product(a, b, layout)


def _has_blas(a: Any, b: Any) -> bool:
    dtype = a.dtype if a.dtype is b.dtype else np.result_type(a, b)
    return dtype.char in "fdFD"


@dataclass(frozen=True)
class _Layout:
    """Where the axes of a contraction go.

    Attributes
    ----------
    a_axes, b_axes : tuple of int
        The operands' axes in the order batch, left, summed and batch, summed, right; where nothing
        is summed, in the result's order.
    a_stretched, b_stretched : index
        Puts in the axes of the result that an operand lacks.
    result_axes : tuple of int
        From the order batch, left, right to the result's.
    batch, left, summed, right : int
        How many axes are in both operands and the result, in the first and the result, in both
        operands alone, in the second and the result.
    loops : bool
        Whether NumPy's own loops are faster than to copy for BLAS.
    swapped : bool
        Whether the operands change places, so that the result need not be transposed.
    """

    a_axes: tuple[int, ...]
    b_axes: tuple[int, ...]
    a_stretched: tuple[slice | None, ...]
    b_stretched: tuple[slice | None, ...]
    result_axes: tuple[int, ...]
    batch: int
    left: int
    summed: int
    right: int
    loops: bool
    swapped: bool


@lru_cache(maxsize=512)
def _layout(subscripts: str) -> _Layout:
    operands, result = subscripts.split("->")
    a, b = operands.split(",")
    own = [letter for letter in result if (letter in a) != (letter in b)]
    swapped = bool(own) and own[0] in b
    if swapped:
        a, b = b, a
    batch = "".join(letter for letter in result if letter in a and letter in b)
    left = "".join(letter for letter in a if letter not in b)
    right = "".join(letter for letter in b if letter not in a)
    summed = "".join(letter for letter in a if letter not in result)
    a_order, b_order = batch + left + summed, batch + summed + right
    if not summed:
        a_order = "".join(letter for letter in result if letter in a)
        b_order = "".join(letter for letter in result if letter in b)
    # Where an operand is read only once, to copy it for BLAS takes as long as NumPy's loops.
    if left and right:
        loops = False
    elif batch:
        loops = not left and not right
    else:
        loops = not (_has_blocks(a, left, summed) and _has_blocks(b, summed, right))
    return _Layout(
        a_axes=tuple(map(a.index, a_order)),
        b_axes=tuple(map(b.index, b_order)),
        a_stretched=tuple(slice(None) if letter in a else None for letter in result),
        b_stretched=tuple(slice(None) if letter in b else None for letter in result),
        result_axes=tuple(map((batch + left + right).index, result)),
        batch=len(batch),
        left=len(left),
        summed=len(summed),
        right=len(right),
        loops=loops,
        swapped=swapped,
    )


def _has_blocks(term: str, first: str, second: str) -> bool:
    """Whether two groups of axes stand side by side, so that the array is a matrix of them."""
    return term in (first + second, second + first)


def _matrix_product(a: Any, b: Any, layout: _Layout) -> Any:
    a, b = a.transpose(layout.a_axes), b.transpose(layout.b_axes)
    batch = a.shape[: layout.batch]
    left = a.shape[layout.batch : layout.batch + layout.left]
    summed = a.shape[layout.batch + layout.left :]
    right = b.shape[layout.batch + layout.summed :]
    length = math.prod(summed)
    a = a.reshape(*batch, math.prod(left), length)
    b = b.reshape(*batch, length, math.prod(right))
    out = np.matmul(_for_blas(a), _for_blas(b)) if batch else a.dot(b)
    shape = batch + left + right
    if out.shape != shape:
        out = out.reshape(shape)
    if layout.result_axes != tuple(range(len(shape))):
        out = out.transpose(layout.result_axes)
    return out


def _for_blas(x: Any) -> Any:
    """Matrices of which rows or columns are contiguous: `matmul` is slow on others."""
    return x if x.itemsize in x.strides[-2:] else x.copy()


@lru_cache(maxsize=512)
def _of_left(subscripts: str) -> str:
    operands, result = subscripts.split("->")
    a, b = operands.split(",")
    return f"{result},{b}->{a}"


@lru_cache(maxsize=512)
def _of_right(subscripts: str) -> str:
    operands, result = subscripts.split("->")
    a, b = operands.split(",")
    return f"{result},{a}->{b}"


written("einsum", contract)
rule(
    contract,
    a=lambda g, b, subscripts: contract(g, b, _of_left(subscripts)),
    b=lambda g, a, subscripts: contract(g, a, _of_right(subscripts)),
)
