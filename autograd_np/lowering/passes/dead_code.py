"""Calls whose results nobody reads."""

from __future__ import annotations

from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.rewriting import operands, refs_in, with_calls
from autograd_np.program import Call, Program


def dead_code(program: Program) -> Program:
    """The program without the calls that no output, update or effect depends on."""
    read = {ref.index for ref in refs_in((program.outputs, program.updates))}
    calls: list[Call] = []
    for call in reversed(program.calls):
        if call.function in EFFECTS or any(ref.index in read for ref in call.outputs):
            read.update(ref.index for ref in operands(call))
            calls.append(call)
    return with_calls(program, reversed(calls))
