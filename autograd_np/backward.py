"""`Tensor.backward`: the reverse pass from one value to the leaves."""

from __future__ import annotations

import weakref
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.graph import Node, Shape
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.recording import LEAN, current, using, with_grad
from autograd_np.reverse import pull_back
from autograd_np.rules.outputs import pick


def lower(saved: tuple[Any, ...]) -> Any:
    """What a full recording saved, as arrays."""
    return tuple(unwrap(value) for value in saved)


def lift(value: Any, node: Node, output: int | None = None) -> Any:
    """A value that a node saved, as a Tensor in the place where it stood in the graph."""
    if isinstance(value, Handle):
        return value
    if output is not None:
        program = current().program
        known = None if program is None else program.picked.get((node.index, output))
        node = known or pick(node, output, value)
    return wrap(value, node)


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
        seed = one(node.shape, node.dtype)
    else:
        seed = seed_like(gradient, node, "backward(gradient)")
    if current() is LEAN and not create_graph:
        found = pull_back(((node, seed),), lower=lower, retain_graph=bool(retain_graph))
    else:
        found = _recorded(node, seed, retain_graph, create_graph)
    for leaf, g in found.items():
        owner = leaf.tensor()  # type: ignore[attr-defined]
        if owner is not None:
            if create_graph and not isinstance(g, Handle):
                g = wrap(as_array(g))
            owner._grad = g if owner._grad is None else owner._grad + g


@lru_cache(maxsize=32)
def one(shape: Shape, dtype: Any) -> Any:
    """The gradient of a number with respect to itself, read-only."""
    if not shape:
        # NumPy computes several times faster with its scalars than with 0-d arrays.
        return dtype.type(1)
    seed = np.ones(shape, dtype)
    seed.flags.writeable = False
    return seed


def _recorded(node: Node, seed: Any, retain_graph: bool | None, create_graph: bool) -> Any:
    """The pass when it is itself recorded, or runs under no_grad."""
    retain = create_graph if retain_graph is None else retain_graph
    tensors = create_graph or current().program is not None
    with using(with_grad(create_graph)):
        return pull_back(
            ((node, seed),), lift=lift if tensors else None, lower=lower, retain_graph=retain
        )


def seed_like(gradient: Any, node: Node, what: str) -> Any:
    """`gradient` checked and cast for the value at `node`."""
    if isinstance(gradient, Handle):
        given = gradient._value
    else:
        given = gradient = np.asarray(gradient)
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
            g = np.array(g) if not isinstance(g, Handle) else g
            owner._grad = g if owner._grad is None else owner._grad + g

    tensor.register_hook(keep)
