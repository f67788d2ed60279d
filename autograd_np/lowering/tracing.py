"""A function run on stand-ins for its arguments, which leaves its program behind."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

import numpy as np

from autograd_np.graph import Leaf
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.lowering import failures
from autograd_np.lowering.comparing import Comparison
from autograd_np.memory import nested_arrays
from autograd_np.program import Call, Program, Ref, user_frame, user_line
from autograd_np.recording import Mode, current, using
from autograd_np.rules.arithmetic import stop_gradient

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


@dataclass(slots=True)
class Cell:
    """A Tensor that the function reads or writes but did not make: what it held before."""

    tensor: Any
    value: Any
    node: Any
    grad: Any


@dataclass(frozen=True, slots=True)
class Final:
    """What a Tensor, or its gradient, is when the function ends."""

    tensor: Any
    value: Any
    ref: Ref


class Trace(Program):
    """The program of a function, and what it touched outside its arguments.

    Parameters
    ----------
    earlier : Trace, optional
        A trace of the same call: nothing is computed again, and whatever differs raises.

    Attributes
    ----------
    cells : dict of int to Cell
        By id: the Tensors whose value or gradient the function changed.
    handles : dict of int to Handle
        By `Ref.index`: the Tensor behind each input.
    guards : list of (callable, value)
    rollbacks : list of (callable, callable, value)
        What reads something and what restores it, and what it was before the function ran.
    arrays : dict of int to Tensor
        By id: the arrays of the surroundings.
    arguments : set of int
        The inputs, by `Ref.index`, that are arguments of the function.
    plain : set of int
        Those of them that are the caller's own arrays.
    computed : list of Computed
    contents : dict of int to bytes
        By id: what small arrays of the surroundings held when they were first used.
    fresh : list of Tensor
        Those whose gradient was added to, and must be None when the function begins.
    """

    tracing = True

    def __init__(self, earlier: Trace | None = None) -> None:
        super().__init__()
        self.cells: dict[int, Cell] = {}
        self.handles: dict[int, Handle] = {}
        self.guards: list[tuple[Callable[[], Any], Any]] = []
        self.rollbacks: list[tuple[Callable[[], Any], Callable[[Any], object], Any]] = []
        self.fresh: list[Any] = []
        self.computed: list[Computed] = []
        self.contents: dict[int, bytes] = {}
        self.plain: set[int] = set()
        # By id: what `Tensor.data` gave, weakly, and the Tensor whose memory it is.
        self._owners: dict[int, tuple[weakref.ref[Any], Any]] = {}
        # Ids of the Tensors whose gradient is known to be the function's own.
        self._assigned: set[int] = set()
        self.arrays: dict[int, Any] = {}
        self.arguments: set[int] = set()
        self.comparison = None if earlier is None else Comparison(earlier)

    def argument(self, handle: Handle) -> int:
        """Take in an argument of the function; its `Ref.index`."""
        index = self.ref(handle).index
        self.arguments.add(index)
        return index

    def taken_in(
        self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments with the arrays of the surroundings as inputs.

        What a rule computes from them alone would otherwise be a constant.
        """
        names = operation.parameters
        taken = [self._taken(operation, names[i], value) for i, value in enumerate(args)]
        return tuple(taken), {
            name: self._taken(operation, name, value) for name, value in kwargs.items()
        }

    def _taken(self, operation: Any, name: str, value: Any) -> Any:
        if name in operation.formulas:
            if isinstance(value, np.ndarray):
                return self.lifted(value)
            if name in operation.lists and isinstance(value, (list, tuple)):
                return [self.lifted(v) if isinstance(v, np.ndarray) else v for v in value]
        return value

    def lifted(self, array: Any) -> Any:
        """An array that may change between calls, as a Tensor."""
        if array.dtype.kind not in "fc" or not is_writeable(array):
            return array
        handle = self.arrays.get(id(array))
        if handle is None:
            if array.nbytes <= _SMALL:
                self.contents[id(array)] = array.tobytes()
            handle = self.arrays[id(array)] = wrap(array)
            handle.node.name = _variable(array)
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

    def _met(self, tensor: Handle, index: int) -> None:
        super()._met(tensor, index)
        self._note_input(tensor, index)

    def _note_input(self, tensor: Handle, index: int) -> None:
        self.handles[index] = tensor
        if self.comparison is not None:
            self.comparison.met(tensor, index, self.variables[index].value)

    def _hold(self, arrays: tuple[Any, ...]) -> None:
        """Arrays are read anew at each call, so they stay writeable."""

    def _look_around(self, frame: FrameType | None) -> None:
        """Note which variables of the user's hold values."""
        # Outside of a trace this would keep what they hold alive: the frame keeps the dict.
        if frame is None:
            return
        code = frame.f_code
        # A parameter that is bound anew (`x = layer(x)`) says nothing about what it holds.
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name, value in frame.f_locals.items():
            if name in parameters:
                continue
            if isinstance(value, Handle) and value._node is not None:
                variable = self.variables.get(value._node.index)
                if variable is not None and variable.label is None and name.isidentifier():
                    variable.label = name

    def write(self, tensor: Any, value: Any) -> None:
        """Give a Tensor another value from here on, and at the end of each call."""
        if self._owner(value) is tensor:
            # It was written in place already: `t.data -= ...` assigns what it got.
            return
        if np.shape(unwrap(value)) != tensor._value.shape:
            value = np.broadcast_to(value, tensor._value.shape)
        if not isinstance(value, Handle):
            value = wrap(np.asarray(value))
        if value.dtype != tensor._value.dtype:
            value = value.astype(tensor._value.dtype)
        value = _laid_out(value, tensor._value)
        old = tensor.node
        self._cell(tensor)
        source = self.ref(value)
        leaf = Leaf(tensor, old.shape, old.dtype, old.requires_grad)
        leaf.name = old.name
        self._alias(leaf, value._value, source)
        tensor._value, tensor._node, tensor._live = value._value, leaf, None
        for reference, owner in list(self._owners.values()):
            live = reference()
            if owner is tensor and live is not None:
                now = tensor.detach()
                live._value, live._node = now._value, now._node

    def copied(self, tensor: Any, value: Handle) -> None:
        """Note that a new leaf holds a copy of a traced value."""
        leaf = tensor.node
        value = _laid_out(value, tensor._value)
        self._alias(leaf, value._value, self.ref(value))
        tensor._value = value._value

    def data(self, tensor: Any) -> Any:
        """The live memory of a Tensor, as a Tensor that writes through to it."""
        live = tensor.detach()
        self._owners[id(live)] = weakref.ref(live), tensor
        return live

    def _owner(self, live: Any) -> Any:
        """The Tensor whose live memory a Tensor stands for, None for all others."""
        reference, owner = self._owners.get(id(live), (None, None))
        return owner if reference is not None and reference() is live else None

    def in_place(self, tensor: Any, updated: Any) -> Any:
        """What ``tensor += ...`` leaves in the variable."""
        self._check_writeable(tensor)
        owner = self._owner(tensor)
        if owner is None:
            return updated
        self.write(owner, updated)
        return self.data(owner)

    def rebind(self, tensor: Any, updated: Any) -> None:
        """Have a Tensor stand for what assignment to its elements made of it."""
        self._check_writeable(tensor)
        owner = self._owner(tensor)
        if owner is not None or (tensor.requires_grad and tensor.is_leaf):
            self.write(tensor if owner is None else owner, updated)
            return
        self._cell(tensor)
        tensor._value, tensor._node = updated._value, updated._node

    def refuse(self, tensor: Any, use: str) -> None:
        """Raise TraceError for code that asks for the value of a Tensor."""
        raise failures.traced_value("the value", use, tensor)

    def set_gradient(self, tensor: Any, gradient: Any) -> None:
        """Set the `grad` of a Tensor, which the end of the trace undoes."""
        self._cell(tensor)
        self._assigned.add(id(tensor))
        plain = gradient is not None and not isinstance(gradient, Handle)
        tensor._grad = wrap(np.asarray(gradient)) if plain else gradient

    def gradient(self, tensor: Any) -> Any:
        """The `grad` of a Tensor, as far as the function itself made it.

        Raises
        ------
        TraceError
            If there is one from before: whether there is would decide what is computed.
        """
        made_here = self.made(tensor) and id(tensor) not in self.cells
        if id(tensor) not in self._assigned and not made_here:
            self._cell(tensor)
            if tensor._grad is not None:
                raise failures.stale_gradient(tensor)
            self._assigned.add(id(tensor))
            self.fresh.append(tensor)
        return tensor._grad

    def _check_writeable(self, tensor: Any) -> None:
        """Raise TraceError for writing to an array that the caller passed."""
        if tensor.node.index in self.plain:
            raise failures.written_argument(tensor)

    def made(self, tensor: Any) -> bool:
        """Whether the value of a Tensor was computed by the function."""
        index = tensor.node.index
        return index in self.variables and index not in self.handles

    def _cell(self, tensor: Any) -> None:
        if id(tensor) not in self.cells:
            self.cells[id(tensor)] = Cell(tensor, tensor._value, tensor.node, tensor._grad)

    def _alias(self, leaf: Leaf, value: Any, source: Ref) -> None:
        holder = wrap(value, leaf)
        self._add(holder)
        self.calls.append(Call(stop_gradient, (source,), {}, (Ref(leaf.index),), user_line()))
        if self.comparison is not None:
            self.comparison.made(self.calls[-1])

    def changes(self) -> tuple[list[Final], list[Final], list[Any]]:
        """What Tensors have now and did not have before.

        Returns
        -------
        values, gradients : list of Final
        cleared : list of Tensor
            Those whose gradient is None now.
        """
        values, gradients, cleared = [], [], []
        for cell in list(self.cells.values()):
            tensor = cell.tensor
            if tensor._node is not cell.node:
                # Written without being read, it is an input all the same: its memory is.
                if cell.node.index not in self.variables:
                    super()._met(wrap(cell.value, cell.node), cell.node.index)
                    self._note_input(tensor, cell.node.index)
                ref = self.updates[cell.node.index] = self.ref(tensor)
                values.append(Final(tensor, tensor._value, ref))
            gradient = tensor._grad
            if isinstance(gradient, Handle) and gradient is not cell.grad:
                gradients.append(Final(tensor, gradient._value, self.ref(gradient)))
            elif gradient is None and all(tensor is not each for each in self.fresh):
                cleared.append(tensor)
        return values, gradients, cleared

    def roll_back(self) -> None:
        """Put back what callbacks changed, the last change first."""
        for _, restore, value in reversed(self.rollbacks):
            restore(value)

    def restore(self) -> None:
        """Put back what the function changed."""
        for cell in self.cells.values():
            tensor = cell.tensor
            if tensor._node is not cell.node:
                tensor._value, tensor._node, tensor._live = cell.value, cell.node, None
            # Otherwise its memory may have been moved, by an optimizer, and is where it should be.
            tensor._grad = cell.grad


def _laid_out(value: Any, like: Any) -> Any:
    """A Tensor whose elements lie in memory as those of an array: sums go through them in order."""
    if value._value.strides == like.strides or like.size < 2:
        return value
    axes = sorted(range(like.ndim), key=lambda axis: -like.strides[axis])
    return np.copy(value.transpose(axes)).transpose(np.argsort(axes).tolist())


def is_writeable(array: Any) -> bool:
    """Whether an array may change, itself or through what it is a view of."""
    while isinstance(array, np.ndarray):
        if array.flags.writeable:
            return True
        array = array.base
    return False


def _variable(array: Any) -> str | None:
    """The name of the user's variable that holds an array."""
    frame = user_frame()
    if frame is None:
        return None
    known = {**frame.f_globals, **frame.f_locals}
    return next((name for name, value in known.items() if value is array), None)


@contextlib.contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Record in `trace` within a ``with`` block."""
    mode = current()
    with using(Mode(mode.grad, trace, mode.watch)):
        yield
