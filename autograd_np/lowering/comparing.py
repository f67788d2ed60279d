"""The second of two traces: it must do what the first did, and need not compute it again."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.handle import Handle
from autograd_np.lowering import failures
from autograd_np.program import Call, Ref

if TYPE_CHECKING:
    from autograd_np.lowering.tracing import Trace


class Comparison:
    """Where a second trace stands in the first.

    Attributes
    ----------
    same : dict of int to int
        By `Ref.index` in the second trace, the index in the first.
    made_inside : dict of int to Handle
        By `Ref.index` in the first trace: inputs that the function makes anew at each run, always
        of the same value.
    made_of : dict of int to array
        By `Ref.index` in the first trace: inputs that the function makes of an array that was there
        before, which may change between calls.
    live : set of int
        Ids of arrays among the constants that were there before the function ran.
    """

    def __init__(self, earlier: Trace) -> None:
        self.earlier = earlier
        self.same: dict[int, int] = {}
        self.made_inside: dict[int, Handle] = {}
        self.made_of: dict[int, Any] = {}
        self.live: set[int] = set()
        self._computed = iter(earlier.computed)
        self._calls = iter(earlier.calls)
        self._inputs = iter(earlier.inputs)

    def value(self, function: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """What the first trace computed at this point."""
        first = next(self._computed, None)
        if first is None:
            raise failures.differs("one more operation", _name(function), "the end")
        if not _same_function(function, first.function):
            raise failures.differs("another operation", _name(function), _name(first.function))
        self._check((args, kwargs), (first.args, first.kwargs), _name(function))
        return first.value

    def made(self, call: Call) -> None:
        """Note which values of the first trace are those of a call that was just recorded."""
        first = next(self._calls)
        for mine, other in zip(call.outputs, first.outputs, strict=True):
            self.same[mine.index] = other.index

    def met(self, tensor: Handle, index: int, value: Any, source: Any) -> None:
        """Note which input of the first trace a Tensor is that the second one met.

        `source` is the array that the function made it of, if it did.
        """
        ref = next(self._inputs, None)
        if ref is None:
            raise failures.differs("a Tensor that the first did not use", repr(tensor), "none")
        self.same[index] = ref.index
        first, before = self.earlier.handles[ref.index], self.earlier.variables[ref.index].value
        same = first is tensor or _same_memory(value, before)
        if same and isinstance(before, np.ndarray):
            self._check_unwritten(before, "an operation")
        if not same and ref.index not in self.earlier.arguments:
            if not _equal(value, before):
                raise failures.differs("another Tensor", repr(tensor), repr(first))
            if source is not None and source is self.earlier.sources.get(ref.index):
                self.made_of[ref.index] = source
            else:
                self.made_inside[ref.index] = first

    def finish(self, mine: list[Any], first: list[Any]) -> None:
        """Compare what the two runs returned."""
        left = next(self._computed, None)
        if left is not None:
            raise failures.differs("one operation less", "the end", _name(left.function), left.line)
        if len(mine) != len(first):
            raise failures.differs("another result", f"{len(mine)} values", f"{len(first)}")
        self._check(mine, first, "the result")

    def _check(self, mine: Any, first: Any, what: str) -> None:
        if isinstance(first, Ref) or isinstance(mine, Ref):
            known = isinstance(mine, Ref) and isinstance(first, Ref)
            if not known or self.same.get(mine.index) != first.index:
                raise failures.differs(f"another operand of {what}", str(mine), str(first))
        elif isinstance(mine, (list, tuple)) and isinstance(first, (list, tuple)):
            if len(mine) != len(first):
                raise failures.differs(f"operands of {what}", str(len(mine)), str(len(first)))
            for a, b in zip(mine, first, strict=True):
                self._check(a, b, what)
        elif isinstance(mine, dict) and isinstance(first, dict):
            self._check([*mine, *mine.values()], [*first, *first.values()], what)
        elif isinstance(mine, slice) and isinstance(first, slice):
            mine, first = ((each.start, each.stop, each.step) for each in (mine, first))
            self._check(mine, first, what)
        elif isinstance(first, np.ndarray) and _same_memory(mine, first):
            self.live.add(id(first))
            self._check_unwritten(first, what)
        elif not _equal(mine, first):
            raise failures.differs(f"a constant of {what}", _shown(mine), _shown(first))

    def _check_unwritten(self, array: Any, what: str) -> None:
        """Raise if the function writes to an array of its surroundings: a counter, say."""
        before = self.earlier.contents.get(id(array))
        if before is not None and before != array.tobytes():
            raise failures.differs(
                f"another value in an array that {what} is given, and that the function writes to",
                _shown(array),
                _shown(np.frombuffer(before, array.dtype).reshape(array.shape)),
            )


def _same_memory(a: Any, b: Any) -> bool:
    """Whether two arrays, both alive, are one or look at the same elements."""
    if a is b:
        return True
    arrays = isinstance(a, np.ndarray) and isinstance(b, np.ndarray)
    return arrays and bool(a.size) and a.__array_interface__ == b.__array_interface__


def _equal(a: Any, b: Any) -> bool:
    if a is b:
        return True
    if callable(a) and callable(b):
        return _same_function(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, (np.ndarray, np.generic)):
        same = a.dtype == b.dtype and a.shape == b.shape
        return same and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    # NaN, too, is equal to itself here.
    return bool(a == b) or (a != a and b != b)


def _same_function(a: Callable[..., Any], b: Callable[..., Any]) -> bool:
    """Whether two functions do the same, made anew in each run perhaps."""
    if a == b:
        return True
    if isinstance(a, functools.partial) and isinstance(b, functools.partial):
        return _same_parts((a.func, a.args, a.keywords), (b.func, b.args, b.keywords))
    code = getattr(a, "__code__", None)
    if code is None or code is not getattr(b, "__code__", None):
        return False
    return _same_parts(_settings(a), _settings(b))


def _settings(function: Any) -> list[Any]:
    """What a function has beside its code: defaults, and variables of where it was made."""
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return [function.__defaults__, function.__kwdefaults__, cells]


def _same_parts(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return len(a) == len(b) and all(map(_same_parts, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return _same_parts([*a, *a.values()], [*b, *b.values()])
    plain = isinstance(a, (np.ndarray, np.generic, bool, int, float, complex, str))
    # Objects that are made anew in each run, Tensors among them, cannot be told apart.
    return _equal(a, b) if plain or callable(a) else type(a) is type(b)


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", function))


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 8:
        return f"an array of shape {value.shape} that begins {value.reshape(-1)[:3]}"
    return repr(value)
