"""What operations keep for the reverse pass."""

from __future__ import annotations

from collections.abc import Iterator

from autograd_np.drawing.facts import nbytes
from autograd_np.program import Call, Program, Ref
from autograd_np.rules import derivative as sources
from autograd_np.rules.registry import RULES, Operation


def kept_values(program: Program, call: Call) -> list[int]:
    """The values, by `Ref.index`, that the rule of a call reads when the gradient passes it.

    It follows from the rule and from which operands want a gradient.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0], requires_grad=True, name="x")
    >>> program = ag.trace(np.sum(np.exp(x) + 1.0))
    >>> [len(kept_values(program, call)) for call in program.calls]
    [1, 0, 0]
    """
    operation = RULES.get(call.function)
    if operation is None:
        return []
    try:
        values = operation.with_lists(operation.bind(*call.args, **call.kwargs))
    except TypeError:
        # A lean node does not know all arguments.
        return []
    wanted = tuple(_wanted(program, operation, values))
    if not wanted:
        return []
    derivative = operation.derivative(wanted)
    kept: dict[int, None] = {}
    for name, (kind, number) in zip(derivative.names, derivative.sources, strict=True):
        if kind == sources.FROM_RESULT:
            kept[call.outputs[0].index] = None
        elif kind == sources.FROM_OUTPUT:
            if number < len(call.outputs):
                kept[call.outputs[number].index] = None
        elif name in operation.parameters:
            value = values[operation.parameters.index(name)]
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, Ref):
                    kept[each.index] = None
    return list(kept)


def kept_bytes(program: Program) -> dict[int, int]:
    """By the `Ref.index` of a call's first output: the bytes that it is the first to keep alive.

    Parameters are not counted, for they live anyway, nor what an earlier call keeps.
    """
    inputs = {ref.index for ref in program.inputs}
    seen = {index for index in inputs if program.variables[index].requires_grad}
    found = {}
    for call in program.calls:
        if call.derivative_of is not None:
            continue
        kept = [index for index in kept_values(program, call) if index not in seen]
        seen.update(kept)
        variables = [program.variables[index] for index in kept]
        found[call.outputs[0].index] = sum(nbytes(v.dtype, v.shape) for v in variables)
    return found


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
