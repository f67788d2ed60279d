"""Reverse passes that run on Tensors: to record the gradient, or to check it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.recording import LEAN, Mode, current, using, with_grad
from autograd_np.reverse import hooked_gradient, own, pull_back
from autograd_np.rules import derivative as sources
from autograd_np.rules.outputs import pick

Seeds = Sequence[tuple[Node, Any]]


def lower(saved: tuple[Any, ...]) -> Any:
    """What a full recording saved, as arrays."""
    return tuple(unwrap(value) for value in saved)


class GraphLift:
    """Has the rules record the graph of the gradient.

    Parameters
    ----------
    mode : Mode
        That of the pass. One that is its own (all but LEAN) is told which derivative each
        operation belongs to; nothing is left to undo when the pass ends or raises.
    linear : bool
        Record how the gradient depends on the seeds alone: what the nodes saved is constant.
    """

    __slots__ = ("found", "linear", "mode")

    def __init__(self, mode: Mode, linear: bool = False) -> None:
        self.mode = mode
        self.linear = linear
        # Where a full recording notes the gradients of this pass.
        self.found: Any = None

    def enter(self, node: Node) -> None:
        """Note the node where whoever records or checks an operation finds it."""
        if self.mode is not LEAN:
            self.mode.rule = node

    def pull(self, node: Node, g: Any) -> Sequence[Any]:
        """Run the rule of `node` on Tensors: one gradient for each parent."""
        self.enter(node)
        if self.mode.program is not None:
            self.mode.program.is_gradient(g, node, self.found)
        derivative: Any = node.derivative
        saved = lower(node.saved or ()) if self.linear else lifted(node)
        gradients: Sequence[Any] = derivative.pull(g, saved, node.parents)
        return gradients

    def hooked(self, g: Any, node: Node) -> Any:
        """The complete gradient of `node`, after its hooks have seen it."""
        self.enter(node)
        return hooked_gradient(g, node)


def differentiate(
    seeds: Seeds,
    *,
    graph: bool,
    retain: bool,
    targets: Collection[Node] | None = None,
    judged: bool = True,
    linear: bool = False,
    through: bool = True,
) -> dict[Node, Any]:
    """The reverse pass in the current mode.

    Parameters
    ----------
    seeds, targets, through
        As for `pull_back`.
    graph : bool
        Whether the gradient can be differentiated in turn.
    retain : bool
        Whether another pass can follow.
    judged : bool
        Whether `detect_anomaly` looks at the numbers.
    linear : bool
        With `graph`: the gradient will be differentiated with respect to the seeds only.

    Returns
    -------
    dict
        As `pull_back`: Tensors (or arrays, where nothing depends on the graph) if the pass is
        recorded, by `graph` or by a full recording; otherwise arrays.
    """
    mode = with_grad(graph)
    tensors = graph or mode.program is not None
    # In a full recording what the nodes saved are variables of the program.
    linear = linear and mode.program is None
    lift = GraphLift(mode, linear) if tensors else None
    if mode.watch is not None:
        lift = mode.watch.lift(mode, tensors, judged, linear)
        seeds = lift.start(seeds, targets)
    if mode.program is not None and lift is not None:
        seeds = [(node, mode.program.seeded(g)) for node, g in seeds]
        lift.found = mode.program.begin_pass(node for node, _ in seeds)
    with using(mode):
        found = pull_back(
            seeds, targets=targets, lift=lift, lower=lower, retain_graph=retain, through=through
        )
    if mode.program is not None and lift is not None:
        for node, g in found.items():
            mode.program.is_gradient(g, node, lift.found)
    if lift is None or tensors:
        return found
    return {node: own(unwrap(g)) for node, g in found.items()}


def lifted(node: Node) -> list[Any]:
    """What `node` saved, as Tensors that stand in the graph where the values stood."""
    derivative: Any = node.derivative
    values = list(node.saved or ())
    for place, (kind, which) in enumerate(derivative.sources):
        if kind == sources.FROM_PARENT:
            values[place] = _lift(values[place], node.parents[which])
        elif kind == sources.FROM_RESULT:
            values[place] = _lift(values[place], node)
        elif kind == sources.FROM_OUTPUT:
            values[place] = _lift(values[place], node, which)
        elif kind == sources.FROM_LIST:
            elements = list(values[place])
            for element, parent in which.items():
                elements[element] = _lift(elements[element], node.parents[parent])
            values[place] = elements
    return values


def _lift(value: Any, node: Node, output: int | None = None) -> Any:
    """A value that a node saved, as a Tensor in the place where it stood in the graph."""
    if isinstance(value, Handle):
        return value
    if output is not None:
        value = as_array(value)
        call, node = node, pick(node, output, value)
        node.requires_grad = call.requires_grad and value.dtype.kind in "fc"
        program = current().program
        if program is not None:
            program.is_again(node, (call.index, output))
    return wrap(value, node)
