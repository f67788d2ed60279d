"""One scratch for all that is stored: memory is used again as soon as nobody reads it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_np.lowering.numba_backend.form import Form
from autograd_np.lowering.numba_backend.placement import Placement, Slot

# Vector instructions like to begin at the start of a cache line.
_LINE = 64


def plan(slots: Iterable[Slot]) -> int:
    """Give each slot the lowest start that is free while it is in use; return the bytes needed.

    The largest come first, as in "greedy by size" of Pisarchyk & Lee, "Efficient Memory
    Management for Deep Neural Net Inference", 2020.

    Examples
    --------
    >>> first, second, third = Slot(100, 0, 1), Slot(60, 1, 2), Slot(40, 2, 3)
    >>> plan([first, second, third])
    192
    >>> first.start, second.start, third.start
    (0, 128, 0)
    """
    placed: list[Slot] = []
    unique = {id(slot): slot for slot in slots}.values()
    for slot in sorted(unique, key=lambda slot: -slot.size):
        start = 0
        for other in sorted(placed, key=lambda other: other.start):
            if other.first > slot.last or other.last < slot.first:
                continue
            if start + _rounded(slot.size) <= other.start:
                break
            start = max(start, other.start + _rounded(other.size))
        slot.start = start
        placed.append(slot)
    return max((slot.start + _rounded(slot.size) for slot in placed), default=0)


def _rounded(size: int) -> int:
    return -(-size // _LINE) * _LINE


def workspace(form: Form, placement: Placement, size: int) -> Any:
    """A scratch of so many bytes that begins a cache line, and holds the constants."""
    memory = np.empty(size + _LINE, np.uint8)
    start = -memory.__array_interface__["data"][0] % _LINE
    scratch = memory[start : start + size]
    for number, slot in placement.slots.items():
        value = form.values[number]
        if value.kind == "constant":
            content = np.frombuffer(value.content.tobytes(), np.uint8)
            scratch[slot.start : slot.start + slot.size] = content
    return scratch
