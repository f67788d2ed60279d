"""Reductions: sums, extremes, means, and where the extremes are."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.elementwise import identity, pointwise
from autograd_np.lowering.numba_backend.form import FindExtreme, Pointwise, Reduce
from autograd_np.lowering.numba_backend.translation import Translation, translates
from autograd_np.program import Call

_HOW: dict[Any, str] = {
    np.sum: "sum",
    np.prod: "prod",
    np.max: "max",
    np.amax: "max",
    np.min: "min",
    np.amin: "min",
    np.any: "any",
    np.all: "all",
    np.mean: "mean",
}


def arguments(call: Call) -> dict[str, Any]:
    """The arguments of a call by their names, those that are the default left out."""
    bound = inspect.signature(call.function).bind(*call.args, **call.kwargs).arguments
    parameters = inspect.signature(call.function).parameters
    return {
        name: value
        for name, value in bound.items()
        if value is not parameters[name].default and value is not np._NoValue
    }


@translates(*_HOW)
def _reduce(t: Translation, call: Call) -> None:
    given = arguments(call)
    operand, axis = t.operand(given.pop("a")), given.pop("axis", None)
    given.pop("keepdims", None)
    given.pop("dtype", None)
    if given:
        raise CannotLowerError(f"is called with {', '.join(given)}")
    out = t.out(call)
    value, result = t.value(operand), t.value(out)
    axes = normalized(axis, len(value.shape))
    how = _HOW[call.function]
    if how == "mean":
        total = t.new(f"sum_{value.name}", result.shape, result.dtype)
        t.add(Reduce(total, "sum", operand, axes))
        count = t.operand(int(np.prod([value.shape[a] for a in axes], dtype=int)))
        pointwise(t, out, np.divide, (total, count))
        return
    t.add(Reduce(out, how, operand, axes))


@translates(np.argmax, np.argmin)
def _extreme(t: Translation, call: Call) -> None:
    given = arguments(call)
    operand, axis = t.operand(given.pop("a")), given.pop("axis", None)
    given.pop("keepdims", None)
    shape = t.value(operand).shape
    if given or (axis is None and len(shape) != 1):
        raise CannotLowerError("is called without an axis, or with out")
    if t.value(operand).kind == "literal":
        identity(t, t.out(call), t.operand(0))
        return
    sign = ">" if call.function is np.argmax else "<"
    t.add(FindExtreme(t.out(call), operand, normalized(axis, len(shape))[0], sign))  # type: ignore[arg-type]


@translates(np.count_nonzero)
def _count(t: Translation, call: Call) -> None:
    given = arguments(call)
    operand, axis = t.operand(given.pop("a")), given.pop("axis", None)
    given.pop("keepdims", None)
    value = t.value(operand)
    there = t.new(f"is_{value.name}", value.shape, np.dtype(bool))
    t.add(Pointwise(there, "{0}", (operand,), (np.dtype(bool),)))
    t.add(Reduce(t.out(call), "sum", there, normalized(axis, len(value.shape))))


def normalized(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that an argument `axis` means."""
    if axis is None or not ndim:
        return tuple(range(ndim))
    axes = axis if isinstance(axis, tuple) else (axis,)
    return tuple(sorted(int(each) % ndim for each in axes))
