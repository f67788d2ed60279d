"""Functions that look at memory in another way, and functions that join arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.elementwise import identity
from autograd_np.lowering.numba_backend.form import Join, Look
from autograd_np.lowering.numba_backend.translation import Translation, translates
from autograd_np.lowering.packed import packed
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call
from autograd_np.rules.splitting import layers, pieces

_VIEWS = (
    np.transpose, np.permute_dims, np.matrix_transpose, np.reshape, np.ravel, np.expand_dims,
    np.squeeze, np.swapaxes, np.moveaxis, np.rollaxis, np.flip, np.fliplr, np.flipud, np.rot90,
    np.diagonal, np.atleast_1d, np.atleast_2d, np.atleast_3d,
)  # fmt: skip


@translates(*_VIEWS)
def _view(t: Translation, call: Call) -> None:
    if any(refs_in((call.args[1:], call.kwargs))):
        raise CannotLowerError("is given settings that are computed")
    function: Any = call.function
    rest, kwargs = call.args[1:], call.kwargs
    look(t, t.out(call), t.operand(call.args[0]), lambda a: function(a, *rest, **kwargs))


def look(t: Translation, out: int, of: int, view: Any) -> None:
    """Add ``out = view(of)``; of one number everywhere every view is the same."""
    value = t.value(of)
    if value.kind == "literal" or value.dtype is None:
        identity(t, out, of)
    else:
        t.add(Look(out, of, view))


@translates(pieces, layers)
def _parts(t: Translation, call: Call) -> None:
    function: Any = call.function
    rest, kwargs = call.args[1:], call.kwargs
    of = t.operand(call.args[0])
    for number in range(len(call.outputs)):
        out = t.out(call, number)
        look(t, out, of, _numbered(lambda a: function(a, *rest, **kwargs), number))


def _numbered(parts: Any, number: int) -> Any:
    return lambda a: parts(a)[number]


@translates(packed)
def _packed(t: Translation, call: Call) -> None:
    t.add(Join(t.out(call), tuple(t.stored(t.operand(each)) for each in call.args)))


@translates(np.concatenate)
def _concatenate(t: Translation, call: Call) -> None:
    axis = call.kwargs.get("axis", call.args[1] if len(call.args) > 1 else 0)
    if len(call.args) > 2 or set(call.kwargs) - {"axis"}:
        raise CannotLowerError("is called with keywords")
    parts = tuple(t.stored(t.operand(each)) for each in call.args[0])
    out = t.out(call)
    first = t.value(parts[0])
    if any(t.value(part).dtype != t.value(out).dtype for part in parts):
        raise CannotLowerError("joins arrays of several dtypes")
    # Along the first axis memory is joined end to end; along others, that of the transposes.
    if axis is None or axis % len(first.shape) == 0:
        ends = t.new("joined", (t.value(out).size,), first.dtype)
        t.add(Join(ends, parts))
        shape = t.value(out).shape
        t.add(Look(out, ends, lambda a: a.reshape(shape)))
        return
    axis %= len(first.shape)
    _joined_along(t, out, parts, axis)


@translates(np.stack)
def _stack(t: Translation, call: Call) -> None:
    axis = call.kwargs.get("axis", call.args[1] if len(call.args) > 1 else 0)
    if len(call.args) > 2 or set(call.kwargs) - {"axis"}:
        raise CannotLowerError("is called with keywords")
    parts = tuple(t.stored(t.operand(each)) for each in call.args[0])
    out = t.out(call)
    if any(t.value(part).dtype != t.value(out).dtype for part in parts):
        raise CannotLowerError("joins arrays of several dtypes")
    axis %= len(t.value(out).shape)
    columns = []
    for part in parts:
        value = t.value(part)
        shape = (*value.shape[:axis], 1, *value.shape[axis:])
        column = t.new(f"{value.name}_column", shape, value.dtype)
        t.add(Look(column, part, lambda a: np.expand_dims(a, axis)))
        columns.append(column)
    _joined_along(t, out, tuple(columns), axis)


def _joined_along(t: Translation, out: int, parts: tuple[int, ...], axis: int) -> None:
    turned = []
    for part in parts:
        value = t.value(part)
        shape = (value.shape[axis], *value.shape[:axis], *value.shape[axis + 1 :])
        other = t.new(f"{value.name}_turned", shape, value.dtype)
        t.add(Look(other, part, lambda a: np.moveaxis(a, axis, 0)))
        turned.append(other)
    result = t.value(out)
    ends = t.new("joined", (result.size,), result.dtype)
    t.add(Join(ends, tuple(turned)))
    shape = (result.shape[axis], *result.shape[:axis], *result.shape[axis + 1 :])
    t.add(Look(out, ends, lambda a: np.moveaxis(a.reshape(shape), 0, axis)))
