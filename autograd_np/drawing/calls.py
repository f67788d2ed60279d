"""Which calls of a program are drawn, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from autograd_np.ancestry.labels import LONGEST
from autograd_np.ancestry.spelling import call_text, cut, place_text, without_address
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program
from autograd_np.rules.registry import RULES, name_of


def leading_to(values: Iterable[int], calls: Sequence[Call]) -> list[Call]:
    """Those of the calls that values, by `Ref.index`, depend on."""
    wanted, found = set(values), []
    for call in reversed(calls):
        if any(ref.index in wanted for ref in call.outputs):
            wanted.update(ref.index for ref in operands(call))
            found.append(call)
    return found[::-1]


def before_gradients(program: Program) -> list[Call]:
    """The calls that depend on no gradient: the forward pass, without what updates parameters."""
    after = set(program.gradients)
    calls = []
    for call in program.calls:
        if call.derivative_of is None and not any(ref.index in after for ref in operands(call)):
            calls.append(call)
        else:
            after.update(ref.index for ref in call.outputs)
    return calls


def visible(call: Call) -> list[int]:
    """The results that the user is handed, not those that only serve the rule."""
    operation = RULES.get(call.function)
    count = len(call.outputs) if operation is None else operation.visible
    return [ref.index for ref in call.outputs[:count]]


def title_of(call: Call) -> str:
    """The name of the function that is called."""
    return cut(without_address(name_of(call.function)), LONGEST)


def described(call: Call, names: Mapping[int, str]) -> str:
    """The call in full, with the user's file and line where they are known."""
    place, text = place_text(call.source), without_address(call_text(call, names))
    return f"{text}   {place}" if place else text
