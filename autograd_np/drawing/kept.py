"""What operations keep for the reverse pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from autograd_np.drawing.facts import nbytes
from autograd_np.graph import Leaf, Node, RecordedNode, ancestors
from autograd_np.program import Call, Program, Ref
from autograd_np.rules import derivative as sources
from autograd_np.rules.outputs import picked
from autograd_np.rules.registry import RULES, Operation


def kept_bytes(
    program: Program, calls: Iterable[Call], roots: Iterable[Node] = ()
) -> dict[int, int]:
    """By the `Ref.index` of a call's first output: the bytes that it is the first to keep alive.

    Parameters are not counted, for they live anyway, nor what an earlier call keeps. Of a full
    recording it follows from the rules; lean nodes hold what they keep.

    Parameters
    ----------
    program : Program
    calls : iterable of Call
        Those of its calls that are asked about, in order.
    roots : iterable of Node
        What the program was gathered from.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0], requires_grad=True, name="x")
    >>> y = np.sum(np.exp(x) + 1.0)
    >>> program = ag.trace(y)
    >>> list(kept_bytes(program, program.calls, [y.node]).values())
    [16, 0, 0]
    """
    made_by = _lean_nodes(roots)
    parameters = [ref for ref in program.inputs if program.variables[ref.index].requires_grad]
    seen = {_key(program, ref) for ref in parameters}
    found = {}
    for call in calls:
        node = made_by.get(call.outputs[0].index)
        kept = dict(_by_rule(program, call) if node is None else _by_node(node))
        found[call.outputs[0].index] = sum(kept[key] for key in kept.keys() - seen)
        seen |= kept.keys()
    return found


def _lean_nodes(roots: Iterable[Node]) -> dict[int, Node]:
    """The nodes that hold what they keep, by the index of each output."""
    found = {}
    for node in ancestors(*roots):
        made_by = node if picked(node) is None else node.parents[0]
        if made_by.saved is not None and not isinstance(node, (Leaf, RecordedNode)):
            found[node.index] = made_by
    return found


def _by_node(node: Node) -> Iterator[tuple[int, int]]:
    """Yield ``(identity, bytes)`` of each array that a node keeps."""
    for array in _arrays(node.saved):
        yield id(array), array.nbytes


def _by_rule(program: Program, call: Call) -> Iterator[tuple[int, int]]:
    """Yield ``(identity, bytes)`` of each value that the rule of a call reads."""
    operation = RULES.get(call.function)
    differentiable = any(program.variables[ref.index].requires_grad for ref in call.outputs)
    if operation is None or not differentiable:
        return
    try:
        values = operation.with_lists(operation.bind(*call.args, **call.kwargs))
    except TypeError:
        # Some arguments are not known.
        return
    wanted = tuple(_wanted(program, operation, values))
    if not wanted:
        return
    derivative = operation.derivative(wanted)
    for name, (kind, number) in zip(derivative.names, derivative.sources, strict=True):
        kept: Any = ()
        if kind == sources.FROM_RESULT:
            kept = call.outputs
        elif kind == sources.FROM_OUTPUT:
            kept = call.outputs[number : number + 1]
        elif name in operation.parameters:
            kept = values[operation.parameters.index(name)]
        for each in _arrays(kept):
            if isinstance(each, Ref):
                variable = program.variables[each.index]
                yield _key(program, each), nbytes(variable.dtype, variable.shape)
            else:
                yield id(each), each.nbytes


def _key(program: Program, ref: Ref) -> int:
    """What tells a value from others: several may be one array."""
    value = program.variables[ref.index].value
    return ref.index if value is None else id(value)


def _arrays(value: Any) -> Iterator[Any]:
    """Yield the arrays, and what stands for them, in tuples and lists."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, (list, tuple)):
            pending += each[::-1]
        elif isinstance(each, (Ref, np.ndarray, np.generic)):
            yield each


def _wanted(
    program: Program, operation: Operation, values: tuple[object, ...]
) -> Iterator[int | tuple[int, tuple[int, ...]]]:
    """The arguments that want a gradient, as `Derivative` knows them."""

    def wants(value: object) -> bool:
        return isinstance(value, Ref) and program.variables[value.index].requires_grad

    for position in sorted(operation.differentiable):
        value = values[position]
        if isinstance(value, list):
            some = tuple(i for i, each in enumerate(value) if wants(each))
            if some:
                yield position, some
        elif wants(value):
            yield position
