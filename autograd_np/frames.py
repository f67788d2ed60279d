"""The user's frames: where an operation was called, and what its variables are called."""

from __future__ import annotations

import inspect
import os
import sys
from types import FrameType
from typing import Any

import numpy as np

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBRARIES = os.path.dirname(os.path.dirname(os.path.abspath(np.__file__)))

# How the names of files begin whose frames are not the user's.
INTERNAL = (
    os.path.join(_PACKAGE, ""),
    os.path.join(_LIBRARIES, "numpy", ""),
    os.path.join(_LIBRARIES, "scipy", ""),
    "<derivative",
    "<__array_function__",
)

# The layer on top of the engine, which stands beside it.
NN = os.path.join(os.path.dirname(_PACKAGE), "nn", "")

# The frame's own reference, the local variable and the argument of getrefcount.
_UNSHARED = 3


def user_line(frame: Any = None, skip: tuple[str, ...] = INTERNAL) -> tuple[str, int]:
    """File and line of the innermost frame outside this package, from `frame` outwards."""
    return line_of(user_frame(frame or sys._getframe(1), skip))


def user_frame(
    frame: FrameType | None = None, skip: tuple[str, ...] = INTERNAL
) -> FrameType | None:
    """The innermost frame outside this package, from `frame` outwards."""
    frame = frame or sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(skip):
        frame = frame.f_back
    return frame


def line_of(frame: FrameType | None) -> tuple[str, int]:
    """File and line of a frame."""
    return ("<unknown>", 0) if frame is None else (frame.f_code.co_filename, frame.f_lineno)


def variables_of(frame: FrameType) -> list[tuple[str, Any]]:
    """The variables of a frame, none of which is kept alive by having been looked at."""
    code, found = frame.f_code, frame.f_locals
    variables = list(found.items())
    # Before Python 3.13 a function's frame keeps the dict that it was asked for, with the values.
    kept = type(found) is dict and code.co_flags & inspect.CO_OPTIMIZED
    if kept and sys.getrefcount(found) <= _UNSHARED:
        for name in (*code.co_varnames, *code.co_cellvars, *code.co_freevars):
            found.pop(name, None)
    return variables


def variable_holding(value: object) -> str | None:
    """The name of the user's variable that holds an object, None where there is none."""
    frame = user_frame(skip=(*INTERNAL, NN))
    if frame is None:
        return None
    known = [*variables_of(frame), *frame.f_globals.copy().items()]
    names = (name for name, each in known if each is value and says_something(name))
    return next(names, None)


def says_something(name: str) -> bool:
    """Whether the name of a variable is the user's own, not private or made by a tool.

    Examples
    --------
    >>> [name for name in ("x", "_", "_12", "@py_assert1") if says_something(name)]
    ['x']
    """
    return name.isidentifier() and not name.startswith("_")
