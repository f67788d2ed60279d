"""Writes to the memory of leaf Tensors, which must stay writeable for the optimizer's sake.

A leaf notes when it was written, on the clock that numbers the nodes. A node that is older than a
write must not read that memory any more: the reverse pass asks `check_unwritten`, after a single
comparison with the time of the newest write. Results that are views (a transpose, a slice) of a
leaf's or a constant's memory get memory of their own before it is written: Tensors have values.
"""

from __future__ import annotations

import sys
import weakref
import zlib
from collections import deque
from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd_np.graph import Leaf, Node, tick
from autograd_np.memory import nested_arrays

Array = np.ndarray[Any, Any]


class _Views:
    """Tensors that look into one leaf's memory, by weak references."""

    __slots__ = ("limit", "owner", "tensors")

    def __init__(self, owner: Array) -> None:
        key = id(owner)
        self.owner = weakref.ref(owner, lambda _: state.views.pop(key, None))
        self.tensors: list[weakref.ref[Any]] = []
        self.limit = 64

    def add(self, tensor: Any) -> None:
        if len(self.tensors) >= self.limit:
            self.tensors = [each for each in self.tensors if each() is not None]
            self.limit = 2 * len(self.tensors) + 64
        self.tensors.append(weakref.ref(tensor))


class _State:
    """The time of the newest write, the leaves ever written, and views by the id of the owner."""

    def __init__(self) -> None:
        self.newest = 0
        self.leaves: weakref.WeakSet[Leaf] = weakref.WeakSet()
        self.views: dict[int, _Views] = {}


state = _State()
_NO_TENSOR = object()


def note_view(tensor: Any, operands: Iterable[Any]) -> None:
    """Remember a result that may be a view of a leaf's memory, or of a constant's."""
    owner = tensor._value.base
    views = state.views.get(id(owner))
    if views is None:
        for operand in operands:
            node = getattr(operand, "_node", _NO_TENSOR)
            if node is None or isinstance(node, Leaf):
                views = state.views[id(owner)] = _Views(owner)
                break
        else:
            return
    views.add(tensor)


def before_write(memory: Array) -> None:
    """Give Tensors that are views of `memory` a copy, so that they keep their value."""
    views = state.views.get(id(memory if memory.base is None else memory.base))
    if views is None or not views.tensors:
        return
    alive = []
    for reference in views.tensors:
        tensor = reference()
        if tensor is not None:
            if np.may_share_memory(tensor._value, memory):
                # In its own memory order: sums over it keep theirs.
                tensor._value = tensor._value.copy(order="K")
            else:
                alive.append(reference)
    views.tensors = alive


def written(leaf: Leaf) -> None:
    """Note that the memory of a leaf was written now."""
    if not leaf.written:
        state.leaves.add(leaf)
    leaf.written = state.newest = tick()
    leaf.watched = None


def all_written(leaves: Iterable[Leaf]) -> None:
    """Note that the memory of several leaves was written now."""
    now = state.newest = tick()
    for leaf in leaves:
        if not leaf.written:
            state.leaves.add(leaf)
        leaf.written = now
        leaf.watched = None


def _references(tensor: Any) -> tuple[int, int]:
    """References to a Tensor's array object and to the array that owns its memory.

    Saving the value adds to the first, saving a view of it to the second.
    """
    return sys.getrefcount(tensor._value), sys.getrefcount(tensor._value.base)


class _Probe:
    """Has what `_references` looks at, held by nobody else."""

    def __init__(self) -> None:
        self._value = np.empty(1)[...]


ALONE, OWNER_ALONE = _references(_Probe())


def checksum(array: Array) -> int:
    """CRC-32 of the bytes of an array."""
    return zlib.crc32(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)


def hand_out(tensor: Any) -> None:
    """Prepare for a leaf's live memory being handed out, to be read or written.

    Views of it get a copy. If nodes read the memory, what it holds is remembered, since writes to
    the array that is handed out go unseen.
    """
    if state.views:
        before_write(tensor._value)
    references, owner_references = _references(tensor)
    if references == ALONE and owner_references == OWNER_ALONE + (tensor._live is not None):
        return
    leaf = tensor._node
    seen = (tick(), checksum(tensor._value))
    if leaf.watched is None:
        leaf.watched = deque(maxlen=64)
    elif leaf.watched[-1][1] == seen[1]:
        leaf.watched.pop()
    leaf.watched.append(seen)
    state.newest = seen[0]
    state.leaves.add(leaf)


def check_unwritten(node: Node) -> None:
    """Raise if memory that `node` saved was written after it was recorded.

    Raises
    ------
    RuntimeError
        Naming the leaf.
    """
    # A full recording saved Tensors.
    arrays = nested_arrays(getattr(value, "_value", value) for value in node.saved or ())
    for leaf in list(state.leaves):
        tensor: Any = leaf.tensor()
        if tensor is None:
            continue
        read = any(np.may_share_memory(array, tensor._value) for array in arrays)
        if read and changed(leaf, node, tensor._value):
            name = f"{leaf.name!r} " if leaf.name else ""
            raise RuntimeError(
                f"the Tensor {name}of shape {leaf.shape} was written after {node.operation!r} had "
                f"recorded its value, so the gradient would be wrong. Call backward() before the "
                f"update, or compute the value again after it."
            )


def changed(leaf: Leaf, node: Node, memory: Array) -> bool:
    """Whether it was seen that the memory of a leaf was written after a node had been recorded."""
    if leaf.written > node.index:
        return True
    # What the memory held when it was first handed out after the node had been recorded.
    held = next((sum_ for time, sum_ in leaf.watched or () if time > node.index), None)
    return held is not None and held != checksum(memory)
