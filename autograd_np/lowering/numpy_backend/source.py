"""A program as NumPy source that a person can read, and that runs by itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from autograd_np.lowering.naming import identifier, unique
from autograd_np.lowering.numpy_backend.memory import plan_memory
from autograd_np.lowering.numpy_backend.statements import Line, Statements
from autograd_np.lowering.numpy_backend.top import commented, top_of
from autograd_np.lowering.numpy_backend.writing import Writer
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Program


@dataclass(frozen=True, slots=True)
class Source:
    """Source, the function in it, and what it is handed beside the inputs.

    Attributes
    ----------
    arrays : dict of str to array
        Constants that are written at the top, and that are there already.
    """

    text: str
    function: str
    bound: dict[str, Any]
    arrays: dict[str, Any]


def write_source(
    program: Program,
    names: Mapping[int, str],
    title: str,
    live: Collection[int] = (),
) -> Source:
    """Write a program as one function of its inputs.

    Parameters
    ----------
    program : Program
    names : mapping of int to str
        Of the values, by `Ref.index`.
    title : str
        The traced function's name.
    live : collection of int
        Ids of constant arrays that may change between calls.
    """
    writer = Writer(names, live, program.variables)
    title = unique("step" if title == "<lambda>" else identifier(title), writer.taken)
    statements = Statements(program, plan_memory(program), writer)
    body = _sections(program, statements)
    copies, returned = statements.results()
    body += [*copies, *statements.updates()]
    parameters = [writer.names[ref.index] for ref in program.inputs] + list(writer.bound)
    head = [f"def {title}({', '.join(parameters)}):"]
    if len(head[0]) > 96:
        head = [f"def {title}(", *(f"    {name}," for name in parameters), "):"]
    lines = [
        *top_of(title, statements),
        "",
        *head,
        *(f"    {commented(line)}" for line in body),
        f"    return {returned}",
        "",
    ]
    return Source("\n".join(lines), title, writer.bound, writer.arrays)


def _sections(program: Program, statements: Statements) -> list[Line]:
    """All calls, under headings, and silent where the functions that they are from are."""
    sections = sections_of(program)
    lines: list[Line] = []
    section = ""
    quiet: tuple[str, ...] = ()
    for call in program.calls:
        now, own = sections[call.outputs[0].index], statements.of(call)
        if own and now != section:
            lines.append((f"# {now}", ""))
            section, quiet = now, ()
        if own and call.quiet != quiet:
            quiet = call.quiet
            if quiet:
                kinds = ", ".join(f'{kind}="ignore"' for kind in sorted(quiet))
                lines.append((f"with np.errstate({kinds}):", ""))
        lines += [(f"    {line}", comment) for line, comment in own] if quiet else own
    return lines


def sections_of(program: Program) -> dict[int, str]:
    """Which part of a step each value belongs to, by `Ref.index`: forward, backward or update."""
    sections: dict[int, str] = {}
    begun = False
    for call in program.calls:
        begun = begun or call.derivative_of is not None
        read = {sections[ref.index] for ref in operands(call) if ref.index in sections}
        if call.derivative_of is not None:
            section = "backward"
        elif begun and (read - {"forward"} or not read):
            section = "update"
        else:
            section = "forward"
        sections.update({ref.index: section for ref in call.outputs})
    return sections
