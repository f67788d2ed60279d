"""The reverse pass beside the forward one: a vertex for each rule, an edge for each gradient."""

from __future__ import annotations

import re
from typing import Any

from autograd_np.drawing.build import Builder
from autograd_np.drawing.facts import norm_text, type_text, value_text
from autograd_np.drawing.picture import (
    FLOW,
    GRADIENT,
    RULE,
    TIE,
    Edge,
    Vertex,
)
from autograd_np.lowering.rewriting import operands, refs_in
from autograd_np.program import Call
from autograd_np.rules.formulas import formula_texts
from autograd_np.rules.registry import RULES, name_of

# A formula that is longer is broken after an operator or a comma.
_WIDEST = 44


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
        for call in self.program.calls:
            if call.derivative_of is not None:
                self.inside.setdefault(call.derivative_of, []).append(call)
        # Which vertex takes in the gradient of a value.
        self.takes: dict[int, Vertex] = {}

    def add(self) -> None:
        """Add the vertices of all rules, then the edges between them."""
        calls = [call for call in self.builder.calls if self._is_reached(call)]
        for number, call in enumerate(calls, 1):
            self._add_rule(f"g{number}", call)
        leaves = [ref.index for ref in self.program.inputs if ref.index in self.builder.gradients]
        leaves = [index for index in leaves if index in self.builder.made_by]
        for number, index in enumerate(leaves, 1):
            self._add_leaf(f"d{number}", index)
        for call in calls:
            self._add_flow(call)
        self._add_seeds()

    def _is_reached(self, call: Call) -> bool:
        outputs = [ref.index for ref in call.outputs]
        return any(index in self.builder.gradients or index in self.inside for index in outputs)

    def _add_rule(self, id: str, call: Call) -> None:
        operation = self.builder.of_call[call.outputs[0].index]
        vertex = Vertex(id, RULE, f"{operation.title}'s rule", box=operation.box, tip=operation.tip)
        vertex.settings = self._formulas(call)
        vertex.fault = self._fault(call)
        self.takes.update({ref.index: vertex for ref in call.outputs})
        self.picture.vertices.append(vertex)
        self.picture.edges.append(Edge(operation, vertex, kind=TIE))

    def _add_leaf(self, id: str, index: int) -> None:
        vertex = Vertex(id, GRADIENT, self._name(index), box=self.builder.made_by[index].box)
        gradient = self.builder.gradients[index]
        variable = self.program.variables[gradient]
        vertex.settings.append(type_text(variable.dtype, variable.shape))
        vertex.facts = self._facts(variable.value)
        vertex.reached = self.faults.has(gradient)
        self.takes[index] = vertex
        self.picture.vertices.append(vertex)
        self.picture.edges.append(Edge(self.builder.made_by[index], vertex, kind=TIE))

    def _add_flow(self, call: Call) -> None:
        rule = self.takes[call.outputs[0].index]
        for ref in dict.fromkeys(operands(call)):
            if ref.index not in self.takes or not self.program.variables[ref.index].requires_grad:
                continue
            self.picture.edges.append(self._flow(self.takes[ref.index], rule, ref.index))
            rule.reached = rule.reached or self.picture.edges[-1].reached

    def _add_seeds(self) -> None:
        for index, vertex in self.builder.results.items():
            if index in self.takes:
                self.picture.edges.append(self._flow(self.takes[index], vertex, index))

    def _flow(self, tail: Vertex, head: Vertex, index: int) -> Edge:
        """The edge of the gradient of a value, which flows from `head` to `tail`."""
        variable = self.program.variables[index]
        label = f"{self._name(index)}\n{type_text(variable.dtype, variable.shape)}"
        reached = self.faults.has(self.builder.gradients.get(index, -1))
        return Edge(tail, head, label, FLOW, reached)

    def _name(self, index: int) -> str:
        gradient = self.builder.gradients.get(index, -1)
        name = self.names.get(gradient, "")
        # A gradient that a rule passes on as it is bears the name of another.
        own = self.program.gradients.get(gradient) == index and not re.fullmatch(r"t\d+", name)
        return name if own and name else f"d{self.names[index]}"

    def _facts(self, value: Any) -> list[str]:
        facts = []
        options = self.builder.options
        if value is not None and (options.values or options.gradients):
            facts.append(value_text(value))
        if value is not None and options.norms:
            facts.append(f"norm {norm_text(value)}")
        return facts

    def _formulas(self, call: Call) -> list[str]:
        """The rule's formulas for the operands that get a gradient; else what it calls."""
        operation = RULES.get(call.function)
        if operation is None:
            return []
        wanted = dict.fromkeys(
            operation.parameters[i]
            for i, value in enumerate(call.args)
            if i < len(operation.parameters) and self._wants(value)
        )
        texts = formula_texts(operation)
        lines = []
        for name in wanted:
            if name in texts:
                lines += broken(f"{name}: {texts[name]}")
        if not lines:
            inside = [name_of(each.function) for each in self._calls_inside(call)]
            lines = broken(", ".join(dict.fromkeys(inside)))
        return lines

    def _calls_inside(self, call: Call) -> list[Call]:
        return [each for ref in call.outputs for each in self.inside.get(ref.index, [])]

    def _wants(self, value: Any) -> bool:
        return any(self.program.variables[ref.index].requires_grad for ref in refs_in(value))

    def _fault(self, call: Call) -> str:
        """What the rule made that is not finite of what was finite."""
        kinds = [self.faults.made_by(each) for each in self._calls_inside(call)]
        return next((kind for kind in kinds if kind), "")


def broken(text: str) -> list[str]:
    """A line of code in pieces that are not too wide.

    Examples
    --------
    >>> broken("g * y")
    ['g * y']
    """
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + len(word) >= _WIDEST:
            lines.append(line)
            line = f"  {word}"
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line] if line else lines
