"""The error for a NaN or inf, and the sentences in which it says where and why."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_np.debugging.nonfinite import Index, Step, first, holds, kind_of, role, summary
from autograd_np.debugging.provenance import (
    UNKNOWN,
    Origin,
    Place,
    chain,
    located,
    origin_of,
    places,
    source_line,
)
from autograd_np.graph import Node, Shape
from autograd_np.handle import Handle, as_array, unwrap
from autograd_np.rules.cotangents import parts_of

Array = np.ndarray[Any, Any]

_A = {"nan": "a NaN", "inf": "an inf"}


class AnomalyError(FloatingPointError):
    """A NaN or inf, raised by `detect_anomaly` where it arose.

    Attributes
    ----------
    kind : str
        ``"nan"`` or ``"inf"``.
    direction : str
        ``"forward"`` or ``"backward"``.
    operation : str
        The operation that made it: in a rule, the one inside the rule.
    rule : str or None
        Backward: the user's operation whose derivative was being computed.
    source : tuple of (str, int)
        The user's file and line: backward, of the operation that was differentiated.
    via : tuple of (str, int) or None
        The line of `nn` that called the operation, if one did.
    index : tuple of int
        The first bad element of the result; backward, of the gradient.
    shapes : dict of str to tuple
        Of the operands, by the names of the function's parameters, and of the result, as "out".
        Backward, of what the rule read, by the names in its formula, and of the gradient that it
        made, as "gradient".
    """

    # Where users find it.
    __module__ = "autograd_np"

    def __init__(
        self,
        message: str = "",
        *,
        kind: str = "nan",
        direction: str = "forward",
        operation: str = "",
        rule: str | None = None,
        source: Place = UNKNOWN,
        via: Place | None = None,
        index: Index = (),
        shapes: dict[str, Shape] | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.direction = direction
        self.operation = operation
        self.rule = rule
        self.source = source
        self.via = via
        self.index = index
        self.shapes = shapes or {}


def in_operation(step: Step, rule: Node | None) -> AnomalyError:
    """The error for a result of an operation outside any rule.

    Parameters
    ----------
    step : Step
    rule : Node or None
        The node whose gradient was being passed on or summed, in a reverse pass.
    """
    source, via = places()
    origin = origin_of(rule)
    if origin is not None:
        source, via = origin.root.source, origin.root.via
    where = f"at {located(source)}, going forward"
    if rule is not None:
        where = f"at {located(source)}, going backward with the gradient of {rule.operation}"
    cause = step.cause()
    if cause is None:
        head = f"{step.operation} made {_A[step.kind]} {where}, from {step.values()}{_at(step.bad)}"
    else:
        name, value = cause
        kind = kind_of(np.asarray(unwrap(value)))
        head = (
            f"{step.operation} was given {_A[kind]} {where}: its operand {name}, {role(value)} of "
            f"shape {np.shape(unwrap(value))}, has it at index {first(holds(kind, value))}"
        )
    nodes = [n for _, v in step.operands if isinstance(v, Handle) and (n := v._node) is not None]
    newest = f"{step.operation} {step.result.shape} {step.result.dtype}"
    lines = [
        head,
        *_source_lines(source, via),
        "  its operands:",
        *(
            f"    {name}: {role(value)} {_kind(value)}: {step.shown(value)}"
            for name, value in step.operands
        ),
        "  the operations that led there, newest last:",
        *chain(nodes, newest, source),
    ]
    shapes = {name: np.shape(unwrap(value)) for name, value in step.operands}
    return AnomalyError(
        "\n".join(lines),
        kind=step.kind,
        direction="forward" if rule is None else "backward",
        operation=step.operation,
        rule=None if rule is None else rule.operation,
        source=source,
        via=via,
        index=step.index,
        shapes={**shapes, "out": step.result.shape},
    )


def in_rule(
    node: Node, number: int, g: Any, gradient: Array, steps: Sequence[Step]
) -> AnomalyError:
    """The error for a gradient that a rule made.

    Parameters
    ----------
    node : Node
        Whose rule it is.
    number : int
        Of the parent whose gradient it is.
    g : Tensor or array
        The gradient that the rule was given.
    gradient : array
        What it made of it.
    steps : sequence of Step
        What was not finite inside the rule.
    """
    derivative: Any = node.derivative
    kind = kind_of(gradient)
    bad = holds(kind, gradient)
    index = first(bad)
    origin = origin_of(node) or Origin(node.operation)
    root = origin.root
    within = "" if root is origin else f", in the derivative of {root.operation},"
    argument = derivative.argument(number)
    outputs = derivative.operation.outputs
    read = {
        **{
            f"g of {outputs[min(i, len(outputs) - 1)]}" if outputs else "g": unwrap(part)
            for i, part in parts_of(g).items()
        },
        **dict(zip(derivative.names, map(unwrap, node.saved or ()), strict=True)),
    }
    arrays = {name: value for name, value in read.items() if _is_numeric(value)}
    values = {name: summary(value, gradient.shape, index) for name, value in arrays.items()}
    inputs = ", ".join(f"{name} = {value}" for name, value in values.items())
    head = (
        f"{node.operation}{within} made {_A[kind]} at {located(root.source)}, going backward, in "
        f"its gradient with respect to {argument}, from {inputs}{_at(bad)}"
    )
    lines = [
        head,
        *_source_lines(root.source, root.via),
        "  its rule:",
        *_formula_lines(derivative, argument, g),
        *(f"    {step.operation} made {_A[step.kind]}: {step.values()}" for step in steps),
        "  what the rule read:",
        *(f"    {name}: {_kind(arrays[name])}: {value}" for name, value in values.items()),
        *(
            f"    {name}: {textwrap.shorten(repr(value), 60)}"
            for name, value in read.items()
            if name not in arrays
        ),
        "  the operations that led there, newest last:",
        *chain((node,)),
    ]
    step = next((each for each in steps if each.kind == kind), None)
    shapes = {name: np.shape(value) for name, value in arrays.items()}
    return AnomalyError(
        "\n".join(lines),
        kind=kind,
        direction="backward",
        operation=node.operation if step is None else step.operation,
        rule=root.operation,
        source=root.source,
        via=root.via,
        index=index,
        shapes={**shapes, "gradient": gradient.shape},
    )


def in_gradient(node: Node, g: Any, what: str) -> AnomalyError:
    """The error for a gradient that no rule made: a seed, or what a hook returned."""
    value = as_array(unwrap(g))
    kind = kind_of(value)
    index = first(holds(kind, value))
    origin = origin_of(node)
    source, via = places() if origin is None else (origin.root.source, origin.root.via)
    lines = [
        f"{what}, for the result of {node.operation} at {located(source)}, holds {_A[kind]} at "
        f"index {index} of shape {value.shape}, going backward",
        *_source_lines(source, via),
    ]
    return AnomalyError(
        "\n".join(lines),
        kind=kind,
        direction="backward",
        operation=node.operation,
        source=source,
        via=via,
        index=index,
        shapes={"g": value.shape},
    )


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (np.ndarray, np.generic, float, int))


def _at(bad: Array) -> str:
    """The first bad index, of what shape, and how many there are; nothing for a number."""
    if not bad.ndim:
        return ""
    count = np.count_nonzero(bad)
    return f": index {first(bad)} of shape {bad.shape} ({count} of {bad.size} elements)"


def _kind(value: Any) -> str:
    array = np.asarray(unwrap(value))
    return f"{array.shape} {array.dtype}"


def _formula_lines(derivative: Any, argument: str, g: Any) -> list[str]:
    """The source text of the formula, or of those for the outputs that have a gradient."""
    operation = derivative.operation
    formula = operation.formulas[argument.partition("[")[0]]
    if callable(formula):
        formulas = [formula]
    else:
        outputs = [operation.outputs[number] for number in parts_of(g)]
        formulas = [formula[output] for output in outputs if output in formula]
    lines: list[str] = []
    for each in formulas:
        try:
            text = textwrap.dedent(inspect.getsource(each)).splitlines()
        except (OSError, TypeError):
            text = ["(its source cannot be read)"]
        lines += [f"    {line}" for line in text[:8]]
    return lines


def _source_lines(source: Place, via: Place | None) -> list[str]:
    lines = []
    if source[1]:
        lines = [f'  File "{source[0]}", line {source[1]}', f"    {source_line(source)}".rstrip()]
    if via is not None:
        lines.append(f"  in nn, {located(via)}: {source_line(via)}")
    return lines
