"""A function run on stand-ins for its arguments, which leaves its program behind."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from autograd_np.frames import user_line, variable_holding
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.lowering import failures
from autograd_np.lowering.comparing import Comparison
from autograd_np.lowering.tensors_trace import TensorsTrace
from autograd_np.memory import may_change, nested_arrays
from autograd_np.recording import Mode, current, using

# Bytes up to which an array is looked at for what the function writes to it.
_SMALL = 4096


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that the first trace computed, and from what."""

    function: Callable[..., Any]
    args: Any
    kwargs: Any
    value: Any
    line: tuple[str, int]


class Trace(TensorsTrace):
    """The program of a function, and what it touched outside its arguments.

    Parameters
    ----------
    earlier : Trace, optional
        A trace of the same call: nothing is computed again, and whatever differs raises.

    Attributes
    ----------
    guards : list of (callable, value)
    rollbacks : list of (callable, callable, value)
        What reads something and what restores it, and what it was before the function ran.
    arguments : set of int
        The inputs, by `Ref.index`, that are arguments of the function.
    computed : list of Computed
    contents : dict of int to bytes
        By id: what small arrays of the surroundings held when they were first used.
    """

    tracing = True

    def __init__(self, earlier: Trace | None = None) -> None:
        super().__init__(None if earlier is None else Comparison(earlier))
        self.guards: list[tuple[Callable[[], Any], Any]] = []
        self.rollbacks: list[tuple[Callable[[], Any], Callable[[Any], object], Any]] = []
        self.computed: list[Computed] = []
        self.contents: dict[int, bytes] = {}
        self.arguments: set[int] = set()

    def argument(self, handle: Handle) -> int:
        """Take in an argument of the function; its `Ref.index`."""
        index = self.ref(handle).index
        self.arguments.add(index)
        return index

    def lifted(self, array: Any, kinds: str = "fc") -> Any:
        """An array that may change between calls, as a Tensor, if its dtype is of these kinds."""
        if array.dtype.kind not in kinds or not may_change(array):
            return array
        handle = self.arrays.get(id(array))
        if handle is None:
            if array.nbytes <= _SMALL:
                self.contents[id(array)] = array.tobytes()
            handle = self.arrays[id(array)] = wrap(array)
            handle.node.name = variable_holding(array)
        return handle

    def compute(
        self,
        function: Callable[..., Any],
        compute: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """The value of a call; in a second trace that of the same call in the first."""
        failures.check_traceable(function, args, kwargs)
        refs = tuple(map(self._ref, args)), {name: self._ref(each) for name, each in kwargs.items()}
        if self.comparison is not None:
            return self.comparison.value(function, *refs)
        for array in nested_arrays((*args, *kwargs.values())):
            if array.nbytes <= _SMALL and id(array) not in self.contents:
                self.contents[id(array)] = array.tobytes()
        value = compute(*map(unwrap, args), **unwrap(kwargs))
        if compute is function:
            failures.check_array(function, value)
        self.computed.append(Computed(function, *refs, value, user_line()))
        return value

    def append(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        result: Any,
    ) -> None:
        """Add a call whose result has just been computed."""
        super().append(function, args, kwargs, result)
        if self.comparison is not None:
            self.comparison.made(self.calls[-1])

    def _hold(self, arrays: tuple[Any, ...]) -> None:
        """Arrays are read anew at each call, so they stay writeable."""

    def refuse(self, tensor: Any, use: str) -> None:
        """Raise TraceError for code that asks for the value of a Tensor."""
        raise failures.traced_value("the value", use, tensor)

    def roll_back(self) -> None:
        """Put back what callbacks changed, the last change first."""
        for _, restore, value in reversed(self.rollbacks):
            restore(value)


@contextlib.contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Record in `trace` within a ``with`` block."""
    mode = current()
    with using(Mode(mode.grad, trace, mode.watch)):
        yield
