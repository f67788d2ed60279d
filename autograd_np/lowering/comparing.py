"""The second of two traces: it must do what the first did, and need not compute it again."""

from __future__ import annotations

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
    live : set of int
        Ids of arrays among the constants that were there before the function ran.
    """

    def __init__(self, earlier: Trace) -> None:
        self.earlier = earlier
        self.same: dict[int, int] = {}
        self.made_inside: dict[int, Handle] = {}
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

    def met(self, tensor: Handle, index: int) -> None:
        """Note which input of the first trace a Tensor is that the second one met."""
        ref = next(self._inputs, None)
        if ref is None:
            raise failures.differs("a Tensor that the first did not use", repr(tensor), "none")
        self.same[index] = ref.index
        first = self.earlier.handles[ref.index]
        same = first is tensor or first._value is tensor._value
        if not same and ref.index not in self.earlier.arguments:
            if not _equal(tensor._value, first._value):
                raise failures.differs("another Tensor", repr(tensor), repr(first))
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
        elif isinstance(mine, np.ndarray) and mine is first:
            self.live.add(id(mine))
        elif not _equal(mine, first):
            raise failures.differs(f"a constant of {what}", _shown(mine), _shown(first))


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
    # Functions that are made anew in each run are the same where their code is.
    code = getattr(a, "__code__", None)
    return a == b or (code is not None and code is getattr(b, "__code__", None))


def _name(function: Callable[..., Any]) -> str:
    return str(getattr(function, "__name__", function))


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray) and value.size > 8:
        return f"an array of shape {value.shape} that begins {value.reshape(-1)[:3]}"
    return repr(value)
