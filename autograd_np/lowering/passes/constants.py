"""Calls whose result is known before the program runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.passes.arguments import arrays_in
from autograd_np.lowering.rewriting import refs_in, rewritten, with_calls
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.creation import arange_like, eye_like
from autograd_np.rules.shapes import filled_like

# Read no more of their first operand than its shape and dtype.
_OF_SHAPES: frozenset[Callable[..., Any]] = frozenset(
    {np.zeros_like, np.ones_like, np.full_like, filled_like, arange_like, eye_like}
)


def constants(program: Program) -> Program:
    """The program with the results of calls that depend on shapes and constants alone.

    An array of the caller's, which a later call may find changed, is no constant.
    """
    updates = set(program.updates.values())
    known: dict[int, Any] = {}
    ours: set[int] = set()
    calls: list[Call] = []
    for call in program.calls:
        filled = rewritten(call, lambda ref: known.get(ref.index, ref)) if known else call
        if _is_constant(filled, ours) and updates.isdisjoint(call.outputs):
            for ref in call.outputs:
                value = known[ref.index] = _frozen(program.variables[ref.index].value)
                ours.add(id(value))
        else:
            calls.append(call)
    return with_calls(program, calls, known)


def _is_constant(call: Call, ours: set[int]) -> bool:
    if call.function in EFFECTS:
        return False
    values = (call.args, call.kwargs)
    if call.function in _OF_SHAPES and call.args and _is_array(call.args[0]):
        values = (call.args[1:], call.kwargs)
    return not any(refs_in(values)) and all(id(array) in ours for array in arrays_in(values))


def _is_array(value: Any) -> bool:
    return isinstance(value, (Ref, np.ndarray))


def _frozen(value: Any) -> Any:
    """A copy that nobody can write to, in the same order in memory."""
    if not isinstance(value, np.ndarray):
        return value
    value = value.copy(order="K")
    value.flags.writeable = False
    return value
