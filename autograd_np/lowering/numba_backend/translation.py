"""Programs in the backend's own form."""

from __future__ import annotations

import operator
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from autograd_np.graph import Shape
from autograd_np.lowering.effects import Checked, callback, require, require_finite
from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.lowering.naming import unique
from autograd_np.lowering.numba_backend.constants import classified
from autograd_np.lowering.numba_backend.form import (
    Check,
    DType,
    Form,
    Look,
    Operation,
    Pointwise,
    Value,
    read_by,
)
from autograd_np.lowering.numba_backend.reserved import RESERVED
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call, Program, Ref

Translate = Callable[["Translation", Call], None]

# Who translates the calls of which function; filled by the modules of this package.
TRANSLATORS: dict[Any, Translate] = {}

# What the numbers of an array may be: numba has no half precision, and BLAS no integers.
_KINDS = frozenset("?bhilqBHILQfd")


def translates(*functions: Any) -> Callable[[Translate], Translate]:
    """Register a function that translates calls of `functions`."""

    def register(translate: Translate) -> Translate:
        TRANSLATORS.update(dict.fromkeys(functions, translate))
        return translate

    return register


class Translation:
    """A form in the making.

    Parameters
    ----------
    program : Program
    names : mapping of int to str
        By `Ref.index`: how values are called in the source.
    """

    def __init__(self, program: Program, names: Mapping[int, str]) -> None:
        self.program = program
        self.form = Form()
        self.taken = set(RESERVED)
        self._names = {index: unique(name, self.taken) for index, name in names.items()}
        self._next = max((*program.variables, 0)) + 1
        members = {ref.index for pack in program.packs.values() for ref in pack}
        for ref in program.inputs:
            variable = program.variables[ref.index]
            kind = "number" if variable.weak else "input"
            self._declare(ref.index, kind, type(variable.value) if variable.weak else None)
            if ref.index not in members:
                self.form.inputs.append(ref.index)

        arrays = {
            number: program.variables[number].value
            for number in self.form.inputs
            if self.form.values[number].kind == "input"
        }
        self.form.shared = _overlapping(arrays)

    def translate(self) -> Form:
        """The whole program."""
        form, program = self.form, self.program
        for call in program.calls:
            self._call(call)
        form.outputs = [self.operand(each) for each in program.outputs]
        form.updates = {
            index: self._new(each) for index, each in program.updates.items() if each != Ref(index)
        }
        form.packs = {
            index: tuple(ref.index for ref in refs) for index, refs in program.packs.items()
        }
        form.operations = _alive(form)
        return form

    def _new(self, value: Any) -> int:
        """What overwrites an input, in memory of its own until then."""
        number = self.operand(value)
        given = self.value(number)
        looks = {operation.out for operation in self.form.operations if isinstance(operation, Look)}
        if given.kind == "computed" and number not in looks:
            return number
        dtype = given.dtype or np.dtype(type(given.content))
        copied = self.new(f"new_{given.name}", given.shape, dtype)
        self.add(Pointwise(copied, "{0}", (number,), (dtype,)))
        return copied

    def _call(self, call: Call) -> None:
        if call.function is callback:
            self._callback(call)
            return
        if all(self.program.variables[ref.index].weak for ref in call.outputs):
            if call.function in (require, require_finite):
                value, message = call.args
                finite = " is not finite" if call.function is require_finite else ""
                self.add(Check(self.operand(value), f"{message}{finite}"))
                return
            self._number(call)
            return
        translate = TRANSLATORS.get(call.function)
        if translate is None:
            raise CannotLowerError(self.about(call))
        try:
            translate(self, call)
        except CannotLowerError as error:
            raise CannotLowerError(self.about(call, str(error))) from None

    def about(self, call: Call, why: str = "") -> str:
        """What an exception says of a call: its name, the user's line, and what is wrong."""
        name = getattr(call.function, "__name__", repr(call.function))
        file, line = call.source
        return f"{name} (at {os.path.basename(file)}:{line}){why and f', which {why}'}"

    def _callback(self, call: Call) -> None:
        if any(refs_in(call.args[1:])):
            raise CannotLowerError(self.about(call, "is given values that are computed natively"))
        (out,) = call.outputs
        variable = self.program.variables[out.index]
        function = self._held(Checked(call.args[0], variable))
        arguments = ", ".join(self._held(each) for each in call.args[1:])
        name = self._names[out.index]
        if variable.weak:
            self.form.before.append(f"{name} = {function}({arguments})")
            self._declare(out.index, "number", type(variable.value))
        else:
            self.form.scope["asarray"] = np.asarray
            self.form.before.append(f"{name} = asarray({function}({arguments}))")
            self._declare(out.index, "input")

    def _number(self, call: Call) -> None:
        """A call of Python numbers alone runs in Python, where it is exact."""
        (out,) = call.outputs
        if getattr(operator, call.function.__name__, None) is not call.function:
            raise CannotLowerError(self.about(call, "makes a Python number of arrays"))
        arguments = ", ".join(
            self._names[each.index] if isinstance(each, Ref) else repr(each) for each in call.args
        )
        self.form.asked.update(each.index for each in call.args if isinstance(each, Ref))
        self.form.scope[call.function.__name__] = call.function
        self.form.before.append(f"{self._names[out.index]} = {call.function.__name__}({arguments})")
        self._declare(out.index, "number", type(self.program.variables[out.index].value))

    def _held(self, value: Any) -> str:
        name = unique("given", self.taken)
        self.form.scope[name] = value
        return name

    def _declare(self, number: int, kind: Any, content: Any = None) -> None:
        variable = self.program.variables[number]
        dtype = None if kind == "number" else checked(variable.dtype)
        name = self._names[number]
        self.form.values[number] = Value(name, variable.shape, dtype, kind, content)

    def operand(self, value: Any) -> int:
        """The number of a value of the program, or of a constant."""
        if isinstance(value, Ref):
            return value.index
        kind, content = classified(value)
        if kind == "literal" and not isinstance(value, (np.ndarray, np.generic)):
            return self.put(Value("number", (), None, kind, content))
        array = np.asarray(value)
        if kind == "constant":
            return self._constant(array)
        return self.put(Value("number", array.shape, checked(array.dtype), kind, content))

    def _constant(self, array: Any) -> int:
        """An array; one that lies in another order of its axes as a view of one row by row."""
        order = sorted(range(array.ndim), key=lambda axis: -abs(array.strides[axis]))
        turned = array.transpose(order)
        name = unique("constant", self.taken)
        dtype = checked(array.dtype)
        if array.flags.c_contiguous or not turned.flags.c_contiguous:
            return self.put(Value(name, array.shape, dtype, "constant", array))
        rows = self.put(Value(name, turned.shape, dtype, "constant", turned))
        seen = self.new(f"{name}_turned", array.shape, dtype)
        self.add(Look(seen, rows, lambda each: each.transpose(np.argsort(order))))
        return seen

    def out(self, call: Call, output: int = 0) -> int:
        """The number of a call's result, which is declared."""
        index = call.outputs[output].index
        self._declare(index, "computed")
        return index

    def new(self, name: str, shape: Shape, dtype: DType | None) -> int:
        """A value that the program does not have, an array."""
        assert dtype is not None
        return self.put(Value(unique(name, self.taken), shape, checked(dtype), "computed"))

    def put(self, value: Value) -> int:
        """Add a value."""
        self._next += 1
        self.form.values[self._next] = value
        return self._next

    def add(self, operation: Operation) -> None:
        """Add an operation."""
        self.form.operations.append(operation)

    def value(self, number: int) -> Value:
        """A value by its number."""
        return self.form.values[number]

    def stored(self, number: int) -> int:
        """A value that lies in memory: a literal as a constant array."""
        value = self.value(number)
        if value.kind != "literal" or value.dtype is None:
            return number
        array = np.full(value.shape, value.content, value.dtype)
        name = unique("constant", self.taken)
        array.flags.writeable = False
        return self.put(Value(name, value.shape, value.dtype, "constant", array))


def _overlapping(arrays: Mapping[int, Any]) -> set[int]:
    """The arrays that have memory in common with another one, by their numbers."""
    found: set[int] = set()
    end, last = -1, -1
    bounds = {n: byte_bounds(each) for n, each in arrays.items() if isinstance(each, np.ndarray)}
    for number, (start, stop) in sorted(bounds.items(), key=lambda item: item[1]):
        if start < end:
            found |= {number, last}
        if stop > end:
            end, last = stop, number
    return found


def _alive(form: Form) -> list[Operation]:
    """The operations that a result or an exception depends on."""
    needed = {*form.outputs, *form.updates.values()}
    alive = []
    for operation in reversed(form.operations):
        out = getattr(operation, "out", None)
        if out is None or out in needed:
            alive.append(operation)
            needed.update(read_by(operation))
    return alive[::-1]


def checked(dtype: DType) -> DType:
    """The dtype, if there is native code for its numbers."""
    if dtype.char not in _KINDS or not dtype.isnative:
        raise CannotLowerError(
            f"has numbers of dtype {dtype.name}, which numba does not compute with"
        )
    return dtype
