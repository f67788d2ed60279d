"""Names for values from where they are seen: the user's variables, the paths within modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_np.ancestry.gathering import by_use
from autograd_np.graph import tick
from autograd_np.handle import Handle
from autograd_np.lowering.rewriting import map_leaves
from autograd_np.program import Program, Ref, Variable


def label(program: Program, known: Mapping[str, Any]) -> None:
    """Name values by the variables that hold them, and parameters by their paths in modules."""
    for name, value in known.items():
        if isinstance(value, Handle) and value._node is not None:
            variable = program.variables.get(value._node.index)
            if variable is not None and name.isidentifier() and not name.startswith("_"):
                variable.label = name
        elif hasattr(value, "named_parameters") and not isinstance(value, type):
            for path, parameter in value.named_parameters():
                node = getattr(parameter, "_node", None)
                variable = program.variables.get(getattr(node, "index", 0))
                if variable is not None and variable.name is None:
                    variable.name = path


def with_named_arrays(program: Program, known: Mapping[str, Any]) -> Program:
    """The program with each plain array that a call was given as an input.

    It is named by the variable that holds it.
    """
    names = {id(value): name for name, value in known.items() if isinstance(value, np.ndarray)}
    found: dict[int, Ref] = {}
    variables = dict(program.variables)

    def named(value: Any) -> Any:
        if not isinstance(value, np.ndarray) or not value.ndim:
            return value
        ref = found.get(id(value))
        if ref is None:
            ref = found[id(value)] = Ref(tick())
            variable = Variable(value.shape, value.dtype, value, False, None, constant=True)
            variable.label = names.get(id(value))
            variables[ref.index] = variable
        return ref

    calls = [
        replace(call, args=map_leaves(named, call.args), kwargs=map_leaves(named, call.kwargs))
        for call in program.calls
    ]
    inputs = {ref.index for ref in (*program.inputs, *found.values())}
    return replace(program, calls=calls, inputs=by_use(calls, inputs), variables=variables)
