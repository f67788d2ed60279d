"""`Tensor.backward`: the reverse pass from one value to the leaves."""

from __future__ import annotations

import weakref
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.graph import Node, Shape
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lifted_pass import differentiate, lower
from autograd_np.recording import LEAN, Mode, current, tracing, using
from autograd_np.reverse import conjugated, own, pull_back


def run_backward(tensor: Any, gradient: Any, retain_graph: bool | None, create_graph: bool) -> None:
    """See `Tensor.backward`."""
    node = tensor._node
    if node is None or not node.requires_grad:
        raise RuntimeError(
            "nothing was recorded for this Tensor, so it has no gradient. Make the parameters "
            "with ag.Tensor(value, requires_grad=True), and compute outside ag.no_grad()."
        )
    if gradient is None:
        if tensor._value.size != 1:
            raise ValueError(
                f"backward() starts from one number, and this Tensor has shape {tensor.shape}. "
                f"Write t.sum().backward(), or t.backward(gradient) with a gradient of that shape."
            )
        value = tensor._value
        if value.dtype.kind == "c":
            raise ValueError(
                f"backward() starts from a real number, and this Tensor is of dtype "
                f"{value.dtype}. Write np.abs(t).backward() or t.real.backward(), or "
                f"t.backward(gradient) with a complex gradient."
            )
        seed = _one(value.shape, value.dtype) if type(value) is np.ndarray else one(value)
    else:
        seed = conjugated(seed_like(gradient, node, "backward(gradient)"))
    if current() is LEAN and not create_graph:
        found = pull_back(((node, seed),), lower=lower, retain_graph=bool(retain_graph))
    else:
        retain = create_graph if retain_graph is None else retain_graph
        found = differentiate(((node, seed),), graph=create_graph, retain=retain)
    trace = tracing()
    for leaf, g in found.items():
        owner = leaf.tensor()  # type: ignore[attr-defined]
        if owner is not None:
            if g.dtype.kind == "c":
                g = _told(leaf, g, create_graph)
            if create_graph and not isinstance(g, Handle):
                g = wrap(as_array(g))
            if trace is not None:
                grad = trace.gradient(owner)
                trace.set_gradient(owner, g if grad is None else _accumulated(leaf, grad, g))
                continue
            owner._grad = g if owner._grad is None else _accumulated(leaf, owner._grad, g)


def one(value: Any) -> Any:
    """The gradient of a number with respect to itself, read-only."""
    if isinstance(value, np.ndarray):
        return _one(value.shape, value.dtype)
    return np.ones_like(value)


@lru_cache(maxsize=32)
def _one(shape: Shape, dtype: Any) -> Any:
    if not shape:
        # NumPy computes several times faster with its scalars than with 0-d arrays.
        return dtype.type(1)
    seed = np.ones(shape, dtype)
    seed.flags.writeable = False
    return seed


def _told(leaf: Node, g: Any, graph: bool) -> Any:
    """The gradient of a complex leaf as users know it."""
    mode = current()
    with using(Mode(graph, mode.program, mode.watch, leaf)):
        return conjugated(g)


def _accumulated(leaf: Node, grad: Any, g: Any) -> Any:
    """The sum of a leaf's gradients, as part of the derivative where somebody watches."""
    mode = current()
    if mode.program is None and mode.watch is None:
        return as_array(grad + g)
    with using(Mode(mode.grad, mode.program, mode.watch, leaf)):
        if mode.program is not None or isinstance(grad, Handle) or isinstance(g, Handle):
            return grad + g
        return unwrap(wrap(grad) + g)


def seed_like(gradient: Any, node: Node, what: str) -> Any:
    """`gradient` checked and cast for the value at `node`."""
    if not hasattr(gradient, "__array_function__"):
        gradient = np.asarray(gradient)
    given = unwrap(gradient)
    if given.shape != node.shape:
        raise ValueError(
            f"{what} needs a gradient of the value's shape {node.shape}, and this has shape "
            f"{given.shape}."
        )
    return gradient if given.dtype == node.dtype else gradient.astype(node.dtype)


def keep_gradient(tensor: Any) -> None:
    """Have the pass store the gradient of an intermediate result in its `grad`."""
    reference = weakref.ref(tensor)

    def keep(g: Any) -> None:
        owner = reference()
        if owner is not None:
            g = own(g) if not isinstance(g, Handle) else g
            owner._grad = g if owner._grad is None else owner._grad + g

    tensor.register_hook(keep)
