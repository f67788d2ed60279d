"""Variances and norms, as sums of squares."""

from __future__ import annotations

import numpy as np

from autograd_np.graph import Shape
from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.elementwise import identity, pointwise
from autograd_np.lowering.numba_backend.form import DType, Reduce
from autograd_np.lowering.numba_backend.reductions import arguments, normalized
from autograd_np.lowering.numba_backend.translation import Translation, translates
from autograd_np.program import Call


@translates(np.var, np.std)
def _variance(t: Translation, call: Call) -> None:
    given = arguments(call)
    operand, axis = t.operand(given.pop("a")), given.pop("axis", None)
    ddof = given.pop("ddof", 0)
    given.pop("keepdims", None)
    out = t.out(call)
    dtype = t.value(out).dtype
    if given or dtype is None or t.value(operand).dtype != dtype:
        raise CannotLowerError("is called with keywords, or with integers")
    shape = t.value(operand).shape
    axes = normalized(axis, len(shape))
    count = int(np.prod([shape[each] for each in axes], dtype=int))
    kept = tuple(1 if each in axes else length for each, length in enumerate(shape))
    total, mean = (t.new(name, kept, dtype) for name in ("total", "mean"))
    off, square = (t.new(name, shape, dtype) for name in ("off", "square"))
    t.add(Reduce(total, "sum", operand, axes))
    pointwise(t, mean, np.divide, (total, t.operand(count)))
    pointwise(t, off, np.subtract, (operand, mean))
    pointwise(t, square, np.square, (off,))
    root = call.function is np.std
    _averaged(t, out, square, axes, max(count - ddof, 0), root)


def _averaged(t: Translation, out: int, square: int, axes: Shape, count: float, root: bool) -> None:
    """The sum of squares by `count`, or the root of it."""
    result = t.value(out)
    dtype: DType | None = result.dtype
    assert dtype is not None
    squares = t.new("squares", result.shape, dtype)
    t.add(Reduce(squares, "sum", square, axes))
    variance = t.new("variance", result.shape, dtype) if root else out
    pointwise(t, variance, np.divide, (squares, t.operand(count)))
    if root:
        pointwise(t, out, np.sqrt, (variance,))


@translates(np.linalg.norm)
def _norm(t: Translation, call: Call) -> None:
    given = arguments(call)
    operand, axis = t.operand(given.pop("x")), given.pop("axis", None)
    given.pop("keepdims", None)
    out = t.out(call)
    dtype = t.value(out).dtype
    if given or dtype is None or isinstance(axis, tuple):
        raise CannotLowerError("is called with an order, or with several axes")
    shape = t.value(operand).shape
    number = t.new("number", shape, dtype)
    square = t.new("square", shape, dtype)
    squares = t.new("squares", t.value(out).shape, dtype)
    identity(t, number, operand)
    pointwise(t, square, np.square, (number,))
    t.add(Reduce(squares, "sum", square, normalized(axis, len(shape))))
    pointwise(t, out, np.sqrt, (squares,))
