"""Results that are not finite, and what they were computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.handle import Handle, unwrap
from autograd_np.provenance import WatchedNode, located, origin_of

Array = np.ndarray[Any, Any]
Index = tuple[int, ...]
Operands = Sequence[tuple[str, Any]]


class Step:
    """A result that is not finite, and what it was computed from.

    Attributes
    ----------
    operation : str
    operands : sequence of (str, value)
        By the names of the function's parameters, Tensors as they were given.
    result : array
    pointwise : bool
        Whether a result at an index depends on the operands at that index alone.
    kind : str
        ``"nan"`` if there is one, otherwise ``"inf"``.
    bad : array of bool
        Where the result is of that kind, and no constant operand explains it.
    """

    def __init__(self, operation: str, operands: Operands, result: Array, pointwise: bool) -> None:
        self.operation = operation
        self.operands = operands
        self.result = result
        self.pointwise = pointwise
        self.kind = "nan" if np.isnan(result).any() else "inf"
        self.bad = holds(self.kind, result)
        if self.kind == "inf":
            self.bad &= ~self._explained()

    @property
    def index(self) -> Index:
        """The first bad index."""
        return first(self.bad)

    def anomalous(self) -> bool:
        """Whether anything remains that no constant operand explains."""
        return bool(self.bad.any())

    def cause(self) -> tuple[str, Any] | None:
        """The operand that had the NaN or inf already."""
        for name, value in self.operands:
            where = self._at_result(holds(self.kind, value))
            if where is not None and where[self.index]:
                return name, value
        return None

    def values(self) -> str:
        """What the operands are at the bad index, on one line."""
        return ", ".join(
            f"{name} = {value_at(value, self.result.shape, self.index)}"
            for name, value in self.operands
            if self.pointwise and self._at_result(np.asarray(unwrap(value))) is not None
        )

    def shapes(self) -> dict[str, Shape]:
        """Shapes of the operands and of the result."""
        shapes = {name: np.shape(unwrap(value)) for name, value in self.operands}
        return {**shapes, "out": self.result.shape}

    def lines(self) -> list[str]:
        """One line for each operand, and one for the result."""
        lines = []
        for name, value in self.operands:
            array = np.asarray(unwrap(value))
            if self.pointwise and self._at_result(array) is not None:
                what = f"{value_at(value, self.result.shape, self.index)} at index {self.index}"
            else:
                what = statistic(array)
            lines.append(f"    {name}: {role(value)} {array.shape} {array.dtype}: {what}")
        count, size = np.count_nonzero(self.bad), self.result.size
        lines.append(
            f"    result: {self.result.shape} {self.result.dtype}: {count} of {size} elements "
            f"{self.kind}, the first at index {self.index}"
        )
        return lines

    def _explained(self) -> Array:
        """Where an inf comes from a constant operand, or from one that was accepted before."""
        explained = np.zeros(self.result.shape, bool)
        for _, value in self.operands:
            if not _may_be_infinite(value):
                continue
            infinite = self._at_result(holds("inf", value))
            explained |= True if infinite is None else infinite
        return explained

    def _at_result(self, array: Array) -> Array | None:
        """`array` broadcast to the result; of a mask, if that means nothing, whether it has any."""
        if not self.pointwise:
            return np.broadcast_to(array.any(), self.result.shape) if array.dtype == bool else None
        try:
            return np.broadcast_to(array, self.result.shape)
        except ValueError:
            return None


def role(value: Any) -> str:
    """What an operand is to the user."""
    if not isinstance(value, Handle):
        return "constant array" if isinstance(value, np.ndarray) else "constant"
    node = value._node
    name = f" {node.name!r}" if node is not None and node.name else ""
    if node is None or (node.derivative is None and not node.requires_grad):
        return f"constant Tensor{name}"
    if node.derivative is None:
        return f"leaf Tensor{name}"
    origin = origin_of(node)
    if origin is None or not origin.source[1]:
        return f"result{name} of {node.operation}, recorded before,"
    return f"result{name} of {node.operation} ({located(origin.user)})"


def first(where: Array) -> Index:
    """The first index that is true, in C order."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(where), where.shape))


def _may_be_infinite(value: Any) -> bool:
    """Whether an inf in an operand is accepted: it is a constant's, or was accepted before."""
    node = value._node if isinstance(value, Handle) else None
    if node is None or not node.requires_grad:
        return True
    return any(isinstance(each, WatchedNode) for each in (node, *node.parents[:1]))


def holds(kind: str, value: Any) -> Array:
    """Where a value is NaN, or infinite."""
    array = np.asarray(unwrap(value))
    if array.dtype.kind not in "fc":
        return np.zeros(array.shape, bool)
    found: Array = np.asarray(np.isnan(array) if kind == "nan" else np.isinf(array))
    return found


def value_at(value: Any, shape: Shape, index: Index) -> str:
    """The element of an operand that is used at an index of the result; ValueError if none is."""
    return repr(np.broadcast_to(unwrap(value), shape)[index].item())


def statistic(array: Array) -> str:
    """Least, greatest and how many not finite, of an array that has no such index."""
    if array.dtype.kind not in "fiub" or not array.size:
        return f"{array.size} elements"
    fine = array[np.isfinite(array)]
    span = f"min {fine.min()}, max {fine.max()}, " if fine.size else ""
    return f"{span}{array.size - fine.size} of {array.size} elements not finite"
