"""A program as NumPy source that a person can read, and that runs by itself."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.lowering.effects import require, require_finite
from autograd_np.lowering.naming import identifier, unique
from autograd_np.lowering.numpy_backend.functions import BY_VALUES, COPIES
from autograd_np.lowering.numpy_backend.memory import (
    Buffer,
    Destination,
    Over,
    Plan,
    Slice,
    plan_memory,
)
from autograd_np.lowering.numpy_backend.writing import Writer
from autograd_np.lowering.packed import packed
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.formulas import formula_texts
from autograd_np.rules.indexing import index_add, index_set, is_basic
from autograd_np.rules.registry import RULES

_NOWHERE = Call(stop_gradient, (), {}, (), ("the result", 0))


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
    return _Page(program, names, title, live).source()


class _Page:
    def __init__(
        self, program: Program, names: Mapping[int, str], title: str, live: Collection[int]
    ) -> None:
        self.program = program
        self.plan: Plan = plan_memory(program)
        self.writer = Writer(names, live, program.variables)
        self.title = unique("step" if title == "<lambda>" else identifier(title), self.writer.taken)
        self.buffers = {b.number: unique("buffer", self.writer.taken) for b in self.plan.buffers}
        self.slices: dict[Slice, str] = {}
        self.uses: dict[int, int] = {}
        for call in program.calls:
            for ref in operands(call):
                self.uses[ref.index] = self.uses.get(ref.index, 0) + 1
        self.lines: list[tuple[str, str]] = []

    def source(self) -> Source:
        self._rename()
        sections = sections_of(self.program)
        section = ""
        quiet: tuple[str, ...] = ()
        for call in self.program.calls:
            now = sections[call.outputs[0].index]
            lines = [*self._call(call), *self._checks(call)]
            if lines and now != section:
                self.lines.append((f"# {now}", ""))
                section, quiet = now, ()
            if lines and call.quiet != quiet:
                quiet = call.quiet
                if quiet:
                    kinds = ", ".join(f'{kind}="ignore"' for kind in sorted(quiet))
                    self.lines.append((f"with np.errstate({kinds}):", ""))
            self.lines += [(f"    {line}", note) for line, note in lines] if quiet else lines
        returned = self._outputs()
        self.lines += self._updates()
        parameters = [self.writer.names[ref.index] for ref in self.program.inputs]
        parameters += self.writer.bound
        body = [_with_comment(line, comment) for line, comment in self.lines]
        head = [f"def {self.title}({', '.join(parameters)}):"]
        if len(head[0]) > 96:
            head = [f"def {self.title}(", *(f"    {name}," for name in parameters), "):"]
        text = "\n".join(
            [
                *self._top(),
                "",
                *head,
                *(f"    {line}" for line in body),
                f"    return {returned}",
                "",
            ]
        )
        return Source(text, self.title, self.writer.bound, self.writer.arrays)

    def _rename(self) -> None:
        """Give a value without a name that of the value that is written over it."""
        names = self.writer.names
        for call in reversed(self.program.calls):
            destination = self.plan.destinations.get(call.outputs[0].index)
            if not isinstance(destination, Over):
                continue
            if self.writer.augmented(call, Ref(destination.index)) is not None:
                old, new = names[destination.index], names[call.outputs[0].index]
                if re.fullmatch(r"t\d+", old) and not re.fullmatch(r"t\d+", new):
                    names[destination.index] = new

    def _call(self, call: Call) -> Iterator[tuple[str, str]]:
        names, comment = self.writer.names, self._comment(call)
        if call.function is require:
            condition = self.writer.value(call.args[0], call)
            yield f"if not {condition}:", ""
            yield f"    raise ValueError({call.args[1]!r})", ""
            return
        if call.function is require_finite:
            value = self.writer.value(call.args[0], call)
            what = str(call.args[1]).replace("{", "{{").replace("}", "}}")
            number = self.program.variables[call.args[0].index].shape == ()
            shown = f"{what} is not finite" + (f" ({{{value}}})" if number else "")
            yield f"if not np.isfinite({value}).all():", ""
            yield f"    raise FloatingPointError(f{shown!r})", ""
            return
        if call.function is packed:
            yield from self._packed(call, comment)
            return
        if len(call.outputs) > 1:
            results = ", ".join(names[ref.index] for ref in call.outputs)
            yield f"{results} = {self.writer.call(call)}", comment
            return
        ref = call.outputs[0]
        if self._is_inlined(call):
            names[ref.index] = self.writer.call(call)
            return
        destination = self.plan.destinations.get(ref.index)
        if call.function is index_set:
            yield from self._assignment(call, destination, comment)
            return
        if call.function is index_add and not call.kwargs and is_basic(call.args[1]):
            # No place is selected twice.
            variable = self.program.variables[ref.index]
            index = self.writer.index(call.args[1], call)
            shape = self.writer.value(call.args[2], call)
            yield f"{names[ref.index]} = np.zeros({shape}, np.{variable.dtype.name})", comment
            yield f"{names[ref.index]}[{index}] = {self.writer.value(call.args[0], call)}", ""
            return
        if call.function in COPIES and destination is not None:
            yield f"{names[ref.index]} = {self._out(destination)}", comment
            source = self.writer.value(call.args[0], call)
            yield f"np.copyto({names[ref.index]}, {source})", ""
            return
        if isinstance(destination, Over):
            augmented = self.writer.augmented(call, Ref(destination.index))
            if augmented is not None and not self._has_own_name(ref, destination.index):
                yield augmented, comment
                names[ref.index] = names[destination.index]
                return
        out = None if destination is None else self._out(destination)
        yield f"{names[ref.index]} = {self.writer.call(call, out)}", comment

    def _checks(self, call: Call) -> Iterator[tuple[str, str]]:
        """What raises where a result is not of the shape and dtype that all else is made for."""
        if call.function not in BY_VALUES:
            return
        for ref in call.outputs:
            variable, name = self.program.variables[ref.index], self.writer.names[ref.index]
            dtype = f"np.{variable.dtype.name}"
            yield f"if ({name}.shape, {name}.dtype) != ({variable.shape}, {dtype}):", ""
            message = f"{call.function.__name__} has another shape or dtype than in the trace"
            yield f"    raise ValueError({message!r})", ""

    def _has_own_name(self, new: Ref, old: int) -> bool:
        """Whether a value that is written over another has a name that says more than its."""
        names, target = self.writer.names, Ref(old) in self.program.inputs
        name = names[new.index]
        return not target and name != names[old] and not re.fullmatch(r"t\d+", name)

    def _out(self, destination: Over | Buffer | Slice) -> str:
        if isinstance(destination, Over):
            return self.writer.names[destination.index]
        if isinstance(destination, Buffer):
            return self.buffers[destination.number]
        return self._slice(destination)

    def _assignment(
        self, call: Call, destination: Destination, comment: str
    ) -> Iterator[tuple[str, str]]:
        """Assignment to elements, of a copy where somebody reads the old ones."""
        names, ref = self.writer.names, call.outputs[0]
        array = self.writer.value(call.args[0], call)
        if isinstance(destination, Over):
            names[ref.index] = array
        else:
            yield f"{names[ref.index]} = np.array({array})", comment
        index = self.writer.index(call.args[1], call)
        yield f"{names[ref.index]}[{index}] = {self.writer.value(call.args[2], call)}", comment

    def _packed(self, call: Call, comment: str) -> Iterator[tuple[str, str]]:
        flat = call.outputs[0]
        destination = self.plan.destinations[flat.index]
        assert isinstance(destination, Buffer)
        start = 0
        for ref in call.args:
            stop = start + math.prod(self.program.variables[ref.index].shape)
            if not isinstance(self.plan.destinations.get(ref.index), Slice):
                name = self.writer.names[ref.index]
                buffer = self.buffers[destination.number]
                yield f"{buffer}[{start}:{stop}] = {name}.ravel()", ""
            start = stop
        yield f"{self.writer.names[flat.index]} = {self.buffers[destination.number]}", comment

    def _is_inlined(self, call: Call) -> bool:
        """Whether a call is written where its result is read: a transpose that is read once."""
        ref = call.outputs[0]
        return (
            call.function is np.transpose
            and not call.kwargs
            and len(call.args) == 1
            and self.uses.get(ref.index, 0) == 1
            and ref not in self.program.outputs
            and ref not in self.program.updates.values()
        )

    def _comment(self, call: Call) -> str:
        variable = self.program.variables[call.outputs[0].index]
        what = str(call.rule or getattr(call.function, "__name__", ""))
        if call.rule:
            what = f"{what}'s rule{self._formula(call)}"
        elif call.part_of:
            what = f"{what}, in {call.part_of}"
        return what if variable.weak else f"{variable.shape} {what}"

    def _formula(self, call: Call) -> str:
        """The rule that a call belongs to, where it is one short formula."""
        operation = next((each for each in RULES.values() if each.name == call.rule), None)
        texts = set() if operation is None else set(formula_texts(operation).values())
        alone = operation is not None and len(operation.formulas) == len(texts) == 1
        text = texts.pop() if alone else ""
        return f": {text}" if 0 < len(text) < 40 else ""

    def _slice(self, part: Slice) -> str:
        if part not in self.slices:
            self.slices[part] = unique("part", self.writer.taken)
        return self.slices[part]

    def _outputs(self) -> str:
        shown = []
        for number, ref in enumerate(self.program.outputs):
            text = self._text(ref)
            if isinstance(ref, np.ndarray) or number in self.plan.copied:
                weak = isinstance(ref, Ref) and self.program.variables[ref.index].weak
                name = unique("result", self.writer.taken)
                self.lines.append(
                    (f"{name} = {text}" if weak else f"{name} = np.array({text})", "")
                )
                text = name
            shown.append(text)
        return f"{shown[0]}," if len(shown) == 1 else ", ".join(shown) or "()"

    def _updates(self) -> list[tuple[str, str]]:
        """The updates that are copied into their place."""
        names = self.writer.names
        left = {
            index: ref
            for index, ref in self.program.updates.items()
            if index not in self.plan.written
        }
        lines = []
        for index, ref in left.items():
            if len(left) > 1:
                # What is copied may be what another update overwrites.
                kept = unique("new", self.writer.taken)
                lines.append((f"{kept} = np.array({self._text(ref)})", ""))
                names[-1 - index] = kept
            else:
                names[-1 - index] = self._text(ref)
        return [*lines, *((f"{names[i]}[...] = {names[-1 - i]}", "") for i in left)]

    def _text(self, ref: Any) -> str:
        # A number has a line, at the top, that says where it is from: nothing knows it here.
        return self.writer.value(ref, _NOWHERE)

    def _top(self) -> list[str]:
        lines = [
            f'"""{self.title}, as it was traced: written by autograd_np.',
            "",
            *self._described(),
            '"""',
            "",
            "import numpy as np",
        ]
        scalars = [each for each in self.writer.constants if each[2]]
        if scalars:
            lines += ["", "# Constants of the trace."]
            lines += [
                _with_comment(f"{name} = {text}", _place(comment))
                for name, text, comment in scalars
            ]
        lines += self._memory()
        arrays = [each for each in self.writer.constants if not each[2]]
        lines += [f"{name} = {text}" for name, text, _ in arrays]
        return [*lines, ""]

    def _described(self) -> list[str]:
        lines = []
        for ref in self.program.inputs:
            variable = self.program.variables[ref.index]
            updated = ", overwritten" if ref.index in self.program.updates else ""
            kind = "a number" if variable.weak else f"{variable.dtype.name} {variable.shape}"
            lines.append(f"{self.writer.names[ref.index]}: {kind}{updated}")
        for name, value in self.writer.bound.items():
            kind = f"{value.dtype.name} {value.shape}" if isinstance(value, np.ndarray) else ""
            lines.append(f"{name}: {kind or 'called at each step' if callable(value) else kind}")
        return lines

    def _memory(self) -> list[str]:
        if not self.plan.buffers:
            return (
                ["", "# Memory that is used again at each call."] if self.writer.constants else []
            )
        lines = ["", "# Memory that is used again at each call."]
        memory = unique("memory", self.writer.taken)
        lines.append(f"{memory} = np.empty({self.plan.size}, np.uint8)")
        for buffer in self.plan.buffers:
            view = f"{memory}[{buffer.begin}:{buffer.end}].view(np.{buffer.dtype.name})"
            order = "" if buffer.order == "C" else ', order="F"'
            shape = f"reshape({', '.join(map(str, buffer.shape))}{order})"
            shaped = view if len(buffer.shape) == 1 else f"{view}.{shape}"
            lines.append(f"{self.buffers[buffer.number]} = {shaped}")
        for part, name in self.slices.items():
            flat = self.plan.destinations[part.of]
            assert isinstance(flat, Buffer)
            view = f"{self.buffers[flat.number]}[{part.start}:{part.stop}]"
            shape = f".reshape({', '.join(map(str, part.shape))})" if len(part.shape) != 1 else ""
            lines.append(f"{name} = {view}{shape}")
        return lines


def sections_of(program: Program) -> dict[int, str]:
    """Which part of a step each value belongs to, by `Ref.index`: forward, backward or update."""
    sections: dict[int, str] = {}
    after: set[int] = set()
    for call in program.calls:
        read = {ref.index for ref in operands(call)}
        if call.derivative_of is not None:
            section = "backward"
        elif read & after or (after and not read):
            section = "update"
        else:
            section = "forward"
        if section != "forward":
            after |= {ref.index for ref in call.outputs}
        sections.update({ref.index: section for ref in call.outputs})
    return sections


def _place(source: str) -> str:
    return os.path.basename(source)


def _with_comment(line: str, comment: str) -> str:
    return f"{line:<60}  # {comment}" if comment else line
