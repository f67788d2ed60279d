"""A whole program as one native call."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from autograd_np.lowering.lowered import Lowered
from autograd_np.lowering.numba_backend import (  # noqa: F401
    elementwise,
    indexing,
    moments,
    products,
    reductions,
    views,
)
from autograd_np.lowering.numba_backend.assembly import assemble
from autograd_np.lowering.numba_backend.binding import bound
from autograd_np.lowering.numba_backend.compiling import available, compiled
from autograd_np.lowering.numba_backend.layout import lay_out
from autograd_np.lowering.numba_backend.names import Anchor, Names
from autograd_np.lowering.numba_backend.placement import place
from autograd_np.lowering.numba_backend.schedule import schedule
from autograd_np.lowering.numba_backend.source import sections
from autograd_np.lowering.numba_backend.translation import Translation
from autograd_np.lowering.numba_backend.workspace import plan, workspace
from autograd_np.program import Program

_numbers = itertools.count(1)


def lower(program: Program, names: Mapping[int, str], title: str = "step") -> Lowered:
    """Turn a program into native code that runs as one call.

    Parameters
    ----------
    program : Program
        Of NumPy's functions: those of this package have been expanded into them.
    names : mapping of int to str
        By `Ref.index`: what values are called in the source.
    title : str
        What tracebacks call the source.

    Raises
    ------
    CannotLowerError
        If there is no native code for an operation.
    ImportError
        If numba is not installed.
    """
    available()
    translation = Translation(program, names)
    form = translation.translate()
    layout = lay_out(form)
    blocks = schedule(form, layout)
    placement = place(form, layout.views, blocks)
    size = plan(placement.slots.values())
    called = Names(form.values, layout.views, placement, translation.taken)
    for flat, members in form.packs.items():
        called.anchors[flat] = [
            Anchor(form.values[each].name, start, start + form.values[each].size)
            for each in members
            for start in (layout.views[each].offset,)
        ]
    native = assemble(form, called, sections(form, called, blocks))
    filename = f"<{title}, native code {next(_numbers)}>"
    functions = compiled(native, form, filename)
    scratch = workspace(form, placement, size)
    run, wants, source = bound(form, native, functions, scratch, f"{filename[:-1]} call>")
    return Lowered(f"{native.source}\n\n{source}", run, wants)
