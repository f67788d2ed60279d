"""Where the elements of each value lie: strides of what is stored, and views of it.

The first axis of a matrix of many short rows lies closest together ("feature-major"): loops over
it use vector instructions, and BLAS is faster for it than for rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.numba_backend.form import (
    FindExtreme,
    Form,
    Gather,
    Join,
    Look,
    Operation,
    Pointwise,
    Product,
    Scatter,
    Value,
)

# Rows no longer than this may lie in columns.
_SHORT = 64


@dataclass(frozen=True, slots=True)
class View:
    """What is seen of the memory of a value: where it begins and its strides, in elements."""

    root: int
    offset: int
    shape: Shape
    strides: Shape


@dataclass(frozen=True, slots=True)
class Layout:
    """A form whose values have their places in memory.

    Attributes
    ----------
    operations : list of Operation
        Those of the form, with copies where memory cannot be looked at in the way asked for.
    views : dict of int to View
    """

    operations: list[Operation]
    views: dict[int, View]


def strides_of(shape: Shape) -> Shape:
    """The strides of an array that lies row by row."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def broadcast(shape: Shape, strides: Shape, space: Shape) -> Shape:
    """The strides of an array along the axes of a space that it is broadcast to."""
    lead = len(space) - len(shape)
    return (0,) * lead + tuple(
        0 if length == 1 else stride for length, stride in zip(shape, strides, strict=True)
    )


def lay_out(form: Form) -> Layout:
    """Choose the strides of each value, and find each view."""
    rows = _by_rows(form)
    arrays: dict[int, Any] = {}
    roots: dict[int, int] = {}
    operations: list[Operation] = []
    for number, value in form.values.items():
        if value.kind in ("input", "constant"):
            arrays[number], roots[number] = np.empty(value.shape, np.int8), number
    _put_members(form, arrays, roots)
    for operation in form.operations:
        match operation:
            case Look():
                _look(form, operation, arrays, roots, operations)
                continue
            case Scatter():
                root = roots[operation.target]
                shape = form.values[operation.out].shape
                arrays[operation.out] = arrays[root].reshape(shape)
                roots[operation.out] = root
            case _:
                out = getattr(operation, "out", None)
                if out is not None:
                    order: Any = "C" if out in rows else _order(form.values[out].shape)
                    arrays[out] = np.empty(form.values[out].shape, np.int8, order)
                    roots[out] = out
        operations.append(operation)
    views = {
        number: View(roots[number], *_seen(arrays[roots[number]], array))
        for number, array in arrays.items()
    }
    return Layout(operations, views)


def _seen(memory: Any, array: Any) -> tuple[int, Shape, Shape]:
    return _address(array) - _address(memory), array.shape, array.strides


def _address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def _put_members(form: Form, arrays: dict[int, Any], roots: dict[int, int]) -> None:
    """Inputs that lie in a flat one are views of it."""
    for flat, members in form.packs.items():
        start = 0
        for member in members:
            shape = form.values[member].shape
            stop = start + math.prod(shape)
            arrays[member] = arrays[flat][start:stop].reshape(shape)
            roots[member] = flat
            start = stop


def _look(
    form: Form,
    operation: Look,
    arrays: dict[int, Any],
    roots: dict[int, int],
    operations: list[Operation],
) -> None:
    """Ask NumPy which elements a view shows; copy what it would copy."""
    of, out = operation.of, operation.out
    seen = operation.view(arrays[of])
    if not _inside(arrays[roots[of]], seen):
        value = form.values[of]
        copied = max(form.values) + 1
        form.values[copied] = Value(f"{value.name}_rows", value.shape, value.dtype, "computed")
        assert value.dtype is not None
        operations.append(Pointwise(copied, "{0}", (of,), (value.dtype,)))
        arrays[copied], roots[copied] = np.empty(value.shape, np.int8), copied
        of, seen = copied, operation.view(arrays[copied])
        if not _inside(arrays[copied], seen):
            raise CannotLowerError(f"{form.values[out].name} is no view of {value.name}")
    arrays[out], roots[out] = seen, roots[of]
    operations.append(Look(out, of, operation.view))


def _inside(memory: Any, array: Any) -> bool:
    return not array.size or bool(np.may_share_memory(memory, array))


def _order(shape: Shape) -> str:
    return "F" if len(shape) == 2 and shape[1] <= _SHORT and shape[0] >= 2 * shape[1] else "C"


def _by_rows(form: Form) -> set[int]:
    """The values that have to lie row by row, or had better."""
    group: dict[int, int] = {}

    def leader(number: int) -> int:
        while group.get(number, number) != number:
            number = group[number]
        return number

    fixed = {*form.outputs, *form.updates.values()}
    for operation in form.operations:
        match operation:
            case Pointwise():
                shape = form.values[operation.out].shape
                for operand in operation.operands:
                    if form.values[operand].shape != shape:
                        continue
                    group[leader(operand)] = leader(operation.out)
                    if form.values[operand].kind in ("input", "constant"):
                        fixed.add(operand)
            case Look():
                shape = form.values[operation.out].shape
                if len(shape) != len(form.values[operation.of].shape):
                    fixed.add(operation.of)
            case Join():
                fixed.update(operation.parts)
            case Scatter():
                fixed.update((operation.out, operation.target))
            case Gather() | FindExtreme() | Product():
                pass
    leaders = {leader(number) for number in fixed}
    return {number for number in form.values if leader(number) in leaders}
