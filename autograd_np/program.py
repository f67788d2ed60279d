"""A full recording of a computation as a flat list of operations."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd_np.graph import Leaf, Node, Shape
from autograd_np.handle import Handle, unwrap
from autograd_np.memory import lock
from autograd_np.recording import Mode, current, using

# How the names of files begin whose frames are not the user's.
INTERNAL = (
    os.path.dirname(os.path.abspath(__file__)) + os.sep,
    "<derivative",
    "<__array_function__",
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A value of a program, by the index of the node that made it."""

    index: int


@dataclass(slots=True)
class Variable:
    """What is known of one value.

    Attributes
    ----------
    shape, dtype
        Of the value.
    value : array
        What it was in the recorded run.
    requires_grad : bool
    name : str or None
        The user's name for it.
    """

    shape: Shape
    dtype: np.dtype[Any]
    value: Any
    requires_grad: bool
    name: str | None


@dataclass(slots=True)
class Call:
    """One operation: a call of a function on values of the program.

    Attributes
    ----------
    function : callable
        A NumPy function, or one that is called in the same way.
    args, kwargs
        As they were given, with a `Ref` in place of each traced value.
    outputs : tuple of Ref
    source : tuple of (str, int)
        The user's file and line.
    derivative_of : int or None
        For an operation of a reverse pass, the `Ref.index` of the value (of a call with several
        outputs, the first) whose gradient it passes on; None for the user's own operations.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outputs: tuple[Ref, ...]
    source: tuple[str, int]
    derivative_of: int | None = None


@dataclass(eq=False)
class Program:
    """The operations of a full recording, in the order in which they ran.

    Made by `record`. Compilers, pictures and listings read this one form.

    Attributes
    ----------
    calls : list of Call
    inputs : list of Ref
        Tensors that the recording met but did not make, in the order in which it met them.
    variables : dict of int to Variable
        By `Ref.index`.
    picked : dict of (int, int) to Node
        The outputs of calls that have several, by the index of the call's node and their number.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     y = (w * 3.0).sum()
    >>> [call.function.__name__ for call in program.calls]
    ['multiply', 'sum']
    """

    calls: list[Call] = field(default_factory=list)
    inputs: list[Ref] = field(default_factory=list)
    variables: dict[int, Variable] = field(default_factory=dict)
    picked: dict[tuple[int, int], Node] = field(default_factory=dict, repr=False)
    _locks: list[Any] = field(default_factory=list, repr=False)

    def append(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        result: Any,
    ) -> None:
        """Add a call whose result (a Tensor or a tuple of them) has just been computed."""
        results = result if isinstance(result, tuple) else (result,)
        recorded_args = tuple(self._ref(value) for value in args)
        recorded_kwargs = {name: self._ref(value) for name, value in kwargs.items()}
        for each in results:
            self._add(each)
        outputs = tuple(Ref(each._node.index) for each in results)
        held = lock((*unwrap(args), *unwrap(kwargs).values()))
        if held is not None:
            self._locks.append(held)
        self.calls.append(
            Call(
                function,
                recorded_args,
                recorded_kwargs,
                outputs,
                user_line(),
                self._derivative_of(current().rule),
            )
        )

    def _derivative_of(self, rule: Node | None) -> int | None:
        if rule is None:
            return None
        # The node of a call with several outputs is no value of the program.
        return self.picked.get((rule.index, 0), rule).index

    def ref(self, tensor: Any) -> Ref:
        """The reference to a Tensor; one that is new to the program becomes an input."""
        if not isinstance(tensor, Handle):
            raise TypeError(
                f"a program's values are Tensors, and this is a {type(tensor).__name__}. "
                f"Pass the Tensor that was used under record()."
            )
        node = tensor._node
        if node is None:
            data = tensor._value
            node = tensor._node = Leaf(tensor, data.shape, data.dtype, requires_grad=False)
        if node.index not in self.variables:
            self._add(tensor)
            self.inputs.append(Ref(node.index))
        return Ref(node.index)

    def _add(self, tensor: Handle) -> None:
        node, data = tensor._node, tensor._value
        assert node is not None
        self.variables[node.index] = Variable(
            data.shape, data.dtype, data, node.requires_grad, node.name
        )

    def _ref(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return self.ref(value)
        if isinstance(value, (list, tuple)):
            return type(value)([self._ref(item) for item in value])
        return value

    def __str__(self) -> str:
        from autograd_np.listing import listing

        return listing(self)


@contextlib.contextmanager
def record() -> Iterator[Program]:
    """Record every operation on Tensors in full, differentiable or not.

    Within the block each operation keeps its operands, settings, value and the user's line, and
    the reverse pass and optimizer updates are recorded like anything else.

    Yields
    ------
    Program

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor(3.0, requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     (w * w).backward()
    >>> [call.function.__name__ for call in program.calls]
    ['multiply', 'multiply', 'multiply', 'add']
    """
    program = Program()
    mode = current()
    with using(Mode(mode.grad, program, mode.watch, mode.rule)):
        yield program


def user_line(frame: Any = None, skip: tuple[str, ...] = INTERNAL) -> tuple[str, int]:
    """File and line of the innermost frame outside this package, from `frame` outwards."""
    frame = frame or sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(skip):
            return name, frame.f_lineno
        frame = frame.f_back
    return "<unknown>", 0
