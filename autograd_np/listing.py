"""A program as text, one aligned line per operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_np.ancestry.labels import display_names
from autograd_np.ancestry.spelling import call_text, cut, joined, place_text, type_text
from autograd_np.columns import aligned
from autograd_np.lowering.rewriting import operands
from autograd_np.rules.registry import RULES

if TYPE_CHECKING:
    from autograd_np.program import Call, Program, Ref, Variable

_LEAN = "(values, all settings and lines: compute it under `with ag.record():`)"

_EMPTY = "(no operation on Tensors was recorded)"

# What a reverse pass calls the rule that adds a gradient to one of an earlier pass.
_LEAF = "leaf"

# Characters of a call, and outputs of one, that are shown.
_WIDEST = 72
_OUTPUTS = 4


def listing(program: Program) -> str:
    """Inputs, then one line per operation: result, dtype and shape, call, module, the user's line.

    Where the program is from lean nodes, the last line says how to see more.
    """
    names = display_names(program)
    read = {ref.index for call in program.calls for ref in operands(call)}
    rows = []
    for ref in program.inputs:
        role = "gradient" if ref.index in program.gradients else None
        role = role or role_of(program.variables[ref.index])
        rows.append((names[ref.index], _type(program, ref), role, "", ""))
    for call in program.calls:
        outputs = _outputs(call, read)
        rows.append(
            (
                joined([names[ref.index] for ref in outputs], _OUTPUTS),
                joined([_type(program, ref) for ref in outputs], _OUTPUTS),
                cut(call_text(call, names), _WIDEST),
                _part(call),
                place_text(call.source),
            )
        )
    if not rows:
        return _EMPTY
    # A column that nothing stands in would be a gap.
    used = [number for number, cells in enumerate(zip(*rows, strict=True)) if any(cells)]
    lines = aligned([[row[number] for number in used] for row in rows])
    return "\n".join([*lines, _LEAN] if is_lean(program) else lines)


def is_lean(program: Program) -> bool:
    """Whether the values of some operations are not known, since no full recording was made."""
    return any(
        program.variables[ref.index].value is None for call in program.calls for ref in call.outputs
    )


def role_of(variable: Variable) -> str:
    """What an input of a program is: a parameter, a constant, or data."""
    if variable.requires_grad and not variable.computed:
        return "parameter"
    return "constant" if variable.constant else "input"


def _outputs(call: Call, read: set[int]) -> list[Ref]:
    """The results that the user is handed, and those that only serve the rule where it is shown."""
    operation = RULES.get(call.function)
    handed = len(call.outputs) if operation is None else operation.visible
    return [ref for n, ref in enumerate(call.outputs) if n < handed or ref.index in read]


def _type(program: Program, ref: Ref) -> str:
    variable = program.variables[ref.index]
    return type_text(variable.dtype, variable.shape)


def _part(call: Call) -> str:
    """Which rule, else which module or other scope, a call is from."""
    if call.rule == _LEAF:
        return "added to .grad"
    if call.rule is not None:
        return f"rule of {call.rule}"
    return "" if call.scope is None else call.scope.path or call.scope.kind
