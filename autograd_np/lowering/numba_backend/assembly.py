"""Native functions from sections of source: what each is given, and the pointers that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograd_np.lowering.numba_backend.form import Form
from autograd_np.lowering.numba_backend.names import Names
from autograd_np.lowering.numba_backend.outlining import outlined
from autograd_np.lowering.numba_backend.placement import Placement
from autograd_np.lowering.numba_backend.reserved import RESERVED
from autograd_np.lowering.numba_backend.source import Section

_SHAPES = "an array has another size than when this step was compiled"
_WORD = re.compile(r"[A-Za-z_]\w*")

# The compiler takes more than twice as long for twice as many lines. A section also needs pointers.
_LONGEST = 700
_POINTERS = 4


@dataclass(frozen=True, slots=True)
class Function:
    """A native function: its name, and what it is given.

    Attributes
    ----------
    name : str
    arrays, numbers, outputs : list of int
        Values by their numbers; between the arrays and the numbers comes the scratch.
    """

    name: str
    arrays: list[int]
    numbers: list[int]
    outputs: list[int]


@dataclass(frozen=True, slots=True)
class Native:
    """The source of native functions that are called one after the other; mostly of one."""

    source: str
    functions: list[Function]


def assemble(form: Form, names: Names, sections: list[Section]) -> Native:
    """Write the functions."""
    definitions = _definitions(form, names)
    arrays = {f"{form.values[number].name}_array": number for number in _arrays(form, names)}
    numbers = {value.name: n for n, value in form.values.items() if value.kind == "number"}
    outputs = {f"output_{number}_array": number for number in range(len(form.outputs))}
    helpers: list[str] = []
    if sum(map(_length, sections)) > _LONGEST:
        helpers, sections = outlined(sections, definitions, RESERVED | names.literals.keys())
    parts = list(_parts(sections))
    functions, written = [], []
    for number, part in enumerate(parts, 1):
        needed = _needed(part, definitions)
        used = [name for name in definitions if name in needed]
        words = {*needed, *(word for name in used for word in _WORD.findall(definitions[name]))}
        function = Function(
            "step" if len(parts) == 1 else names.fresh(f"native_{number}"),
            [arrays[name] for name in arrays if name in words],
            [numbers[name] for name in numbers if name in words],
            [outputs[name] for name in outputs if name in words],
        )
        functions.append(function)
        lines = [f"{name} = {definitions[name]}" for name in used]
        for section in part:
            lines += ["", *section.comments, *section.lines]
        written += ["", "", *_function(form, function, lines)]
    literals = [f"{name} = {expression}" for name, expression in names.literals.items()]
    text = "\n".join([*literals, *helpers, *written]).strip("\n")
    return Native(f"{text}\n", functions)


def _function(form: Form, function: Function, lines: list[str]) -> list[str]:
    given = [form.values[number].name for number in function.arrays]
    arguments = [
        *(f"{name}_array" for name in given),
        "scratch",
        *(form.values[number].name for number in function.numbers),
        *(f"output_{number}_array" for number in function.outputs),
    ]
    wrong = " or ".join(
        f"{name}_array.size != {form.values[number].size}"
        for name, number in zip(given, function.arrays, strict=True)
    )
    check = [f"if {wrong}:", f"    raise ValueError({_SHAPES!r})"] if wrong else []
    body = [f"    {line}" if line else "" for line in (*check, *lines)] or ["    pass"]
    return [f"def {function.name}({', '.join(arguments)}):", *body]


def _parts(sections: list[Section]) -> Iterator[list[Section]]:
    """The sections, in parts that are not too long for the compiler."""
    part: list[Section] = []
    length = 0
    for section in sections:
        if part and length + _length(section) > _LONGEST:
            yield part
            part, length = [], 0
        part.append(section)
        length += _length(section)
    yield part


def _length(section: Section) -> int:
    return len(section.lines) + _POINTERS


def _arrays(form: Form, names: Names) -> Iterator[int]:
    """The arrays that can be handed in: inputs, what callbacks return, constants."""
    members = {member for pack in form.packs.values() for member in pack}
    for kind in ("input", "constant"):
        for number, value in form.values.items():
            if value.kind == kind and number not in members | names.placement.slots.keys():
                yield number


def _needed(part: Iterable[Section], definitions: dict[str, str]) -> set[str]:
    """The names defined outside of some sections that they use, or that those use in turn."""
    found = {word for section in part for line in section.lines for word in _WORD.findall(line)}
    waiting = list(found)
    while waiting:
        for word in _WORD.findall(definitions.get(waiting.pop(), "")):
            if word not in found:
                found.add(word)
                waiting.append(word)
    return found


def _definitions(form: Form, names: Names) -> dict[str, str]:
    """What stands for the pointers and the cast numbers, in an order in which they can stand."""
    placement = names.placement
    found: dict[str, str] = {}
    for number in _arrays(form, names):
        name = form.values[number].name
        found[name] = f"pointer({name}_array)"
    for number in range(len(form.outputs)):
        found[f"output_{number}"] = f"pointer(output_{number}_array)"
    for root, slot in placement.slots.items():
        dtype = names.dtype(root).name.replace("bool", "uint8")
        found[names.values[root].name] = f"part(scratch, {slot.start}, {dtype})"
    for root, output in placement.outputs.items():
        found[names.values[root].name] = f"output_{output}"
    for root, anchors in names.anchors.items():
        flat = names.values[root].name
        for anchor in anchors:
            found[anchor.name] = _moved(flat, anchor.start)
    for root in sorted(placement.inside, key=lambda root: _depth(placement, root)):
        owner, start = placement.inside[root]
        found[names.values[root].name] = _moved(names.values[owner].name, start)
    return found | names.casts


def _moved(name: str, start: int) -> str:
    return name if start == 0 else f"moved({name}, {start})"


def _depth(placement: Placement, root: int) -> int:
    depth = 0
    while root in placement.inside:
        root, depth = placement.inside[root][0], depth + 1
    return depth
