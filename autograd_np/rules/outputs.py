"""Calls with several outputs: one node for the call, and one that picks each output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_np.graph import Node
from autograd_np.rules.derivative import Derivative


class Cotangents:
    """The gradient of a call with several outputs: those of the outputs that have one.

    An element of the direct sum of the outputs' spaces, so that it adds up like any gradient.

    Attributes
    ----------
    parts : mapping of int to gradient
    """

    __slots__ = ("parts",)

    shape = None
    dtype = None

    def __init__(self, parts: Mapping[int, Any]) -> None:
        self.parts = parts

    def __add__(self, other: Cotangents) -> Cotangents:
        parts = dict(self.parts)
        for number, g in other.parts.items():
            parts[number] = parts[number] + g if number in parts else g
        return Cotangents(parts)


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
