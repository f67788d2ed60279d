"""Results that are not finite, and what they were computed from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.debugging.provenance import WatchedNode, located, origin_of
from autograd_np.graph import Shape
from autograd_np.handle import Handle, unwrap
from autograd_np.rules import activations, linear_algebra, selection

Array = np.ndarray[Any, Any]
Index = tuple[int, ...]

# Functions besides ufuncs whose result at an index depends on the operands at that index alone.
_POINTWISE = {np.where, activations.relu, activations.sigmoid, selection.clamp}

# A constant with an inf may be a mask, but not where it is multiplied and summed.
_PRODUCTS = {np.matmul, np.dot, linear_algebra.linear}


class Step:
    """A result that is not finite, and what it was computed from.

    Parameters
    ----------
    function : callable
    operation : str
        Its name.
    operands : sequence of (str, value)
        By the names of the function's parameters, Tensors as they were given.
    result : array

    Attributes
    ----------
    kind : str
        ``"nan"`` if there is one, otherwise ``"inf"``.
    bad : array of bool
        Where the result is of that kind, and no constant operand explains it.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        operation: str,
        operands: Sequence[tuple[str, Any]],
        result: Array,
    ) -> None:
        self.operation = operation
        self.operands = operands
        self.result = result
        self.product = function in _PRODUCTS
        self.pointwise = function in _POINTWISE or (
            isinstance(function, np.ufunc) and function.signature is None
        )
        self.kind = kind_of(result)
        self.bad = holds(self.kind, result)
        if self.kind == "inf":
            for _, value in operands:
                if self._may_be_infinite(value):
                    self.bad &= ~self._reached(holds("inf", value))

    @property
    def index(self) -> Index:
        """The first bad index."""
        return first(self.bad)

    def cause(self) -> tuple[str, Any] | None:
        """The operand that had the NaN or inf already."""
        # Products make NaN of infinities, too, wherever they meet a 0.
        kinds = (self.kind, "inf") if self.product else (self.kind,)
        for kind in kinds:
            for name, value in self.operands:
                if self._reached(holds(kind, value))[self.index]:
                    return name, value
        return None

    def values(self) -> str:
        """What the operands are at the bad index, or over all, on one line."""
        return ", ".join(f"{name} = {self.shown(value)}" for name, value in self.operands)

    def shown(self, value: Any) -> str:
        """What an operand is at the bad index, or over all."""
        return summary(value, self.result.shape if self.pointwise else None, self.index)

    def _may_be_infinite(self, value: Any) -> bool:
        """Whether an inf in an operand is accepted: it is a mask's, or was accepted before."""
        node = value._node if isinstance(value, Handle) else None
        if node is None or not node.requires_grad:
            return not self.product
        return any(isinstance(each, WatchedNode) for each in (node, *node.parents[:1]))

    def _reached(self, where: Array) -> Array:
        """The elements of the result that depend on those of an operand that are marked."""
        if self.pointwise:
            try:
                return np.broadcast_to(where, self.result.shape)
            except ValueError:
                pass
        return np.broadcast_to(where.any(), self.result.shape)


def is_finite(value: Any) -> bool:
    """Whether a value holds no NaN and no inf, as far as it is an array of NumPy's."""
    if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
        return True
    return bool(np.isfinite(value).all())


def kind_of(array: Array) -> str:
    """What an array that is not finite holds: ``"nan"`` if there is one, otherwise ``"inf"``."""
    return "nan" if np.isnan(array).any() else "inf"


def holds(kind: str, value: Any) -> Array:
    """Where a value is NaN, or infinite."""
    array = np.asarray(unwrap(value))
    if array.dtype.kind not in "fc":
        return np.zeros(array.shape, bool)
    found: Array = np.asarray(np.isnan(array) if kind == "nan" else np.isinf(array))
    return found


def first(where: Array) -> Index:
    """The first index that is true, in C order."""
    return tuple(int(i) for i in np.unravel_index(np.argmax(where), where.shape))


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
    return f"result{name} of {node.operation} ({located(origin.root.source)})"


def summary(value: Any, shape: Shape | None, index: Index) -> str:
    """The element of a value that meets an index of `shape`; where none does, its extremes."""
    array = np.asarray(unwrap(value))
    if shape is not None:
        try:
            return f"{np.broadcast_to(array, shape)[index].item():.6g}"
        except ValueError:
            pass
    if array.dtype.kind not in "fiub" or not array.size:
        return f"{array.size} elements"
    fine = array[np.isfinite(array)]
    if not fine.size:
        span = "nothing finite"
    elif fine.min() == fine.max():
        span = f"all {fine[0]:.6g}" if array.ndim else f"{fine[0]:.6g}"
    else:
        span = f"{fine.min():.6g} to {fine.max():.6g}"
    count = array.size - fine.size
    return f"{span}, {count} of {array.size} elements not finite" if count else span
