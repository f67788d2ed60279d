"""Stand-ins for arrays, on which a function of ours writes down the NumPy calls it makes."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from autograd_np.graph import tick
from autograd_np.handle import Handle, as_array, unwrap
from autograd_np.program import Call, Ref, Variable
from autograd_np.rules.indexing import getitem, index_set
from autograd_np.rules.registry import name_of

# Reductions by a ufunc's method, under the names by which everybody knows them.
_REDUCTIONS: dict[np.ufunc, Callable[..., Any]] = {np.add: np.sum, np.multiply: np.prod}
_EXTREMES: dict[np.ufunc, Callable[..., Any]] = {np.maximum: np.max, np.minimum: np.min}

# Their results are no arrays, and depend on shapes and dtypes alone.
_OF_SHAPES = frozenset(
    {np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.iscomplexobj, np.isrealobj}
)

# Methods of an array that are NumPy's functions of the same name.
_METHODS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(np.all, np.any, np.argmax, np.argmin, np.argsort, np.clip, np.conjugate, np.cumprod),
        *(np.cumsum, np.diagonal, np.dot, np.max, np.mean, np.min, np.prod, np.ravel, np.repeat),
        *(np.round, np.squeeze, np.std, np.sum, np.swapaxes, np.take, np.trace, np.var),
    )
}


class UntraceableError(Exception):
    """A function does something else with an array than call NumPy."""


class Recorder:
    """The calls that a function makes on stand-ins for its arguments.

    Attributes
    ----------
    calls : list of Call
        With the source and the `derivative_of` of the call whose function is run.
    variables : dict of int to Variable
        Of the results.
    """

    def __init__(self, call: Call) -> None:
        self.calls: list[Call] = []
        self.variables: dict[int, Variable] = {}
        self._call = call
        self._arguments: dict[Any, Traced] = {}
        self._alive: list[weakref.ref[Traced]] = []

    def argument(self, value: Any, known: Mapping[int, Variable]) -> Any:
        """An argument of the call, with a stand-in for each array in it."""
        if isinstance(value, Ref):
            return self._argument(value.index, known[value.index].value, value)
        if isinstance(value, np.ndarray):
            # An array of the caller's is read at each call, so it is no constant.
            return self._argument(id(value), value, value)
        if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
            return type(value)(self.argument(item, known) for item in value)
        return value

    def _argument(self, key: Any, value: Any, operand: Any) -> Traced:
        if type(value) is not np.ndarray:
            raise UntraceableError(f"a value is a {type(value).__name__}")
        if (found := self._arguments.get(key)) is None:
            found = self._arguments[key] = self._stand_in(value, operand)
        return found

    def _stand_in(self, value: Any, operand: Any) -> Traced:
        made = Traced(self, value, operand)
        self._alive.append(weakref.ref(made))
        return made

    def call(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Call a function on the values, and write the call down."""
        kwargs = {name: value for name, value in kwargs.items() if name != "like"}
        out = function(*unwrap(args), **unwrap(kwargs))
        several = isinstance(out, tuple) and len(out) > 1
        if not all(
            isinstance(each, (np.ndarray, np.generic)) for each in (out if several else [out])
        ):
            if function in _OF_SHAPES:
                return out
            raise UntraceableError(f"{function!r} returns {type(out).__name__}")
        results = [self._result(each) for each in (out if several else [out])]
        self.calls.append(
            Call(
                function,
                _operands(args),
                _operands(kwargs),
                tuple(result.operand for result in results),
                self._call.source,
                self._call.derivative_of,
                self._call.rule,
                self._call.part_of or name_of(self._call.function),
                tuple({*self._call.quiet, *_quiet()}),
            )
        )
        if not several:
            return results[0]
        return type(out)(*results) if hasattr(out, "_fields") else tuple(results)

    def _result(self, value: Any) -> Traced:
        value = as_array(value)
        ref = Ref(tick())
        self.variables[ref.index] = Variable(value.shape, value.dtype, value, False, None)
        return self._stand_in(value, ref)

    def write(self, target: Traced, new: Traced) -> None:
        """Have `target` stand for `new`, which the function wrote into its memory."""
        old, value = target._value, new._value
        if (value.shape, value.dtype, value.strides) != (old.shape, old.dtype, old.strides):
            raise UntraceableError("what is written has another dtype or order than the array")
        if target.operand not in [ref for call in self.calls for ref in call.outputs]:
            raise UntraceableError("an argument is written to")
        for other in (reference() for reference in self._alive):
            if other is not None and other is not target and np.may_share_memory(other._value, old):
                raise UntraceableError("another array looks into the memory that is written")
        target._value, target.operand = value, new.operand


# What the recorder sets is none of what a function sets to keep NumPy from warning.
WATCHED: dict[str, Any] = {"all": "call", "call": lambda kind, flag: None}


def _quiet() -> tuple[str, ...]:
    """The errors that the function running now has told NumPy to ignore."""
    return tuple(kind for kind, what in np.geterr().items() if what == "ignore")


class Traced(NDArrayOperatorsMixin, Handle):
    """Stands for an array where a function of ours runs.

    It passes for an array where the function asks, so that the path for arrays is taken, and writes
    down what NumPy's functions are asked to do. In-place operations become new values. Whatever
    would let a number into the recording, or out of it, raises.

    Attributes
    ----------
    operand : Ref or array
        What stands for it in a call.
    """

    __slots__ = ("_recorder", "operand")

    def __init__(self, recorder: Recorder, value: Any, operand: Any) -> None:
        self._recorder = recorder
        self._value = value
        self.operand = operand

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return np.ndarray

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        out = kwargs.pop("out", None)
        if "where" in kwargs or method == "at":
            raise UntraceableError(f"{ufunc.__name__} leaves elements as they are")
        function: Callable[..., Any] = ufunc if method == "__call__" else getattr(ufunc, method)
        named = _REDUCTIONS.get(ufunc) or ("dtype" not in kwargs and _EXTREMES.get(ufunc))
        if method == "reduce" and named:
            function, kwargs = named, {"axis": 0, **kwargs}
            if kwargs["axis"] is None:
                del kwargs["axis"]
        result = self._recorder.call(function, inputs, kwargs)
        if out is None:
            return result
        if type(out[0]) is not Traced or len(out) > 1:
            raise UntraceableError("a value is written into an array of constants")
        self._recorder.write(out[0], result)
        return out[0]

    def __array_function__(
        self, function: Callable[..., Any], types: Any, args: Any, kwargs: Any
    ) -> Any:
        if kwargs.get("out") is not None:
            raise UntraceableError(f"{function.__name__} writes into an array")
        return self._recorder.call(function, args, kwargs)

    def __getitem__(self, index: Any) -> Any:
        return self._recorder.call(getitem, (self, index), {})

    def __setitem__(self, index: Any, value: Any) -> None:
        self._recorder.write(self, self._recorder.call(index_set, (self, index, value), {}))

    def __getattr__(self, name: str) -> Any:
        function = _METHODS.get(name)
        if function is None:
            raise UntraceableError(f"the array's {name!r} is asked for")
        return lambda *args, **kwargs: self._recorder.call(function, (self, *args), kwargs)

    def reshape(self, *shape: Any, **kwargs: Any) -> Any:
        """See `numpy.reshape`."""
        new = shape[0] if len(shape) == 1 else shape
        return self._recorder.call(np.reshape, (self, new), kwargs)

    def transpose(self, *axes: Any) -> Any:
        """See `numpy.transpose`."""
        order = None if not axes else axes[0] if len(axes) == 1 else axes
        return self._recorder.call(np.transpose, (self, *([] if order is None else [order])), {})

    def copy(self, order: Any = "C") -> Any:
        """See `numpy.copy`."""
        return self._recorder.call(np.copy, (self,), {"order": order})

    def astype(self, dtype: Any, *, copy: bool = True) -> Any:
        """See `numpy.astype`."""
        return self._recorder.call(np.astype, (self, dtype), {} if copy else {"copy": False})

    @property
    def T(self) -> Any:  # noqa: N802 - NumPy's name
        """See `numpy.transpose`."""
        return self.transpose()

    @property
    def real(self) -> Any:
        """See `numpy.real`."""
        return self._recorder.call(np.real, (self,), {})

    @property
    def imag(self) -> Any:
        """See `numpy.imag`."""
        return self._recorder.call(np.imag, (self,), {})

    @property
    def shape(self) -> Any:
        """Lengths of the axes."""
        return self._value.shape

    @property
    def strides(self) -> Any:
        """Bytes from one element to the next along each axis."""
        return self._value.strides

    @property
    def dtype(self) -> Any:
        """Type of the elements."""
        return self._value.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return int(self._value.ndim)

    @property
    def size(self) -> int:
        """Number of elements."""
        return int(self._value.size)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return int(self._value.itemsize)

    def __len__(self) -> int:
        return len(self._value)

    def __iter__(self) -> Any:
        return (self[number] for number in range(len(self)))

    def _refuse(self, *_: Any) -> NoReturn:
        raise UntraceableError("the numbers in an array are asked for")

    __array__ = __bool__ = __int__ = __float__ = __complex__ = __index__ = _refuse
    __contains__ = _refuse
    __hash__ = object.__hash__


def _operands(value: Any) -> Any:
    """`value` with what stands for each array in a call."""
    if type(value) is Traced:
        return value.operand
    if isinstance(value, (list, tuple)):
        items = [_operands(item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {name: _operands(item) for name, item in value.items()}
    return value
