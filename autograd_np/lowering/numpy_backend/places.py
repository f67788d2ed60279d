"""The places that values are given: buffers, parts of buffers, and the memory of other values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Buffer:
    """An array that lives from call to call, at some place of the plan's memory, in bytes."""

    number: int
    begin: int
    end: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a flat buffer, as an array."""

    of: int
    start: int
    stop: int
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Over:
    """The memory of a value that is there already, by `Ref.index`."""

    index: int


Destination = Buffer | Slice | Over | None


@dataclass
class Plan:
    """The result of planning.

    Attributes
    ----------
    destinations : dict of int to Destination
        By `Ref.index` of a result; None or missing for an array of its own.
    size : int
        Of the memory of all buffers together, in bytes.
    buffers : list of Buffer
    written : set of int
        Inputs that are updated by the call that computes their new value.
    copied : set of int
        Positions of outputs that share memory with something else.
    """

    destinations: dict[int, Destination] = field(default_factory=dict)
    size: int = 0
    buffers: list[Buffer] = field(default_factory=list)
    written: set[int] = field(default_factory=set)
    copied: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Room:
    """Memory that is needed from one call to another, those two included."""

    size: int
    first: int
    last: int
    place: int = -1


def arrange(rooms: list[Room]) -> int:
    """Give each room a place where no other is at its time; the size of it all.

    The largest first, each as low as it can be: within a few percent of the least there can be.
    """
    placed: list[Room] = []
    for room in sorted(rooms, key=lambda room: -room.size):
        place = 0
        for other in sorted(placed, key=lambda other: other.place):
            if other.first > room.last or room.first > other.last:
                continue
            if place + room.size <= other.place:
                break
            place = max(place, other.place + other.size)
        room.place = place
        placed.append(room)
    return max((room.place + room.size for room in rooms), default=0)
