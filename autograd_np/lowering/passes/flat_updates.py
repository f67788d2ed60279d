"""Parameters that lie back to back, updated as one.

An optimizer does the same to every parameter, element by element, so that it may as well do it once
to all of them: a handful of calls whatever the number of layers, and the same bits.
"""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from autograd_np.graph import tick
from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.packed import packed
from autograd_np.lowering.passes.arguments import key_of
from autograd_np.lowering.passes.runs import places, runs
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call, Program, Ref, Variable

# Of each element alone, and rounded as IEEE 754 says wherever in an array it stands.
_EXACT = frozenset(
    {
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.sqrt,
        np.square,
        np.reciprocal,
        np.maximum,
        np.minimum,
        np.negative,
        np.positive,
        np.absolute,
        np.sign,
    }
)

# What a value is, in the update of one input: the same for all of them (a learning rate), an input
# with a place in memory, an exact operation, anything else (the gradient).
_SAME: Final = "same"
_INPUT: Final = "input"
_CALL: Final = "call"
_LEAF: Final = "leaf"

# Deeper than any optimizer's formula.
_DEEPEST = 64


def flat_updates(program: Program) -> Program:
    """The program with one update in place of those of inputs that adjoin each other.

    Inputs of which two or more are updated by the same exact element-wise operations get a flat
    input beside them, a 1-D look at the memory of all. Their gradients are joined by `packed`.
    """
    places_of = places(program)
    kinds = _Kinds(program, {index: id(place.base) for index, place in places_of.items()})
    groups = [group for run in runs(places_of) for group in kinds.groups(run)]
    if not groups:
        return program
    updates = dict(program.updates)
    flattened = _Flattened(program, kinds)
    for group in groups:
        first, last = places_of[group[0]], places_of[group[-1]]
        flattened.add_input(group, first.base[first.start : last.stop])
    for group in groups:
        roots = tuple(updates.pop(index) for index in group)
        updates[flattened.inputs[group].index] = flattened.value(roots)
    return replace(
        program,
        calls=[*program.calls, *flattened.calls],
        inputs=[*program.inputs, *flattened.inputs.values()],
        variables={**program.variables, **flattened.variables},
        updates=updates,
        packs=program.packs
        | {flat.index: tuple(map(Ref, group)) for group, flat in flattened.inputs.items()},
        gradients={**program.gradients, **flattened.gradients},
    )


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a value is in the update of an input, and the number of its formula."""

    name: str
    number: int


class _Kinds:
    """Which formula made each value, so that equal ones can be told."""

    def __init__(self, program: Program, bases: dict[int, int]) -> None:
        self.producers = {ref.index: call for call in program.calls for ref in call.outputs}
        self._program = program
        self._bases = bases
        self._outputs = {ref.index for ref in refs_in(program.outputs)}
        self._known: dict[int, _Kind] = {}
        self._numbers: dict[Hashable, int] = {}

    def groups(self, run: list[int]) -> Iterator[tuple[int, ...]]:
        """The stretches of a run whose updates have one formula, of two inputs or more."""

        def formula(index: int) -> tuple[bool, int]:
            root = self._program.updates[index]
            shape = self._program.variables[index].shape
            if not isinstance(root, Ref) or self._shape(root) != shape:
                return False, -1
            kind = self.kind(root)
            # What is handed out besides is computed in its own shape anyway.
            return kind.name == _CALL and root.index not in self._outputs, kind.number

        for (flat, _), indices in itertools.groupby(run, formula):
            group = tuple(indices)
            if flat and len(group) > 1:
                yield group

    def kind(self, ref: Ref, depth: int = 0) -> _Kind:
        """What a value is, in the update of an input of its shape."""
        found = self._known.get(ref.index)
        if found is None:
            name, formula = self._formula(ref, depth)
            number = self._numbers.setdefault((name, formula), len(self._numbers))
            found = self._known[ref.index] = _Kind(name, number)
        return found

    def _formula(self, ref: Ref, depth: int) -> tuple[str, Hashable]:
        variable = self._program.variables[ref.index]
        if variable.weak:
            return _SAME, self._number_formula(ref, depth)
        if ref.index in self._bases:
            return _INPUT, self._bases[ref.index]
        call = self.producers.get(ref.index)
        if call is None or depth > _DEEPEST or not self._is_exact(call, variable):
            return _LEAF, variable.dtype
        operands = tuple(self._operand(arg, variable, depth) for arg in call.args)
        return _CALL, (call.function, variable.dtype, operands)

    def _operand(self, arg: Any, result: Variable, depth: int) -> Hashable:
        if not isinstance(arg, Ref):
            return key_of(arg)
        if self.is_shared(arg, result) and not self._program.variables[arg.index].weak:
            return _SAME, arg.index
        return self.kind(arg, depth + 1).number

    def _number_formula(self, ref: Ref, depth: int) -> Hashable:
        """How a number was computed: in a loop over parameters, for each of them anew."""
        call = self.producers.get(ref.index)
        if call is None or call.function in EFFECTS or depth > _DEEPEST:
            return ref.index
        return call.function, tuple(
            self.kind(arg, depth + 1).number if isinstance(arg, Ref) else key_of(arg)
            for arg in call.args
        )

    def _is_exact(self, call: Call, variable: Variable) -> bool:
        """Whether a call is part of an update and can be done to all inputs at once."""
        if call.function not in _EXACT or call.kwargs or call.derivative_of is not None:
            return False
        return all(
            self.is_shared(arg, variable) or self._shape(arg) == variable.shape
            if isinstance(arg, Ref)
            else np.ndim(arg) == 0
            for arg in call.args
        )

    def is_shared(self, ref: Ref, variable: Variable) -> bool:
        """Whether an operand is one number for all elements of the result."""
        given = self._program.variables[ref.index]
        return given.weak or (given.shape == () and variable.shape != ())

    def _shape(self, ref: Ref) -> Any:
        return self._program.variables[ref.index].shape


class _Flattened:
    """The flat inputs and what is computed of them."""

    def __init__(self, program: Program, kinds: _Kinds) -> None:
        self.calls: list[Call] = []
        self.variables: dict[int, Variable] = {}
        self.inputs: dict[tuple[int, ...], Ref] = {}
        self.gradients: dict[int, int] = {}
        self._program = program
        self._kinds = kinds
        self._values: dict[tuple[int, ...], Ref] = {}

    def add_input(self, group: tuple[int, ...], memory: Any) -> None:
        """Add a flat input, a look at the memory of a group."""
        self.inputs[group] = self._values[group] = self._new(memory)

    def value(self, parts: tuple[Ref, ...]) -> Ref:
        """The flat value whose pieces are `parts`, one for each input of a group."""
        indices = tuple(ref.index for ref in parts)
        found = self._values.get(indices)
        if found is None:
            found = self._values[indices] = self._made(parts)
        return found

    def _made(self, parts: tuple[Ref, ...]) -> Ref:
        kinds = self._kinds
        variables = [self._program.variables[ref.index] for ref in parts]
        result = self._new(packed(*(variable.value for variable in variables)))
        if kinds.kind(parts[0]).name != _CALL:
            self._append(packed, parts, result, kinds.producers.get(parts[0].index))
            self._note_gradient(parts, result)
            return result
        calls = [kinds.producers[ref.index] for ref in parts]
        args = tuple(
            column[0]
            if not isinstance(column[0], Ref) or kinds.is_shared(column[0], variables[0])
            else self.value(column)
            for column in zip(*(call.args for call in calls), strict=True)
        )
        self._append(calls[0].function, args, result, calls[0])
        return result

    def _append(self, function: Any, args: tuple[Any, ...], result: Ref, like: Call | None) -> None:
        source = ("<input>", 0) if like is None else like.source
        self.calls.append(Call(function, args, {}, (result,), source))

    def _note_gradient(self, parts: tuple[Ref, ...], result: Ref) -> None:
        """Say so if the parts are the gradients of the inputs of a group."""
        of = tuple(self._program.gradients.get(ref.index, -1) for ref in parts)
        if of in self.inputs:
            self.gradients[result.index] = self.inputs[of].index

    def _new(self, value: Any) -> Ref:
        ref = Ref(tick())
        self.variables[ref.index] = Variable(value.shape, value.dtype, value, False, None)
        return ref
