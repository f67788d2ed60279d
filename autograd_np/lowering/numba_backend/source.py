"""Each block of a schedule as lines of source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from autograd_np.lowering.numba_backend import blas, loops
from autograd_np.lowering.numba_backend.comments import comments, type_of
from autograd_np.lowering.numba_backend.form import (
    Check,
    FindExtreme,
    Form,
    Join,
    Pointwise,
    Product,
    Scatter,
)
from autograd_np.lowering.numba_backend.layout import View, strides_of
from autograd_np.lowering.numba_backend.names import Names
from autograd_np.lowering.numba_backend.schedule import Alone, Block, Nest
from autograd_np.lowering.numba_backend.walks import checked


@dataclass(frozen=True, slots=True)
class Section:
    """The lines of one block, and the comments above them."""

    comments: list[str]
    lines: list[str]


def sections(form: Form, names: Names, blocks: Iterable[Block]) -> list[Section]:
    """All that the native code does, in order."""
    made = [Section(comments(names, block), _block(names, block)) for block in blocks]
    return [*made, *_ending(form, names)]


def _ending(form: Form, names: Names) -> list[Section]:
    """What was not computed in its place is copied there, outputs first."""
    made = []
    for number, output in names.placement.results:
        value = form.values[output]
        view = View(0, 0, value.shape, strides_of(value.shape))
        to = names.target(output, view, f"output_{number}")
        comment = f"# output {number}: {value.name} {type_of(value)}"
        made.append(Section([comment], _copy(names, to, output)))
    for target, new in names.placement.writes:
        if target != new:
            comment = f"# {form.values[target].name} = {form.values[new].name}"
            to = names.target(target, names.views[target])
            made.append(Section([comment], _copy(names, to, new)))
    return made


def _block(names: Names, block: Block) -> list[str]:
    if isinstance(block, Nest):
        return loops.Nest(names, block.space, block.operations).lines()
    assert isinstance(block, Alone)
    operation = block.operation
    match operation:
        case Product():
            lines = blas.product(names, operation)
        case Scatter():
            return loops.Nest(names, operation.shape, (operation,)).lines()
        case Join():
            return _join(names, operation)
        case FindExtreme():
            lines = _find(names, operation)
        case Check():
            return _check(names, operation)
    return lines


def _join(names: Names, operation: Join) -> list[str]:
    """Copies of the parts that were not computed in their places."""
    lines: list[str] = []
    start = 0
    for part in operation.parts:
        value = names.values[part]
        if names.placement.inside.get(part) != (operation.out, start):
            view = View(operation.out, start, value.shape, strides_of(value.shape))
            lines += _copy(names, names.target(part, view), part)
        start += value.size
    return lines or ["# computed in place"]


def _copy(names: Names, to: int, of: int) -> list[str]:
    dtype = names.dtype(to)
    operation = Pointwise(to, "{0}", (of,), (dtype,))
    return loops.Nest(names, names.values[to].shape, (operation,)).lines()


def _find(names: Names, operation: FindExtreme) -> list[str]:
    """The first place of the greatest element along an axis; of NaN, if there is one."""
    view, out = names.views[operation.operand], names.views[operation.out]
    kept = [axis for axis in range(len(view.shape)) if axis != operation.axis]
    own = [
        axis for axis in range(len(out.shape)) if len(out.shape) != len(view.shape) or axis in kept
    ]
    lines, pad, terms, places = [], "", [str(view.offset)], ["0"]
    for depth, (axis, mine) in enumerate(zip(kept, own, strict=True)):
        index = "ijkl"[depth]
        lines.append(f"{pad}for {index} in range({view.shape[axis]}):")
        terms.append(f"{index} * {view.strides[axis]}")
        places.append(f"{index} * {out.strides[mine]}")
        pad += "    "
    at = " + ".join(terms)
    memory = names.memory(operation.operand)
    best, place, each = names.fresh("best"), names.fresh("place"), names.fresh("each")
    body = [
        f"{best} = {memory}[{at}]",
        f"{place} = 0",
        f"for inner in range(1, {view.shape[operation.axis]}):",
        f"    {each} = {memory}[{at} + inner * {view.strides[operation.axis]}]",
        f"    if {each} {operation.sign} {best} or ({each} != {each} and {best} == {best}):",
        f"        {best} = {each}",
        f"        {place} = inner",
        f"{names.memory(operation.out)}[{' + '.join(places)}] = {place}",
    ]
    return [*lines, *(pad + line for line in body)]


def _check(names: Names, operation: Check) -> list[str]:
    value = names.values[operation.value]
    boolean = value.dtype is not None and value.dtype.kind == "b"
    error = "ValueError" if boolean else "FloatingPointError"
    wrong = "not {0}" if boolean else "not abs({0}) < inf"
    failing = f"    raise {error}({operation.message!r})"
    if names.in_memory(operation.value):
        return checked(names, value.shape, operation.value, wrong, failing)
    number = names.operand(operation.value, value.dtype or np.dtype(float))
    return [f"if {wrong.format(number)}:", failing]
