"""Splitting arrays: into pieces of one axis, or into what lies along it."""

import sys
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd_np.rules.cotangents import parts_of
from autograd_np.rules.joining import slab
from autograd_np.rules.registry import composite, dispatched, rule, written


@dispatched
def pieces(a: Any, bounds: Any, axis: int) -> tuple[Any, ...]:
    """The parts of `a` from each to the next of its `bounds` along an axis.

    One operation, so that its gradient is joined once; slices would each fill an array with zeros.
    """
    return tuple(a[slab(axis, slice(*ends))] for ends in bounds)


@dispatched
def layers(a: Any, axis: int) -> tuple[Any, ...]:
    """What lies at each index of an axis, which is gone from it."""
    return tuple(a[slab(axis, number)] for number in range(a.shape[axis]))


def _joined(g: Any, a_like: Any, bounds: Any, axis: int) -> Any:
    parts = parts_of(g)
    some = next(iter(parts.values()))
    before, after = a_like.shape[:axis], a_like.shape[axis + 1 :]
    gradients = [
        parts[number]
        if number in parts
        else np.zeros_like(some, shape=(*before, stop - start, *after))
        for number, (start, stop) in enumerate(bounds)
    ]
    return np.concatenate(gradients, axis)


def _restacked(g: Any, a_like: Any, axis: int) -> Any:
    parts = parts_of(g)
    zeros = np.zeros_like(next(iter(parts.values())))
    return np.stack([parts.get(number, zeros) for number in range(a_like.shape[axis])], axis)


written("split", pieces)
# There is an output for every piece.
rule(pieces, outputs=["piece"], visible=sys.maxsize, a=_joined)
written("unstack", layers)
rule(layers, outputs=["layer"], visible=sys.maxsize, a=_restacked)


def _split(a: Any, ends: Any, axis: int) -> list[Any]:
    """The pieces of an axis between the given ends, which need be neither sorted nor within it."""
    length = a.shape[axis]
    bounds = [slice(*pair).indices(length)[:2] for pair in pairwise([0, *ends, length])]
    bounds = [(start, max(start, stop)) for start, stop in bounds]
    cover = all(b == c for (_, b), (c, _) in pairwise(bounds)) and bounds[-1][1] == length
    if not cover or len(bounds) == 1:
        return [a[slab(axis, slice(*pair))] for pair in bounds]
    return list(pieces(a, tuple(bounds), axis))


@composite(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`numpy.array_split` through `pieces`."""
    length = ary.shape[axis]
    axis = normalize_axis_index(axis, ary.ndim)
    if np.ndim(indices_or_sections):
        return _split(ary, [int(i) for i in indices_or_sections], axis)
    sections = int(indices_or_sections)
    if sections < 1:
        raise ValueError(
            f"array_split was asked for {sections} sections; expected 1 or more. "
            f"Write np.array_split(t, 2)."
        )
    size, larger = divmod(length, sections)
    sizes = [size + 1] * larger + [size] * (sections - larger)
    return _split(ary, list(accumulate(sizes))[:-1], axis)


@composite(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`numpy.split` through `numpy.array_split`."""
    if not np.ndim(indices_or_sections) and ary.shape[axis] % int(indices_or_sections):
        raise ValueError(
            f"an axis of length {ary.shape[axis]} does not divide into {indices_or_sections} "
            f"equal parts. Write np.array_split(t, {indices_or_sections}) for unequal ones."
        )
    return np.array_split(ary, indices_or_sections, axis)


def _needs(name: str, ary: Any, ndim: int) -> None:
    if ary.ndim < ndim:
        raise ValueError(f"{name} was given an array of {ary.ndim} axes; expected {ndim} or more.")


@composite(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`numpy.vsplit` through `numpy.split`."""
    _needs("vsplit", ary, 2)
    return np.split(ary, indices_or_sections, 0)


@composite(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`numpy.hsplit` through `numpy.split`."""
    _needs("hsplit", ary, 1)
    return np.split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


@composite(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """`numpy.dsplit` through `numpy.split`."""
    _needs("dsplit", ary, 3)
    return np.split(ary, indices_or_sections, 2)


@composite(np.unstack)
def unstack(x: Any, /, *, axis: int = 0) -> tuple[Any, ...]:
    """`numpy.unstack` through `layers`."""
    if x.ndim == 0:
        raise ValueError("unstack was given a 0-d array; expected at least one axis to take apart.")
    axis = normalize_axis_index(axis, x.ndim)
    if x.shape[axis] < 2:
        return tuple(x[slab(axis, number)] for number in range(x.shape[axis]))
    return tuple(layers(x, axis))
