"""Full recordings: programs that grow as operations on Tensors run."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from time import perf_counter
from types import FrameType
from typing import Any, ClassVar

import numpy as np

from autograd_np.frames import (
    INTERNAL,
    NN,
    line_of,
    says_something,
    user_frame,
    variable_holding,
    variables_of,
)
from autograd_np.graph import Leaf, Node, RecordedNode, tick
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.memory import lock
from autograd_np.program import Call, Program, Ref, Variable
from autograd_np.recording import Mode, current, using
from autograd_np.reverse import own


@dataclass(eq=False, slots=True)
class ReversePass:
    """The gradients that one reverse pass found.

    Attributes
    ----------
    starts : set of int
        By `Ref.index`: the values that it starts from.
    gradients : dict of int to int
        By the `Ref.index` of a value: that of its gradient.
    """

    starts: set[int]
    gradients: dict[int, int] = field(default_factory=dict)


@dataclass(eq=False, repr=False)
class Recording(Program):
    """The program of all that runs, in full, while it is the one of the current `Mode`.

    Attributes
    ----------
    picked : dict of (int, int) to int
        The outputs of calls that have several, by the index of the call's node and their number:
        the `Ref.index` of each.
    passes : list of ReversePass
        In the order in which they began.
    arrays : dict of int to Tensor
        By id: the plain arrays that operations were given.
    """

    picked: dict[tuple[int, int], int] = field(default_factory=dict)
    passes: list[ReversePass] = field(default_factory=list)
    arrays: dict[int, Any] = field(default_factory=dict)
    _again: dict[int, int] = field(default_factory=dict)
    _read: dict[int, int] = field(default_factory=dict)
    _locks: list[Any] = field(default_factory=list)
    _seconds: float | None = field(default=None)

    # Whether values are stand-ins for those of later calls: none may decide what is done.
    tracing: ClassVar[bool] = False

    def taken_in(
        self, operation: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call as it is to be recorded: plain arrays as inputs.

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
        """A plain array as a Tensor."""
        if array.dtype.kind not in "fc" or not array.ndim:
            return array
        handle = self.arrays.get(id(array))
        if handle is None:
            handle = self.arrays[id(array)] = wrap(array)
            self._hold((array,))
            variable = self.variables[self.ref(handle).index]
            variable.constant, variable.label = True, variable_holding(array)
        return handle

    def seeded(self, g: Any) -> Any:
        """The gradient that a reverse pass starts from, as a Tensor, so that all is recorded."""
        if not isinstance(g, Handle):
            g = wrap(own(g))
        self.ref(g)
        return g

    def compute(
        self,
        function: Callable[..., Any],
        compute: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """The value of a call of `function` on Tensors, which `compute` finds from arrays."""
        arrays, settings = tuple(map(unwrap, args)), unwrap(kwargs)
        start = perf_counter()
        result = compute(*arrays, **settings)
        self._seconds = perf_counter() - start
        return result

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
            # A trace holds Tensors: their nodes must not hold the trace.
            if isinstance(each._node, RecordedNode) and not self.tracing:
                each._node.program = self
        outputs = tuple(Ref(each._node.index) for each in results)
        self._hold((*args, *kwargs.values()))
        frame = user_frame()
        mode = current()
        call = Call(function, recorded_args, recorded_kwargs, outputs, line_of(frame))
        call.scope, call.seconds, self._seconds = mode.scope, self._seconds, None
        if mode.rule is not None:
            call.derivative_of, call.rule = self._value_at(mode.rule), mode.rule.operation
            given = [getattr(value, "index", None) for value in recorded_args]
            if isinstance(mode.rule, Leaf) and self.gradients.keys() >= {*given}:
                # Of several passes of the recording, the sum.
                self.gradients[outputs[0].index] = call.derivative_of
                self.gradient_of[call.derivative_of] = outputs[0].index
        self.calls.append(call)
        self._look_around(frame)

    def begin_pass(self, nodes: Iterable[Node]) -> ReversePass:
        """A reverse pass from the values at `nodes`, of which no gradient is known yet."""
        self.passes.append(ReversePass({self._value_at(node) for node in nodes}))
        return self.passes[-1]

    def is_gradient(self, gradient: Any, node: Node, found_in: ReversePass) -> None:
        """Note that a Tensor is the complete gradient of the value at `node` in a reverse pass."""
        if isinstance(gradient, Handle) and gradient._node is not None:
            value, index = self._value_at(node), gradient._node.index
            self.gradients.setdefault(index, value)
            self.gradient_of[value] = found_in.gradients[value] = index

    def _hold(self, arrays: tuple[Any, ...]) -> None:
        """Keep the caller's arrays among these from being changed."""
        held = lock(arrays)
        if held is not None:
            self._locks.append(held)

    def _look_around(self, frame: FrameType | None) -> None:
        """Note which variables of the user's hold values."""
        frame = user_frame(frame, (*INTERNAL, NN))
        if frame is None:
            return
        code = frame.f_code
        # A parameter that is bound anew (`x = layer(x)`) says nothing about what it holds.
        parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        for name, value in variables_of(frame):
            if isinstance(value, Handle) and value._node is not None and name not in parameters:
                variable = self.variable_of(value)
                if variable is not None and variable.label is None and says_something(name):
                    variable.label = name

    def variable_of(self, tensor: Any) -> Variable | None:
        """What is known of a Tensor as it is now; None where the program has not met it."""
        index = tensor._node.index
        return self.variables.get(self._again.get(index, index))

    def is_again(self, node: Node, output: tuple[int, int]) -> None:
        """Note that a node stands for an output of a call, perhaps once more."""
        self._again[node.index] = self.picked.setdefault(output, node.index)

    def _value_at(self, node: Node) -> int:
        # The node of a call with several outputs is no value of the program.
        index = self.picked.get((node.index, 0), node.index)
        return self._again.get(index, index)

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
        index = self._again.get(node.index, node.index)
        if index not in self.variables:
            self._met(tensor, index)
        elif isinstance(node, Leaf) and node.written > self._read.get(index, node.written):
            # What an update wrote is another value than what was read before.
            index = self._again[node.index] = tick()
            self._met(tensor, index)
        return Ref(index)

    def _met(self, tensor: Handle, index: int) -> None:
        """Take in a Tensor that the recording did not make."""
        self._add(tensor, index)
        self.inputs.append(Ref(index))
        value, is_leaf = tensor._value, isinstance(tensor._node, Leaf)
        self.variables[index].computed = not is_leaf
        if self.tracing or not is_leaf or id(value) in self.arrays:
            return
        self._read[index] = tick()
        self.variables[index].value = self._as_met(value)

    def _as_met(self, value: Any) -> Any:
        """The value of a leaf as it is now: updates write into its memory."""
        return value.copy(order="K") if isinstance(value, np.ndarray) else value

    def _add(self, tensor: Handle, index: int | None = None) -> None:
        node, data = tensor._node, tensor._value
        assert node is not None
        assert node.shape is not None
        assert node.dtype is not None
        weak = not hasattr(data, "dtype")
        self.variables[node.index if index is None else index] = Variable(
            node.shape, node.dtype, data, node.requires_grad, node.name, weak
        )

    def _ref(self, value: Any) -> Any:
        if isinstance(value, Handle):
            return self.ref(value)
        if isinstance(value, (list, tuple)):
            return type(value)([self._ref(item) for item in value])
        return value


@contextlib.contextmanager
def record() -> Iterator[Recording]:
    """Record every operation on Tensors in full, differentiable or not.

    Within the block each operation keeps its operands, settings, value and the user's line, and
    the reverse pass is recorded like anything else. Updates in place, such as those of optimizers,
    run on arrays; `compile` has them in its programs.

    Yields
    ------
    Recording
        A `Program`.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor(3.0, requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     (w * w).backward()
    >>> [call.function.__name__ for call in program.calls]
    ['multiply', 'multiply', 'multiply', 'add']
    """
    program = Recording()
    mode = current()
    with using(Mode(mode.grad, program, mode.watch, mode.rule)):
        try:
            yield program
        finally:
            # What the last statement assigned has a name only now.
            program._look_around(user_frame(skip=(*INTERNAL, contextlib.__file__)))
