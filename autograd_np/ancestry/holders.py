"""What the user's variables hold, and what is within: in lists, dicts and attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import FrameType, ModuleType
from typing import Any

import numpy as np

from autograd_np.frames import says_something, variables_of
from autograd_np.handle import Handle

# How deep values are looked for, in containers of how many items, and among how many in all.
_DEPTH = 3
_ITEMS = 1000
_MOST = 10_000

# What is no Tensor, array or module, and holds none; and what holds none of the user's.
_DATA = (str, bytes, int, float, complex)
_PLAIN = (*_DATA, type, ModuleType, type(None))
_OURS = ("autograd_np", "nn")


def variables_seen(frame: FrameType | None) -> dict[str, Any]:
    """The variables that a line of the frame can read: its own first, then its module's."""
    if frame is None:
        return {}
    own = dict(variables_of(frame))
    # A copy: other threads may be at work in the module.
    return own | {name: each for name, each in dict(frame.f_globals).items() if name not in own}


def held(known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield ``(path, value)`` for variables, then for what they hold, as one writes it in Python.

    Numbers and texts are left out, and so is what lies deep, or in much data.

    Examples
    --------
    >>> known = {"layers": [{"W": np.ones(2), "size": 2}], "_hidden": np.ones(2)}
    >>> [path for path, value in held(known)]
    ['layers', 'layers[0]', "layers[0]['W']"]
    """
    level = [(name, value) for name, value in known.items() if says_something(name)]
    seen: set[int] = set()
    left = _MOST
    for _ in range(_DEPTH):
        yield from level
        below = []
        for path, value in level:
            if id(value) in seen or left <= 0:
                continue
            seen.add(id(value))
            parts = [(path + step, part) for step, part in _parts(value)]
            left -= len(parts)
            below += parts
        level = below
    yield from level


def is_module(value: Any) -> bool:
    """Whether a value has parameters with paths; its class is asked, for instances may answer."""
    return hasattr(type(value), "named_parameters")


def _parts(value: Any) -> list[tuple[str, Any]]:
    """What a value holds, each with what one writes after it."""
    if isinstance(value, (*_PLAIN, Handle, np.ndarray)):
        return []
    if isinstance(value, (list, tuple)):
        # A list that begins with a number is data.
        items = enumerate(() if not value or isinstance(value[0], _DATA) else value[:_ITEMS])
        return [(f"[{i}]", part) for i, part in items if not isinstance(part, _PLAIN)]
    if isinstance(value, dict):
        kept = _kept(value)
        return [(f"[{key!r}]", part) for key, part in kept if isinstance(key, (str, int))]
    if is_module(value) or type(value).__module__.partition(".")[0] in _OURS:
        return []
    attributes = getattr(value, "__dict__", None)
    kept = _kept(attributes) if isinstance(attributes, dict) else []
    return [(f".{name}", part) for name, part in kept if isinstance(name, str)]


def _kept(items: dict[Any, Any]) -> list[tuple[Any, Any]]:
    """The items of a dict that may be or hold something, of a large one none."""
    pairs = [*items.items()] if len(items) <= _ITEMS else []
    return [(key, part) for key, part in pairs if not isinstance(part, _PLAIN)]
