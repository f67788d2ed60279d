"""What the page's script is given, as plain lists and dicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd_np.ancestry.spelling import call_text, joined
from autograd_np.drawing.calls import visible
from autograd_np.drawing.facts import type_text
from autograd_np.drawing.nonfinite import kind_of
from autograd_np.explaining.graph import Graph
from autograd_np.explaining.numbers import described
from autograd_np.explaining.numpy_lines import NumpyLines
from autograd_np.explaining.steps import COLLECT, DONE, FORWARD, REVERSE, SEED, START, Step, Walk
from autograd_np.explaining.texts import formulas_of, module_of, source_of
from autograd_np.listing import role_of
from autograd_np.program import Call, Program
from autograd_np.rules.registry import name_of

Item = dict[str, Any]

_TITLES = {
    START: "What goes in",
    SEED: "Where the reverse pass starts",
    COLLECT: "What is added up at the end",
    DONE: "All gradients",
}
_TEXTS = {
    START: "The values that the computation starts from. Step on to see what becomes of them.",
    SEED: (
        "The gradient of the result with respect to itself. From here every operation, the last "
        "one first, hands on to its operands what its rule makes of the gradient that reaches it."
    ),
    DONE: (
        "By how much the result changes for a small change of each number. To make the result "
        "smaller, go against it."
    ),
}


class Data:
    """Gathers what a page shows.

    Parameters
    ----------
    program : Program
    walk : Walk
    names : mapping of int to str
        Of the values, by `Ref.index`.
    graph : Graph or None
    """

    def __init__(
        self, program: Program, walk: Walk, names: Mapping[int, str], graph: Graph | None
    ) -> None:
        self.program, self.walk, self.names, self.graph = program, walk, names, graph
        self.lines = NumpyLines(program, names)
        self.inputs = {ref.index for ref in program.inputs}
        self.owners: dict[int, int] = {}
        for value, gradient in walk.gradients.items():
            self.owners.setdefault(gradient, value)
        # Numbers of values on the page: those of the program differ from run to run.
        self.places: dict[int, int] = {}
        self.values: list[Item] = []
        self.steps_of: dict[tuple[str, int | None], int] = {
            (step.phase, step.operation): number for number, step in enumerate(walk.steps)
        }

        self.arrivals = self._arrivals()

    def all(self) -> Item:
        """Everything."""
        steps = [self._step(step) for step in self.walk.steps]
        return {
            "steps": steps,
            "values": self.values,
            "operations": [self._operation(*each) for each in enumerate(self.walk.forward)],
            "inputs": [self._input(index) for index in self.walk.steps[0].writes],
            "results": self._results(),
            "edges": self._edges(),
            "fault": self._fault(),
        }

    def _step(self, step: Step) -> Item:
        call = None if step.operation is None else self.walk.forward[step.operation]
        item: Item = {
            "phase": step.phase,
            "title": self._title(step, call),
            "operation": step.operation,
            "lines": self.lines.of(step.calls, set(step.writes)),
            "reads": [self._shown(index, step) for index in step.reads],
            "writes": [self._shown(index, step) for index in step.writes],
        }
        if step.phase in _TEXTS:
            item["text"] = _TEXTS[step.phase]
        if call is not None:
            gradients = self.walk.gradients if step.phase == REVERSE else {}
            item["formulas"] = formulas_of(self.program, call, self.names, gradients)
            other = REVERSE if step.phase == FORWARD else FORWARD
            item["other"] = self.steps_of.get((other, step.operation))
        for value in self.walk.passed_on(step):
            gradient = self.walk.gradients[value]
            if self.names[gradient] != self._gradient_name(value):
                item["lines"].append(f"{self._gradient_name(value)} = {self.names[gradient]}")
            item["writes"].append(self._gradient(value, "handed on as it is"))
        if step.phase == DONE:
            given = self.walk.steps[0].writes
            item["writes"] = [self._gradient(i) for i in given if i in self.walk.gradients]
        return item

    def _title(self, step: Step, call: Call | None) -> str:
        if call is not None:
            name = name_of(call.function)
            return name if step.phase == FORWARD else f"rule of {name}"
        return _TITLES[step.phase]

    def _shown(self, index: int, step: Step) -> Item:
        """A value, and what it is to a step."""
        shown: Item = {"value": self._place(index)}
        if index in self.walk.part_of:
            whole = self.owners[self.walk.part_of[index]]
            shown["as"] = f"a part of the gradient of {self.names[whole]}"
        elif index in self.owners:
            shown["as"] = f"gradient of {self.names[self.owners[index]]}"
        elif index in self.inputs:
            shown["as"] = self._role(index)
        elif step.phase == FORWARD and index in step.writes and index not in visible(step.calls[0]):
            shown["as"] = "kept for the reverse pass"
        return shown

    def _role(self, index: int) -> str:
        """What an input is, and the user's name for it where that is no name in Python."""
        variable = self.program.variables[index]
        role = role_of(variable)
        if variable.name is not None and variable.name != self.names[index]:
            return f"{role} {variable.name}"
        return role

    def _gradient(self, value: int, what: str = "") -> Item:
        """The gradient of a value, by the name that says so."""
        shown: Item = {"value": self._place(self.walk.gradients[value])}
        shown["name"] = self._gradient_name(value)
        shown["as"] = f"gradient of {self.names[value]}{what and f', {what}'}"
        return shown

    def _gradient_name(self, value: int) -> str:
        gradient = self.walk.gradients[value]
        return self.names[gradient] if self.owners[gradient] == value else f"d{self.names[value]}"

    def _place(self, index: int) -> int:
        """The number of a value on the page; it is described at the first time."""
        if index not in self.places:
            variable = self.program.variables[index]
            item: Item = {
                "name": self.names[index],
                "type": type_text(variable.dtype, variable.shape),
            }
            if variable.value is not None:
                item["numbers"] = described(variable.value)
                if fault := kind_of(variable.value):
                    item["fault"] = fault
            self.places[index] = len(self.values)
            self.values.append(item)
        return self.places[index]

    def _operation(self, number: int, call: Call) -> Item:
        outputs = [ref.index for ref in call.outputs]
        made = joined([self.names[index] for index in outputs])
        item = {
            "call": f"{made} = {call_text(call, self.names)}",
            "type": self.values[self.places[outputs[0]]]["type"],
            "module": module_of(call),
            "source": source_of(call),
            "forward": self.steps_of[FORWARD, number],
            "reverse": self.steps_of.get((REVERSE, number)),
            "fault": any(map(self._is_faulty, outputs)),
        }
        return item if self.graph is None else {**item, "id": self.graph.operations[number]}

    def _input(self, index: int) -> Item:
        value = self.values[self.places[index]]
        role = role_of(self.program.variables[index])
        item = {"name": value["name"], "type": value["type"], "role": role}
        item["value"], item["fault"] = self.places[index], "fault" in value
        item["given"] = self.arrivals.get(index)
        return item if self.graph is None else {**item, "id": self.graph.inputs[index]}

    def _results(self) -> list[Item]:
        if self.graph is None:
            return []
        seed = self.steps_of.get((SEED, None))
        made = self._makers()
        return [
            {"id": id, "forward": made[index], "reverse": seed, "fault": self._is_faulty(index)}
            for index, id in self.graph.results.items()
        ]

    def _edges(self) -> list[Item]:
        """For each edge the steps that its value is made and read in, and so for its gradient."""
        if self.graph is None:
            return []
        made, back = self._makers(), self._makers(REVERSE)
        edges = []
        for id, index, reader in self.graph.edges:
            flows = index in self.walk.gradients or index in self.walk.part_of
            phase = (SEED, None) if reader is None else (REVERSE, reader)
            edges.append(
                {
                    "id": id,
                    "made": made.get(index, 0),
                    "read": None if reader is None else self.steps_of[FORWARD, reader],
                    "given": self.steps_of.get(phase) if flows else None,
                    "taken": back.get(index) if flows else None,
                    "fault": self._is_faulty(index),
                }
            )
        return edges

    def _arrivals(self) -> dict[int, int]:
        """By `Ref.index` of a value: the step that hands its gradient on to it.

        The gradient itself may be older: that of ``a + b`` is that of a and of b as well.
        """
        found: dict[int, int] = {}
        for number, step in enumerate(self.walk.steps):
            if step.phase != DONE:
                owned = [self.owners[index] for index in step.writes if index in self.owners]
                found.update(dict.fromkeys((*owned, *self.walk.passed_on(step)), number))
        # What there was before has no such step.
        last = len(self.walk.steps) - 1
        return dict.fromkeys(self.walk.gradients, last) | found

    def _is_faulty(self, index: int) -> bool:
        """Whether a value that has its place on the page is not finite."""
        return "fault" in self.values[self.places[index]]

    def _makers(self, phase: str = FORWARD) -> dict[int, int]:
        """By `Ref.index`: the step in which its operation is run, or its rule."""
        return {
            ref.index: self.steps_of[phase, number]
            for number, call in enumerate(self.walk.forward)
            if (phase, number) in self.steps_of
            for ref in call.outputs
        }

    def _fault(self) -> Item | None:
        """The first step that made what is not finite, and of what."""
        for number, step in enumerate(self.walk.steps):
            for index in step.writes:
                kind = kind_of(self.program.variables[index].value)
                if kind:
                    return {"step": number, "kind": kind, "name": self.names[index]}
        return None
