"""How values are called in the source: in memory, as scalars in loops, as literals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_np.lowering.naming import unique
from autograd_np.lowering.numba_backend.form import DType, Value
from autograd_np.lowering.numba_backend.layout import View
from autograd_np.lowering.numba_backend.placement import Placement
from autograd_np.lowering.numba_backend.reserved import INDEX


def number_type(dtype: DType) -> str:
    """What makes a number of a dtype of another one."""
    return "bool" if dtype.kind == "b" else dtype.name


@dataclass(slots=True)
class Anchor:
    """A pointer into memory that has a name of its own, such as a parameter in a flat buffer."""

    name: str
    start: int
    stop: int


class Names:
    """The names of one function's values.

    Attributes
    ----------
    values : dict of int to Value
    views : dict of int to View
    placement : Placement
    literals : dict of str to str
        Expressions of the numbers that stand at the top of the source, by name.
    casts : dict of str to str
        Numbers that were handed in, in the dtypes in which they are used, by name.
    anchors : dict of int to list of Anchor
        By the value whose memory they point into.
    """

    def __init__(
        self,
        values: dict[int, Value],
        views: dict[int, View],
        placement: Placement,
        taken: set[str],
    ) -> None:
        self.values = values
        self.views = views
        self.placement = placement
        self.literals: dict[str, str] = {}
        self.casts: dict[str, str] = {}
        self.anchors: dict[int, list[Anchor]] = {}
        self._taken = taken
        self._literal_names: dict[tuple[str, Any], str] = {}
        self._scalars: dict[int, str] = {}
        self._targets: set[int] = set()
        self._age = {number: age for age, number in enumerate(views)}
        self._seen: dict[View, int] = {}
        for number, view in views.items():
            self._seen.setdefault(view, number)

    def fresh(self, name: str) -> str:
        """A name that is not taken."""
        return unique(name, self._taken)

    def original(self, value: int) -> int | None:
        """The matrix, older than it, that a value is the transpose of."""
        view = self.views[value]
        turned = View(view.root, view.offset, view.shape[::-1], view.strides[::-1])
        other = self._seen.get(turned, value)
        return other if len(view.shape) == 2 and self._age[other] < self._age[value] else None

    def stored(self, value: int) -> bool:
        """Whether what is computed goes to memory."""
        return value in self._targets or self.placement.stored(value)

    def target(self, value: int, view: View, name: str | None = None) -> int:
        """A new value that is written to a part of the memory of another, or to an argument."""
        number = max(self.values) + 1
        own = View(number, 0, view.shape, view.strides)
        self.values[number] = replace(
            self.values[value], name=name or self.fresh("copied"), kind="computed"
        )
        self.views[number] = own if name is not None else view
        self._targets.add(number)
        return number

    def in_memory(self, value: int) -> bool:
        """Whether a value is read from memory where it is not computed."""
        return self.values[value].kind not in ("literal", "number")

    def dtype(self, value: int) -> DType:
        """The dtype of a value that has one."""
        dtype = self.values[value].dtype
        assert dtype is not None
        return dtype

    def memory(self, value: int) -> str:
        """The name of a pointer into the memory that a value is seen in."""
        return self.located(value)[0]

    def located(self, value: int) -> tuple[str, int]:
        """The pointer nearest to where a value begins, and how far that is from it."""
        view = self.views[value]
        reach = sum(
            (length - 1) * stride for length, stride in zip(view.shape, view.strides, strict=True)
        )
        for anchor in self.anchors.get(view.root, ()):
            if anchor.start <= view.offset and view.offset + reach < anchor.stop:
                return anchor.name, view.offset - anchor.start
        return self.values[view.root].name, view.offset

    def element(self, value: int, strides: Sequence[int], extra: str = "") -> str:
        """An element of a value, at a place within loops."""
        terms = [
            INDEX[depth] if stride == 1 else f"{INDEX[depth]} * {stride}"
            for depth, stride in enumerate(strides)
            if stride
        ]
        memory, offset = self.located(value)
        terms = [*([str(offset)] if offset else []), *terms, *([extra] if extra else [])]
        return f"{memory}[{' + '.join(terms) or 0}]"

    def scalar(self, value: int) -> str:
        """The name of one element of a value."""
        if value not in self._scalars:
            self._scalars[value] = self.fresh(f"{self.values[value].name}_")
        return self._scalars[value]

    def load(self, value: int, element: str) -> str:
        """A line that reads an element; booleans lie in bytes."""
        read = f"{element} != 0" if self.dtype(value).kind == "b" else element
        return f"{self.scalar(value)} = {read}"

    def store(self, value: int, element: str, what: str) -> str:
        """A line that writes an element."""
        return f"{element} = {f'uint8({what})' if self.dtype(value).kind == 'b' else what}"

    def operand(self, value: int, dtype: DType) -> str:
        """One element of a value, read in a dtype."""
        given = self.values[value]
        if given.kind == "literal":
            return self.literal(given.content, dtype)
        if given.kind == "number":
            return self._cast(given.name, dtype)
        name = self.scalar(value)
        return name if given.dtype == dtype else f"{number_type(dtype)}({name})"

    def _cast(self, name: str, dtype: DType) -> str:
        cast = f"{name}_as_{number_type(dtype)}"
        self._taken.add(cast)
        self.casts[cast] = f"{number_type(dtype)}({name})"
        return cast

    def literal(self, content: Any, dtype: DType) -> str:
        """A number in a dtype: as it stands, or by a name at the top of the source."""
        value = np.asarray(content).astype(dtype).item()
        if dtype == np.float64 and math.isfinite(value):
            return repr(value) if value >= 0 else f"({value!r})"
        if dtype == np.int64 or dtype.kind == "b":
            return repr(value) if value >= 0 else f"({value!r})"
        key = (dtype.name, repr(value))
        if key not in self._literal_names:
            name = self.fresh("c1") if "c1" not in self._taken else self._numbered()
            self._literal_names[key] = name
            shown = (
                repr(float(str(np.asarray(content, dtype)))) if dtype.kind == "f" else repr(value)
            )
            self.literals[name] = f"{number_type(dtype)}({shown})"
        return self._literal_names[key]

    def _numbered(self) -> str:
        number = 2
        while f"c{number}" in self._taken:
            number += 1
        return self.fresh(f"c{number}")
