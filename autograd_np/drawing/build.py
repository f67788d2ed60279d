"""A program as a picture: one vertex for each input, operation and result."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograd_np.ancestry.labels import display_names
from autograd_np.drawing.facts import (
    bytes_text,
    norm_text,
    seconds_text,
    type_text,
    value_text,
)
from autograd_np.drawing.kept import kept_bytes
from autograd_np.drawing.nonfinite import Faults
from autograd_np.drawing.picture import (
    CONSTANT,
    INPUT,
    OPERATION,
    PARAMETER,
    RESULT,
    Box,
    Edge,
    Picture,
    Vertex,
)
from autograd_np.drawing.settings import settings_of
from autograd_np.listing import role_of
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program
from autograd_np.recording import Scope
from autograd_np.rules.registry import RULES, name_of


@dataclass(frozen=True, slots=True)
class Options:
    """What is shown besides structure, shapes and dtypes: see `draw`."""

    values: bool = False
    gradients: bool = False
    norms: bool = False
    memory: bool = False
    time: bool = False

    @property
    def of_values(self) -> bool:
        """Whether something is asked for that only a value tells."""
        return self.values or self.norms


@dataclass
class Builder:
    """Makes the vertices and edges of the calls of a program.

    Parameters
    ----------
    program : Program
    calls : list of Call
        Those of its calls that are drawn, in order.
    options : Options

    Attributes
    ----------
    picture : Picture
    made_by : dict of int to Vertex
        By `Ref.index`: the vertex that a value comes from.
    of_call : dict of int to Vertex
        By the `Ref.index` of a call's first output.
    results : dict of int to Vertex
        By `Ref.index`: the vertex that shows an output.
    names : dict of int to str
    """

    program: Program
    calls: list[Call]
    options: Options
    picture: Picture = field(default_factory=Picture)
    made_by: dict[int, Vertex] = field(default_factory=dict)
    of_call: dict[int, Vertex] = field(default_factory=dict)
    results: dict[int, Vertex] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = display_names(self.program)
        self.faults = Faults(self.program)
        self.boxes: dict[int, Box] = {}
        self.kept = kept_bytes(self.program) if self.options.memory else {}
        self.gradients = self.program.gradient_of
        self._add_inputs()
        for number, call in enumerate(self.calls, 1):
            self._add_call(f"n{number}", call)
        for number, ref in enumerate(self.program.outputs, 1):
            self._add_result(f"r{number}", ref.index)
        self._place_inputs()
        self._add_notes()

    def _add_inputs(self) -> None:
        read = {ref.index for call in self.calls for ref in operands(call)}
        read |= {ref.index for ref in self.program.outputs}
        used = [ref.index for ref in self.program.inputs if ref.index in read]
        for number, index in enumerate(used, 1):
            variable = self.program.variables[index]
            role = {"parameter": PARAMETER, "constant": CONSTANT}.get(role_of(variable), INPUT)
            vertex = Vertex(f"i{number}", role, self.names[index])
            vertex.settings.append(type_text(variable.dtype, variable.shape))
            vertex.facts = self._facts([index])
            vertex.reached = self.faults.has(index)
            vertex.fault = self.faults.kind(index)
            self.made_by[index] = vertex
            self.picture.vertices.append(vertex)

    def _add_call(self, id: str, call: Call) -> None:
        outputs = _visible(call)
        vertex = Vertex(id, OPERATION, name_of(call.function), settings=settings_of(call))
        vertex.made = ", ".join(self.names[index] for index in outputs)
        vertex.box = self._box(call.scope)
        vertex.tip = _located(call)
        vertex.reached = any(map(self.faults.has, outputs))
        vertex.fault = self.faults.made_by(call)
        ends = {ref.index for ref in self.program.outputs}
        vertex.facts = self._facts(index for index in outputs if index not in ends)
        kept = self.kept.get(outputs[0], 0)
        if kept:
            vertex.facts.append(f"keeps {bytes_text(kept)}")
        if self.options.time and call.seconds is not None:
            vertex.facts.append(seconds_text(call.seconds))
        self.of_call[outputs[0]] = vertex
        self.picture.vertices.append(vertex)
        for ref in operands(call):
            self._connect(ref.index, vertex)
        self.made_by.update({ref.index: vertex for ref in call.outputs})

    def _add_result(self, id: str, index: int) -> None:
        variable = self.program.variables[index]
        source = self.made_by[index]
        if source.role != OPERATION:
            return
        vertex = Vertex(id, RESULT, self.names[index])
        vertex.settings.append(type_text(variable.dtype, variable.shape))
        vertex.facts = self._facts([index])
        vertex.reached = self.faults.has(index)
        self.results[index] = vertex
        self.picture.vertices.append(vertex)
        self._connect(index, vertex)

    def _connect(self, index: int, vertex: Vertex) -> None:
        variable = self.program.variables[index]
        label = type_text(variable.dtype, variable.shape)
        edge = Edge(self.made_by[index], vertex, label, reached=self.faults.has(index))
        self.picture.edges.append(edge)

    def _facts(self, indices: Iterable[int]) -> list[str]:
        """What is asked for about values, one line for each fact."""
        facts = []
        for index in indices:
            value = self.program.variables[index].value
            gradient = self._gradient(index)
            if value is not None and self.options.values:
                facts.append(value_text(value))
            if value is not None and self.options.norms:
                facts.append(f"norm {norm_text(value)}")
            if gradient is not None and self.options.gradients:
                facts.append(f"gradient {value_text(gradient)}")
                if self.options.norms:
                    facts.append(f"gradient's norm {norm_text(gradient)}")
        return facts

    def _gradient(self, index: int) -> Any:
        of = self.gradients.get(index)
        return None if of is None else self.program.variables[of].value

    def _box(self, scope: Scope | None) -> Box | None:
        if scope is None:
            return None
        made = [each for each in scope.outwards() if id(each) not in self.boxes]
        for each in reversed(made):
            outer = None if each.outer is None else self.boxes[id(each.outer)]
            title = f"{each.name}  {each.kind}".strip() or each.kind
            self.boxes[id(each)] = Box(title, each.path, outer)
        return self.boxes[id(scope)]

    def _place_inputs(self) -> None:
        """Put parameters and constants into the innermost box around all that read them."""
        around: dict[Vertex, list[Box]] = {}
        known = {v for index, v in self.made_by.items() if self.program.variables[index].label}
        for edge in self.picture.edges:
            # A constant that a variable of the user's holds is handed in from outside.
            inner = edge.tail.role == CONSTANT and edge.tail not in known
            if inner or edge.tail.role == PARAMETER:
                boxes = [] if edge.head.box is None else [*edge.head.box.outwards()][::-1]
                common = around.setdefault(edge.tail, boxes)
                around[edge.tail] = [a for a, b in zip(common, boxes, strict=False) if a is b]
        for vertex, boxes in around.items():
            vertex.box = boxes[-1] if boxes else None

    def _add_notes(self) -> None:
        notes, variables = self.picture.notes, self.program.variables
        made = [ref.index for call in self.calls for ref in call.outputs]
        unknown = any(variables[index].value is None for index in made)
        if unknown and self.options.of_values:
            notes.append(
                "values are not known: compute under `with ag.record():`, or ask before backward()"
            )
        elif unknown:
            notes.append("for values, lines and modules, compute under `with ag.record():`")
        if self.options.gradients and not self.program.gradients:
            notes.append("gradients are not known: call loss.backward() first")
        if self.options.memory:
            notes.append(f"kept for the reverse pass: {bytes_text(sum(self.kept.values()))}")
        if self.options.time:
            total = sum(call.seconds or 0.0 for call in self.calls)
            timed = any(call.seconds is not None for call in self.calls)
            text = f"operations took {seconds_text(total)}" if timed else "times are not known"
            notes.append(text if timed else f"{text}: compute under `with ag.record():`")


def forward_calls(program: Program) -> list[Call]:
    """The calls that the outputs depend on; of a program without outputs, all but its gradients."""
    if not program.outputs:
        return [call for call in program.calls if call.derivative_of is None]
    wanted = {ref.index for ref in program.outputs}
    calls = []
    for call in reversed(program.calls):
        if any(ref.index in wanted for ref in call.outputs):
            wanted.update(ref.index for ref in operands(call))
            calls.append(call)
    return calls[::-1]


def _visible(call: Call) -> list[int]:
    """The results that the user is handed, not those that only serve the rule."""
    operation = RULES.get(call.function)
    count = len(call.outputs) if operation is None else operation.visible
    return [ref.index for ref in call.outputs[:count]]


def _located(call: Call) -> str:
    file, line = call.source
    return f"{os.path.basename(file)}:{line}" if line else ""
