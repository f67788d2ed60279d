"""Loops over one value in memory, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable

from autograd_np.graph import Shape
from autograd_np.lowering.numba_backend.names import Names
from autograd_np.lowering.numba_backend.nesting import axes_of, range_of
from autograd_np.lowering.numba_backend.reserved import INDEX


def walked(names: Names, shape: Shape, value: int, line: Callable[[str], str]) -> list[str]:
    """Loops over all elements of a value in memory."""
    axes = axes_of(shape, {value: names.views[value].strides})
    lines = [
        f"{'    ' * depth}for {INDEX[depth]} in {range_of(axis.length, depth + 1 == len(axes))}:"
        for depth, axis in enumerate(axes)
    ]
    element = names.element(value, [axis.strides[value] for axis in axes])
    return [*lines, "    " * len(axes) + line(element)]


def checked(names: Names, shape: Shape, value: int, wrong: str, failing: str) -> list[str]:
    """Fail where `wrong` holds of an element; a loop without a branch uses vector instructions."""
    bad = names.fresh("bad")
    lines = walked(names, shape, value, lambda each: f"{bad} |= {wrong.format(each)}")
    return [f"{bad} = False", *lines, f"if {bad}:", failing]
