"""Anomaly mode: NaN, inf and changed arrays, found where they arise.

While it is on, the mode of recording carries a `Watch`. Every operation goes through the general
path, which hands its result to the watch; a reverse pass runs on Tensors, so that the operations
inside a rule do the same. While it is off none of this is reached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.debugging.anomalies import in_gradient, in_operation, in_rule
from autograd_np.debugging.nonfinite import Step, is_finite
from autograd_np.debugging.provenance import Origin, WatchedNode, located, origin_of, places
from autograd_np.graph import Node, Shape, ancestors
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lifted_pass import GraphLift, Seeds
from autograd_np.memory import nested_arrays
from autograd_np.recording import Mode, current, using
from autograd_np.writes import checksum

if TYPE_CHECKING:
    from autograd_np.rules.derivative import Derivative
    from autograd_np.rules.registry import Operation

# How many of the anomalies inside a rule a message may show.
_NOTED = 4


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
    with using(Mode(mode.grad, mode.program, Watch(), mode.rule, mode.scope)):
        yield


class Watch:
    """Checks what operations compute, and marks the nodes that they record.

    Parameters
    ----------
    noted : list of Step, optional
        Where results that are not finite are kept; by default they raise.
    """

    __slots__ = ("noted",)

    def __init__(self, noted: list[Step] | None = None) -> None:
        self.noted = noted

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
            step = Step(operation.function, operation.name, operands, result)
            if not step.bad.any():
                continue
            if self.noted is None:
                raise in_operation(step, current().rule)
            if len(self.noted) < _NOTED:
                self.noted.append(step)

    def node(
        self,
        derivative: Derivative,
        parents: tuple[Node, ...],
        saved: tuple[Any, ...],
        shape: Shape | None,
        dtype: np.dtype[Any] | None,
    ) -> Node:
        """The node of a call, with its provenance and the checksums of what it saved."""
        origin = Origin(derivative.operation.name, *places(), origin_of(current().rule))
        sums = tuple(
            (name, checksum(array))
            for name, value in zip(derivative.names, saved, strict=True)
            for array in nested_arrays((unwrap(value),))
        )
        return WatchedNode(derivative, parents, saved, shape, dtype, origin, sums)

    def lift(self, mode: Mode, tensors: bool, judged: bool, linear: bool) -> WatchedLift:
        """What runs a reverse pass under this watch: see `WatchedLift`."""
        if not judged:
            mode.watch = Watch(noted=[])
        return WatchedLift(mode, tensors, judged, linear)


class WatchedLift(GraphLift):
    """Runs rules on Tensors and checks every gradient.

    Parameters
    ----------
    mode : Mode
        That of the pass, and of no other.
    tensors : bool
        Whether the pass is recorded, so that hooks and the caller get Tensors.
    judged : bool
        Whether gradients that are not finite raise.
    linear : bool
        As for `GraphLift`.
    """

    __slots__ = ("judged", "leading", "tensors", "watch")

    def __init__(self, mode: Mode, tensors: bool, judged: bool, linear: bool) -> None:
        super().__init__(mode, linear)
        self.watch = mode.watch
        self.tensors = tensors
        self.judged = judged
        self.leading: set[Node] | None = None

    def start(self, seeds: Seeds, targets: Collection[Node] | None) -> Seeds:
        """The seeds, checked, as Tensors: so that all that is computed from them is checked.

        What leads to no target is left out of the pass: nobody gets it, so it is no anomaly.
        """
        if targets is not None:
            self.leading = _leading(seeds, targets)
        for node, seed in seeds:
            self._judge(node, seed, "the gradient that the pass was started with")
        if self.mode.program is not None:
            # In a program a seed is a constant, not an input.
            return seeds
        return [(n, g if isinstance(g, Handle) else wrap(as_array(g))) for n, g in seeds]

    def pull(self, node: Node, g: Any) -> Sequence[Any]:
        """Run the rule of `node`, and check what it read before and what it made after.

        An inf on the way to a finite gradient is no anomaly, so what happens inside the rule is
        only noted.

        Raises
        ------
        RuntimeError
            If an array that the node saved was changed.
        AnomalyError
            If a gradient is not finite.
        """
        check_unchanged(node)
        steps: list[Step] = []
        self.mode.watch = Watch(steps)
        try:
            with np.errstate(all="ignore"):
                gradients = list(super().pull(node, g))
        finally:
            self.mode.watch = self.watch
        for number, parent in enumerate(node.parents):
            if self.leading is not None and parent not in self.leading:
                gradients[number] = None
            elif self.judged and not is_finite(unwrap(gradients[number])):
                raise in_rule(node, number, g, unwrap(gradients[number]), steps)
        return gradients

    def hooked(self, g: Any, node: Node) -> Any:
        """The complete gradient of `node`, after its hooks (on arrays, if lean) have seen it."""
        if self.tensors:
            g = super().hooked(g, node)
        else:
            g = wrap(as_array(unwrap(super().hooked(unwrap(g), node))))
        self._judge(node, g, "the gradient that a hook returned")
        return g

    def _judge(self, node: Node, g: Any, what: str) -> None:
        if self.judged and not is_finite(unwrap(g)):
            raise in_gradient(node, g, what)


def _leading(seeds: Seeds, targets: Collection[Node]) -> set[Node]:
    """The nodes that were computed from a target, and the targets."""
    leading = set(targets)
    for node in ancestors(*(node for node, _ in seeds)):
        if not leading.isdisjoint(node.parents):
            leading.add(node)
    return leading


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
            where = located(node.origin.root.source)
            raise RuntimeError(
                f"{node.operation} at {where} keeps {name}, an array of shape {array.shape}, for "
                f"its derivative, and the array was changed after it had been recorded, so the "
                f"gradient would be wrong. Change arrays after backward(), or give the operation "
                f"one that nobody changes: np.array({name})."
            )


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
