"""A program as a picture: one vertex for each input, operation and result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from autograd_np.ancestry.labels import LONGEST, display_names
from autograd_np.ancestry.spelling import cut, joined
from autograd_np.drawing.calls import described, title_of, visible
from autograd_np.drawing.facts import (
    bytes_text,
    norm_text,
    seconds_text,
    type_text,
    value_text,
)
from autograd_np.drawing.kept import kept_bytes
from autograd_np.drawing.nonfinite import Faults
from autograd_np.drawing.notes import notes_of
from autograd_np.drawing.options import Options
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
from autograd_np.graph import Node
from autograd_np.listing import role_of
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program
from autograd_np.recording import Scope

_ROLES = {"parameter": PARAMETER, "constant": CONSTANT}
# Outputs of a call that are named.
_OUTPUTS = 4


@dataclass
class Builder:
    """Makes the vertices and edges of the calls of a program.

    Parameters
    ----------
    program : Program
    calls : list of Call
        Those of its calls that are drawn, in order.
    options : Options
    roots : tuple of Node
        What the program was gathered from.

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
    roots: tuple[Node, ...] = ()
    picture: Picture = field(default_factory=Picture)
    made_by: dict[int, Vertex] = field(default_factory=dict)
    of_call: dict[int, Vertex] = field(default_factory=dict)
    results: dict[int, Vertex] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = display_names(self.program)
        self.faults = Faults(self.program)
        self.boxes: dict[int, Box] = {}
        asked = self.calls if self.options.memory else ()
        self.kept = kept_bytes(self.program, asked, self.roots)
        made = {ref.index for call in self.calls for ref in call.outputs}
        self.given = {ref.index for ref in self.program.inputs}
        known = made | self.given
        self.outputs = dict.fromkeys(
            ref.index for ref in self.program.outputs if ref.index in known
        )
        self._add_inputs()
        for number, call in enumerate(self.calls, 1):
            self._add_call(f"n{number}", call)
        for index in self.outputs:
            if index in made:
                self._add_result(f"r{len(self.results) + 1}", index)
        self._place_inputs()
        self.picture.notes += notes_of(self.program, self.calls, self.options, self.kept.values())

    def _add_inputs(self) -> None:
        read = {ref.index for call in self.calls for ref in operands(call)}
        shown = read | self.outputs.keys()
        used = [ref.index for ref in self.program.inputs if ref.index in shown]
        for number, index in enumerate(used, 1):
            variable = self.program.variables[index]
            role = _ROLES.get(role_of(variable), INPUT)
            vertex = Vertex(f"i{number}", role, self.names[index])
            if index not in read:
                # There is no edge to say it.
                vertex.settings.append(type_text(variable.dtype, variable.shape))
            vertex.facts = self._facts([index])
            vertex.reached = self.faults.has(index)
            vertex.fault = self.faults.kind(index)
            self.made_by[index] = vertex
            self.picture.vertices.append(vertex)

    def _add_call(self, id: str, call: Call) -> None:
        outputs = visible(call)
        vertex = Vertex(id, OPERATION, title_of(call), settings=settings_of(call, self.names))
        vertex.made = joined([self.names[index] for index in outputs], _OUTPUTS)
        vertex.box = self._box(call.scope)
        vertex.tip = described(call, self.names)
        vertex.reached = any(map(self.faults.has, outputs))
        vertex.fault = self.faults.made_by(call)
        vertex.facts = self._facts(index for index in outputs if index not in self.outputs)
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
        vertex = Vertex(id, RESULT, self.names[index], facts=self._facts([index]))
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
            facts += self.facts_of(self.program.variables[index].value, self.options.values)
            gradient = self.program.gradient_of.get(index)
            # The reverse pass has a vertex for the gradient of an input.
            beside = self.options.backward and index in self.given
            if gradient is not None and self.options.gradients and not beside:
                facts += self.facts_of(self.program.variables[gradient].value, True, "gradient ")
        return facts

    def facts_of(self, value: Any, shown: bool, of: str = "") -> list[str]:
        """What is asked for about one value; nothing where it is not known."""
        facts = []
        if value is not None and shown:
            facts.append(f"{of}{value_text(value)}")
        if value is not None and self.options.norms:
            facts.append(f"{of}norm {norm_text(value)}")
        return facts

    def _box(self, scope: Scope | None) -> Box | None:
        if scope is None:
            return None
        made = [each for each in scope.outwards() if id(each) not in self.boxes]
        for each in reversed(made):
            outer = None if each.outer is None else self.boxes[id(each.outer)]
            name, path = cut(each.name, LONGEST), cut(each.path, LONGEST)
            self.boxes[id(each)] = Box(f"{name}  {each.kind}".strip(), path, each.kind, outer)
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
