"""Joining and splitting arrays."""

import itertools
from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, rule


def _slab(axis: int, part: Any) -> tuple[Any, ...]:
    return (slice(None),) * axis + (part,)


def _concatenated(g: Any, arrays_like: Any, axis: Any) -> list[Any]:
    if axis is None:
        ends = np.cumsum([0] + [like.size for like in arrays_like]).tolist()
        pieces = [g[a:b] for a, b in itertools.pairwise(ends)]
        return [np.reshape(p, like.shape) for p, like in zip(pieces, arrays_like, strict=True)]
    axis = axis % g.ndim
    ends = np.cumsum([0] + [like.shape[axis] for like in arrays_like]).tolist()
    return [g[_slab(axis, slice(a, b))] for a, b in itertools.pairwise(ends)]


rule(
    np.concatenate,
    "arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind'",
    lists=["arrays"],
    arrays=_concatenated,
)
rule(
    np.stack,
    lists=["arrays"],
    arrays=lambda g, arrays_like, axis: [
        g[_slab(axis % g.ndim, number)] for number in range(len(arrays_like))
    ],
)


@composite(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`numpy.array_split` through indexing."""
    length = ary.shape[axis]
    if np.ndim(indices_or_sections):
        ends = [0, *(int(i) for i in indices_or_sections), length]
    else:
        sections = int(indices_or_sections)
        if sections < 1:
            raise ValueError(f"number of sections must be larger than 0, and this is {sections}.")
        ends = [0, *np.cumsum([len(p) for p in np.array_split(range(length), sections)]).tolist()]
    axis = axis % ary.ndim
    parts = []
    for start, stop in itertools.pairwise(ends):
        parts.append(ary[_slab(axis, slice(start, stop))])
    return parts


@composite(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """`numpy.split` through indexing."""
    if not np.ndim(indices_or_sections) and ary.shape[axis] % int(indices_or_sections):
        raise ValueError(
            f"an axis of length {ary.shape[axis]} does not divide into {indices_or_sections} "
            f"equal parts. Write np.array_split(t, {indices_or_sections}) for unequal ones."
        )
    return array_split(ary, indices_or_sections, axis)
