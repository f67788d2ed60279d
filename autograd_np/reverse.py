"""The reverse pass: seed, visit nodes from youngest to oldest, pass gradients over the edges.

All gradients in flight live in the pass, so one that is interrupted leaves nothing behind. The
rules are lines of NumPy: run on arrays they compute, run on Tensors (when the caller hands in what
lifts an array to one) they record the graph of the gradient.

A gradient `g` in flight is what makes ``dL = Re(sum(g * dz))``, so that for a holomorphic function
the rule is that of calculus, ``g * f'(z)``. Users are handed its conjugate ``dL/da + i dL/db``, for
``z = a + ib``, which points uphill: see `conjugated`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any, Protocol

import numpy as np
from numpy import ndarray

from autograd_np.graph import Node, Shape
from autograd_np.handle import as_array, unwrap
from autograd_np.rules.cotangents import Cotangents
from autograd_np.writes import check_unwritten
from autograd_np.writes import state as writes


class Lift(Protocol):
    """What makes a pass run on Tensors, so that what the rules do can be recorded or checked."""

    def enter(self, node: Node) -> None:
        """Told that what follows belongs to the derivative of `node`."""

    def pull(self, node: Node, g: Any) -> Sequence[Any]:
        """Run the rule of `node` on Tensors: one gradient for each parent."""

    def hooked(self, g: Any, node: Node) -> Any:
        """The complete gradient of `node`, after its hooks have seen it."""


class Traced(tuple[Any, ...]):
    """What a node of a full recording saved: Tensors where the operands were Tensors."""

    __slots__ = ()


def pull_back(
    seeds: Iterable[tuple[Node, Any]],
    *,
    targets: Collection[Node] | None = None,
    lift: Lift | None = None,
    lower: Callable[[Any], Any],
    retain_graph: bool = False,
    through: bool = True,
) -> dict[Node, Any]:
    """Gradients of the seeded nodes with respect to the targets.

    Parameters
    ----------
    seeds : iterable of (Node, gradient)
        Where the pass starts, and the gradient there, of the node's shape and dtype.
    targets : collection of Node, optional
        Nodes whose gradient is wanted; by default the leaves that are reached.
    lift : Lift, optional
        Given, the rules run on Tensors and what they do can be recorded.
    lower : callable ``(saved) -> saved``
        Turns Tensors that a full recording saved into arrays, for a pass that runs on arrays.
    retain_graph : bool
        Keep what the nodes saved, so that another pass can follow.
    through : bool
        Go on from targets to those they were computed from.

    Returns
    -------
    dict
        Gradient by node, for each target (or leaf) that was reached. Those of leaves are arrays
        that nobody else holds, unless `lift` was given.

    Raises
    ------
    RuntimeError
        If a node was freed by an earlier pass, or a value it reads was written since.
    """
    pending: dict[Node, Any] = {}
    heap: list[tuple[int, Node]] = []
    found: dict[Node, Any] = {}
    hooked: list[Node] = []
    # Nodes whose gradient in flight is a sum that this pass made: it may be added to in place.
    summed: set[Node] = set()
    oldest = 0 if targets is None else min((node.index for node in targets), default=0)

    for node, seed in seeds:
        if node.derivative is None:
            if targets is None or node in targets:
                _arrive(found, hooked, node, seed, lift)
        elif node in pending:
            if lift is not None:
                lift.enter(node)
            pending[node] = pending[node] + seed
        else:
            pending[node] = seed
            heappush(heap, (-node.index, node))

    # The only node in flight is kept out of the heap: most of a network is a chain.
    alone: Node | None = None
    while alone is not None or heap:
        if alone is not None:
            node, alone = alone, None
        else:
            node = heappop(heap)[1]
        g = pending.pop(node)
        if node.hooks is not None:
            g = hooked_gradient(g, node) if lift is None else lift.hooked(g, node)
        if targets is not None and node in targets:
            found[node] = g
            if node.index == oldest or not through:
                continue
        derivative: Any = node.derivative
        saved: Any = node.saved
        if saved is None:
            raise RuntimeError(
                f"the graph of this value was freed by an earlier backward() "
                f"(at {derivative.operation.name!r}). To go through it twice, write "
                f"backward(retain_graph=True) the first time."
            )
        if writes.newest > node.index:
            check_unwritten(node)
        parents = node.parents
        if lift is not None:
            gradients = lift.pull(node, g)
        else:
            if type(saved) is Traced:
                saved = lower(saved)
            gradients = derivative.pull(g, saved, parents)
        if not retain_graph:
            node.saved = node.locks = None
        for number, parent in enumerate(parents):
            gradient = gradients[number]
            if gradient is None:
                continue
            if gradient.shape != parent.shape or gradient.dtype is not parent.dtype:
                gradient = edge(gradient, node, number)
            if parent.derivative is None:
                if targets is not None and parent not in targets:
                    continue
                if parent in found or parent.hooks is not None or lift is not None:
                    _arrive(found, hooked, parent, gradient, lift)
                elif (
                    gradient is not g
                    and type(gradient) is ndarray
                    and gradient.base is None
                    and gradient.flags.c_contiguous
                ):
                    # Made by the rule just now: nobody else holds it.
                    found[parent] = gradient
                else:
                    found[parent] = own(gradient)
            elif parent in pending:
                if type(gradient) is Cotangents:
                    pending[parent] = gradient.added_to(pending[parent], parent in summed)
                    summed.add(parent)
                elif lift is None and parent in summed:
                    pending[parent] += gradient
                else:
                    pending[parent] = pending[parent] + gradient
                    summed.add(parent)
            elif parent.index >= oldest:
                pending[parent] = gradient
                if alone is None and not heap:
                    alone = parent
                    continue
                heappush(heap, (-parent.index, parent))
                if alone is not None:
                    heappush(heap, (-alone.index, alone))
                    alone = None

    for leaf in hooked:
        g = found[leaf]
        g = hooked_gradient(g, leaf) if lift is None else lift.hooked(g, leaf)
        found[leaf] = own(g) if isinstance(g, (ndarray, np.generic)) else g
    return found


def _arrive(
    found: dict[Node, Any], hooked: list[Node], leaf: Node, g: Any, lift: Lift | None
) -> None:
    """Add a gradient to that of a leaf, which is an array of its own or, lifted, a Tensor."""
    if leaf in found:
        if lift is None:
            found[leaf] += g
        else:
            found[leaf] = found[leaf] + g
        return
    found[leaf] = own(g) if isinstance(g, (ndarray, np.generic)) else g
    if leaf.hooks is not None:
        hooked.append(leaf)


def conjugated(g: Any) -> Any:
    """A gradient in flight as users know it, or the other way round: real ones are the same."""
    return as_array(np.conjugate(g)) if g.dtype.kind == "c" else g


def own(g: Any) -> Any:
    """`g` as a writeable, contiguous array whose memory nothing else refers to."""
    return np.array(g, order="C") if isinstance(g, (ndarray, np.generic)) else g.copy()


def edge(g: Any, node: Node, number: int) -> Any:
    """Fit a gradient to the parent it goes to: undo broadcasting, cast, check.

    Everything is done with functions that have rules, so that higher orders see it.

    Raises
    ------
    TypeError
        If the parent's shape does not broadcast to the gradient's: the rule is wrong.
    """
    parent = node.parents[number]
    if type(g) is ndarray:
        shape = g.shape
        if len(shape) == 2 and shape[1:] == parent.shape and shape == node.shape:
            # A bias: a product with ones, which BLAS does four times faster than a sum over axis 0.
            char = g.dtype.char
            if char in "fd" and g.dtype is parent.dtype:
                return ones(shape[0], char).dot(g)
    if parent.shape is None or parent.dtype is None or type(g) is Cotangents:
        return g
    if g.dtype.kind == "c" and parent.dtype.kind != "c":
        g = np.real(g)
    if g.shape != parent.shape:
        outer = g.shape if node.shape is None else node.shape
        if not _broadcasts(parent.shape, g.shape) or g.ndim > max(len(outer), len(parent.shape)):
            derivative: Any = node.derivative
            raise TypeError(
                f"the rule of {node.operation!r} returned a gradient of shape {g.shape} for its "
                f"argument {derivative.argument(number)!r} of shape {parent.shape} and a result of "
                f"shape {node.shape}. A rule returns a gradient of its argument's shape, or of the "
                f"shape that it was broadcast to."
            )
        g = unbroadcast(g, parent.shape)
    if g.dtype != parent.dtype:
        g = g.astype(parent.dtype)
    return g


def unbroadcast(g: Any, shape: Shape) -> Any:
    """Sum `g` over the axes along which an array of `shape` was broadcast to ``g.shape``."""
    lead = g.ndim - len(shape)
    stretched = tuple(
        axis
        for axis in range(g.ndim)
        if axis < lead or (shape[axis - lead] == 1 and g.shape[axis] != 1)
    )
    count = len(stretched)
    if (
        count
        and stretched == tuple(range(count))
        and g.ndim > count
        and g.dtype.char in "fd"
        and isinstance(unwrap(g), ndarray)
    ):
        rows = math.prod(g.shape[:count])
        if g.ndim != 2:
            g = np.reshape(g, (rows, math.prod(g.shape[count:])))
        g = np.dot(ones(rows, g.dtype.char), g)
    elif stretched:
        g = np.sum(g, axis=stretched)
    return g if g.shape == shape else np.reshape(g, shape)


@lru_cache(maxsize=64)
def ones(length: int, char: str) -> ndarray[Any, Any]:
    """A read-only vector of ones, of the dtype with the character `char`."""
    vector = np.ones(length, char)
    vector.flags.writeable = False
    return vector


def _broadcasts(shape: Shape, to: Shape) -> bool:
    if len(shape) > len(to):
        return False
    return all(a in (1, b) for a, b in zip(reversed(shape), reversed(to), strict=False))


def hooked_gradient(g: Any, node: Node) -> Any:
    """What the hooks of `node` make of its complete gradient."""
    g = conjugated(g)
    for hook in node.hooks or ():
        replaced = hook(g)
        if replaced is None:
            continue
        g = replaced
        if getattr(g, "shape", None) != node.shape:
            raise TypeError(
                f"a gradient hook on a value of shape {node.shape} returned something of shape "
                f"{getattr(g, 'shape', None)}. Return None, or a gradient of the same shape."
            )
    return conjugated(g)
