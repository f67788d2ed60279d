"""Calls with several outputs: one node for the call, and one that picks each output.

Where the user is handed the first output alone, the node of the call stands for it.
"""

from __future__ import annotations

from typing import Any

from autograd_np.graph import Node, Pullback, RecordedNode
from autograd_np.rules.cotangents import Cotangents


class _Pick:
    """The operation that takes one output of a call: a `Pullback`."""

    sources = ()

    def __init__(self, name: str, number: int) -> None:
        self.name = f"{name}[{number}]"
        self.number = number

    @property
    def operation(self) -> _Pick:
        """Itself."""
        return self

    def pull(self, g: Any, saved: Any, parents: Any) -> tuple[Cotangents]:
        return (Cotangents({self.number: g}),)


def picked(node: Node) -> int | None:
    """Which output of a call a node stands for, None for a node that stands for a whole call."""
    return node.derivative.number if isinstance(node.derivative, _Pick) else None


_picks: dict[tuple[Pullback, int], _Pick] = {}


def pick(call: Node, number: int, value: Any) -> Node:
    """A node for output `number` of `call`, which has the given value."""
    derivative = call.derivative
    assert derivative is not None
    operation = _picks.get((derivative, number))
    if operation is None:
        operation = _picks[derivative, number] = _Pick(derivative.operation.name, number)
    make = RecordedNode if isinstance(call, RecordedNode) else Node
    return make(operation, (call,), (), value.shape, value.dtype)
