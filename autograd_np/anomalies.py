"""What is wrong with a result or a gradient, and the error that says so."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.graph import Node, Shape
from autograd_np.handle import Handle, as_array, unwrap
from autograd_np.nonfinite import Index, Step, first, holds, role, statistic, value_at
from autograd_np.provenance import (
    Origin,
    Place,
    chain,
    chain_lines,
    located,
    origin_of,
    places,
    saved_names,
    source_line,
)
from autograd_np.rules.cotangents import parts_of

if TYPE_CHECKING:
    from autograd_np.rules.derivative import Derivative

Array = np.ndarray[Any, Any]

_UNKNOWN: Place = ("<unknown>", 0)
_WORDS = {"nan": "a NaN", "inf": "an inf"}


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
        Backward: the operation whose derivative was being computed.
    source : tuple of (str, int)
        The user's file and line: backward, of the operation that was differentiated.
    via : tuple of (str, int) or None
        The line of `nn` that called the operation, if one did.
    index : tuple of int
        The first bad element of the result.
    shapes : dict of str to tuple
        Of the operands, by the names of the function's parameters, and of the result, as "out".
    """

    def __init__(
        self,
        message: str = "",
        *,
        kind: str = "nan",
        direction: str = "forward",
        operation: str = "",
        rule: str | None = None,
        source: Place = _UNKNOWN,
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


def in_forward(step: Step, rule: Node | None) -> AnomalyError:
    """The error for a result of an operation outside any rule."""
    source, via = places()
    outer = origin_of(rule)
    direction = "forward" if rule is None else "backward"
    where = f"going {direction}, at {located(source)}"
    if rule is not None:
        where += f", on the way of the gradient of {rule.operation}"
        if outer is not None:
            source, via = outer.user, outer.via
            where += f" at {located(source)}"
    cause = step.cause()
    if cause is None:
        values = step.values()
        head = (
            f"{step.operation} made {_WORDS[step.kind]} {where}: index {step.index} of shape "
            f"{step.result.shape}" + (f", from {values}" if values else "")
        )
    else:
        name, value = cause
        head = (
            f"{step.operation} was given {_WORDS[step.kind]} {where}: its operand {name}, "
            f"{role(value)} of shape {np.shape(unwrap(value))}, has it at index "
            f"{first(holds(step.kind, value))}"
        )
    nodes = [n for _, v in step.operands if isinstance(v, Handle) and (n := v._node) is not None]
    last = (source, f"{step.operation} {step.result.shape} {step.result.dtype}")
    lines = [
        head,
        *_where_lines(source, via),
        "  operands and result:",
        *step.lines(),
        *_chain_text(chain_lines(chain(None, tuple(nodes)), last)),
    ]
    return AnomalyError(
        "\n".join(lines),
        kind=step.kind,
        direction=direction,
        operation=step.operation,
        rule=None if rule is None else rule.operation,
        source=source,
        via=via,
        index=step.index,
        shapes=step.shapes(),
    )


def in_derivative(
    node: Node, number: int, g: Any, gradient: Any, steps: Sequence[Step]
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
    kind = "nan" if np.isnan(gradient).any() else "inf"
    step = next((each for each in steps if each.kind == kind), None)
    origin = origin_of(node) or Origin(node.operation, _UNKNOWN, None, {}, {}, None)
    index = first(holds(kind, gradient)) if step is None else step.index
    argument = _argument(derivative, number)
    inside = ""
    if step is not None:
        values = step.values()
        inside = f", by {step.operation}" + (f" from {values}" if values else "")
    head = (
        f"the derivative of {node.operation} with respect to {argument}, recorded at "
        f"{located(origin.user)}, made {_WORDS[kind]} going backward: index {index}{inside}"
    )
    read = [("g", g), *zip(saved_names(derivative), node.saved or (), strict=True)]
    lines = [head, *_where_lines(origin.user, origin.via), *_formula_lines(derivative, argument, g)]
    lines += ["  it read:", *(_read_line(name, value, gradient, kind) for name, value in read)]
    if steps:
        lines.append("  inside it:")
        for each in steps:
            values = each.values() or ", ".join(f"{n} {s}" for n, s in each.shapes().items())
            lines.append(f"    {each.operation} made {each.kind} at index {each.index}: {values}")
    lines.append(
        f"  its result: {gradient.shape} {gradient.dtype}: "
        f"{np.count_nonzero(holds(kind, gradient))} of {gradient.size} elements {kind}"
    )
    lines += _chain_text(chain_lines(chain(node, ())))
    shapes = {**origin.shapes, "g": np.shape(unwrap(g)), "out": gradient.shape}
    return AnomalyError(
        "\n".join(lines),
        kind=kind,
        direction="backward",
        operation=node.operation if step is None else step.operation,
        rule=node.operation,
        source=origin.user,
        via=origin.via,
        index=index,
        shapes=shapes if step is None else step.shapes(),
    )


def in_gradient(node: Node, g: Any, what: str) -> AnomalyError:
    """The error for a gradient that no rule made: a seed, or what a hook returned."""
    value = as_array(unwrap(g))
    kind = "nan" if np.isnan(value).any() else "inf"
    index = first(holds(kind, value))
    origin = origin_of(node)
    source, via = (origin.user, origin.via) if origin is not None else places()
    head = (
        f"{what}, of shape {value.shape}, holds {_WORDS[kind]} at index {index}: it belongs to "
        f"the result of {node.operation} at {located(source)}, going backward"
    )
    return AnomalyError(
        "\n".join([head, *_where_lines(source, via), *_chain_text(chain_lines(chain(node, ())))]),
        kind=kind,
        direction="backward",
        operation=node.operation,
        source=source,
        via=via,
        index=index,
        shapes={"g": value.shape},
    )


def _read_line(name: str, value: Any, gradient: Array, kind: str) -> str:
    """What a rule read: at the bad index of the gradient, if it reaches so far."""
    value = unwrap(value)
    if not isinstance(value, (np.ndarray, np.generic, float, int)):
        return f"    {name}: {textwrap.shorten(repr(value), 60)}"
    index = first(holds(kind, gradient))
    array = np.asarray(value)
    try:
        what = f"{value_at(array, gradient.shape, index)} at index {index}"
    except ValueError:
        what = statistic(array)
    return f"    {name}: {array.shape} {array.dtype}: {what}"


def _argument(derivative: Derivative, number: int) -> str:
    """Name of the argument whose gradient is that of parent `number`."""
    names: list[str] = []
    for item in derivative.wanted:
        if isinstance(item, int):
            names.append(derivative.operation.parameters[item])
        else:
            name = derivative.operation.parameters[item[0]]
            names += [f"{name}[{element}]" for element in item[1]]
    return names[number]


def _formula_lines(derivative: Derivative, argument: str, g: Any) -> list[str]:
    """The formula's source text."""
    formula = derivative.operation.formulas[argument.partition("[")[0]]
    if not callable(formula):
        outputs = derivative.operation.outputs
        formulas: list[Callable[..., Any]] = [
            formula[outputs[number]] for number in parts_of(g) if outputs[number] in formula
        ]
    else:
        formulas = [formula]
    lines = ["  its formula:"]
    for each in formulas:
        try:
            text = textwrap.dedent(inspect.getsource(each)).splitlines()
        except (OSError, TypeError):
            continue
        lines += [f"    {line}" for line in text[:8]]
    return lines if len(lines) > 1 else []


def _where_lines(source: Place, via: Place | None) -> list[str]:
    lines = []
    if source[1]:
        lines = [f'  File "{source[0]}", line {source[1]}']
        if text := source_line(source):
            lines.append(f"    {text}")
    if via is not None:
        lines.append(f"  in nn, {located(via)}: {source_line(via)}")
    return lines


def _chain_text(lines: list[str]) -> list[str]:
    return ["  the operations that led there, newest last:", *lines] if lines else []
