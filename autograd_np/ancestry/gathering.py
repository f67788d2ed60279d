"""Everything that values depend on, from full recordings and from lean nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_np.ancestry.lean_calls import NOWHERE, lean_call
from autograd_np.full_recording import Recording, ReversePass
from autograd_np.graph import Leaf, Node, RecordedNode, ancestors, tick
from autograd_np.handle import unwrap
from autograd_np.lifted_pass import GraphLift, lower
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program, Ref, Variable
from autograd_np.recording import Mode, tracing, using
from autograd_np.reverse import conjugated, pull_back
from autograd_np.rules.outputs import picked
from autograd_np.writes import changed


class Gathering:
    """Finds what the values at `roots` depend on.

    Parameters
    ----------
    roots : list of (Node, array)
        And the values there.
    backward : bool
        Take in the reverse passes from them.
    """

    def __init__(self, roots: list[tuple[Node, Any]], backward: bool) -> None:
        self.values = {node.index: value for node, value in roots}
        self.roots = [node for node, _ in roots]
        self.backward = backward
        self.nodes = {node.index: node for node in ancestors(*self.roots)}
        self.picks = _picks(self.nodes)
        # The oldest node that reads a value: `ancestors` are in order.
        self.reader: dict[int, Node] = {}
        for node in self.nodes.values():
            for parent in node.parents:
                self.reader.setdefault(parent.index, node)
        # By identity: a program is compared by nothing else.
        self.recordings = list(
            {
                id(node.program): node.program
                for node in self.nodes.values()
                if isinstance(node, RecordedNode) and node.program is not None
            }.values()
        )
        trace = tracing()
        if trace is not None:
            # Nodes of a function that is being compiled do not hold its trace.
            self.recordings.append(trace)
        self.recorded = self._recorded_calls()
        if backward:
            reached = {index for each in self._all_passes() for index in each.gradients}
            started = [root for root in self.roots if root.derivative and root.index not in reached]
            if started:
                self.recordings.append(self._reverse_pass(started))
                self.recorded = self._recorded_calls()
        self.made_by = {
            index: call for call, picks in self.picks.items() for index in picks.values()
        }
        self.passes = self._passes()
        self.lean: dict[int, Call] = {}

    def program(self) -> Program:
        """The program, without names from elsewhere."""
        calls: dict[int, Call] = {}
        inputs: set[int] = set()
        self._follow([node.index for node in self.roots], calls, inputs)
        if self.backward:
            for each in self.passes:
                for target, gradient in each.gradients.items():
                    if target in calls or target in inputs:
                        self._follow([gradient], calls, inputs)
        unique = {id(call): call for call in calls.values()}
        ordered = sorted(unique.values(), key=lambda call: min(r.index for r in call.outputs))
        program = Program(
            calls=ordered,
            inputs=by_use(ordered, inputs),
            variables={index: self._variable(index) for index in (*inputs, *calls)},
            outputs=[Ref(node.index) for node in self.roots],
        )
        self._add_gradients(program)
        return program

    def _recorded_calls(self) -> dict[int, Call]:
        return {
            ref.index: call
            for program in self.recordings
            for call in program.calls
            for ref in call.outputs
        }

    def _all_passes(self) -> list[ReversePass]:
        return [each for recording in self.recordings for each in recording.passes]

    def _passes(self) -> list[ReversePass]:
        """The last pass from each root; where none starts there, the last that goes through it."""
        found = {}
        for root in self.roots:
            passes = [each for each in self._all_passes() if root.index in each.gradients]
            starting = [each for each in passes if root.index in each.starts]
            for each in (starting or passes)[-1:]:
                found[id(each)] = each
        return [*found.values()]

    def _reverse_pass(self, roots: list[Node]) -> Recording:
        """A recording of the reverse pass from `roots`, which leaves no trace elsewhere."""
        program = Recording()
        for recording in self.recordings:
            program.picked.update(recording.picked)
        for call, picks in self.picks.items():
            program.picked.update({(call, number): index for number, index in picks.items()})
        lift = _Unhooked(Mode(False, program))
        # Ones of the library that the values are arrays of.
        ones = [(node, np.ones_like(self.values[node.index])) for node in roots]
        seeds = [(node, program.seeded(g)) for node, g in ones]
        lift.found = program.begin_pass(roots)
        with using(lift.mode):
            try:
                found = pull_back(seeds, lift=lift, lower=lower, retain_graph=True)
            except RuntimeError as error:
                freed = (node.derivative and node.saved is None for node in self.nodes.values())
                if not any(freed):
                    raise
                raise RuntimeError(
                    f"{error} To see the reverse pass, ask for it before backward() frees the "
                    f"graph, or compute loss and gradient under `with ag.record():`."
                ) from None
        for node, g in found.items():
            program.is_gradient(g, node, lift.found)
        for each in program.calls:
            # The line at which it ran says nothing.
            each.source = NOWHERE
        # Outputs that the rules read and the user was not handed.
        for (made_by, number), index in program.picked.items():
            if made_by in self.nodes and index in program.variables:
                self.picks.setdefault(made_by, {})[number] = index
        return program

    def _follow(self, pending: list[int], calls: dict[int, Call], inputs: set[int]) -> None:
        """Add what makes the `pending` values, and what those are made of."""
        while pending:
            index = pending.pop()
            if index in calls or index in inputs:
                continue
            call = self.recorded.get(index) or self._lean_call(index)
            if call is None:
                inputs.add(index)
                continue
            calls.update({ref.index: call for ref in call.outputs})
            pending += [ref.index for ref in operands(call)]
            if call.derivative_of is not None:
                pending.append(call.derivative_of)

    def _lean_call(self, index: int) -> Call | None:
        node = self.nodes.get(self.made_by.get(index, index))
        if node is None or node.derivative is None:
            return None
        if node.index not in self.lean:
            # Where the user is handed the first output alone, the call's node stands for it.
            numbers = {} if node.shape is None else {0: node.index}
            numbers.update(self.picks.get(node.index, {}))
            outputs = tuple(Ref(numbers[number]) for number in sorted(numbers))
            self.lean[node.index] = lean_call(node, outputs)
        return self.lean[node.index]

    def _variable(self, index: int) -> Variable:
        """What is known of a value: its name may have been given after it was recorded."""
        node = self.nodes.get(index)
        known = [each.variables[index] for each in self.recordings if index in each.variables]
        if known:
            found = replace(known[0], name=(node and node.name) or known[0].name)
            # A parameter that was updated between two recordings has no one value.
            return (
                found if all(_same(each, found) for each in known) else replace(found, value=None)
            )
        assert node is not None
        assert node.shape is not None
        assert node.dtype is not None
        return Variable(node.shape, node.dtype, self._value(node), node.requires_grad, node.name)

    def _value(self, node: Node) -> Any:
        """The value of a leaf, unless it was changed after it had been read."""
        owner, reader = _owner(node), self.reader.get(node.index)
        if owner is None or not isinstance(node, Leaf):
            return None
        stale = reader is not None and changed(node, reader, owner._value)
        return None if stale else owner._value

    def _add_gradients(self, program: Program) -> None:
        """Note the gradients of the values, as recorded, or as they lie in leaves now."""
        for recording in self.recordings:
            for gradient, target in recording.gradients.items():
                if target in program.variables:
                    program.gradients[gradient] = target
        found: dict[int, list[int]] = {}
        for each in self.passes:
            for target, gradient in each.gradients.items():
                if target in program.variables:
                    found.setdefault(target, []).append(gradient)
        for target, gradients in found.items():
            for gradient in gradients:
                program.variables.setdefault(gradient, self._variable(gradient))
            program.gradient_of[target] = _sum(program, target, gradients)
        for ref in program.inputs:
            owner = _owner(self.nodes.get(ref.index))
            if (
                owner is not None
                and owner._grad is not None
                and ref.index not in program.gradient_of
            ):
                # As in a reverse pass, of which `grad` is the conjugate.
                value, index = conjugated(unwrap(owner._grad)), tick()
                program.variables[index] = Variable(value.shape, value.dtype, value, False, None)
                program.gradients[index] = ref.index
                program.gradient_of[ref.index] = index


def _same(one: Variable, other: Variable) -> bool:
    return one.value is other.value or np.array_equal(one.value, other.value, equal_nan=True)


def _sum(program: Program, target: int, gradients: list[int]) -> int:
    """The gradient of a value by the passes from all roots together, which are given."""
    first, *others = gradients
    if not others:
        return first
    values = [program.variables[gradient].value for gradient in gradients]
    index = tick()
    program.variables[index] = replace(program.variables[first], value=sum(values[1:], values[0]))
    program.gradients[index] = target
    return index


class _Unhooked(GraphLift):
    """Has the rules record the gradient, and hooks wait for the user's own reverse pass."""

    def hooked(self, g: Any, node: Node) -> Any:
        """The gradient itself."""
        return g


def _owner(node: Node | None) -> Any:
    """The Tensor of a leaf, while it lives."""
    return node.tensor() if isinstance(node, Leaf) else None


def _picks(nodes: Mapping[int, Node]) -> dict[int, dict[int, int]]:
    """By the index of a call with several outputs: the indices of those, by their number."""
    found: dict[int, dict[int, int]] = {}
    for node in nodes.values():
        number = picked(node)
        if number is not None:
            found.setdefault(node.parents[0].index, {})[number] = node.index
    return found


def by_use(calls: list[Call], inputs: set[int]) -> list[Ref]:
    """The inputs in the order in which they are read; those that nobody reads first."""
    read = {ref.index: ref for call in calls for ref in operands(call) if ref.index in inputs}
    return [*(Ref(index) for index in sorted(inputs - read.keys())), *read.values()]
