"""Products of matrices: how calls of NumPy's are translated, and the calls of BLAS."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.elementwise import pointwise
from autograd_np.lowering.numba_backend.form import Look, Product, Reduce, Value
from autograd_np.lowering.numba_backend.translation import Translation, translates
from autograd_np.program import Call


@translates(np.matmul, np.dot)
def _product(t: Translation, call: Call) -> None:
    if call.kwargs:
        raise CannotLowerError(f"is called with {', '.join(call.kwargs)}")
    left, right = map(t.operand, call.args)
    a, b = t.value(left), t.value(right)
    out = t.out(call)
    if not a.shape or not b.shape:
        pointwise(t, out, np.multiply, (left, right))
        return
    if call.function is np.dot and len(b.shape) > 2:
        raise CannotLowerError("is given a stack of matrices; np.matmul has native code")
    # BLAS's fastest sum of columns is a product with ones; a loop that is there anyway is faster.
    if _is_ones(a) and len(a.shape) == 1 and len(b.shape) <= 2:
        t.add(Reduce(out, "sum", right, (0,)))
    elif _is_ones(b) and len(a.shape) <= 2 and b.shape in ((b.shape[0],), (b.shape[0], 1)):
        t.add(Reduce(out, "sum", left, (len(a.shape) - 1,)))
    else:
        t.add(Product(out, t.stored(left), t.stored(right)))


def _is_ones(value: Value) -> bool:
    return value.kind == "literal" and value.content == 1


@translates(np.inner, np.vdot)
def _inner(t: Translation, call: Call) -> None:
    left, right = map(t.operand, call.args)
    if len(t.value(left).shape) != 1 or len(t.value(right).shape) != 1:
        raise CannotLowerError("is given matrices; np.matmul has native code")
    t.add(Product(t.out(call), t.stored(left), t.stored(right)))


@translates(np.outer)
def _outer(t: Translation, call: Call) -> None:
    left, right = (_raveled(t, t.operand(each)) for each in call.args)
    a = t.value(left)
    column = t.new(f"{a.name}_column", (*a.shape, 1), a.dtype)
    t.add(Look(column, left, lambda array: array[:, None]))
    pointwise(t, t.out(call), np.multiply, (column, right))


def _raveled(t: Translation, number: int) -> int:
    value = t.value(number)
    if len(value.shape) == 1:
        return t.stored(number)
    flat = t.new(f"{value.name}_flat", (value.size,), value.dtype)
    t.add(Look(flat, t.stored(number), np.ravel))
    return flat


@translates(np.tensordot)
def _tensordot(t: Translation, call: Call) -> None:
    axes: Any = call.kwargs.get("axes", call.args[2] if len(call.args) > 2 else 2)
    left, right = map(t.operand, call.args[:2])
    a, b = t.value(left), t.value(right)
    if isinstance(axes, int):
        axes = (range(len(a.shape) - axes, len(a.shape)), range(axes))
    mine, theirs = ([each] if isinstance(each, int) else list(each) for each in axes)
    mine = [axis % len(a.shape) for axis in mine]
    theirs = [axis % len(b.shape) for axis in theirs]
    kept = [axis for axis in range(len(a.shape)) if axis not in mine]
    others = [axis for axis in range(len(b.shape)) if axis not in theirs]
    summed = int(np.prod([a.shape[axis] for axis in mine], dtype=int))
    rows = _matrix(t, left, (*kept, *mine), (-1, summed))
    columns = _matrix(t, right, (*theirs, *others), (summed, -1))
    shape = (t.value(rows).shape[0], t.value(columns).shape[1])
    out = t.out(call)
    result = t.value(out)
    product = t.new("product", shape, result.dtype)
    t.add(Product(product, rows, columns))
    t.add(Look(out, product, lambda array: array.reshape(result.shape)))


def _matrix(t: Translation, number: int, order: tuple[int, ...], shape: tuple[int, int]) -> int:
    value = t.value(number)
    final = np.empty(value.shape, np.int8).transpose(order).reshape(shape).shape
    matrix = t.new(f"{value.name}_matrix", final, value.dtype)
    t.add(Look(matrix, t.stored(number), lambda a: a.transpose(order).reshape(final)))
    return matrix
