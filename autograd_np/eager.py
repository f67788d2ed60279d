"""One operation on Tensors: compute it, and record it if its gradient may be asked for.

This is the hot path. `unary` and `binary` make the functions behind operators and ufuncs; they
handle the common case (lean recording, nothing but positional operands) themselves and leave the
rest to `apply`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from autograd_np.graph import Node
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.memory import lock
from autograd_np.recording import LEAN, current
from autograd_np.reverse import Traced
from autograd_np.rules.derivative import Wanted
from autograd_np.rules.outputs import pick
from autograd_np.rules.registry import COMPOSITES, CONSTANTS, RULES, Operation, nearest
from autograd_np.writes import note_view

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor

Eager = Callable[..., Any]


def unary(function: Callable[..., Any]) -> Callable[[Any], Tensor]:
    """A function of one Tensor (or array) that computes `function` and records it."""
    operation = RULES[function]
    compute = operation.compute
    derivative = operation.derivative((0,))
    save = derivative.save
    blank = (None,) * (len(operation.parameters) - 1)

    def call(x: Any) -> Any:
        if not isinstance(x, Handle):
            return compute(x)
        if current() is not LEAN:
            return apply(operation, (x,), {})
        node = x._node
        value = x._data
        out = compute(value)
        if type(out) is not ndarray:
            out = as_array(out)
        if node is None or not node.requires_grad:
            return wrap(out)
        saved = save(value, *blank, out)
        result = wrap(out, Node(derivative, (node,), saved, out.shape, out.dtype))
        if out.base is not None:
            note_view(result, (x,))
        return result

    call.__name__ = operation.name
    return call


def binary(function: Callable[..., Any]) -> Callable[[Any, Any], Tensor]:
    """A function of two operands, at least one a Tensor, that computes and records `function`."""
    operation = RULES[function]
    both = operation.derivative((0, 1))
    left_only = operation.derivative((0,))
    right_only = operation.derivative((1,))
    blank = (None,) * (len(operation.parameters) - 2)

    def call(x: Any, y: Any) -> Any:
        if current() is not LEAN:
            return apply(operation, (x, y), {})
        left = right = None
        if isinstance(x, Handle):
            left = x._node
            x = x._data
        if isinstance(y, Handle):
            right = y._node
            y = y._data
        out = function(x, y)
        if type(out) is not ndarray:
            out = as_array(out)
        if left is not None and left.requires_grad:
            if right is not None and right.requires_grad:
                derivative = both
                node = Node(both, (left, right), both.save(x, y, *blank, out), out.shape, out.dtype)
                return wrap(out, node)
            derivative, parent = left_only, left
        elif right is not None and right.requires_grad:
            derivative, parent = right_only, right
        else:
            return wrap(out)
        saved = derivative.save(x, y, *blank, out)
        node = Node(derivative, (parent,), saved, out.shape, out.dtype)
        if derivative.constants:
            node.locks = lock(saved)
        return wrap(out, node)

    call.__name__ = operation.name
    return call


def as_array(out: Any) -> Any:
    """The result of an operation with NumPy scalars as 0-d arrays."""
    return np.asarray(out) if isinstance(out, np.generic) else out


def apply(operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Compute any call of an operation and record it as the current mode says."""
    mode = current()
    if kwargs:
        refuse_unrecordable(operation.function, kwargs)
        out = operation.compute(*map(unwrap, args), **unwrap(kwargs))
    else:
        out = operation.compute(*map(unwrap, args))
    values = operation.bind(*args, **kwargs)
    if operation.lists:
        values = operation.with_lists(values)
    wanted, parents = _wanted(operation, values) if mode.grad else ((), ())
    if mode.program is not None:
        result = _record(operation, wanted, parents, Traced(values), out)
        mode.program.append(operation.function, args, kwargs, result)
        return result
    if parents:
        result = _record(operation, wanted, parents, tuple(map(unwrap, values)), out)
    else:
        result = tuple(map(wrap, out)) if operation.outputs else wrap(out)
    if getattr(out, "base", None) is not None:
        note_view(result, args)
    return result


def _wanted(operation: Operation, values: tuple[Any, ...]) -> tuple[Wanted, tuple[Node, ...]]:
    """The arguments whose gradient may be asked for, and their nodes."""
    wanted: list[int | tuple[int, tuple[int, ...]]] = []
    parents: list[Node] = []
    for position, value in enumerate(values):
        if isinstance(value, Handle):
            node = value._node
            if node is not None and node.requires_grad:
                operation.check_differentiable(position)
                wanted.append(position)
                parents.append(node)
        elif isinstance(value, (list, tuple)) and value:
            nodes = [item._node if isinstance(item, Handle) else None for item in value]
            some = [i for i, node in enumerate(nodes) if node is not None and node.requires_grad]
            if some:
                operation.check_differentiable(position)
                wanted.append((position, tuple(some)))
                parents += [node for i in some if (node := nodes[i]) is not None]
    return tuple(wanted), tuple(parents)


def _record(
    operation: Operation,
    wanted: Wanted,
    parents: tuple[Node, ...],
    values: tuple[Any, ...],
    out: Any,
) -> Any:
    if not operation.outputs:
        out = as_array(out)
    derivative = operation.derivative(wanted)
    saved = derivative.save(*values, out)
    if isinstance(values, Traced):
        saved = Traced(saved)
    shape, dtype = (None, None) if operation.outputs else (out.shape, out.dtype)
    node = Node(derivative, parents, saved, shape, dtype, requires_grad=bool(parents))
    if derivative.constants:
        node.locks = lock(unwrap(tuple(saved[place] for place in derivative.constants)))
    if not operation.outputs:
        return wrap(out, node)
    results = []
    program = current().program
    for number, each in enumerate(map(as_array, out)):
        picked = pick(node, number, each)
        picked.requires_grad = node.requires_grad
        if program is not None:
            program.picked[node.index, number] = picked
        results.append(wrap(each, picked))
    return tuple(results)


def constant_call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """Call a function that has no derivative: plain arrays out, traced in a full recording."""
    refuse_unrecordable(function, kwargs)
    out = function(*unwrap(args), **unwrap(kwargs))
    program = current().program
    if program is None or not isinstance(out, (ndarray, np.generic)):
        return out
    out = np.asarray(out)
    result = wrap(out, Node(None, (), None, out.shape, out.dtype, requires_grad=False))
    program.append(function, args, kwargs, result)
    return result


def refuse_unrecordable(function: Callable[..., Any], kwargs: dict[str, Any]) -> None:
    """Raise for the keywords that a graph cannot record."""
    name = function.__name__
    out = kwargs.get("out")
    if out is not None and out != (None,):
        raise TypeError(
            f"{name}(..., out=...) writes into an array in place, which a graph cannot record. "
            f"Write the result to a new name: `array = array + t` instead of `array += t` or "
            f"`np.add(array, t, out=array)`."
        )
    if "where" in kwargs and isinstance(function, np.ufunc):
        raise TypeError(
            f"np.{name}(..., where=mask) leaves the other elements of the result undefined. "
            f"Write np.where(mask, np.{name}(...), other) instead."
        )


_EAGER: dict[Callable[..., Any], Eager] = {}


def eager(function: Callable[..., Any]) -> Eager:
    """What to call instead of `function` when an operand is a Tensor.

    Raises
    ------
    TypeError
        If the function has no rule: it would have dropped to plain arrays in silence.
    """
    found = _EAGER.get(function)
    if found is None:
        found = _EAGER[function] = _make(function)
    return found


def _make(function: Callable[..., Any]) -> Eager:
    operation = RULES.get(function)
    if operation is not None:
        def general(*args: Any, **kwargs: Any) -> Any:
            return apply(operation, args, kwargs)

        return general
    if function in COMPOSITES:
        return COMPOSITES[function]
    if function in CONSTANTS:
        return lambda *args, **kwargs: constant_call(function, args, kwargs)
    name = getattr(function, "__name__", repr(function))
    close = nearest(function)
    hint = f" The nearest function that has one is {close}." if close else ""
    raise TypeError(
        f"{name} has no derivative rule, so a Tensor cannot pass through it.{hint} To add one, "
        f"write: autograd_np.rules.rule(np.{name}, x=lambda g, x: g * ...). If no gradient is "
        f"needed, pass t.detach().numpy()."
    )

