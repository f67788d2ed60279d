"""What to call instead of a NumPy function when an operand is a Tensor.

This is the hot path. `unary`, `binary` and `leading` make the functions behind operators and
ufuncs; they handle the common case (lean recording, nothing but positional operands) themselves
and leave the rest to `calls.apply`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from autograd_np.calls import apply, constant_call
from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, wrap
from autograd_np.memory import lock
from autograd_np.recording import LEAN, current
from autograd_np.rules.families import load_families
from autograd_np.rules.registry import CACHES, COMPOSITES, CONSTANTS, REFUSED, RULES, nearest
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

    def call(x: Any) -> Any:
        if not isinstance(x, Handle):
            return compute(x)
        if current() is not LEAN:
            return apply(operation, (x,), {})
        node = x._node
        value = x._value
        out = compute(value)
        if type(out) is not ndarray:
            out = as_array(out)
        if node is None or not node.requires_grad:
            result = wrap(out)
        else:
            saved = save(out, value)
            result = wrap(out, Node(derivative, (node,), saved, out.shape, out.dtype))
        if type(out) is ndarray and out.base is not None:
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

    def call(x: Any, y: Any) -> Any:
        if current() is not LEAN:
            return apply(operation, (x, y), {})
        left = right = None
        if isinstance(x, Handle):
            left = x._node
            x = x._value
        elif type(x) is list or type(x) is tuple:
            x = np.asarray(x)
        if isinstance(y, Handle):
            right = y._node
            y = y._value
        elif type(y) is list or type(y) is tuple:
            y = np.asarray(y)
        out = function(x, y)
        if type(out) is not ndarray:
            out = as_array(out)
        if left is not None and left.requires_grad:
            if right is not None and right.requires_grad:
                derivative = both
                node = Node(both, (left, right), both.save(out, x, y), out.shape, out.dtype)
                return wrap(out, node)
            derivative, parent = left_only, left
        elif right is not None and right.requires_grad:
            derivative, parent = right_only, right
        else:
            return wrap(out)
        saved = derivative.save(out, x, y)
        node = Node(derivative, (parent,), saved, out.shape, out.dtype)
        if derivative.constants:
            node.locks = lock(saved)
        return wrap(out, node)

    call.__name__ = operation.name
    return call


def leading(function: Callable[..., Any]) -> Callable[..., Tensor]:
    """A function of one Tensor and settings (labels, an axis), all given by position."""
    operation = RULES[function]
    compute = operation.compute
    derivative = operation.derivative((0,))
    save = derivative.save
    several = bool(operation.outputs)

    def call(x: Any, *settings: Any) -> Any:
        node = x._node if isinstance(x, Handle) else None
        if node is None or not node.requires_grad or current() is not LEAN:
            return apply(operation, (x, *settings), {})
        for value in settings:
            if isinstance(value, Handle):
                return apply(operation, (x, *settings), {})
        value = x._value
        out = compute(value, *settings)
        saved = save(out, value, *settings)
        if several:
            out = out[0]
        if type(out) is not ndarray:
            out = as_array(out)
        made = Node(derivative, (node,), saved, out.shape, out.dtype)
        if derivative.constants:
            made.locks = lock([saved[i] for i in derivative.constants])
        return wrap(out, made)

    call.__name__ = operation.name
    return call


_EAGER: dict[Callable[..., Any], Eager] = {}
CACHES.append(_EAGER)


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


def _composed(rewritten: Eager) -> Eager:
    """A composite, whose result is another Tensor than its arguments: Tensors have values."""

    @functools.wraps(rewritten)
    def composed(*args: Any, **kwargs: Any) -> Any:
        result = rewritten(*args, **kwargs)
        return +result if any(result is value for value in args) else result

    return composed


def _make(function: Callable[..., Any]) -> Eager:
    if not (function in RULES or function in COMPOSITES or function in CONSTANTS):
        load_families()
    operation = RULES.get(function)
    rewritten = COMPOSITES.get(function)
    if operation is not None:
        if 0 in operation.differentiable and not operation.outputs and not operation.lists:
            alone = unary(function)

            def single(*args: Any, **kwargs: Any) -> Any:
                if kwargs and rewritten is not None:
                    return rewritten(*args, **kwargs)
                if kwargs or len(args) > 1:
                    return apply(operation, args, kwargs)
                return alone(*args)

            return single

        def general(*args: Any, **kwargs: Any) -> Any:
            if kwargs and rewritten is not None:
                return rewritten(*args, **kwargs)
            return apply(operation, args, kwargs)

        return general
    if rewritten is not None:
        return _composed(rewritten)
    if function in CONSTANTS:
        return lambda *args, **kwargs: constant_call(function, args, kwargs)
    name = getattr(function, "__name__", repr(function))
    if function in REFUSED:
        raise TypeError(f"{name} cannot be differentiated. {REFUSED[function]}")
    close = nearest(function)
    hint = f" The nearest function that has one is {close}." if close else ""
    known = f"np.{name}" if getattr(np, name, None) is function else name
    raise TypeError(
        f"{name} has no derivative rule, so a Tensor cannot pass through it.{hint} To add one, "
        f"write: autograd_np.rules.rule({known}, x=lambda g, x: g * ...). If no gradient is "
        f"needed, pass t.detach().numpy()."
    )
