"""Anomaly mode: NaN, inf and changed arrays, found where they arise.

While it is on, the mode of recording carries a `Watch`. Every operation goes through the general
path, which hands its result to the watch; a reverse pass runs on Tensors, so that the operations
inside a rule do the same. While it is off none of this is reached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.anomalies import in_derivative, in_forward, in_gradient
from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lifts import ProgramLift
from autograd_np.memory import nested_arrays
from autograd_np.nonfinite import Step
from autograd_np.provenance import Origin, WatchedNode, located, origin_of, places, saved_names
from autograd_np.recording import Mode, current, using
from autograd_np.rules import activations, selection
from autograd_np.writes import checksum

if TYPE_CHECKING:
    from autograd_np.rules.derivative import Derivative
    from autograd_np.rules.registry import Operation

Array = np.ndarray[Any, Any]

# Functions besides ufuncs whose result at an index depends on the operands at that index alone.
_POINTWISE = {np.where, activations.relu, activations.sigmoid, selection.clamp}
_SETTING = (bool, int, float, str, type(None))


@contextlib.contextmanager
def detect_anomaly() -> Iterator[None]:
    """Raise where a NaN or inf arises, forward or backward; also a decorator.

    Holds for this thread. Computes what would be computed anyway, to the bit, but several times
    slower; NumPy's own warnings about operations on Tensors are replaced by the errors.

    - A NaN in a result raises at the operation that made it. An operand that had it already (data,
      a parameter) is named as the cause.
    - An inf raises unless it comes from a constant: a mask of -inf is no mistake.
    - A gradient that is NaN or inf raises at the rule that made it, with the user's line of the
      operation that was being differentiated.
    - An array that a rule is going to read, and that was changed since by means that no read-only
      flag stops (a view made earlier, foreign code), is found by its checksum.

    Raises
    ------
    AnomalyError
        A `FloatingPointError` that says where and why; see its attributes.
    RuntimeError
        In the reverse pass, if an array that the graph reads was changed after it was recorded.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([4.0, -1.0], requires_grad=True, name="x")
    >>> try:
    ...     with ag.detect_anomaly():
    ...         y = np.log(x)
    ... except ag.AnomalyError as error:
    ...     print(error.operation, error.kind, error.direction, error.index)
    log nan forward (1,)
    """
    mode = current()
    with using(Mode(mode.grad, mode.program, Watch(), mode.rule)):
        yield


class Watch:
    """Checks what operations compute, and marks the nodes that they record."""

    __slots__ = ()

    def quiet(self, compute: Callable[..., Any]) -> Callable[..., Any]:
        """`compute` without NumPy's warnings: the check of its result replaces them."""
        decorated: Callable[..., Any] = np.errstate(all="ignore")(compute)
        return decorated

    def check(self, operation: Operation, values: Sequence[Any], out: Any) -> None:
        """Raise if a result holds a NaN, or an inf that no constant operand explains.

        Parameters
        ----------
        operation : Operation
        values : sequence
            Of its parameters, in order, Tensors as they were given.
        out : array, or tuple of them for several outputs
        """
        results = out[: operation.visible] if operation.outputs else (out,)
        for result in map(as_array, results):
            if is_finite(result):
                continue
            operands = list(_operands(operation, values))
            step = Step(operation.name, operands, result, is_pointwise(operation.function))
            if step.anomalous():
                self.found(step)

    def found(self, step: Step) -> None:
        """Raise for an anomalous result."""
        raise in_forward(step, current().rule)

    def node(
        self,
        derivative: Derivative,
        parents: tuple[Node, ...],
        saved: tuple[Any, ...],
        result: Array,
        values: Sequence[Any],
    ) -> Node:
        """The node of a call, with its provenance and the checksums of what it saved."""
        operation = derivative.operation
        source, via = places()
        shapes = {name: np.shape(unwrap(value)) for name, value in _operands(operation, values)}
        settings = {
            name: value
            for name, value, usual in zip(
                operation.parameters, values, _defaults(operation), strict=True
            )
            if name not in shapes and _is_setting(value) and value != usual
        }
        outer = origin_of(current().rule)
        origin = Origin(operation.name, source, via, shapes, settings, outer)
        sums = tuple(
            (name, checksum(array))
            for name, value in zip(saved_names(derivative), saved, strict=True)
            for array in nested_arrays((unwrap(value),))
        )
        one = operation.visible == 1
        shape, dtype = (result.shape, result.dtype) if one else (None, None)
        return WatchedNode(derivative, parents, saved, shape, dtype, origin, sums)

    def lift(self, mode: Mode, tensors: bool) -> WatchedLift:
        """What runs a reverse pass under this watch."""
        return WatchedLift(mode, self, tensors)


class RuleWatch(Watch):
    """Notes what happens inside a rule: an inf on the way to a finite gradient is no anomaly."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def found(self, step: Step) -> None:
        """Keep the step, for the message if the gradient turns out to be anomalous."""
        if len(self.steps) < 8:
            self.steps.append(step)


class WatchedLift(ProgramLift):
    """Runs rules on Tensors and checks every gradient.

    Parameters
    ----------
    mode : Mode
        That of the pass.
    watch : Watch
        What checks operations outside rules.
    tensors : bool
        Whether the pass is recorded, so that hooks and the caller get Tensors.
    """

    __slots__ = ("tensors", "watch")

    def __init__(self, mode: Mode, watch: Watch, tensors: bool) -> None:
        super().__init__(mode)
        self.watch = watch
        self.tensors = tensors

    def checked(self, seeds: Iterable[tuple[Node, Any]]) -> list[tuple[Node, Any]]:
        """The seeds as Tensors, so that all that is computed from them is checked."""
        checked = []
        for node, seed in seeds:
            if not is_finite(unwrap(seed)):
                raise in_gradient(node, seed, "the gradient that the pass was started with")
            # In a program the seed is a constant, not an input.
            if self.mode.program is None and not isinstance(seed, Handle):
                seed = wrap(as_array(seed))
            checked.append((node, seed))
        return checked

    def pull(self, node: Node, g: Any) -> Sequence[Any]:
        """Run the rule of `node`, and check what it read before and what it made after.

        Raises
        ------
        RuntimeError
            If an array that the node saved was changed.
        AnomalyError
            If a gradient is not finite.
        """
        check_unchanged(node)
        inside = self.mode.watch = RuleWatch()
        try:
            with np.errstate(all="ignore"):
                gradients = super().pull(node, g)
        finally:
            self.mode.watch = self.watch
        for number, gradient in enumerate(gradients):
            if gradient is not None and not is_finite(unwrap(gradient)):
                raise in_derivative(node, number, g, unwrap(gradient), inside.steps)
        return gradients

    def hooked(self, g: Any, node: Node) -> Any:
        """The complete gradient of `node`, after its hooks have seen it, as an array if lean."""
        if self.tensors:
            g = super().hooked(g, node)
        else:
            g = wrap(as_array(unwrap(super().hooked(unwrap(g), node))))
        if not is_finite(unwrap(g)):
            raise in_gradient(node, g, "the gradient that a hook returned")
        return g


def check_unchanged(node: Node) -> None:
    """Raise if an array that `node` saved has changed since.

    Raises
    ------
    RuntimeError
        Naming the argument, the operation and its line.
    """
    if not isinstance(node, WatchedNode):
        return
    arrays = nested_arrays(unwrap(each) for each in node.saved or ())
    for (name, before), array in zip(node.sums, arrays, strict=True):
        if checksum(array) != before:
            raise RuntimeError(
                f"{node.operation} at {located(node.origin.user)} keeps {name}, an array of shape "
                f"{array.shape}, for its derivative, and the array was changed after it had been "
                f"recorded, so the gradient would be wrong. Change arrays after backward(), or "
                f"give the operation one that nobody changes: np.array({name})."
            )


def is_finite(value: Any) -> bool:
    """Whether a value holds no NaN and no inf, as far as it is an array of NumPy's."""
    if not isinstance(value, (np.ndarray, np.generic)) or value.dtype.kind not in "fc":
        return True
    return bool(np.isfinite(value).all())


def is_pointwise(function: Callable[..., Any]) -> bool:
    """Whether a result at an index depends on the operands at that index alone."""
    if isinstance(function, np.ufunc):
        return function.signature is None
    return function in _POINTWISE


def _operands(operation: Operation, values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Name and value of every argument that holds numbers, elements of lists included."""
    for position, (name, value) in enumerate(zip(operation.parameters, values, strict=True)):
        if isinstance(value, (Handle, np.ndarray)):
            yield name, value
        elif name in operation.lists:
            for number, element in enumerate(value or ()):
                yield f"{name}[{number}]", element
        elif isinstance(value, float) or (
            position in operation.differentiable and isinstance(value, (int, complex, np.generic))
        ):
            yield name, value


@lru_cache(maxsize=256)
def _defaults(operation: Operation) -> tuple[Any, ...]:
    return operation.defaults()


def _is_setting(value: Any) -> bool:
    """Whether a value is short to show and keeps no array alive."""
    if isinstance(value, tuple):
        return all(map(_is_setting, value))
    return isinstance(value, _SETTING)
