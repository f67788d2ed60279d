"""Operations as the lines of NumPy that they are."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

import numpy as np

from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.lowering.numpy_backend.functions import (
    is_elementwise,
    is_plain_reduction,
    numpy_name,
)
from autograd_np.lowering.numpy_backend.writing import Writer
from autograd_np.lowering.passes.inline import inline
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program, Ref, Variable
from autograd_np.rules.indexing import index_add, index_set, is_basic

# What is shorter stands where its value is read.
_FOLDED = 48
_WRITTEN_OUT = 60

# Stands for what is not known while a line is Python.
_UNKNOWN = "unknown_operand"


class NumpyLines:
    """Writes calls of a program as NumPy, functions of ours as the calls that they consist of.

    Parameters
    ----------
    program : Program
    names : mapping of int to str
        Of its values, by `Ref.index`.

    Attributes
    ----------
    namespace : dict of str to object
        What lines name besides values and NumPy: functions and arrays that have no text.

    Examples
    --------
    >>> import autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0], name="x")
    >>> with ag.record() as program:
    ...     y = ag.relu(2 * x)
    >>> names = {ref.index: name for ref, name in zip(map(program.ref, (x, y)), "xy")}
    >>> names |= {program.calls[0].outputs[0].index: "z"}
    >>> lines = NumpyLines(program, names)
    >>> lines.of(program.calls, keep={program.ref(y).index})
    ['y = np.maximum(2 * x, 0)']
    """

    def __init__(self, program: Program, names: Mapping[int, str]) -> None:
        self.program = program
        self.writer = _InPlaceWriter(names, (), dict(program.variables))
        # How many of the writer's constants, and of what has no text, stand in lines so far.
        self._told = (0, 0)

    @property
    def namespace(self) -> dict[str, Any]:
        """What lines name besides values and NumPy."""
        return self.writer.bound

    def of(self, calls: Sequence[Call], keep: Collection[int]) -> list[str]:
        """The lines of some calls that belong together.

        Parameters
        ----------
        calls : sequence of Call
        keep : collection of int
            Values that others read: each is assigned. Of the others, those that are read once
            are written where they are read.
        """
        calls = [inner for call in calls for inner in self._expanded(call)]
        uses = Counter(ref.index for call in calls for ref in operands(call))
        letters = iter(_letters(self.writer.taken))
        lines: list[str] = []
        folded = False
        for call in calls:
            outputs = [ref.index for ref in call.outputs]
            if not any(uses[index] or index in keep for index in outputs):
                continue
            same = self._same(call)
            if same is not None and outputs[0] not in keep:
                self.writer.names[outputs[0]] = self.writer.names[same]
                continue
            if len(outputs) == 1 and outputs[0] not in keep and uses[outputs[0]] == 1:
                text = self._expression(call)
                if text is not None and len(text) <= _FOLDED:
                    self.writer.names[outputs[0]] = f"({text})"
                    folded = True
                    continue
            for index in outputs:
                if index not in self.program.variables:
                    self.writer.names[index] = next(letters)
            written = list(self._statements(call))
            lines += [*self._untold(), *written]
        # To parse a line takes longer than to write it.
        lines = [_tidy(line) for line in lines] if folded else lines
        return [line.replace(_UNKNOWN, "?") for line in lines]

    def _expanded(self, call: Call) -> list[Call]:
        """The NumPy calls that a call consists of; itself where values are not known."""
        touched = {ref.index for ref in (*operands(call), *call.outputs)}
        variables = {index: self.writer.variables[index] for index in touched}
        if any(variable.value is None for variable in variables.values()):
            return [call]
        inlined = inline(Program(calls=[call], variables=variables))
        self.writer.variables.update(inlined.variables)
        return inlined.calls

    def _untold(self) -> list[str]:
        """Lines for the constants that were named since the last time."""
        constants, bound = self.writer.constants, list(self.writer.bound.items())
        told, self._told = self._told, (len(constants), len(bound))
        lines = [f"{name} = {text}" for name, text, _ in constants[told[0] :]]
        arrays = [each for each in bound[told[1] :] if isinstance(each[1], np.ndarray)]
        return [*lines, *(f"# {name}: {array.dtype} {array.shape}" for name, array in arrays)]

    def _same(self, call: Call) -> int | None:
        """The operand that a call would return as it is: of a shape, or an order, that it has."""
        if call.function not in (np.reshape, np.transpose) or len(call.args) != 2 or call.kwargs:
            return None
        array, what = call.args
        shape = self.writer.variables[array.index].shape if isinstance(array, Ref) else None
        as_it_is = shape if call.function is np.reshape else tuple(range(len(shape or ())))
        return array.index if shape and what == as_it_is else None

    def _expression(self, call: Call) -> str | None:
        """The call as an expression; None for one that takes a statement."""
        return None if call.function in (index_set, index_add) else self.writer.call(call)

    def _statements(self, call: Call) -> Iterator[str]:
        names, writer = self.writer.names, self.writer
        out = ", ".join(names[ref.index] for ref in call.outputs)
        if call.function is index_set:
            array, index, value = call.args
            yield f"{out} = np.copy({writer.value(array, call)})"
            yield f"{out}[{writer.index(index, call)}] = {writer.value(value, call)}"
        elif call.function is index_add:
            values, index, shape = call.args
            dtype = writer.variables[call.outputs[0].index].dtype
            place, added = writer.index(index, call), writer.value(values, call)
            yield f"{out} = np.zeros({writer.value(shape, call)}, np.{dtype.name})"
            if is_basic(index):
                yield f"{out}[{place}] = {added}"
            else:
                # As an index, `1:` may not stand in a call.
                yield f"np.add.at({out}, {writer.value(index, call)}, {added})"
        else:
            yield f"{out} = {writer.call(call)}"


class _InPlaceWriter(Writer):
    """Writes constants where they are used."""

    variables: dict[int, Variable]

    def __init__(self, names: Mapping[int, str], live: Any, variables: dict[int, Variable]) -> None:
        super().__init__(names, live, variables)
        self._texts: dict[str, str] = {}

    def call(self, call: Call, out: str | None = None) -> str:
        """The call as an expression."""
        if is_plain_reduction(call):
            settings = [f"{name}={self.value(v, call)}" for name, v in call.kwargs.items()]
            arguments = [*(self.value(arg, call) for arg in call.args), *settings]
            return f"{numpy_name(call.function)}({', '.join(arguments)})"
        if call.function is np.transpose and call.args[1:] == (None,):
            call = replace(call, args=call.args[:1])
        return super().call(self._without_zeros(call), out)

    def value(self, value: Any, call: Call) -> str:
        """An operand or a setting."""
        if value is UNKNOWN:
            return _UNKNOWN
        if isinstance(value, np.dtype) and value.isbuiltin:
            return f"np.{value.name}"
        if hasattr(value, "__array_function__"):
            # Lines are NumPy's, whatever library the array is from.
            value = np.asarray(value)
        return super().value(value, call)

    def scalar(self, value: Any, call: Call) -> str:
        """A number, as it is."""
        before = len(self.constants)
        name = super().scalar(value, call)
        return self._in_place(name, before)

    def array(self, array: Any) -> str:
        """An array as an expression where that is short, else by a name."""
        before = len(self.constants)
        return self._in_place(super().array(array), before)

    def _in_place(self, name: str, before: int) -> str:
        for constant, text, _ in self.constants[before:]:
            if constant == name and len(text) <= _WRITTEN_OUT:
                del self.constants[before:]
                self._texts[name] = text
        return self._texts.get(name, name)

    def _without_zeros(self, call: Call) -> Call:
        """The call with the number 0 in the place of an array of zeros.

        Where the other operand has its shape and dtype, it is the same and easier to read.
        """
        if not is_elementwise(call.function) or len(call.args) != 2 or call.kwargs:
            return call
        args = list(call.args)
        for place, other in ((0, args[1]), (1, args[0])):
            array = args[place]
            if not isinstance(array, np.ndarray) or not isinstance(other, Ref) or not array.ndim:
                continue
            known = self.variables[other.index]
            alike = (array.shape, array.dtype) == (known.shape, known.dtype)
            if alike and array.dtype.kind == "f" and not (array.any() or np.signbit(array).any()):
                args[place] = 0
        return replace(call, args=tuple(args))


def _letters(taken: Collection[str]) -> Iterator[str]:
    """Short names for values that only a few lines know: a, b, …, a1, b1, …."""
    number = 0
    while True:
        for letter in ascii_lowercase:
            name = f"{letter}{number or ''}"
            if name not in taken:
                yield name
        number += 1


def _tidy(line: str) -> str:
    """A line without parentheses that it does not need."""
    if line.startswith("#"):
        return line
    return ast.unparse(ast.parse(line))
