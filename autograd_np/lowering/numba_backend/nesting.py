"""How a space is walked through: the order of its axes, and which of them run together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograd_np.graph import Shape

# A loop that is longer gains nothing from being written out, which takes long to compile.
_WRITTEN_OUT = 256


@dataclass(frozen=True, slots=True)
class Axis:
    """A loop: its length, and by how many elements each stream moves on at a step."""

    length: int
    strides: dict[int, int]


def axes_of(space: Shape, streams: Mapping[int, Shape]) -> list[Axis]:
    """The loops over a space, the outermost first.

    Axes go in the order in which most streams lie in memory; neighbours that all streams can walk
    through at one stride become one loop.

    Examples
    --------
    >>> axes_of((3, 4), {1: (4, 1), 2: (4, 1)})
    [Axis(length=12, strides={1: 1, 2: 1})]
    >>> axes_of((3, 4), {1: (1, 3), 2: (0, 1)})
    [Axis(length=4, strides={1: 3, 2: 1}), Axis(length=3, strides={1: 1, 2: 0})]
    """
    kept = [axis for axis, length in enumerate(space) if length != 1]
    full = [strides for strides in streams.values() if all(strides[axis] for axis in kept)]
    voters = full or list(streams.values())

    def distance(axis: int) -> tuple[int, int]:
        return (-sum(abs(strides[axis]) for strides in voters), axis)

    axes: list[Axis] = []
    for axis in sorted(kept, key=distance):
        length = space[axis]
        strides = {key: each[axis] for key, each in streams.items()}
        if axes and all(axes[-1].strides[key] == strides[key] * length for key in streams):
            axes[-1] = Axis(axes[-1].length * length, strides)
        else:
            axes.append(Axis(length, strides))
    return axes


def range_of(length: int, innermost: bool) -> str:
    """What a loop runs over, as source."""
    written_out = length <= _WRITTEN_OUT if innermost else length > _WRITTEN_OUT
    return f"range({length})" if written_out else f"range(rounds({length}))"
