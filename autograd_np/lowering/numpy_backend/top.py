"""What stands above the function: what it is, its constants, and the memory of its buffers."""

from __future__ import annotations

import os

import numpy as np

from autograd_np.lowering.naming import unique
from autograd_np.lowering.numpy_backend.places import Buffer
from autograd_np.lowering.numpy_backend.statements import Line, Statements


def top_of(title: str, statements: Statements) -> list[str]:
    """The lines above a function whose statements have been written."""
    constants = statements.writer.constants
    lines = [
        f'"""{title}, as it was traced: written by autograd_np.',
        "",
        *_described(statements),
        '"""',
        "",
        "import numpy as np",
    ]
    scalars = [each for each in constants if each[2]]
    if scalars:
        lines += ["", "# Constants of the trace."]
        lines += [
            commented((f"{name} = {text}", os.path.basename(place)))
            for name, text, place in scalars
        ]
    arrays = [f"{name} = {text}" for name, text, place in constants if not place]
    memory = [*_buffers(statements), *arrays]
    if memory:
        lines += ["", "# Memory that is used again at each call.", *memory]
    return [*lines, ""]


def commented(line: Line) -> str:
    """A line with its comment in a column of its own."""
    code, comment = line
    return f"{code:<60}  # {comment}" if comment else code


def _described(statements: Statements) -> list[str]:
    program, writer = statements.program, statements.writer
    lines = []
    for ref in program.inputs:
        variable = program.variables[ref.index]
        updated = ", overwritten" if ref.index in program.updates else ""
        kind = "a number" if variable.weak else f"{variable.dtype.name} {variable.shape}"
        lines.append(f"{writer.names[ref.index]}: {kind}{updated}")
    for name, value in writer.bound.items():
        kind = f"{value.dtype.name} {value.shape}" if isinstance(value, np.ndarray) else ""
        lines.append(f"{name}: {kind or 'called at each step' if callable(value) else kind}")
    return lines


def _buffers(statements: Statements) -> list[str]:
    plan, names = statements.plan, statements.buffers
    if not plan.buffers:
        return []
    memory = unique("memory", statements.writer.taken)
    lines = [f"{memory} = np.empty({plan.size}, np.uint8)"]
    for buffer in plan.buffers:
        view = f"{memory}[{buffer.begin}:{buffer.end}].view(np.{buffer.dtype.name})"
        order = "" if buffer.order == "C" else ', order="F"'
        shape = f".reshape({', '.join(map(str, buffer.shape))}{order})"
        lines.append(f"{names[buffer.number]} = {view}{shape if len(buffer.shape) > 1 else ''}")
    for part, name in statements.slices.items():
        flat = plan.destinations[part.of]
        assert isinstance(flat, Buffer)
        view = f"{names[flat.number]}[{part.start}:{part.stop}]"
        shape = f".reshape({', '.join(map(str, part.shape))})" if len(part.shape) != 1 else ""
        lines.append(f"{name} = {view}{shape}")
    return lines
