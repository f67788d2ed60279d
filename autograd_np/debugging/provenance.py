"""Where values come from: the user's lines, and the operations that led to a value."""

from __future__ import annotations

import heapq
import linecache
import os
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.columns import aligned
from autograd_np.frames import INTERNAL, NN, user_line
from autograd_np.graph import Node, Pullback, RecordedNode, Shape
from autograd_np.rules.outputs import picked

Place = tuple[str, int]
UNKNOWN: Place = ("<unknown>", 0)


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
    derivative_of : Origin or None
        For an operation of a derivative, what made the value that was differentiated.
    """

    operation: str
    source: Place = UNKNOWN
    via: Place | None = None
    derivative_of: Origin | None = None

    @property
    def root(self) -> Origin:
        """Of an operation of a derivative (of a derivative...), the user's own operation."""
        origin = self
        while origin.derivative_of is not None:
            origin = origin.derivative_of
        return origin


class WatchedNode(RecordedNode):
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
    """What made the value at a node, as far as it is known; None for a leaf."""
    if isinstance(node, WatchedNode):
        return node.origin
    if node is None or node.derivative is None:
        return None
    return origin_of(node.parents[0]) if picked(node) is not None else Origin(node.operation)


def places() -> tuple[Place, Place | None]:
    """The user's line, and the line of `nn` in between if there is one."""
    # What stands in `nn` is not where a user looks for a fault.
    source, via = user_line(skip=(*INTERNAL, NN)), user_line()
    return (source, None if via == source else via) if source[1] else (via, None)


def located(place: Place) -> str:
    """A place as ``file.py:12``."""
    return f"{os.path.basename(place[0])}:{place[1]}" if place[1] else "an unknown line"


def source_line(place: Place) -> str:
    """The text of a line of source, empty where it cannot be read."""
    return linecache.getline(*place).strip()


def chain(nodes: Iterable[Node], last: str = "", place: Place = UNKNOWN) -> list[str]:
    """The latest operations that led to `nodes`, newest last, in aligned lines.

    Parameters
    ----------
    nodes : iterable of Node
    last, place : str, tuple of (str, int)
        The newest operation and its line, if it has no node.
    """
    rows = [_row(node) for node in _latest(nodes, 8)]
    if last:
        rows.append((located(place), _shortened(place), last))
    # One line of source often holds several operations.
    shown = [
        ("", "", row[2]) if number and row[:2] == rows[number - 1][:2] else row
        for number, row in enumerate(rows)
    ]
    return [f"    {line}" for line in aligned(shown)]


def _latest(nodes: Iterable[Node], length: int) -> list[Node]:
    """The latest `length` operations among `nodes` and what they were computed from."""
    seen = set(nodes)
    heap = [(-node.index, node) for node in seen]
    heapq.heapify(heap)
    found: list[Node] = []
    while heap and len(found) < length:
        _, newest = heapq.heappop(heap)
        if newest.derivative is not None and picked(newest) is None:
            found.append(newest)
        for parent in newest.parents:
            if parent not in seen:
                seen.add(parent)
                heapq.heappush(heap, (-parent.index, parent))
    return found[::-1]


def _row(node: Node) -> tuple[str, str, str]:
    origin = origin_of(node)
    place, text = "(recorded before)", ""
    if origin is not None and origin.root.source[1]:
        place, text = located(origin.root.source), _shortened(origin.root.source)
    operation = node.operation
    if origin is not None and origin.derivative_of is not None:
        operation += f" in the derivative of {origin.derivative_of.operation}"
    kind = "" if node.shape is None else f" {node.shape} {node.dtype}"
    return place, text, operation + kind


def _shortened(place: Place) -> str:
    return textwrap.shorten(source_line(place), 60, placeholder=" ...")
