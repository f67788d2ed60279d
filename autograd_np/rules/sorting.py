"""Sorting: the derivative is a permutation, found by sorting again.

At ties the gradient takes any one of the possible permutations; ``stable=True`` keeps equal
elements, and their gradients, in order.
"""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, dispatched, rule


@dispatched
def reorder(a: Any, order: Any, axis: int) -> Any:
    """The elements of `a` in the order of `order`, a permutation of each line along `axis`."""
    return np.take_along_axis(a, order, axis)


@dispatched
def restore(a: Any, order: Any, axis: int) -> Any:
    """The inverse of `reorder`: the elements back in the places where `order` found them."""
    out = np.empty_like(a)
    np.put_along_axis(out, order, a, axis)
    return out


rule(reorder, a=lambda g, order, axis: restore(g, order, axis))
rule(restore, a=lambda g, order, axis: reorder(g, order, axis))


def _sort(g: Any, a: Any, axis: Any, kind: Any, stable: Any) -> Any:
    order = np.argsort(a, axis=axis, kind=kind, stable=stable)
    return np.reshape(restore(g, order, 0 if axis is None else axis), a.shape)


def _partition(g: Any, a: Any, out: Any, axis: Any) -> Any:
    # Sorted, both are the same: what stands in the same place is the same element.
    line = 0 if axis is None else axis
    in_order = reorder(g, np.argsort(out, axis=line), line)
    return np.reshape(restore(in_order, np.argsort(a, axis=axis), line), a.shape)


rule(np.sort, a=_sort)
rule(np.partition, a=_partition)


@composite(np.sort_complex)
def sort_complex(a: Any) -> Any:
    """`numpy.sort_complex`: sorted along the last axis, and complex whatever it was."""
    return np.sort(a).astype(np.sort_complex(np.empty(0, a.dtype)).dtype)
