"""Calls that compute what another has computed already."""

from __future__ import annotations

from collections.abc import Hashable

from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.passes.arguments import key_of
from autograd_np.lowering.passes.sharing import Sharing
from autograd_np.lowering.rewriting import rewritten, with_calls
from autograd_np.program import Call, Program, Ref


def common_subexpressions(program: Program) -> Program:
    """The program with one call in place of equal ones.

    Equal are calls of one function with the same operands and settings; arrays that are no values
    of the program must be the same array. Two calls stay where their results are handed out, or
    where a product would notice that its operands have become one.
    """
    sharing: Sharing | None = None
    first: dict[Hashable, Call] = {}
    instead: dict[int, Ref] = {}
    calls: list[Call] = []
    for given in program.calls:
        call = rewritten(given, lambda ref: instead.get(ref.index, ref)) if instead else given
        earlier = call
        if call.function not in EFFECTS:
            key = (call.function, key_of(call.args), key_of(call.kwargs))
            earlier = first.setdefault(key, call)
        if earlier is not call:
            sharing = sharing or Sharing(program)
            pairs = list(zip(earlier.outputs, call.outputs, strict=True))
            if sharing.stand_in_each(pairs):
                instead.update((other.index, one) for one, other in pairs)
                continue
        calls.append(call)
    return with_calls(program, calls, instead)
