"""Functions of each element as scalar expressions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.lowering.lowered import CannotLower
from autograd_np.lowering.numba_backend.form import DType, Pointwise
from autograd_np.lowering.numba_backend.translation import Translation, checked, translates
from autograd_np.program import Call
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.selection import clamp
from autograd_np.rules.shapes import cast, discretize, duplicate

# In the loop's dtypes. A name that is called is one of NumPy's, or of `intrinsics`.
TEMPLATES: dict[np.ufunc, str] = {
    np.add: "{0} + {1}",
    np.subtract: "{0} - {1}",
    np.multiply: "{0} * {1}",
    np.divide: "{0} / {1}",
    np.negative: "-{0}",
    np.positive: "{0}",
    np.conjugate: "{0}",
    np.square: "{0} * {0}",
    np.absolute: "abs({0})",
    np.fabs: "abs({0})",
    np.maximum: "maximum({0}, {1})",
    np.minimum: "minimum({0}, {1})",
    np.greater: "{0} > {1}",
    np.greater_equal: "{0} >= {1}",
    np.less: "{0} < {1}",
    np.less_equal: "{0} <= {1}",
    np.equal: "{0} == {1}",
    np.not_equal: "{0} != {1}",
    np.logical_and: "bool({0}) and bool({1})",
    np.logical_or: "bool({0}) or bool({1})",
    np.logical_xor: "bool({0}) != bool({1})",
    np.logical_not: "not {0}",
    np.bitwise_and: "{0} & {1}",
    np.bitwise_or: "{0} | {1}",
    np.bitwise_xor: "{0} ^ {1}",
    np.isnan: "{0} != {0}",
    np.isinf: "abs({0}) == inf",
    np.isfinite: "abs({0}) < inf",
}

# Those that numba computes itself, by their own names.
KNOWN = (
    np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt, np.sin, np.cos,
    np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.arccosh,
    np.arctanh, np.arctan2, np.hypot, np.logaddexp, np.logaddexp2, np.floor, np.ceil, np.trunc,
    np.rint, np.signbit, np.copysign, np.fmax, np.fmin, np.power, np.float_power, np.fmod,
    np.remainder, np.floor_divide, np.sign, np.deg2rad, np.rad2deg, np.degrees, np.radians,
    np.nextafter, np.invert, np.left_shift, np.right_shift,
)  # fmt: skip

TEMPLATES |= {
    ufunc: f"{ufunc.__name__}({', '.join('{%d}' % i for i in range(ufunc.nin))})"
    for ufunc in KNOWN
    if ufunc not in TEMPLATES
}

# Of integers numba makes something else of them than NumPy.
_FLOATS_ONLY = frozenset({np.power, np.fmod})

_IN_BOOLEANS = {np.add: np.logical_or, np.multiply: np.logical_and, np.maximum: np.logical_or,
                np.minimum: np.logical_and}  # fmt: skip


@translates(*TEMPLATES)
def _ufunc(t: Translation, call: Call) -> None:
    ufunc: Any = call.function
    given = {name: value for name, value in call.kwargs.items() if value is not None}
    wanted = given.pop("dtype", None)
    if given:
        raise CannotLower(f"is called with {', '.join(given)}")
    operands = tuple(map(t.operand, call.args))
    pointwise(t, t.out(call), ufunc, operands, wanted)


def pointwise(
    t: Translation, out: int, ufunc: np.ufunc, operands: tuple[int, ...], wanted: Any = None
) -> None:
    """Add ``out = ufunc(*operands)``."""
    dtypes = loop(t, ufunc, operands, wanted)
    template = TEMPLATES[ufunc]
    if dtypes[0].kind == "b":
        ufunc = _IN_BOOLEANS.get(ufunc, ufunc)
        template = TEMPLATES[ufunc]
    value = t.value(operands[-1])
    if ufunc in _FLOATS_ONLY and dtypes[0].kind != "f" and value.content != 2:
        raise CannotLower("is given integers")
    if ufunc is np.floor_divide and dtypes[0].kind == "f":
        raise CannotLower("is given floats")
    if ufunc is np.power and value.kind == "literal" and value.content == 2:
        template = "{0} * {0}"
    t.add(Pointwise(out, template, operands, dtypes))


def loop(
    t: Translation, ufunc: np.ufunc, operands: tuple[int, ...], wanted: Any = None
) -> tuple[DType, ...]:
    """The dtypes in which a ufunc reads its operands, by NumPy's own rules."""
    asked: Any = tuple(_kind(t, number) for number in operands) + (None,)
    settings: dict[str, Any] = {}
    if wanted is not None:
        settings["signature"] = (None,) * len(operands) + (np.dtype(wanted),)
    try:
        found = ufunc.resolve_dtypes(asked, **settings)
    except TypeError:
        raise CannotLower("has no loop in these dtypes") from None
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
        raise CannotLower("is given integers")
    pointwise(t, out, np.divide, (t.operand(1), t.operand(call.args[0])))


@translates(np.where)
def _where(t: Translation, call: Call) -> None:
    if len(call.args) != 3:
        raise CannotLower("is called with a condition alone")
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
        raise CannotLower("is called with keywords")
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


def broadcast(shape: Shape, strides: Shape, space: Shape) -> Shape:
    """The strides of an array along the axes of a space that it is broadcast to."""
    lead = len(space) - len(shape)
    return (0,) * lead + tuple(
        0 if length == 1 else stride for length, stride in zip(shape, strides, strict=True)
    )
