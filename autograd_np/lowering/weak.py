"""Python numbers that are traced: learning rates, step counts, whatever changes from call to call.

They stay weak (NEP 50): a traced ``0.1`` times a float32 array is float32. NumPy's functions of
them alone make arrays, as they do of Python's numbers.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from autograd_np.eager import eager
from autograd_np.graph import Node
from autograd_np.handle import Handle
from autograd_np.recording import current

_new = object.__new__


class Number(Handle):
    """A Python number as a value of a program.

    Made for the Python numbers among the arguments of a compiled function while it is traced.
    """

    __slots__ = ()

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method != "__call__":
            return NotImplemented
        return eager(ufunc)(*inputs, **kwargs)

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kw: Any
    ) -> Any:
        return eager(function)(*args, **kw)

    def __bool__(self) -> NoReturn:
        self._refuse("the truth", "branch on it")

    def __int__(self) -> NoReturn:
        self._refuse("the value", "convert it with int()")

    def __index__(self) -> NoReturn:
        self._refuse("the value", "use it as an index, an axis or a length")

    def __float__(self) -> NoReturn:
        self._refuse("the value", "convert it with float() or pass it to math")

    def _refuse(self, what: str, use: str) -> NoReturn:
        from autograd_np.lowering.failures import traced_value

        raise traced_value(what, use, self)

    def __repr__(self) -> str:
        return f"<traced number {self._value!r}>"

    def __format__(self, spec: str) -> str:
        return format(self._value, spec)

    __hash__ = object.__hash__


def number(value: Any, name: str | None = None) -> Number:
    """A Python number, wrapped."""
    wrapped = _new(Number)
    wrapped._value = value
    wrapped._node = Node(None, (), None, (), np.dtype(type(value)), requires_grad=False)
    wrapped._node.name = name
    wrapped._grad = wrapped._live = None
    return wrapped


def _computed(function: Callable[..., Any], args: tuple[Any, ...]) -> Any:
    program = current().program
    if program is None:
        return function(*(each._value if isinstance(each, Handle) else each for each in args))
    result = number(program.compute(function, function, args, {}))
    program.append(function, args, {}, result)
    return result


def _operator(function: Callable[..., Any], swapped: bool = False) -> Callable[..., Any]:
    def method(self: Number, *others: Any) -> Any:
        for other in others:
            if not isinstance(other, (int, float, complex, Number)):
                # A Tensor's own operator takes over; an array goes through its ufunc.
                return NotImplemented
        return _computed(function, (*reversed(others), self) if swapped else (self, *others))

    return method


for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow"):
    _function = getattr(operator, _name)
    setattr(Number, f"__{_name}__", _operator(_function))
    setattr(Number, f"__r{_name}__", _operator(_function, swapped=True))
for _name in ("lt", "le", "gt", "ge", "eq", "ne", "neg", "pos", "abs"):
    setattr(Number, f"__{_name}__", _operator(getattr(operator, _name)))
