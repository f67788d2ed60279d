"""Functions that move elements about without computing with them."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, rule


def _inverse(axes: Any, ndim: int) -> tuple[int, ...] | None:
    if axes is None:
        return None
    inverse = [0] * ndim
    for place, axis in enumerate(axes):
        inverse[axis] = place
    return tuple(inverse)


rule(np.reshape, a=lambda g, a_like, order: np.reshape(g, a_like.shape, order=order))
rule(np.ravel, a=lambda g, a_like, order: np.reshape(g, a_like.shape, order=order))
rule(np.squeeze, a=lambda g, a_like: np.reshape(g, a_like.shape))
rule(np.expand_dims, a=lambda g, a_like: np.reshape(g, a_like.shape))
rule(np.transpose, a=lambda g, axes: np.transpose(g, _inverse(axes, g.ndim)))
rule(np.swapaxes, a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
# The edge sums over the axes along which it was broadcast.
rule(np.broadcast_to, array=lambda g: g)
rule(np.copy, a=lambda g: g)
# The edge casts back.
rule(np.astype, x=lambda g: g)
rule(np.real, val=lambda g: g)


@composite(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """`numpy.moveaxis` through `numpy.transpose`."""
    sources = np.lib.array_utils.normalize_axis_tuple(source, a.ndim, "source")
    places = np.lib.array_utils.normalize_axis_tuple(destination, a.ndim, "destination")
    order = [axis for axis in range(a.ndim) if axis not in sources]
    for place, axis in sorted(zip(places, sources, strict=True)):
        order.insert(place, axis)
    return np.transpose(a, tuple(order))


@composite(np.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    """`numpy.matrix_transpose` through `numpy.swapaxes`."""
    return np.swapaxes(x, -1, -2)
