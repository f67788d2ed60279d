"""Nests of loops as source: what is read, computed, added up and stored for each element."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from autograd_np.graph import Shape
from autograd_np.lowering.numba_backend.form import (
    DType,
    Gather,
    Pointwise,
    Reduce,
    Scatter,
    read_by,
)
from autograd_np.lowering.numba_backend.layout import broadcast
from autograd_np.lowering.numba_backend.names import Names, number_type
from autograd_np.lowering.numba_backend.nesting import axes_of, range_of
from autograd_np.lowering.numba_backend.reserved import INDEX
from autograd_np.lowering.numba_backend.walks import walked

_COMBINE = {
    "sum": "plus({0}, {1})",
    "prod": "times({0}, {1})",
    "max": "maximum({0}, {1})",
    "min": "minimum({0}, {1})",
    "any": "{0} or {1}",
    "all": "{0} and {1}",
}
Looped: TypeAlias = Pointwise | Gather | Reduce | Scatter


def _element_by_element(operation: Looped) -> Iterator[int]:
    """What is read at the element that the loops are at."""
    array = getattr(operation, "source", getattr(operation, "target", None))
    return (each for each in read_by(operation) if each != array)


def _at_places(operation: Gather | Scatter) -> int:
    """The number of the stream of an array at places: one array may be read at several."""
    return -operation.out


def start_of(how: str, dtype: DType) -> float | int | bool:
    """What a reduction begins with."""
    if how in ("max", "min"):
        if dtype.kind == "f":
            return -np.inf if how == "max" else np.inf
        if dtype.kind == "b":
            return how == "min"
        info = np.iinfo(dtype)
        return info.min if how == "max" else info.max
    return {"sum": 0, "prod": 1, "any": False, "all": True}[how]


@dataclass(slots=True)
class _Depth:
    """What stands before a loop and after it, at one depth."""

    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


class Nest:
    """The loops over one space.

    Parameters
    ----------
    names : Names
        How values are called, and where they are.
    space : tuple of int
    operations : iterable of Pointwise, Gather, Reduce or Scatter
    """

    def __init__(
        self,
        names: Names,
        space: Shape,
        operations: Iterable[Looped],
    ) -> None:
        self.names = names
        self.space = space
        self.operations = tuple(operations)
        self.local = {each.out for each in self.operations}
        self.streams = self._streams()
        self.axes = axes_of(space, self.streams)
        self.depths = [_Depth() for _ in range(len(self.axes) + 1)]
        self.ahead: list[str] = []
        self._read: set[int] = set()

    def lines(self) -> list[str]:
        """The source."""
        innermost = self.depths[-1].before
        stores: list[str] = []
        for operation in self.operations:
            self._load(operation)
        for operation in self.operations:
            match operation:
                case Pointwise():
                    innermost.append(f"{self._name(operation.out)} = {self._expression(operation)}")
                case Gather():
                    innermost += self._gathered(operation)
                case Scatter():
                    stores += self._scattered(operation)
                case Reduce():
                    self._reduced(operation)
            if not isinstance(operation, (Reduce, Scatter)) and self.names.stored(operation.out):
                element = self._element(operation.out)
                stores.append(self.names.store(operation.out, element, self._name(operation.out)))
        innermost += stores
        return [*self.ahead, *self._nested()]

    def _nested(self) -> list[str]:
        lines: list[str] = []
        for depth, axis in enumerate(self.axes):
            pad = "    " * depth
            lines += [pad + line for line in self.depths[depth].before]
            inner = depth + 1 == len(self.axes)
            lines.append(f"{pad}for {INDEX[depth]} in {range_of(axis.length, inner)}:")
        pad = "    " * len(self.axes)
        lines += [pad + line for line in self.depths[-1].before]
        for depth in reversed(range(len(self.depths))):
            lines += ["    " * depth + line for line in self.depths[depth].after]
        return lines

    def _streams(self) -> dict[int, Shape]:
        """The strides along the axes of the space of all that is read or stored."""
        streams: dict[int, Shape] = {}
        for operation in self.operations:
            for each in _element_by_element(operation):
                if each not in self.local and self.names.in_memory(each):
                    view = self.names.views[each]
                    streams[each] = broadcast(view.shape, view.strides, self.space)
            if isinstance(operation, (Gather, Scatter)):
                gathered = isinstance(operation, Gather)
                array = operation.source if isinstance(operation, Gather) else operation.target
                streams[_at_places(operation)] = self._along(array, operation.places)
                if not gathered:
                    continue
            if self.names.stored(operation.out) or isinstance(operation, Reduce):
                streams[operation.out] = self._strides(operation)
        return streams

    def _along(self, array: int, places: tuple[int | tuple[int], ...]) -> Shape:
        """How an array that is read at places moves on where the index says nothing."""
        strides = [0] * len(self.space)
        for place, stride in zip(places, self.names.views[array].strides, strict=True):
            if isinstance(place, tuple):
                strides[place[0]] = stride
        return tuple(strides)

    def _strides(self, operation: Looped) -> Shape:
        view = self.names.views[operation.out]
        if not isinstance(operation, Reduce):
            return broadcast(view.shape, view.strides, self.space)
        kept = iter(view.strides)
        strides = []
        for axis in range(len(self.space)):
            reduced = axis in operation.axes
            own = 0 if reduced and len(view.shape) != len(self.space) else next(kept)
            strides.append(0 if reduced else own)
        return tuple(strides)

    def _depth(self, stream: int) -> int:
        """Below how many loops a stream is at a new element."""
        moving = [depth + 1 for depth, axis in enumerate(self.axes) if axis.strides[stream]]
        return max(moving, default=0)

    def _element(self, value: int) -> str:
        return self.names.element(value, [axis.strides[value] for axis in self.axes])

    def _at(self, operation: Gather | Scatter, array: int, extra: str) -> str:
        """An element of an array that is read or written at places."""
        strides = [axis.strides[_at_places(operation)] for axis in self.axes]
        return self.names.element(array, strides, extra)

    def _name(self, value: int) -> str:
        return self.names.scalar(value)

    def _load(self, operation: Looped) -> None:
        for each in _element_by_element(operation):
            if each in self._read or each in self.local or not self.names.in_memory(each):
                continue
            self._read.add(each)
            depth = self._depth(each)
            self.depths[depth].before.append(self.names.load(each, self._element(each)))

    def _operand(self, value: int, dtype: DType) -> str:
        return self.names.operand(value, dtype)

    def _expression(self, operation: Pointwise) -> str:
        operands = [
            self._operand(each, dtype)
            for each, dtype in zip(operation.operands, operation.dtypes, strict=True)
        ]
        expression = operation.template.format(*operands)
        # Python's operators make larger integers of small ones, and floats of booleans.
        out = self.names.dtype(operation.out)
        computed = operation.dtypes[-1]
        plain = operation.template == "{0}"
        if (out.kind in "iu" and not plain) or (computed != out and out.kind != "b"):
            expression = f"{number_type(out)}({expression})"
        return expression

    def _index(self, places: tuple[int | tuple[int], ...], array: int) -> tuple[list[str], str]:
        """Lines that check places, and what they add to an index."""
        lines, terms = [], []
        view = self.names.views[array]
        for place, length, stride in zip(places, view.shape, view.strides, strict=True):
            if isinstance(place, tuple):
                continue
            number = self.names.fresh("place")
            lines += [
                f"{number} = {self._operand(place, np.dtype(np.intp))}",
                f"if {number} < 0:",
                f"    {number} += {length}",
                f"if {number} < 0 or {number} >= {length}:",
                f"    raise IndexError('index is out of bounds for an axis of length {length}')",
            ]
            terms.append(number if stride == 1 else f"{number} * {stride}")
        return lines, " + ".join(terms)

    def _gathered(self, operation: Gather) -> list[str]:
        lines, index = self._index(operation.places, operation.source)
        element = self._at(operation, operation.source, index)
        return [*lines, self.names.load(operation.out, element)]

    def _scattered(self, operation: Scatter) -> list[str]:
        lines, index = self._index(operation.places, operation.target)
        dtype = self.names.dtype(operation.target)
        element = self._at(operation, operation.target, index)
        value = self._operand(operation.value, dtype)
        if operation.add:
            value = f"{element} + {value}"
        return [*lines, self.names.store(operation.target, element, value)]

    def _reduced(self, operation: Reduce) -> None:
        """Add up in a local variable, as long as no loop inside moves the result on."""
        dtype = self.names.dtype(operation.out)
        start = self.names.literal(start_of(operation.how, dtype), dtype)
        value = self._operand(operation.operand, dtype)
        name = self._name(operation.out)
        depth = self._depth(operation.out)
        innermost = self.depths[-1].before
        combine = _COMBINE[operation.how]
        if dtype.kind in "iu":
            combine = {"sum": "{0} + {1}", "prod": "{0} * {1}"}.get(operation.how, combine)
        again = any(not axis.strides[operation.out] for axis in self.axes[:depth])
        element = self._element(operation.out) if self.names.stored(operation.out) else ""
        there = f"({element} != 0)" if dtype.kind == "b" else element
        if again:
            self.ahead += self._filled(operation.out, start)
        if depth == len(self.axes) and self.axes:
            total = combine.format(there, value) if again else value
            innermost.append(self.names.store(operation.out, element, total))
            return
        self.depths[depth].before.append(f"{name} = {start}")
        innermost.append(f"{name} = {combine.format(name, value)}")
        after = self.depths[depth].after
        if again:
            after.append(self.names.store(operation.out, element, combine.format(there, name)))
        elif element:
            after.append(self.names.store(operation.out, element, name))

    def _filled(self, value: int, start: str) -> list[str]:
        """A loop that sets a result to what its reduction begins with."""
        view = self.names.views[value]
        return walked(
            self.names, view.shape, value, lambda element: self.names.store(value, element, start)
        )
