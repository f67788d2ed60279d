"""Inputs that lie back to back in memory, as the parameters of an optimizer do."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.program import Program

#: Elements up to which an input is joined with others: what a call costs besides is little then.
LARGEST = 65_536


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input lies in a 1-D array: in elements, from `start` to before `stop`."""

    base: Any
    start: int
    stop: int


def places(program: Program) -> dict[int, Place]:
    """The updated inputs that lie whole and in C order in a 1-D array, by `Ref.index`."""
    found = {}
    for index in program.updates:
        value = program.variables[index].value
        base = getattr(value, "base", None)
        if not isinstance(base, np.ndarray) or index in program.packs:
            continue
        if not 0 < value.size <= LARGEST:
            continue
        if (
            base.ndim == 1
            and base.dtype == value.dtype
            and _contiguous(base)
            and _contiguous(value)
        ):
            start = (_address(value) - _address(base)) // value.itemsize
            found[index] = Place(base, start, start + value.size)
    return found


def runs(found: dict[int, Place]) -> list[list[int]]:
    """The inputs that adjoin each other in one array, in the order in which they lie there."""
    by_base: dict[int, list[int]] = defaultdict(list)
    for index, place in found.items():
        by_base[id(place.base)].append(index)
    joined: list[list[int]] = []
    for indices in by_base.values():
        stop = None
        for index in sorted(indices, key=lambda index: found[index].start):
            if found[index].start != stop:
                joined.append([])
            joined[-1].append(index)
            stop = found[index].stop
    return joined


def _contiguous(array: Any) -> bool:
    return bool(array.flags.c_contiguous)


def _address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])
