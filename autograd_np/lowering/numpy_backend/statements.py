"""The statements of a program: each call as a line of NumPy, and what it is for as a comment."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd_np.lowering.effects import require, require_finite
from autograd_np.lowering.naming import unique
from autograd_np.lowering.numpy_backend.functions import BY_VALUES, COPIES
from autograd_np.lowering.numpy_backend.places import Buffer, Destination, Over, Plan, Slice
from autograd_np.lowering.numpy_backend.writing import Writer
from autograd_np.lowering.packed import packed
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.formulas import formula_texts
from autograd_np.rules.indexing import index_add, index_set, is_basic
from autograd_np.rules.registry import RULES

# A line and its comment.
Line = tuple[str, str]

# Of numbers that are returned nothing tells the line where they are from.
_NOWHERE = Call(stop_gradient, (), {}, (), ("the result", 0))


class Statements:
    """Writes the calls, the results and the updates of a program.

    Attributes
    ----------
    buffers : dict of int to str
        The names of the plan's buffers, by their number.
    slices : dict of Slice to str
        The names of the parts of flat buffers that were met.
    """

    def __init__(self, program: Program, plan: Plan, writer: Writer) -> None:
        self.program, self.plan, self.writer = program, plan, writer
        self.buffers = {b.number: unique("buffer", writer.taken) for b in plan.buffers}
        self.slices: dict[Slice, str] = {}
        self._uses: dict[int, int] = {}
        for call in program.calls:
            for ref in operands(call):
                self._uses[ref.index] = self._uses.get(ref.index, 0) + 1
        self._rename()

    def of(self, call: Call) -> list[Line]:
        """The lines of a call; none where it is written in the line that reads its result."""
        return [*self._call(call), *self._checks(call)]

    def results(self) -> tuple[list[Line], str]:
        """The lines that copy what is returned, and what stands after ``return``."""
        lines, shown = [], []
        for number, ref in enumerate(self.program.outputs):
            text = self._text(ref)
            if isinstance(ref, np.ndarray) or number in self.plan.copied:
                weak = isinstance(ref, Ref) and self.program.variables[ref.index].weak
                name = unique("result", self.writer.taken)
                lines.append((f"{name} = {text}" if weak else f"{name} = np.array({text})", ""))
                text = name
            shown.append(text)
        return lines, f"{shown[0]}," if len(shown) == 1 else ", ".join(shown) or "()"

    def updates(self) -> list[Line]:
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
        return self.writer.value(ref, _NOWHERE)

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

    def _call(self, call: Call) -> Iterator[Line]:
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

    def _checks(self, call: Call) -> Iterator[Line]:
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

    def _assignment(self, call: Call, destination: Destination, comment: str) -> Iterator[Line]:
        """Assignment to elements, of a copy where somebody reads the old ones."""
        names, ref = self.writer.names, call.outputs[0]
        array = self.writer.value(call.args[0], call)
        if isinstance(destination, Over):
            names[ref.index] = array
        else:
            yield f"{names[ref.index]} = np.array({array})", comment
        index = self.writer.index(call.args[1], call)
        yield f"{names[ref.index]}[{index}] = {self.writer.value(call.args[2], call)}", comment

    def _packed(self, call: Call, comment: str) -> Iterator[Line]:
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
            and self._uses.get(ref.index, 0) == 1
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
