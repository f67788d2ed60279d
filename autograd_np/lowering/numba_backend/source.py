"""The whole function as source: arguments, scratch, one commented block after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
from autograd_np.lowering.numba_backend.placement import Placement
from autograd_np.lowering.numba_backend.schedule import Alone, Block, Nest
from autograd_np.lowering.numba_backend.walks import checked

_SHAPES = "an array has another size than when this step was compiled"


@dataclass(frozen=True, slots=True)
class Native:
    """The source of the native function.

    Attributes
    ----------
    source : str
    arrays, numbers : list of int
        The values that are its arguments: arrays, the scratch, numbers, then the outputs.
    """

    source: str
    arrays: list[int]
    numbers: list[int]


def write(form: Form, names: Names, blocks: Iterable[Block]) -> Native:
    """The source of a scheduled form whose values have their places."""
    body: list[str] = []
    for block in blocks:
        body += ["", *comments(names, block), *_block(names, block)]
    body += _ending(form, names)
    memory = _memory(names)
    arrays = [
        number
        for number in _arrays(form)
        if number in names.used and number not in names.placement.slots
    ]
    numbers = [
        number
        for number, value in form.values.items()
        if value.kind == "number" and number in names.used
    ]
    outputs = [f"output_{number}" for number in range(len(form.outputs))]
    pointers = [*(form.values[number].name for number in arrays), *outputs]
    arguments = [
        *(f"{form.values[number].name}_array" for number in arrays),
        "scratch",
        *(form.values[number].name for number in numbers),
        *(f"{name}_array" for name in outputs),
    ]
    head = [f"{name} = {expression}" for name, expression in names.literals.items()]
    sizes = [form.values[number].size for number in arrays]
    wrong = " or ".join(
        f"{name}_array.size != {size}" for name, size in zip(pointers, sizes, strict=False)
    )
    lines = [f"if {wrong}:", f"    raise ValueError({_SHAPES!r})"] if wrong else []
    lines += [f"{name} = pointer({name}_array)" for name in pointers]
    lines += memory
    lines += [f"{name} = {expression}" for name, expression in names.casts.items()]
    source = [*head, "", "", f"def step({', '.join(arguments)}):", *_indented([*lines, *body])]
    return Native("\n".join(source).strip("\n") + "\n", arrays, numbers)


def _arrays(form: Form) -> list[int]:
    """The arrays that are handed in: inputs, what callbacks return, constants."""
    members = {member for pack in form.packs.values() for member in pack}
    kinds = ("input", "constant")
    return [
        number
        for kind in kinds
        for number, value in form.values.items()
        if value.kind == kind and number not in members
    ]


def _ending(form: Form, names: Names) -> list[str]:
    """What was not computed in its place is copied there, outputs first."""
    lines: list[str] = []
    for number, output in names.placement.results:
        value = form.values[output]
        view = View(0, 0, value.shape, strides_of(value.shape))
        to = names.target(output, view, f"output_{number}")
        lines += [
            "",
            f"# output {number}: {value.name} {type_of(value)}",
            *_copy(names, to, output),
        ]
    for target, new in names.placement.writes:
        if target != new:
            name, view = form.values[target].name, names.views[target]
            lines += ["", f"# {name} = {form.values[new].name}"]
            lines += _copy(names, names.target(target, view), new)
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def _memory(names: Names) -> list[str]:
    """The pointers to what is computed."""
    placement: Placement = names.placement
    lines = []
    for root, slot in placement.slots.items():
        dtype = names.dtype(root).name.replace("bool", "uint8")
        lines.append(f"{names.values[root].name} = part(scratch, {slot.start}, {dtype})")
    for root, output in placement.outputs.items():
        lines.append(f"{names.values[root].name} = output_{output}")
    for root, anchors in names.anchors.items():
        flat = names.values[root].name
        lines += [
            f"{each.name} = {flat if each.start == 0 else f'moved({flat}, {each.start})'}"
            for each in anchors
            if each.used
        ]
    waiting = dict(placement.inside)
    for root in sorted(waiting, key=lambda root: _depth(placement, root)):
        owner, start = placement.inside[root]
        names.used.add(owner)
        name = names.values[owner].name
        moved = name if start == 0 else f"moved({name}, {start})"
        lines.append(f"{names.values[root].name} = {moved}")
    return lines


def _depth(placement: Placement, root: int) -> int:
    depth = 0
    while root in placement.inside:
        root, depth = placement.inside[root][0], depth + 1
    return depth


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
    if not names.values[operation.out].shape:
        lines.append(names.load(operation.out, f"{names.memory(operation.out)}[0]"))
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
    value = operation.value
    shape = names.values[value].shape
    what: Any = f"{operation.what} is not finite"
    if not names.in_memory(value):
        test = names.operand(value, names.dtype(value))
        return [f"if not abs({test}) < inf:", f"    raise FloatingPointError({what!r})"]
    return checked(names, shape, value, what)
