"""The form that the numba backend works on: numbered values and a few kinds of operations.

Whatever NumPy calls it, a function of arrays is one of these: something done to each element, a
reduction, a product of matrices, a view, reading or writing at places.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from autograd_np.graph import Shape

DType: TypeAlias = np.dtype[Any]
Kind = Literal["input", "number", "literal", "constant", "computed"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value.

    Attributes
    ----------
    name : str
        A Python identifier.
    shape : tuple of int
    dtype : dtype or None
        None for a Python number, which takes the dtype of what it meets.
    kind : str
        "input", an array handed in at each call; "number", a Python number handed in; "literal",
        one number, known, in the place of every element; "constant", an array that the program
        refers to; "computed".
    content : optional
        The number, the array, or for a "number" its Python type.
    """

    name: str
    shape: Shape
    dtype: DType | None
    kind: Kind
    content: Any = None

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.prod(self.shape, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Pointwise:
    """An expression computed for each element.

    `template` is a format string for the operands, read in `dtypes`, broadcast to the result.
    """

    out: int
    template: str
    operands: tuple[int, ...]
    dtypes: tuple[DType, ...]


@dataclass(frozen=True, slots=True)
class Reduce:
    """`how` ("sum", "prod", "max", "min", "any", "all") applied along `axes`."""

    out: int
    how: str
    operand: int
    axes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FindExtreme:
    """Where along `axis` the greatest (or least) element is, the first of equal ones."""

    out: int
    operand: int
    axis: int
    sign: Literal[">", "<"]


@dataclass(frozen=True, slots=True)
class Product:
    """A product of two matrices, vectors, or stacks of matrices, as ``np.matmul`` has it."""

    out: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class Look:
    """A view: `view` is what to do to an array to get it."""

    out: int
    of: int
    view: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Gather:
    """Elements of `source` at places.

    Attributes
    ----------
    places : tuple
        For each axis of `source` a value that holds numbers along it, or, in a tuple, the axis of
        the result that runs along it.
    """

    out: int
    source: int
    places: tuple[int | tuple[int], ...]


@dataclass(frozen=True, slots=True)
class Scatter:
    """`value` written (or added) to `target` at places, over the index space `shape`."""

    out: int
    target: int
    places: tuple[int | tuple[int], ...]
    value: int
    shape: Shape
    add: bool


@dataclass(frozen=True, slots=True)
class Join:
    """Values end to end in one vector."""

    out: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """Raise unless all of `value` is finite, or for a boolean, unless it holds."""

    value: int
    message: str


Operation: TypeAlias = (
    Pointwise | Reduce | FindExtreme | Product | Look | Gather | Scatter | Join | Check
)


@dataclass(slots=True)
class Form:
    """A program in this form.

    Attributes
    ----------
    values : dict of int to Value
    operations : list of Operation
    outputs : list of int
    updates : dict of int to int
        For an input: the value that overwrites it.
    packs : dict of int to tuple of int
        For a flat input: those that lie in it.
    inputs : list of int
        What is handed in, the inputs that lie in a pack left out.
    before : list of str
        Lines of Python that run before the native code: numbers and callbacks.
    scope : dict
        What those lines refer to.
    asked : set of int
        The numbers that those lines read.
    shared : set of int
        Inputs that lay in the memory of other ones when the program was recorded.
    """

    values: dict[int, Value] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    outputs: list[int] = field(default_factory=list)
    updates: dict[int, int] = field(default_factory=dict)
    packs: dict[int, tuple[int, ...]] = field(default_factory=dict)
    inputs: list[int] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    scope: dict[str, Any] = field(default_factory=dict)
    asked: set[int] = field(default_factory=set)
    shared: set[int] = field(default_factory=set)


def read_by(operation: Operation) -> Iterator[int]:
    """The values that an operation reads."""
    match operation:
        case Pointwise():
            yield from operation.operands
        case Reduce() | FindExtreme():
            yield operation.operand
        case Product():
            yield operation.left
            yield operation.right
        case Look():
            yield operation.of
        case Gather():
            yield operation.source
            yield from (place for place in operation.places if isinstance(place, int))
        case Scatter():
            yield operation.target
            yield from (place for place in operation.places if isinstance(place, int))
            yield operation.value
        case Join():
            yield from operation.parts
        case Check():
            yield operation.value
