"""A program as text, one aligned line per operation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.columns import aligned
from autograd_np.lowering.naming import value_names

if TYPE_CHECKING:
    from autograd_np.program import Program, Ref, Variable


def listing(program: Program) -> str:
    """Inputs, then one line per operation: result, shape and dtype, call, the user's line."""
    names = value_names(program)
    rows = [
        (names[ref.index], _type(program, ref), role_of(program.variables[ref.index]), "")
        for ref in program.inputs
    ]
    for call in program.calls:
        shown = [_show(value, names) for value in call.args]
        shown += [f"{name}={_show(value, names)}" for name, value in call.kwargs.items()]
        file, line = call.source
        source = f"{os.path.basename(file)}:{line}" if line else ""
        result = ", ".join(names[ref.index] for ref in call.outputs)
        types = ", ".join(_type(program, ref) for ref in call.outputs)
        rows.append((result, types, f"{call.function.__name__}({', '.join(shown)})", source))
    return "\n".join(aligned(rows))


def role_of(variable: Variable) -> str:
    """What an input of a program is: a parameter, a constant, or data."""
    if variable.requires_grad:
        return "parameter"
    return "constant" if variable.constant else "input"


def _type(program: Program, ref: Ref) -> str:
    variable = program.variables[ref.index]
    return f"{variable.dtype.name}[{','.join(map(str, variable.shape))}]"


def _show(value: Any, names: dict[int, str]) -> str:
    index = getattr(value, "index", None)
    if isinstance(index, int):
        return names[index]
    if isinstance(value, np.ndarray):
        return f"<{value.dtype.name}[{','.join(map(str, value.shape))}]>"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_show(item, names) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner})"
    return getattr(value, "__name__", None) or repr(value)
