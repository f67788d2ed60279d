"""The keywords of NumPy's generalized ufuncs: `axes`, `axis`, `keepdims`, `dtype`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, refuse_out

Product = Callable[[Any, Any], Any]
Axes = tuple[int, ...]


def generalized(ufunc: np.ufunc) -> Callable[[Product], Product]:
    """Express a generalized ufunc of two operands through others, with all its keywords.

    Decorates an implementation for core dimensions at the end of each operand.
    """

    def register(implementation: Product) -> Product:
        @composite(ufunc)
        def call(
            x1: Any,
            x2: Any,
            /,
            out: Any = None,
            *,
            axes: Any = np._NoValue,
            axis: Any = np._NoValue,
            keepdims: bool = False,
            casting: Any = "same_kind",
            order: str = "K",
            dtype: Any = None,
            subok: bool = True,
            signature: Any = None,
        ) -> Any:
            name = ufunc.__name__
            refuse_out(name, out)
            if signature is not None:
                raise TypeError(f"{name}(..., signature=...) has no rule. Write dtype=...")
            operands = [_cast(name, x, dtype, casting) for x in (x1, x2)]
            cores = _cores(ufunc, operands)
            places = _places(ufunc, cores, axes, axis, keepdims)
            moved = [
                np.moveaxis(x, place, _last(len(place))) if place != _last(len(place)) else x
                for x, place in zip(operands, places, strict=False)
            ]
            _check_lengths(name, cores, moved)
            result = implementation(*moved)
            core = _last(len(cores[2]))
            if keepdims:
                return np.expand_dims(result, places[2])
            return np.moveaxis(result, core, places[2]) if places[2] != core else result

        return implementation

    return register


def _last(count: int) -> Axes:
    return tuple(range(-count, 0))


def _cast(name: str, x: Any, dtype: Any, casting: Any) -> Any:
    x = x if hasattr(x, "dtype") else np.asarray(x)
    if dtype is None or x.dtype == dtype:
        return x
    if not np.can_cast(x.dtype, dtype, casting):
        raise TypeError(
            f"{name} was given dtype={np.dtype(dtype)} and an array of {x.dtype}, which does not "
            f"cast to it by the rule {casting!r}. Write t.astype({np.dtype(dtype)}) first."
        )
    return x.astype(dtype)


def _cores(ufunc: np.ufunc, operands: Sequence[Any]) -> list[list[str]]:
    """The names of the core dimensions of both operands and the result."""
    groups = re.findall(r"\((.*?)\)", ufunc.signature or "")
    cores = [[name for name in group.split(",") if name] for group in groups]
    # Those with a question mark are left out for operands that lack them.
    absent = {
        name
        for core, x in zip(cores, operands, strict=False)
        if x.ndim < len(core)
        for name in core
        if name.endswith("?")
    }
    cores = [[name for name in core if name not in absent] for core in cores]
    for core, x in zip(cores, operands, strict=False):
        if x.ndim < len(core):
            raise ValueError(
                f"{ufunc.__name__} was given an operand of {x.ndim} dimensions, expected at least "
                f"{len(core)}, for {ufunc.signature}."
            )
    return cores


def _places(
    ufunc: np.ufunc, cores: list[list[str]], axes: Any, axis: Any, keepdims: bool
) -> list[Axes]:
    """Where both operands and the result have their core dimensions."""
    name = ufunc.__name__
    vectors = ufunc.signature == "(n),(n)->()"
    lengths = [len(core) for core in cores]
    if keepdims:
        if not vectors:
            raise TypeError(f"{name} has no keepdims: its result has core dimensions of its own.")
        lengths[2] = 1
    if axis is not np._NoValue:
        if axes is not np._NoValue:
            raise TypeError(f"{name} was given both axis and axes. Leave one of them out.")
        if not vectors:
            raise TypeError(f"{name} has no axis. Write axes=[...], with an entry for each array.")
        axes = [(axis,) * length for length in lengths]
    if axes is np._NoValue:
        return [_last(length) for length in lengths]
    if not isinstance(axes, list):
        raise TypeError(f"{name} was given axes={axes!r}, expected a list.")
    entries = [(entry,) if isinstance(entry, int) else tuple(entry) for entry in axes]
    if len(entries) == 2 and vectors:
        entries.append(_last(lengths[2]))
    if list(map(len, entries)) != lengths:
        raise ValueError(
            f"{name} was given axes={axes!r}, expected axes for both operands and the result, "
            f"{lengths[0]}, {lengths[1]} and {lengths[2]} of them."
        )
    return entries


def _check_lengths(name: str, cores: list[list[str]], operands: Sequence[Any]) -> None:
    lengths: dict[str, int] = {}
    for core, x in zip(cores, operands, strict=False):
        for dimension, length in zip(core, x.shape[x.ndim - len(core) :], strict=True):
            if lengths.setdefault(dimension, length) != length:
                shapes = " and ".join(str(each.shape) for each in operands)
                raise ValueError(
                    f"{name} was given arrays of shapes {shapes}, expected the same length for "
                    f"{dimension!r}, and met {lengths[dimension]} and {length}."
                )
