"""Where values come from: the user's lines, and the operations that led to a value."""

from __future__ import annotations

import heapq
import linecache
import os
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.graph import Node, Pullback, Shape
from autograd_np.program import INTERNAL
from autograd_np.rules.derivative import reads

if TYPE_CHECKING:
    from autograd_np.rules.derivative import Derivative

Place = tuple[str, int]

# A layer written on top of the engine is not where a user looks for a fault.
_LAYERS = ("nn",)


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a value.

    Attributes
    ----------
    operation : str
    source : tuple of (str, int)
        The user's file and line.
    via : tuple of (str, int) or None
        The line of `nn` that called the operation, if one did.
    shapes : dict of str to tuple
        Of the operands, by the names of the function's parameters.
    settings : dict of str to object
        The other arguments that differ from None, by name.
    derivative_of : Origin or None
        For an operation of a derivative, what made the value that was differentiated.
    """

    operation: str
    source: Place
    via: Place | None
    shapes: dict[str, Shape]
    settings: dict[str, Any]
    derivative_of: Origin | None

    @property
    def user(self) -> Place:
        """The user's line: for an operation of a derivative, that of what was differentiated."""
        origin = self
        while origin.derivative_of is not None:
            origin = origin.derivative_of
        return origin.source


class WatchedNode(Node):
    """A node that was recorded under `detect_anomaly`, and found free of anomalies.

    Attributes
    ----------
    origin : Origin
    sums : tuple of (str, int)
        Name and checksum of each array that it saved.
    """

    __slots__ = ("origin", "sums")

    def __init__(
        self,
        derivative: Pullback,
        parents: tuple[Node, ...],
        saved: tuple[Any, ...],
        shape: Shape | None,
        dtype: np.dtype[Any] | None,
        origin: Origin,
        sums: tuple[tuple[str, int], ...],
    ) -> None:
        super().__init__(derivative, parents, saved, shape, dtype)
        self.origin = origin
        self.sums = sums


def origin_of(node: Node | None) -> Origin | None:
    """What made the value at a node, as far as it is known."""
    if isinstance(node, WatchedNode):
        return node.origin
    if node is None or node.derivative is None:
        return None
    if _is_pick(node):
        return origin_of(node.parents[0])
    return Origin(node.operation, ("<unknown>", 0), None, {}, {}, None)


def _is_pick(node: Node) -> bool:
    """Whether a node stands for one output of a call that has several."""
    return node.derivative is not None and node.derivative.operation is node.derivative


def places() -> tuple[Place, Place | None]:
    """The user's line, and the line of `nn` in between if there is one."""
    frame: Any = sys._getframe(1)
    via: Place | None = None
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(INTERNAL):
            module = str(frame.f_globals.get("__name__"))
            if module.partition(".")[0] not in _LAYERS:
                return (name, frame.f_lineno), via
            via = via or (name, frame.f_lineno)
        frame = frame.f_back
    return via or ("<unknown>", 0), None


def located(place: Place) -> str:
    """A place as ``file.py:12``."""
    return f"{os.path.basename(place[0])}:{place[1]}" if place[1] else "an unknown line"


def source_line(place: Place) -> str:
    """The text of a line of source, empty where it cannot be read."""
    return linecache.getline(*place).strip()


@lru_cache(maxsize=256)
def saved_names(derivative: Derivative) -> tuple[str, ...]:
    """The names by which the formulas read what a node saved, in the order of `saved`."""
    operation = derivative.operation
    names: dict[str, None] = {}
    for item in derivative.wanted:
        formula = operation.formulas[
            operation.parameters[item if isinstance(item, int) else item[0]]
        ]
        by_output = {"": formula} if callable(formula) else formula
        for output in operation.outputs if "" not in by_output else ("",):
            if output in by_output:
                names |= dict.fromkeys(reads(by_output[output]))
    # The shape and dtype of an operand that wants a gradient are read from its node.
    parents = {
        f"{operation.parameters[item]}_like" for item in derivative.wanted if type(item) is int
    }
    return tuple(name for name in names if name != "g" and name not in parents)


def chain(node: Node | None, parents: tuple[Node, ...], length: int = 8) -> list[Node]:
    """The latest operations that a value came from, newest last, `node` included."""
    seen = set(parents) if node is None else {node}
    heap = [(-each.index, each) for each in seen]
    heapq.heapify(heap)
    found: list[Node] = []
    while heap and len(found) < length:
        _, newest = heapq.heappop(heap)
        if newest.derivative is not None and not _is_pick(newest):
            found.append(newest)
        for parent in newest.parents:
            if parent not in seen:
                seen.add(parent)
                heapq.heappush(heap, (-parent.index, parent))
    return found[::-1]


def chain_lines(nodes: list[Node], *last: tuple[Place, str]) -> list[str]:
    """One aligned line for each node: place, source, operation, shape and dtype.

    Parameters
    ----------
    nodes : list of Node
    *last : (place, operation)
        Of what has no node.
    """
    rows = []
    for node in nodes:
        origin = origin_of(node)
        place, text = "(recorded before)", ""
        if origin is not None and origin.source[1]:
            place, text = located(origin.user), source_line(origin.user)
        operation = node.operation
        if origin is not None and origin.settings:
            settings = ", ".join(f"{name}={value!r}" for name, value in origin.settings.items())
            operation += f"({settings})"
        if origin is not None and origin.derivative_of is not None:
            operation += f" in the derivative of {origin.derivative_of.operation}"
        kind = "" if node.shape is None else f"{node.shape} {node.dtype}"
        rows.append((place, text, f"{operation} {kind}".rstrip()))
    rows += [(located(place), source_line(place), text) for place, text in last]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(2)]
    return [f"    {a:<{widths[0]}}  {b:<{widths[1]}}  {c}".rstrip() for a, b, c in rows]
