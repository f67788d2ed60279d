"""What transforms are given: functions, numbers of arguments, nested arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.handle import unwrap
from autograd_np.trees import paths

Function = Callable[..., Any]
ArgNums = int | Sequence[int]


def name_of(function: Function) -> str:
    """A function's name, for messages."""
    return getattr(function, "__name__", "the function")


def plain_array(value: Any) -> Any:
    """An array for a Tensor, an array of any library or a number."""
    return unwrap(value) if hasattr(value, "__array_function__") else np.asarray(value)


def checked_number(number: Any, args: Sequence[Any], function: Function) -> int:
    """An entry of `argnums`; TypeError unless it counts one of the arguments."""
    if not isinstance(number, int):
        raise TypeError(
            f"argnums counts positional arguments from 0, and was given {number!r}. For arguments "
            f"by name write ag.grad(lambda given: f(**given))({{{number!r}: value}})."
        )
    if not -len(args) <= number < len(args):
        raise TypeError(
            f"argnums names argument {number}, and {name_of(function)} was called with {len(args)} "
            f"positional arguments. Pass the arguments to differentiate by position."
        )
    return number


def check_floats(
    function: Function, numbers: Sequence[int], trees: Sequence[Any], leaves: Sequence[Any]
) -> None:
    """Raise TypeError if a leaf of the arguments holds neither floats nor complex numbers."""
    for place, leaf in enumerate(leaves):
        dtype = plain_array(leaf).dtype
        if dtype.kind in "fc":
            continue
        pairs = zip(numbers, trees, strict=True)
        label = [path for n, tree in pairs for path in paths(tree, f"argument {n}")][place]
        raise TypeError(
            f"{name_of(function)} was asked for the gradient with respect to {label}, of dtype "
            f"{dtype}, which has none. Pass floats: np.asarray(value, dtype=float)."
        )


def check_count(what: str, given: Sequence[Any], expected: Sequence[Any]) -> None:
    """Raise ValueError unless there are as many arrays as expected."""
    if len(given) != len(expected):
        raise ValueError(
            f"{what} takes as many arrays as the function has, {len(expected)}, in the same "
            f"containers, and was given {len(given)}."
        )


def check_pairs(what: str, primals: Any, tangents: Any) -> None:
    """Raise unless primals and tangents are sequences of the same length."""
    if not (isinstance(primals, (tuple, list)) and isinstance(tangents, (tuple, list))):
        raise TypeError(
            f"{what} takes primals and tangents as tuples, with one entry for each argument, and "
            f"was given {type(primals).__name__} and {type(tangents).__name__}. Write "
            f"ag.{what}(f, (x,), (dx,))."
        )
    if len(primals) != len(tangents):
        raise ValueError(
            f"{what} was given {len(primals)} primals and {len(tangents)} tangents. Pass as many: "
            f"ag.{what}(f, (x, y), (dx, dy))."
        )
