"""The reverse pass beside the forward one: a vertex for each rule, an edge for each gradient."""

from __future__ import annotations

import re

from autograd_np.drawing.build import Builder
from autograd_np.drawing.calls import described
from autograd_np.drawing.facts import seconds_text, type_text
from autograd_np.drawing.formulas import broken, formula_lines
from autograd_np.drawing.picture import (
    FLOW,
    GRADIENT,
    RULE,
    TIE,
    Edge,
    Vertex,
)
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call
from autograd_np.rules.registry import name_of

# A name that only says in which order values were made.
_NUMBER = re.compile(r"t\d+")


def add_reverse(builder: Builder) -> None:
    """Add the reverse pass that a program holds to the picture of its forward pass.

    Each gradient that a rule passes on is an edge against that of the value. The edges are drawn
    as those of the values, the arrow at the other end, so that the two graphs lie side by side.
    """
    _Reverse(builder).add()


class _Reverse:
    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.picture = builder.picture
        self.program = builder.program
        self.names = builder.names
        self.faults = builder.faults
        # What the calls of each rule are, by the value whose gradient they pass on.
        self.inside: dict[int, list[Call]] = {}
        forward = set(map(id, builder.calls))
        for call in self.program.calls:
            if call.derivative_of is not None and id(call) not in forward:
                self.inside.setdefault(call.derivative_of, []).append(call)
        # Which vertex takes in the gradient of a value.
        self.takes: dict[int, Vertex] = {}

    def add(self) -> None:
        """Add the vertices of all rules, then the edges between them."""
        calls = [call for call in self.builder.calls if self._is_reached(call)]
        for number, call in enumerate(calls, 1):
            self._add_rule(f"g{number}", call)
        leaves = [ref.index for ref in self.program.inputs if ref.index in self.builder.made_by]
        leaves = [index for index in leaves if index in self.program.gradient_of]
        for number, index in enumerate(leaves, 1):
            self._add_leaf(f"d{number}", index)
        for call in calls:
            self._add_flow(call)
        self._add_seeds()

    def _is_reached(self, call: Call) -> bool:
        outputs = [ref.index for ref in call.outputs]
        return any(index in self.program.gradient_of or index in self.inside for index in outputs)

    def _add_rule(self, id: str, call: Call) -> None:
        operation = self.builder.of_call[call.outputs[0].index]
        vertex = Vertex(id, RULE, f"{operation.title}'s rule", box=operation.box)
        inside = [each for ref in call.outputs for each in self.inside.get(ref.index, [])]
        g = self._name(call.outputs[0].index)
        vertex.settings = formula_lines(self.program, call, self.names, g)
        if not vertex.settings and inside:
            ran = dict.fromkeys(name_of(each.function) for each in inside)
            vertex.settings = broken(", ".join(ran))
        vertex.tip = "\n".join(described(each, self.names) for each in inside)
        vertex.fault = next(filter(None, map(self.faults.made_by, inside)), "")
        seconds = [each.seconds for each in inside if each.seconds is not None]
        if self.builder.options.time and seconds:
            vertex.facts.append(seconds_text(sum(seconds)))
        self.takes.update({ref.index: vertex for ref in call.outputs})
        self.picture.vertices.append(vertex)
        self.picture.edges.append(Edge(operation, vertex, kind=TIE))

    def _add_leaf(self, id: str, index: int) -> None:
        gradient = self.program.gradient_of[index]
        vertex = Vertex(id, GRADIENT, self._name(index), box=self.builder.made_by[index].box)
        variable, options = self.program.variables[gradient], self.builder.options
        if index in self.builder.outputs:
            vertex.settings.append(type_text(variable.dtype, variable.shape))
        shown = options.values or options.gradients
        vertex.facts = self.builder.facts_of(variable.value, shown)
        vertex.reached = self.faults.has(gradient)
        self.takes[index] = vertex
        self.picture.vertices.append(vertex)

    def _add_flow(self, call: Call) -> None:
        rule = self.takes[call.outputs[0].index]
        for ref in dict.fromkeys(operands(call)):
            if ref.index in self.takes and self.program.variables[ref.index].requires_grad:
                self.picture.edges.append(self._flow(self.takes[ref.index], rule, ref.index))
                rule.reached = rule.reached or self.picture.edges[-1].reached

    def _add_seeds(self) -> None:
        for index, vertex in self.builder.results.items():
            if index in self.takes:
                self.picture.edges.append(self._flow(self.takes[index], vertex, index))

    def _flow(self, tail: Vertex, head: Vertex, index: int) -> Edge:
        """The edge of the gradient of a value, which flows from `head` to `tail`."""
        variable = self.program.variables[index]
        label = type_text(variable.dtype, variable.shape)
        if tail.role != GRADIENT:
            label = f"{self._name(index)}\n{label}"
        reached = self.faults.has(self.program.gradient_of.get(index, -1))
        return Edge(tail, head, label, FLOW, reached)

    def _name(self, index: int) -> str:
        gradient = self.program.gradient_of.get(index, -1)
        name, of = self.names.get(gradient, ""), self.names[index]
        # A gradient that a rule passes on as it is bears the name of another.
        if name and self.program.gradients.get(gradient) == index and not _NUMBER.fullmatch(name):
            return name
        return f"d{of}" if of.isidentifier() else f"{of}.grad"
