"""What cannot be traced or lowered, and what to write instead."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.frames import INTERNAL, user_line
from autograd_np.handle import Handle
from autograd_np.rules.indexing import getitem, index_add
from autograd_np.rules.registry import CONSTANTS, RULES

_NUMPY = os.path.dirname(np.__file__) + os.sep

# The shape of what these return depends on values.
_SHAPED_BY_VALUES = frozenset(
    getattr(np, name)
    for name in (
        "argwhere", "compress", "extract", "flatnonzero", "intersect1d", "nonzero", "setdiff1d",
        "setxor1d", "trim_zeros", "union1d", "unique", "unique_all", "unique_counts",
        "unique_inverse", "unique_values",
    )
)  # fmt: skip


# What these return is no array, and depends on shapes and dtypes alone.
_OF_SHAPES = frozenset(
    {
        np.shape, np.ndim, np.size, np.result_type, np.common_type, np.can_cast,
        np.iscomplexobj, np.isrealobj,
    }
)  # fmt: skip

# Settings that decide what shape a result has.
_SHAPING = frozenset(
    {
        "axis", "axes", "axis1", "axis2", "axisa", "axisb", "axisc", "shape", "reps", "pad_width",
        "source", "destination", "start", "n", "num", "k", "keepdims", "indices_or_sections",
        "minlength", "offset", "new_shape",
    }
)  # fmt: skip

_OUTSIDE = "Call it outside of the compiled function, and pass on what it returns."
_INSTEAD: dict[Callable[..., Any], str] = {
    np.allclose: "Write np.all(np.isclose(a, b)) inside np.where.",
    np.array_equal: "Write np.all(a == b) inside np.where.",
    np.array_equiv: "Write np.all(a == b) inside np.where.",
    np.histogram: "Write np.bincount(np.digitize(x, edges[1:-1]), minlength=len(edges) - 1).",
    np.unravel_index: "Ravel the array, and index it by the number itself.",
}


class TraceError(TypeError):
    """A function cannot be compiled as it is written."""


class CannotLowerError(Exception):
    """A backend has no code for an operation of the program."""


def place(line: tuple[str, int] | None = None) -> str:
    """The user's file and line, as messages show it."""
    file, number = line or user_line(skip=(*INTERNAL, _NUMPY))
    return f"{os.path.basename(file)}:{number}"


def traced_value(what: str, use: str, value: Any) -> TraceError:
    """The error for code that asks for a value that changes from call to call."""
    node = value._node
    name = node.name if node is not None and node.name else "a traced value"
    number = not hasattr(value._value, "dtype")
    if number:
        advice = (
            "If it seldom changes, make it a setting of the trace: "
            "ag.compile(..., static_argnums=...)."
        )
    elif "branch" in use:
        advice = "Write np.where(condition, a, b), which computes both."
    else:
        advice = "Return it from the compiled function and look at it outside."
    return TraceError(
        f"what is compiled needs {what} of {name}, to {use}, at {place()}. It is known in this "
        f"call only, and the trace serves all calls. {advice}"
    )


def differs(what: str, mine: str, first: str, line: tuple[str, int] | None = None) -> TraceError:
    """The error for a function that does not do the same twice."""
    return TraceError(
        f"the function was traced twice and did not do the same: at {place(line)} the second run "
        f"has {what} ({mine} instead of {first}). What changes from call to call without being an "
        f"argument is not seen by a compiled function: pass it as an argument, or write "
        f"ag.callback(read), which is called each time; for random numbers, "
        f"ag.callback(rng.normal, ...) or nn.Dropout."
    )


def written_argument(tensor: Any) -> TraceError:
    """The error for writing to an array that the caller passed."""
    name = tensor.name or "x"
    return TraceError(
        f"{name}, an array that was passed to a compiled function, is overwritten at {place()}, "
        f"and its caller's memory would not be. Write {name} = {name} + ..., or "
        f"{name} = np.copy({name}) before it is written to; for memory that is to be used again, "
        f"ag.compile(..., donate_argnums=...)."
    )


def result_object(result: Any) -> TraceError:
    """The error for a result that no later call could make again."""
    kind = type(result).__name__
    return TraceError(
        f"a compiled function returns a {kind} that holds what it computed, and no later call "
        f"would make another. Return arrays in tuples, lists, dicts or named tuples, and make "
        f"the {kind} of them outside."
    )


def stale_gradient(tensor: Any) -> TraceError:
    """The error for a gradient that was there before the compiled function began."""
    name = tensor.name or "parameter"
    return TraceError(
        f"a compiled function adds to the gradient of {name} (shape {tensor.shape}), which had "
        f"one before. Write {name}.grad = None, or optimizer.zero_grad(), at its beginning."
    )


def check_traceable(function: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Raise TraceError for an operation whose result has another shape for other values."""
    mask = None
    if function in (getitem, index_add):
        index = args[1] if len(args) > 1 else kwargs.get("index")
        parts = index if isinstance(index, tuple) else (index,)
        mask = next((part for part in parts if _is_mask(part)), None)
    one = function is np.where and len(args) + len(kwargs) == 1
    uncounted = function is np.bincount and len(args) < 3 and not kwargs.get("minlength")
    repeated = function is np.repeat and any(isinstance(n, Handle) for n in _repeats(args, kwargs))
    if mask is not None or one or uncounted or repeated or function in _SHAPED_BY_VALUES:
        name = "indexing by a mask" if mask is not None else f"np.{function.__name__}"
        raise TraceError(
            f"the shape of what {name} returns at {place()} depends on values, which are other "
            f"ones at each call. Write np.where(mask, x, 0), which keeps the shape, or do this "
            f"outside of the compiled function."
        )
    _check_settings(function, args, kwargs)
    if function is np.power and len(args) > 1 and _is_number(args[1]):
        raise TraceError(
            f"an exponent that changes from call to call is used at {place()}, and the derivative "
            f"of a power is another one for each. Write ag.compile(..., static_argnums=...), or "
            f"np.power(x, np.asarray(exponent)) with an array as argument."
        )


def _check_settings(function: Callable[..., Any], args: Any, kwargs: Any) -> None:
    """Raise TraceError for a traced number that decides what shape a result has."""
    if isinstance(function, np.ufunc) or not any(map(_holds_number, (*args, *kwargs.values()))):
        return
    operation = RULES.get(function)
    names = () if operation is None else operation.parameters
    for name, value in (*zip(names, args, strict=False), *kwargs.items()):
        if name in _SHAPING and _holds_number(value):
            numbers = value if isinstance(value, (list, tuple)) else (value,)
            number = next(each for each in numbers if _is_number(each))
            raise traced_value("the value", f"use it as {name!r}", number)


def _holds_number(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(map(_is_number, value))
    return _is_number(value)


def check_array(function: Callable[..., Any], value: Any) -> None:
    """Raise TraceError for a function of values that returns what cannot be traced."""
    if function not in CONSTANTS or hasattr(value, "dtype") or function in _OF_SHAPES:
        return
    name = getattr(function, "__name__", str(function))
    shown = f"np.{name}" if getattr(np, name, None) is function else name
    raise TraceError(
        f"{shown}, called at {place()}, returns no array ({type(value).__name__}), and another one "
        f"for other values. {_INSTEAD.get(function, _OUTSIDE)}"
    )


def _is_mask(part: Any) -> bool:
    # A Python number has no dtype.
    return isinstance(part, Handle) and getattr(part._value, "dtype", None) == np.bool_


def _repeats(args: Any, kwargs: Any) -> tuple[Any, ...]:
    return (*args[1:2], kwargs.get("repeats"))


def _is_number(value: Any) -> bool:
    return isinstance(value, Handle) and not hasattr(value._value, "dtype")
