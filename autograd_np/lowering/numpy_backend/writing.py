"""One call of a program as a line of NumPy."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd_np.lowering.effects import Checked, callback
from autograd_np.lowering.naming import RESERVED, identifier, unique
from autograd_np.lowering.numpy_backend.functions import (
    AUGMENTED,
    INFIX,
    METHODS,
    REDUCTIONS,
    is_plain_reduction,
    numpy_name,
)
from autograd_np.memory import may_change
from autograd_np.program import Call, Ref, Variable
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.indexing import getitem

_PREFIX = {operator.neg: "-", operator.pos: "+", np.negative: "-", np.positive: "+"}


class Writer:
    """Writes operands and calls, and collects what they need at the top of the source.

    Parameters
    ----------
    names : mapping of int to str
        Of the values, by `Ref.index`.
    live : collection of int
        Ids of arrays that may change between calls, and must be handed in.
    variables : mapping of int to Variable
        Of the program.

    Attributes
    ----------
    constants : list of (name, text, comment)
        To be written at the top.
    arrays : dict of str to array
        The constants that are arrays.
    bound : dict of str to object
        What has no text: functions and arrays that are handed in.
    """

    def __init__(
        self, names: Mapping[int, str], live: Any, variables: Mapping[int, Variable]
    ) -> None:
        self.names = dict(names)
        self.variables = variables
        self.live = live
        self.taken = {*RESERVED, *names.values()}
        self.constants: list[tuple[str, str, str]] = []
        self.bound: dict[str, Any] = {}
        self.arrays: dict[str, Any] = {}
        self._known: dict[Any, str] = {}

    def call(self, call: Call, out: str | None = None) -> str:
        """The call as an expression, or with `out` as one that writes there."""
        function = call.function
        if function is callback:
            args = [self.value(arg, call) for arg in call.args[1:]]
            return f"{self.checked(call.args[0], call)}({', '.join(args)})"
        args = [self.value(arg, call) for arg in call.args]
        if function is stop_gradient:
            return args[0]
        if function is getitem and not call.kwargs:
            return f"{args[0]}[{self.index(call.args[1], call)}]"
        plain = not call.kwargs
        plain = plain and not self._is_of_numbers(call)
        if plain and out is None and function in INFIX and len(args) == 2:
            return f"{self.grouped(call, 0)} {INFIX[function]} {self.grouped(call, 1)}"
        if plain and out is None and function in _PREFIX:
            return f"{_PREFIX[function]}{self.grouped(call, 0)}"
        if plain and function is np.transpose and len(args) == 1:
            return f"{args[0]}.T"
        method, known = METHODS.get(function, ("", set()))
        if method and out is None and set(call.kwargs) <= known and self._is_array(call.args[:1]):
            settings = [f"{name}={self.value(v, call)}" for name, v in call.kwargs.items()]
            return f"{args[0]}.{method}({', '.join([*args[1:], *settings])})"
        settings = [f"{name}={self.value(each, call)}" for name, each in call.kwargs.items()]
        settings += [] if out is None else [f"out={out}"]
        if is_plain_reduction(call):
            if len(args) == 1 and "axis" not in call.kwargs:
                # The ufunc's method reduces the first axis unless told otherwise.
                settings.insert(0, "axis=None")
            return f"{REDUCTIONS[function]}({', '.join([*args, *settings])})"
        name = self.checked(function, call) if _is_users(function) else self.function(function)
        return f"{name}({', '.join([*args, *settings])})"

    def augmented(self, call: Call, target: Ref) -> str | None:
        """The call as an augmented assignment to `target`, where it is one."""
        symbol = AUGMENTED.get(call.function)
        if symbol is None or call.kwargs or len(call.args) != 2:
            return None
        if not isinstance(call.args[0], Ref) or call.args[0] != target:
            return None
        return f"{self.names[target.index]} {symbol} {self.value(call.args[1], call)}"

    def grouped(self, call: Call, position: int) -> str:
        """An operand of an infix operator."""
        text = self.value(call.args[position], call)
        return f"({text})" if text.startswith("-") else text

    def value(self, value: Any, call: Call) -> str:
        """An operand or a setting."""
        if isinstance(value, Ref):
            return self.names[value.index]
        if isinstance(value, np.ndarray):
            return self.array(value)
        if isinstance(value, list):
            return f"[{', '.join(self.value(each, call) for each in value)}]"
        if type(value) is tuple:
            inner = ", ".join(self.value(each, call) for each in value)
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        if isinstance(value, dict):
            items = (f"{key!r}: {self.value(each, call)}" for key, each in value.items())
            return f"{{{', '.join(items)}}}"
        if isinstance(value, slice):
            parts = (self.value(p, call) for p in (value.start, value.stop, value.step))
            return f"slice({', '.join(parts)})"
        if isinstance(value, (np.generic, float, complex)):
            return self.scalar(value, call)
        if value is None or value is Ellipsis or type(value) in (bool, int, str):
            return repr(value)
        if isinstance(value, (int, str)):
            # A member of an enumeration.
            return repr(value.__int__() if isinstance(value, int) else value.__str__())
        if isinstance(value, np.dtype):
            return f"np.dtype({value.str!r})"
        if isinstance(value, type) and issubclass(value, np.generic):
            return f"np.{value.__name__}"
        if value in (bool, int, float, complex):
            return str(value.__name__)
        return self.function(value) if callable(value) else self.bind(value)

    def index(self, value: Any, call: Call) -> str:
        """What stands between the brackets of an index."""
        if type(value) is tuple and value:
            # A tuple inside is a list of places.
            parts = [
                self.value(part, call) if type(part) is tuple else self.index(part, call)
                for part in value
            ]
            return f"{parts[0]}," if len(parts) == 1 else ", ".join(parts)
        if isinstance(value, slice):
            start, stop, step = (
                "" if p is None else self.value(p, call)
                for p in (value.start, value.stop, value.step)
            )
            return f"{start}:{stop}" + (f":{step}" if step else "")
        return "..." if value is Ellipsis else self.value(value, call)

    def scalar(self, value: Any, call: Call) -> str:
        """A number of the trace, listed at the top."""
        if isinstance(value, (np.complexfloating, complex)):
            # The sum of two parts would lose the sign of a zero.
            text = f"complex({_float_text(value.real)}, {_float_text(value.imag)})"
        else:
            text = _float_text(value) if isinstance(value, (np.floating, float)) else repr(value)
        if isinstance(value, (np.floating, np.complexfloating)):
            text = f"np.{value.dtype.name}({text})"
        return self._constant(("scalar", text), "constant", text, call)

    def array(self, array: Any) -> str:
        """An array: as an expression if it is a plain constant, otherwise handed in."""
        known = self._known.get(("array", id(array)))
        if known is not None:
            return known
        text = None if id(array) in self.live and may_change(array) else _array_text(array)
        if text is None:
            name = unique("array", self.taken)
            self.bound[name] = array
        else:
            kind = text[3 : text.index("(")]
            name = unique(kind if kind in ("ones", "zeros", "arange") else "array", self.taken)
            self.constants.append((name, text, ""))
            self.arrays[name] = array
        self._known["array", id(array)] = name
        return name

    def function(self, function: Callable[..., Any]) -> str:
        """A function by its name in NumPy, or one that is handed in."""
        name = numpy_name(function)
        if name is not None:
            return name
        return self.bind(function)

    def checked(self, function: Callable[..., Any], call: Call) -> str:
        """A name for a function of the user's, whose result is looked at."""
        result = self.variables[call.outputs[0].index]
        key = ("checked", id(function), result.shape, result.dtype, result.weak)
        if key not in self._known:
            checked = function if len(call.outputs) > 1 else Checked(function, result)
            self._known[key] = self.bind(checked)
        return self._known[key]

    def bind(self, value: Any) -> str:
        """A name for something that has no text."""
        known = self._known.get(("bound", id(value)))
        if known is None:
            wanted = identifier(getattr(value, "__name__", type(value).__name__)) or "value"
            known = unique("function" if wanted == "lambda" else wanted, self.taken)
            self._known["bound", id(value)] = known
            self.bound[known] = value
        return known

    def _is_of_numbers(self, call: Call) -> bool:
        """Whether an operator would do something else than the ufunc that a call names.

        Of Python's numbers alone it makes another one, and NumPy multiplies two complex numbers
        with other rounding than arrays of them.
        """
        if not isinstance(call.function, np.ufunc):
            return False
        result = self.variables[call.outputs[0].index]
        return not self._is_array(call.args) or (not result.shape and result.dtype.kind == "c")

    def _is_array(self, args: Any) -> bool:
        """Whether one of the operands is an array, and no Python number."""
        return any(
            isinstance(each, (np.ndarray, np.generic, list, tuple))
            or (isinstance(each, Ref) and not self.variables[each.index].weak)
            for each in args
        )

    def _constant(self, key: Any, kind: str, text: str, call: Call) -> str:
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = unique(kind, self.taken)
            self.constants.append((known, text, f"{call.source[0]}:{call.source[1]}"))
        return known


def _is_users(function: Callable[..., Any]) -> bool:
    """Whether an operation is neither NumPy's nor of this package."""
    ours = __name__.partition(".")[0] + "."
    found = getattr(function, "implementation", None)
    return found is not None and not found.__module__.startswith(ours)


def _float_text(value: Any) -> str:
    text = repr(value.item()) if isinstance(value, np.floating) else repr(value)
    return text if math.isfinite(value) else f"float({str(value)!r})"


def _array_text(array: Any) -> str | None:
    """An array as an expression, if that is short and exact."""
    dtype = "" if array.dtype == np.float64 else f", np.{array.dtype.name}"
    if array.dtype.kind not in "biuf" or not array.flags.c_contiguous:
        return None
    shape = f"{array.shape[0]}" if array.ndim == 1 else f"{array.shape}"
    if array.ndim:
        if not array.any() and not np.signbit(array.astype(float)).any():
            return f"np.zeros({shape}{dtype})"
        if (array == 1).all():
            return f"np.ones({shape}{dtype})"
    if array.ndim == 1 and array.dtype == np.intp and np.array_equal(array, np.arange(array.size)):
        return f"np.arange({array.size})"
    if array.size <= 32 and np.isfinite(array.astype(float)).all():
        return f"np.array({array.tolist()!r}, np.{array.dtype.name})"
    return None
