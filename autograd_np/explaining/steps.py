"""A program as the steps of a walk: the forward pass, then the reverse pass."""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from autograd_np.drawing.calls import leading_to
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program

# What happens in a step.
START: Final = "start"
FORWARD: Final = "forward"
SEED: Final = "seed"
REVERSE: Final = "reverse"
COLLECT: Final = "collect"
DONE: Final = "done"


@dataclass(slots=True)
class Step:
    """One step.

    Attributes
    ----------
    phase : str
    operation : int or None
        The number of the forward operation that it is about.
    calls : list of Call
        What runs.
    reads, writes : list of int
        Values, by `Ref.index`, in the order in which they are shown.
    """

    phase: str
    operation: int | None = None
    calls: list[Call] = field(default_factory=list)
    reads: list[int] = field(default_factory=list)
    writes: list[int] = field(default_factory=list)


class Walk:
    """The steps through a program.

    Attributes
    ----------
    forward : list of Call
        The operations of the forward pass.
    gradients : dict of int to int
        By `Ref.index` of a value: that of its gradient.
    part_of : dict of int to int
        By `Ref.index` of a gradient that is but one of the terms of another: that one.
    steps : list of Step

    Examples
    --------
    >>> import autograd_np as ag
    >>> from autograd_np.ancestry import program_of
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True)
    >>> with ag.record():
    ...     y = (w * 3).sum()
    >>> walk = Walk(program_of((y,), None, "explain", backward=True))
    >>> [step.phase for step in walk.steps]
    ['start', 'forward', 'forward', 'seed', 'reverse', 'reverse', 'done']
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.forward, passes = _divided(program)
        own = {ref.index for call in self.forward for ref in (*operands(call), *call.outputs)}
        # What the forward pass computes with is a value like any other, though it be a gradient.
        self.gradients = {of: g for of, g in program.gradient_of.items() if g not in own}
        self._wholes = set(self.gradients.values())
        # The last one of several passes is enough.
        passes = leading_to(self._wholes, passes)
        self.part_of = _terms(passes, self._wholes)
        self._uses = Counter(ref.index for call in passes for ref in operands(call))
        self.steps = [*self._onwards(), *self._back(passes)]

    def passed_on(self, step: Step) -> list[int]:
        """The operands of a step's operation that get the gradient of its result as it is."""
        if step.phase != REVERSE or step.operation is None:
            return []
        call = self.forward[step.operation]
        incoming = {self.gradients.get(ref.index) for ref in call.outputs}
        return [i for i in operand_indices(call) if self.gradients.get(i, -1) in incoming]

    def _onwards(self) -> Iterator[Step]:
        yield Step(START, writes=self._given())
        for number, call in enumerate(self.forward):
            outputs = [ref.index for ref in call.outputs]
            yield Step(FORWARD, number, [call], operand_indices(call), outputs)

    def _back(self, passes: list[Call]) -> Iterator[Step]:
        """The way back through the operations that a gradient reached."""
        outputs = dict.fromkeys(ref.index for ref in self.program.outputs)
        seeds = [self.gradients[index] for index in outputs if index in self.gradients]
        if passes or seeds:
            yield Step(SEED, writes=seeds)
        by_operation = {
            ref.index: number for number, call in enumerate(self.forward) for ref in call.outputs
        }
        groups: dict[int | None, list[Call]] = {}
        for call in passes:
            target = -1 if call.derivative_of is None else call.derivative_of
            groups.setdefault(by_operation.get(target), []).append(call)
        for number in reversed(range(len(self.forward))):
            outputs_of = [ref.index for ref in self.forward[number].outputs]
            incoming = [self.gradients[i] for i in outputs_of if i in self.gradients]
            if number in groups or (incoming and seeds):
                yield self._reverse(REVERSE, number, groups.get(number, []), incoming)
        if None in groups:
            yield self._reverse(COLLECT, None, groups[None], [])
        if self.gradients:
            found = [self.gradients[i] for i in self._given() if i in self.gradients]
            yield Step(DONE, writes=list(dict.fromkeys(found)))

    def _reverse(
        self, phase: str, number: int | None, calls: list[Call], incoming: list[int]
    ) -> Step:
        """A step that runs calls: it reads what is not its own, and writes what is wanted later."""
        made = dict.fromkeys(ref.index for call in calls for ref in call.outputs)
        inside = Counter(ref.index for call in calls for ref in operands(call))
        reads = [*dict.fromkeys([*incoming, *(index for index in inside if index not in made)])]
        writes = [
            index
            for index in made
            if index in self._wholes or not inside[index] or self._uses[index] > inside[index]
        ]
        return Step(phase, number, calls, reads, writes)

    def _given(self) -> list[int]:
        """The inputs that are no gradients."""
        inputs = (ref.index for ref in self.program.inputs)
        read = {index for call in self.forward for index in operand_indices(call)}
        read |= {ref.index for ref in self.program.outputs}
        return [index for index in inputs if index in read]


def operand_indices(call: Call) -> list[int]:
    """The values that a call reads, each once, by `Ref.index`."""
    return list(dict.fromkeys(ref.index for ref in operands(call)))


def _terms(passes: list[Call], wholes: Collection[int]) -> dict[int, int]:
    """What is added up to a gradient, by `Ref.index`: that gradient."""
    found: dict[int, int] = {}
    for call in reversed(passes):
        result = call.outputs[0].index
        whole = result if result in wholes else found.get(result)
        if whole is not None and call.function in (np.add, operator.add):
            terms = (index for index in operand_indices(call) if index not in wholes)
            found.update(dict.fromkeys(terms, whole))
    return found


def _divided(program: Program) -> tuple[list[Call], list[Call]]:
    """The calls of the forward pass, and those of the reverse passes from its results.

    What the results depend on is forward, though it may be the gradient of something in turn.
    """
    wanted = {ref.index for ref in program.outputs}
    forward: list[Call] = []
    passes: list[Call] = []
    for call in reversed(program.calls):
        if call.derivative_of is None or any(ref.index in wanted for ref in call.outputs):
            wanted.update(ref.index for ref in operands(call))
            forward.append(call)
        else:
            passes.append(call)
    return forward[::-1], passes[::-1]
