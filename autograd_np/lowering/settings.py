"""Arguments that are settings of a trace: what they were then, and whether they still are it."""

from __future__ import annotations

import dataclasses
import marshal
from collections.abc import Callable
from typing import Any

import numpy as np

# A version of the format in which equal values give equal bytes.
_WITHOUT_REFERENCES = 2

# Nothing can change what they are.
_FIXED = (bool, str, bytes, type(None), type, np.dtype)


def unchanged(setting: Any) -> Callable[[Any], bool]:
    """A test whether a value is what a setting is now, to the sign of a zero.

    Examples
    --------
    >>> sizes = [1, 2]
    >>> test = unchanged(sizes)
    >>> test([1, 2]), test([1.0, 2]), sizes.append(3), test(sizes)
    (True, False, None, False)
    """
    if isinstance(setting, _FIXED) or callable(setting):
        return lambda value: value is setting or _equal(value, setting)
    if _is_plain(setting):
        # What optimizers and modules have compared at every step takes well under a microsecond.
        kept = marshal.dumps(setting, _WITHOUT_REFERENCES)
        return lambda value: _marshalled(value) == kept
    key = _key(setting)
    return lambda value: bool(_key(value) == key)


def _is_plain(value: Any) -> bool:
    """Whether a value consists of Python's own containers, numbers and strings."""
    if type(value) in (list, tuple):
        return all(map(_is_plain, value))
    if type(value) is dict:
        return all(_is_plain(name) and _is_plain(item) for name, item in value.items())
    return type(value) in (bool, int, float, complex, str, bytes, type(None))


def _marshalled(value: Any) -> bytes | None:
    try:
        return marshal.dumps(value, _WITHOUT_REFERENCES)
    except ValueError:
        return None


class _Object:
    """Stands for an object in a key."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Object):
            return False
        return self.value is other.value or _equal(self.value, other.value)

    __hash__ = None  # type: ignore[assignment]


def _key(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value), [_key(item) for item in value]
    if isinstance(value, dict):
        return type(value), [(_key(name), _key(item)) for name, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return type(value), frozenset(value)
    if isinstance(value, (np.ndarray, np.generic)) and not value.dtype.hasobject:
        return type(value), value.dtype, value.shape, value.tobytes()
    if isinstance(value, (float, complex)):
        # The text, because 0.0 equals -0.0.
        return type(value), repr(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value), [_key(getattr(value, f.name)) for f in dataclasses.fields(value)]
    return _Object(value)


def _equal(value: Any, setting: Any) -> bool:
    if type(value) is not type(setting):
        return False
    try:
        return bool(np.all(value == setting))
    except (TypeError, ValueError):
        return False
