"""The formulas of rules in the names of the values that they are about."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from autograd_np.ancestry.spelling import value_text
from autograd_np.drawing.settings import arguments_of
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.formulas import formula_texts
from autograd_np.rules.registry import RULES

# A formula that is longer is broken after an operator or a comma.
_WIDEST = 44


def formula_lines(program: Program, call: Call, names: Mapping[int, str], g: str) -> list[str]:
    """The formula of each operand that wants a gradient; nothing where the rule has no text.

    Parameters
    ----------
    program : Program
    call : Call
    names : mapping of int to str
        Of the values, by `Ref.index`.
    g : str
        The name of the gradient that the rule is given.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> from autograd_np.ancestry.labels import display_names
    >>> w, x = ag.Tensor([1.0, 2.0], requires_grad=True), np.ones(2)
    >>> program = ag.trace(x * w)
    >>> formula_lines(program, program.calls[0], display_names(program), "dy")
    ['w: dy * x']
    """
    operation = RULES.get(call.function)
    if operation is None:
        return []
    arguments = dict(arguments_of(call))
    texts = formula_texts(operation)
    # Settings are best known by their own names: their values stand at the operation.
    given = {name: _as_text(arguments.get(name), names) for name in operation.formulas}
    known = {name: text for name, text in given.items() if text}
    # Of an argument whose shape alone is read.
    known |= {f"{name}_like": text for name, text in known.items()}
    made = operation.outputs[: operation.visible] or ("out",)
    known |= {name: names[ref.index] for name, ref in zip(made, call.outputs, strict=False)}
    known["g"] = g
    lines = []
    for name, text in texts.items():
        value = arguments.get(name)
        if any(program.variables[ref.index].requires_grad for ref in refs_in(value)):
            of = names[value.index] if isinstance(value, Ref) else name
            lines += broken(f"{of}: {renamed(text, known)}")
    return lines


def renamed(text: str, names: Mapping[str, str]) -> str:
    """An expression with other names, which need not be identifiers.

    What is no expression stays as it is.

    Examples
    --------
    >>> renamed("x.T @ g", {"x": "0.weight", "g": "dz"})
    '0.weight.T @ dz'
    """
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return text
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = names.get(node.id, node.id)
    return ast.unparse(tree)


def broken(text: str) -> list[str]:
    """A line of code in pieces that are not too wide.

    Examples
    --------
    >>> broken("g * y")
    ['g * y']
    """
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= _WIDEST:
            lines.append(line)
            line = f"  {word}"
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


def _as_text(value: Any, names: Mapping[int, str]) -> str:
    """What stands for an argument in a formula; nothing where its own name says it best."""
    if isinstance(value, Ref):
        return names[value.index]
    if isinstance(value, (int, float)):
        text = value_text(value, names)
        return f"({text})" if text.startswith("-") else text
    return ""
