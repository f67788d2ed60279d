"""Any call of an operation on Tensors: compute it, and record it as the current mode says.

`eager` has faster ways for the calls that most programs make.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy import ndarray

from autograd_np.graph import Node, RecordedNode
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.memory import lock
from autograd_np.recording import LEAN, NO_GRAD, current
from autograd_np.reverse import Traced
from autograd_np.rules.derivative import Wanted
from autograd_np.rules.outputs import pick
from autograd_np.rules.registry import Operation, refuse_out
from autograd_np.writes import note_view

if TYPE_CHECKING:
    from autograd_np.debugging.watch import Watch

_FLOAT = np.dtype(float)


def apply(operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Compute any call of an operation and record it as the current mode says."""
    mode = current()
    if len(args) > operation.out:
        refuse_out(operation.name, args[operation.out])
    if mode is NO_GRAD and not kwargs:
        return _constant(operation, args, operation.compute(*map(unwrap, args)))
    if mode is not LEAN or kwargs or operation.lists:
        return _apply_in_full(operation, args, kwargs)
    plain = list(args)
    wanted: list[int] = []
    parents: list[Node] = []
    for position, value in enumerate(args):
        if isinstance(value, Handle):
            plain[position] = value._value
            node = value._node
            if node is not None and node.requires_grad and operation.formulas:
                if position not in operation.differentiable:
                    operation.refuse(position)
                wanted.append(position)
                parents.append(node)
        elif isinstance(value, (list, tuple)):
            _refuse_recorded(operation, position, value)
            plain[position] = _operand(operation, position, value)
    out = operation.compute(*plain)
    if not parents or (not operation.outputs and out.dtype.kind not in "fc"):
        return _constant(operation, args, out)
    if operation.outputs:
        return _noted(_record(operation, tuple(wanted), tuple(parents), plain, out), args)
    if type(out) is not ndarray:
        out = as_array(out)
    derivative = operation.derivative(tuple(wanted))
    saved = derivative.save(out, *plain)
    made = Node(derivative, tuple(parents), saved, out.shape, out.dtype)
    if derivative.constants:
        made.locks = lock([saved[i] for i in derivative.constants])
    result = wrap(out, made)
    if type(out) is ndarray and out.base is not None:
        note_view(result, args)
    return result


def _apply_in_full(operation: Operation, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """`apply` for calls with keywords or lists of arrays, and in modes other than lean."""
    mode = current()
    watch = mode.watch
    refuse_unrecordable(operation.function, kwargs)
    if kwargs.get("dtype") is not None and isinstance(operation.function, np.ufunc):
        args = _cast(operation.function, args, kwargs)
    compute = operation.compute if watch is None else watch.quiet(operation.compute)
    if mode.program is not None:
        args, kwargs = mode.program.taken_in(operation, args, kwargs)
        out = mode.program.compute(operation.function, compute, args, kwargs)
    else:
        out = compute(*map(unwrap, args), **unwrap(kwargs))
    values = operation.with_lists(operation.bind(*args, **kwargs))
    values = tuple(_operand(operation, i, value) for i, value in enumerate(values))
    if watch is not None:
        watch.check(operation, values, out)
    whole = not operation.outputs and getattr(out, "dtype", _FLOAT).kind not in "fc"
    wanted, parents = _wanted(operation, values) if mode.grad and not whole else ((), ())
    if mode.program is not None:
        result = _record(operation, wanted, parents, Traced(values), out, watch)
        mode.program.append(operation.function, args, kwargs, result)
        return _several(operation, out, list(result)) if operation.outputs else result
    if not parents:
        return _constant(operation, args, out)
    result = _record(operation, wanted, parents, tuple(map(unwrap, values)), out, watch)
    return _noted(result, args)


def _cast(function: np.ufunc, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
    """The operands of a ufunc in the dtype it was asked to compute in, which the formulas read."""
    dtype, casting = np.dtype(kwargs["dtype"]), kwargs.get("casting", "same_kind")

    def cast(value: Any) -> Any:
        given = getattr(value, "dtype", dtype)
        floats = given.kind in "fc" and dtype.kind in "fc"
        # NumPy says what it does not cast.
        if given == dtype or not floats or not np.can_cast(given, dtype, casting):
            return value
        return value.astype(dtype)

    return tuple(cast(value) for value in args)


def _constant(operation: Operation, args: tuple[Any, ...], out: Any) -> Any:
    """The result of a call that is not recorded."""
    if operation.outputs:
        results = [wrap(as_array(each)) for each in out[: operation.visible]]
        return _noted(_several(operation, out, results), args)
    if type(out) is tuple:
        # np.where(condition) alone: places, not values.
        return out
    return _noted(wrap(as_array(out)), args)


def _noted(result: Any, args: tuple[Any, ...]) -> Any:
    """The result of a call, remembered where it may be a view of a leaf's memory."""
    for each in result if isinstance(result, tuple) else (result,):
        if getattr(each._value, "base", None) is not None:
            note_view(each, args)
    return result


def _wanted(operation: Operation, values: tuple[Any, ...]) -> tuple[Wanted, tuple[Node, ...]]:
    """The arguments whose gradient may be asked for, and their nodes."""
    wanted: list[int | tuple[int, tuple[int, ...]]] = []
    parents: list[Node] = []
    for position, value in enumerate(values):
        if isinstance(value, Handle):
            node = value._node
            if node is not None and node.requires_grad and operation.formulas:
                if position not in operation.differentiable:
                    operation.refuse(position)
                wanted.append(position)
                parents.append(node)
        elif isinstance(value, (list, tuple)):
            if operation.parameters[position] not in operation.lists:
                _refuse_recorded(operation, position, value)
                continue
            for item in value:
                if isinstance(item, (list, tuple)):
                    _refuse_recorded(operation, position, item)
            nodes = [item._node if isinstance(item, Handle) else None for item in value]
            some = [i for i, node in enumerate(nodes) if node is not None and node.requires_grad]
            if some:
                wanted.append((position, tuple(some)))
                parents += [node for i in some if (node := nodes[i]) is not None]
    return tuple(wanted), tuple(parents)


def _operand(operation: Operation, position: int, value: Any) -> Any:
    """An argument as the formulas shall read it: a list of numbers as an array."""
    if not isinstance(value, (list, tuple)) or operation.parameters[position] in operation.lists:
        return value
    value = unwrap(value)
    arrays = position in operation.differentiable or isinstance(operation.function, np.ufunc)
    return np.asarray(value) if arrays else value


def _refuse_recorded(operation: Operation, position: int, values: Any) -> None:
    """Raise TypeError for recorded Tensors in a list where they would be lost."""
    for value in values:
        if isinstance(value, (list, tuple)):
            _refuse_recorded(operation, position, value)
        elif isinstance(value, Handle) and value._node is not None and value._node.requires_grad:
            raise TypeError(
                f"{operation.name} was given a list with recorded Tensors inside its argument "
                f"{operation.parameters[position]!r}. Write np.stack([...]) to make one of them."
            )


def _record(
    operation: Operation,
    wanted: Wanted,
    parents: tuple[Node, ...],
    values: Sequence[Any],
    out: Any,
    watch: Watch | None = None,
) -> Any:
    """The result of a call as a Tensor (or several) with a node."""
    derivative = operation.derivative(wanted)
    saved = derivative.save(out, *values)
    first = as_array(out[0] if operation.outputs else out)
    shape, dtype = (first.shape, first.dtype) if operation.visible == 1 else (None, None)
    program = current().program
    make = watch.node if watch is not None else Node if program is None else RecordedNode
    node = make(derivative, parents, saved, shape, dtype)
    if type(values) is Traced:
        node.saved = Traced(saved)
        node.requires_grad = bool(parents)
    if derivative.constants:
        node.locks = lock([unwrap(saved[i]) for i in derivative.constants])
    return _picked(operation, node, out) if operation.outputs else wrap(first, node)


def _picked(operation: Operation, node: Node, out: Any) -> Any:
    """The visible outputs of a call; a full recording needs nodes for the others, too."""
    program = current().program
    results = []
    for number, each in enumerate(out if program is not None else out[: operation.visible]):
        value = as_array(each)
        picked = node if operation.visible == 1 and number == 0 else pick(node, number, value)
        picked.requires_grad = node.requires_grad and value.dtype.kind in "fc"
        results.append(wrap(value, picked))
        if program is not None:
            program.picked[node.index, number] = picked.index
    return tuple(results) if program is not None else _several(operation, out, results)


def _several(operation: Operation, out: Any, results: list[Any]) -> Any:
    """The visible results of a call, in the named tuple that NumPy would return."""
    if operation.visible == 1:
        return results[0]
    return type(out)(*results) if hasattr(out, "_fields") else tuple(results)


def constant_call(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Any) -> Any:
    """Call a function that has no derivative: plain arrays out, traced in a full recording."""
    refuse_unrecordable(function, kwargs)
    weights = kwargs.get("weights")
    if isinstance(weights, Handle) and weights._node is not None and weights._node.requires_grad:
        raise TypeError(
            f"{function.__name__} was given recorded weights, and is not differentiated. Write "
            f"np.bincount(np.digitize(x, edges[1:-1]), weights=w, minlength=len(edges) - 1)."
        )
    program = current().program
    if program is None:
        return function(*unwrap(args), **unwrap(kwargs))
    out = program.compute(function, function, args, kwargs)
    if not hasattr(out, "dtype"):
        return out
    out = as_array(out)
    node = RecordedNode(None, (), None, out.shape, out.dtype, requires_grad=False)
    result = wrap(out, node)
    program.append(function, args, kwargs, result)
    return result


def refuse_unrecordable(function: Callable[..., Any], kwargs: dict[str, Any]) -> None:
    """Raise for the keywords that a graph cannot record."""
    name = function.__name__
    refuse_out(name, kwargs.get("out"))
    if "where" in kwargs and isinstance(function, np.ufunc):
        raise TypeError(
            f"np.{name}(..., where=mask) leaves the other elements of the result undefined. "
            f"Write np.where(mask, np.{name}(...), other) instead."
        )
