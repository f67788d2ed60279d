"""Programs as readable NumPy, compiled by Python itself."""

from __future__ import annotations

import functools
import itertools
import linecache
from collections.abc import Collection, Mapping

from autograd_np.lowering.lowered import Lowered
from autograd_np.lowering.numpy_backend.source import write_source
from autograd_np.program import Program

_number = itertools.count(1).__next__


def lower(
    program: Program,
    names: Mapping[int, str],
    title: str = "step",
    live: Collection[int] = (),
) -> Lowered:
    """Write a program as NumPy source, and make a function of it.

    Tracebacks and debuggers show the lines of the source.
    """
    source = write_source(program, names, title, live)
    file = f"<autograd_np {title} {_number()}>"
    namespace: dict[str, object] = {}
    exec(compile(source.text, file, "exec"), namespace)
    linecache.cache[file] = (len(source.text), None, source.text.splitlines(keepends=True), file)
    # The program holds these already: no need for them twice.
    namespace.update(source.arrays)
    function = namespace[source.function]
    assert callable(function)
    run = functools.partial(function, **source.bound) if source.bound else function
    return Lowered(source.text, run, tuple(program.inputs))
