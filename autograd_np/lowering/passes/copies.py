"""Values that are mere copies of others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.lowering.passes.sharing import Sharing
from autograd_np.lowering.rewriting import with_calls
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.indexing import getitem
from autograd_np.rules.shapes import cast, discretize, duplicate

# Return their first operand, copied, if shape and dtype stay the same.
_COPIES: frozenset[Callable[..., Any]] = frozenset(
    {
        np.positive,
        np.copy,
        np.astype,
        np.real,
        np.reshape,
        np.ravel,
        np.squeeze,
        np.broadcast_to,
        cast,
        discretize,
        duplicate,
        stop_gradient,
    }
)


def copies(program: Program) -> Program:
    """The program with the originals in place of their copies.

    A copy stays where it is an output or an update, whose memory must be nobody else's; where its
    elements lie in another order; and where a product would notice that two operands are one.
    """
    originals = {
        call.outputs[0].index: original
        for call in program.calls
        if (original := _original(call, program)) is not None
    }
    if not originals:
        return program
    sharing = Sharing(program)
    instead = {
        index: original
        for index, original in originals.items()
        if sharing.stand_in(original, Ref(index))
    }
    calls = [call for call in program.calls if call.outputs[0].index not in instead]
    return with_calls(program, calls, instead)


def _original(call: Call, program: Program) -> Ref | None:
    """The value of which a call returns a copy."""
    if not call.args or not isinstance(call.args[0], Ref):
        return None
    if not (call.function in _COPIES or _is_whole(call) or _is_conjugate(call, program)):
        return None
    made = program.variables[call.outputs[0].index]
    given = program.variables[call.args[0].index]
    if made.dtype != given.dtype or made.shape != given.shape or given.weak:
        return None
    same = getattr(made.value, "strides", None) == getattr(given.value, "strides", ())
    return call.args[0] if same else None


def _is_whole(call: Call) -> bool:
    return call.function is getitem and call.args[1] is Ellipsis


def _is_conjugate(call: Call, program: Program) -> bool:
    """Whether this is the conjugate of something real."""
    dtype = program.variables[call.outputs[0].index].dtype
    return call.function is np.conjugate and dtype.kind != "c"
