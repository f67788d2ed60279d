"""Keeping the caller's arrays, which a graph reads, from being changed behind its back.

They are read-only while a live node reads them. The memory of leaf Tensors is guarded otherwise:
see `writes`.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class _Locked:
    """Memory that live nodes read: how many locks hold it, and the arrays to be restored."""

    __slots__ = ("count", "restore")

    def __init__(self) -> None:
        self.count = 0
        self.restore: list[Array] = []


class _Guard:
    """The switch, and the memory that is locked now, by the id of the array that owns it."""

    def __init__(self) -> None:
        self.on = True
        self.mutex = threading.Lock()
        self.locked: dict[int, _Locked] = {}
        # Locks die at any moment, even while the mutex is held: what they held waits here.
        self.released: deque[list[Array]] = deque()

    def settle(self) -> None:
        """Give back what dead locks held."""
        while self.released and self.mutex.acquire(blocking=False):
            try:
                self.restore_released()
            finally:
                self.mutex.release()

    def restore_released(self) -> None:
        while self.released:
            for array in self.released.popleft():
                key = id(_owner(array))
                entry = self.locked[key]
                entry.count -= 1
                if not entry.count:
                    del self.locked[key]
                    for each in entry.restore:
                        each.flags.writeable = True

    def lock(self, array: Array) -> bool:
        """Lock one array and its owner; False if both are read-only for reasons not ours."""
        owner = _owner(array)
        entry = self.locked.get(id(owner))
        if entry is None:
            if not (owner.flags.writeable or array.flags.writeable):
                return False
            entry = self.locked[id(owner)] = _Locked()
        entry.count += 1
        # The owner first: a view cannot be made writeable before the array it looks into.
        for each in (owner, array):
            if each.flags.writeable:
                each.flags.writeable = False
                entry.restore.append(each)
        return True


_guard = _Guard()


def _owner(array: Array) -> Array:
    base = array.base
    return base if isinstance(base, np.ndarray) else array


class Lock:
    """Holds arrays, and the arrays that own their memory, read-only until it dies."""

    __slots__ = ("_arrays", "_guard")

    def __init__(self, arrays: list[Array]) -> None:
        self._guard = _guard
        self._arrays: list[Array] = []
        with _guard.mutex:
            _guard.restore_released()
            for array in arrays:
                if _guard.lock(array):
                    self._arrays.append(array)

    def __del__(self) -> None:
        self._guard.released.append(self._arrays)
        self._guard.settle()


def lock(values: Iterable[Any]) -> Lock | None:
    """Make the arrays among `values`, nested ones included, read-only while the result lives."""
    if not _guard.on:
        return None
    arrays = nested_arrays(values)
    return Lock(arrays) if arrays else None


def nested_arrays(values: Iterable[Any]) -> list[Array]:
    """The arrays in nested lists and tuples."""
    arrays: list[Array] = []
    for value in values:
        if isinstance(value, np.ndarray):
            arrays.append(value)
        elif isinstance(value, (tuple, list)):
            arrays += nested_arrays(value)
    return arrays


@contextlib.contextmanager
def mutation_guard(on: bool) -> Iterator[None]:
    """Switch the read-only guard on the caller's arrays on or off, for the whole process.

    Parameters
    ----------
    on : bool
        Off saves about a microsecond for each recorded operand that is a plain array.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = np.ones(3)
    >>> with ag.mutation_guard(False):
    ...     y = ag.Tensor(2.0, requires_grad=True) * x
    >>> x.flags.writeable
    True
    """
    before = _guard.on
    _guard.on = on
    try:
        yield
    finally:
        _guard.on = before
