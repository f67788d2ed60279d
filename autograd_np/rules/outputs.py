"""Calls with several outputs: one node for the call, and one that picks each output.

Where the user is handed the first output alone, the node of the call stands for it.
"""

from __future__ import annotations

from typing import Any

from autograd_np.graph import Node
from autograd_np.rules.cotangents import Cotangents
from autograd_np.rules.derivative import Derivative


class _Pick:
    """The operation that takes one output of a call, in the form that `Node.derivative` needs."""

    sources = ()
    constants = ()

    def __init__(self, name: str, number: int) -> None:
        self.operation = self
        self.name = f"{name}[{number}]"
        self.number = number

    def pull(self, g: Any, saved: Any, parents: Any) -> tuple[Cotangents]:
        return (Cotangents({self.number: g}),)


_picks: dict[tuple[Derivative, int], _Pick] = {}


def pick(call: Node, number: int, value: Any) -> Node:
    """A node for output `number` of `call`, which has the given value."""
    derivative = call.derivative
    assert derivative is not None
    operation: Any = _picks.get((derivative, number))
    if operation is None:
        operation = _picks[derivative, number] = _Pick(derivative.operation.name, number)
    return Node(operation, (call,), (), value.shape, value.dtype)
