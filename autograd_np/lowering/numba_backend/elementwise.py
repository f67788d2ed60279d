"""Functions of each element as scalar expressions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.form import DType, Pointwise
from autograd_np.lowering.numba_backend.templates import FLOATS_ONLY, IN_BOOLEANS, TEMPLATES
from autograd_np.lowering.numba_backend.translation import Translation, checked, translates
from autograd_np.program import Call
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.selection import clamp
from autograd_np.rules.shapes import cast, discretize, duplicate


@translates(*TEMPLATES)
def _ufunc(t: Translation, call: Call) -> None:
    ufunc: Any = call.function
    given = {name: value for name, value in call.kwargs.items() if value is not None}
    wanted = given.pop("dtype", None)
    if given:
        raise CannotLowerError(f"is called with {', '.join(given)}")
    operands = tuple(map(t.operand, call.args))
    pointwise(t, t.out(call), ufunc, operands, wanted)


def pointwise(
    t: Translation, out: int, ufunc: np.ufunc, operands: tuple[int, ...], wanted: Any = None
) -> None:
    """Add ``out = ufunc(*operands)``."""
    dtypes = loop(t, ufunc, operands, wanted)
    template = TEMPLATES[ufunc]
    if dtypes[0].kind == "b":
        ufunc = IN_BOOLEANS.get(ufunc, ufunc)
        template = TEMPLATES[ufunc]
    value = t.value(operands[-1])
    if ufunc in FLOATS_ONLY and dtypes[0].kind != "f" and value.content != 2:
        raise CannotLowerError("is given integers")
    if ufunc is np.floor_divide and dtypes[0].kind == "f":
        raise CannotLowerError("is given floats")
    if ufunc is np.power and value.kind == "literal":
        template = {2: "{0} * {0}", 3: "{0} * {0} * {0}"}.get(value.content, template)
    t.add(Pointwise(out, template, operands, dtypes))


def loop(
    t: Translation, ufunc: np.ufunc, operands: tuple[int, ...], wanted: Any = None
) -> tuple[DType, ...]:
    """The dtypes in which a ufunc reads its operands, by NumPy's own rules."""
    asked: Any = (*(_kind(t, number) for number in operands), None)
    settings: dict[str, Any] = {}
    if wanted is not None:
        settings["signature"] = (None,) * len(operands) + (np.dtype(wanted),)
    try:
        found = ufunc.resolve_dtypes(asked, **settings)
    except TypeError:
        raise CannotLowerError("has no loop in these dtypes") from None
    return tuple(map(checked, found[:-1]))


def _kind(t: Translation, number: int) -> Any:
    value = t.value(number)
    if value.dtype is not None:
        return value.dtype
    kind = value.content if value.kind == "number" else type(value.content)
    return np.dtype(bool) if kind is bool else kind


@translates(np.reciprocal)
def _reciprocal(t: Translation, call: Call) -> None:
    out = t.out(call)
    if _dtype(t, out).kind != "f":
        raise CannotLowerError("is given integers")
    pointwise(t, out, np.divide, (t.operand(1), t.operand(call.args[0])))


@translates(np.where)
def _where(t: Translation, call: Call) -> None:
    if len(call.args) != 3:
        raise CannotLowerError("is called with a condition alone")
    operands = tuple(map(t.operand, call.args))
    out = t.out(call)
    dtype = _dtype(t, out)
    t.add(Pointwise(out, "{1} if {0} else {2}", operands, (np.dtype(bool), dtype, dtype)))


@translates(clamp)
def _clamp(t: Translation, call: Call) -> None:
    a, lower, upper = call.args
    out = t.out(call)
    dtype = _dtype(t, out)
    current = t.operand(a)
    for bound, ufunc in ((lower, np.maximum), (upper, np.minimum)):
        if bound is None:
            continue
        last = bound is upper or upper is None
        result = out if last else t.new("clipped", t.value(out).shape, dtype)
        template = TEMPLATES[ufunc]
        t.add(Pointwise(result, template, (current, t.operand(bound)), (dtype, dtype)))
        current = result


@translates(np.clip)
def _clip(t: Translation, call: Call) -> None:
    if len(call.args) != 3 or call.kwargs:
        raise CannotLowerError("is called with keywords")
    _clamp(t, call)


@translates(np.astype, cast, discretize, np.copy, duplicate, stop_gradient)
def _same(t: Translation, call: Call) -> None:
    out = t.out(call)
    identity(t, out, t.operand(call.args[0]))


def identity(t: Translation, out: int, of: int) -> None:
    """Add ``out = of``, in the shape and dtype of `out`."""
    t.add(Pointwise(out, "{0}", (of,), (_dtype(t, out),)))


@translates(np.zeros_like, np.ones_like, np.full_like, np.broadcast_to)
def _filled(t: Translation, call: Call) -> None:
    content = {np.zeros_like: 0, np.ones_like: 1}.get(call.function)
    if content is None:
        content = call.args[0 if call.function is np.broadcast_to else 1]
    identity(t, t.out(call), t.operand(content))


def _dtype(t: Translation, number: int) -> DType:
    dtype = t.value(number).dtype
    assert dtype is not None
    return dtype
