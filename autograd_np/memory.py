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

from numpy import ndarray

Array = ndarray[Any, Any]

_UNLOCKED: tuple[int, list[Array]] = (0, [])


class _Guard:
    """The switch, and the memory that is locked now, by the id of the array that owns it."""

    def __init__(self) -> None:
        self.on = True
        self.mutex = threading.Lock()
        # How many locks hold the memory, and the arrays to be made writeable again.
        self.locked: dict[int, tuple[int, list[Array]]] = {}
        # Locks die at any moment, even while the mutex is held: what they held waits here.
        self.waiting: deque[list[Array]] = deque()

    def restore(self, owners: list[Array]) -> None:
        """Give back what a dead lock held; the caller holds the mutex."""
        for owner in owners:
            count, arrays = self.locked.pop(id(owner))
            if count > 1:
                self.locked[id(owner)] = (count - 1, arrays)
                continue
            for array in arrays:
                array.flags.writeable = True

    def settle(self) -> None:
        """Give back what dead locks held while the mutex was taken."""
        while self.waiting and self.mutex.acquire(False):
            try:
                while self.waiting:
                    self.restore(self.waiting.popleft())
            finally:
                self.mutex.release()


_guard = _Guard()


class Lock:
    """Holds arrays, and the arrays that own their memory, read-only until it dies.

    What was read-only already, for reasons not ours, is left alone.
    """

    __slots__ = ("_guard", "_owners")

    def __init__(self, arrays: Iterable[Array]) -> None:
        self._guard = guard = _guard
        self._owners: list[Array] = []
        locked = guard.locked
        with guard.mutex:
            for array in arrays:
                base = array.base
                owner = base if isinstance(base, ndarray) else array
                key = id(owner)
                count, restore = locked.get(key, _UNLOCKED)
                # The owner first: a view cannot be made writeable before what it looks into.
                flags = owner.flags
                if flags.writeable and (flags.owndata or _can_be_given_back(owner)):
                    flags.writeable = False
                    restore = [*restore, owner]
                if restore and owner is not array and array.flags.writeable:
                    array.flags.writeable = False
                    restore = [*restore, array]
                if restore:
                    locked[key] = (count + 1, restore)
                    self._owners.append(owner)
        if guard.waiting:
            guard.settle()

    def __del__(self) -> None:
        guard = self._guard
        if guard.mutex.acquire(False):
            try:
                guard.restore(self._owners)
            finally:
                guard.mutex.release()
        else:
            guard.waiting.append(self._owners)
        if guard.waiting:
            guard.settle()


def _can_be_given_back(owner: Array) -> bool:
    """Whether NumPy will make memory writeable again that another object owns."""
    base: Any = owner.base
    while isinstance(base, ndarray):
        base = base.base
    try:
        return not memoryview(base).readonly
    except TypeError:
        return False


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
        if isinstance(value, ndarray):
            arrays.append(value)
        elif isinstance(value, (tuple, list)):
            arrays += nested_arrays(value)
    return arrays


def may_change(array: Any) -> bool:
    """Whether an array can be written, itself or through what it is a view of, now or later.

    One that is read-only because a live graph reads it will be writeable again.
    """
    while isinstance(array, ndarray):
        if array.flags.writeable or id(array) in _guard.locked:
            return True
        array = array.base
    return False


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
