"""Running a function on lifted arguments, which every transform starts with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.arguments import (
    ArgNums,
    Function,
    check_count,
    check_floats,
    checked_number,
    plain_array,
)
from autograd_np.backward import seed_like
from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lifted_pass import Seeds, differentiate
from autograd_np.memory import lock
from autograd_np.recording import current, depth, tracing, using, with_grad
from autograd_np.reverse import conjugated, own
from autograd_np.tensor import Tensor
from autograd_np.trees import flatten, map_leaves


class Run:
    """One run of a function on lifted arguments: where it started, and what came out.

    Attributes
    ----------
    inputs : list of Tensor
        The differentiated arguments.
    value
        What the function returned.
    nested : bool
        Whether an outer transform, or the user's own graph, may depend on this run.
    """

    def __init__(self, function: Function, args: Sequence[Any], argnums: ArgNums, kwargs: Any):
        self.single = isinstance(argnums, int)
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        numbers = [checked_number(number, args, function) for number in numbers]
        trees = [args[number] for number in numbers]
        wanted, self.rebuild = flatten(trees)
        self.nested = depth.get() > 0 or any(_is_recorded(leaf) for leaf in flatten(args)[0])
        self.tensors_in = any(isinstance(leaf, Handle) for leaf in flatten(args)[0])
        check_floats(function, numbers, trees, wanted)
        self.inputs = [_lifted(leaf) for leaf in wanted]
        # The inputs are the caller's own arrays, which the graph reads as long as the run lives.
        self.locks = lock(leaf for leaf in wanted if isinstance(leaf, np.ndarray))
        lifted_args = list(args)
        for number, argument in zip(numbers, self.rebuild(list(self.inputs)), strict=True):
            lifted_args[number] = argument
        token = depth.set(depth.get() + 1)
        try:
            with using(with_grad(True)):
                self.value = function(*lifted_args, **kwargs)
        finally:
            depth.reset(token)

    @property
    def as_tensors(self) -> bool:
        """Whether results are handed out as Tensors."""
        return self.nested or self.tensors_in

    def arguments(self, leaves: list[Any]) -> Any:
        """`leaves`, one for each array in the wanted arguments, in the arguments' containers."""
        trees = self.rebuild(leaves)
        return trees[0] if self.single else tuple(trees)

    def gradients(
        self, seeds: list[tuple[Node, Any]], *, retain: bool = False, graph: bool = False
    ) -> list[Any]:
        """Gradients for each input, zeros for those that were not reached."""
        with using(with_grad(graph or self.nested)):
            return [conjugated(g) for g in self.pulled(seeds, retain=retain, graph=graph)]

    def pulled(
        self, seeds: list[tuple[Node, Any]], *, retain: bool = False, graph: bool = False
    ) -> list[Any]:
        """The gradients as the rules have them: their conjugates, for complex inputs."""
        graph = graph or self.nested
        found = pull_to_inputs(seeds, self.inputs, retain=retain or graph, graph=graph)
        return [
            found[node] if (node := tensor.node) in found else np.zeros_like(tensor._value)
            for tensor in self.inputs
        ]

    def seeds(
        self, values: Sequence[Any], cotangents: Sequence[Any], what: str, graph: bool = False
    ) -> list[tuple[Node, Any]]:
        """Where a pass starts that goes back from values of this run, one cotangent for each.

        Raises
        ------
        ValueError
            If their numbers differ, or a cotangent has another shape than its value.
        """
        check_count(what, cotangents, values)
        with using(with_grad(graph or self.nested)):
            return [
                (value.node, conjugated(seed_like(cotangent, value.node, what)))
                for value, cotangent in zip(values, cotangents, strict=True)
                if isinstance(value, Tensor) and value.requires_grad
            ]

    def released(self, gradients: list[Any]) -> list[Any]:
        """Gradients for the user that no graph will read again: not copied unless shared."""
        if self.as_tensors:
            return [as_tensor(g) for g in gradients]
        arrays: dict[int, Any] = {}
        for g in gradients:
            value = unwrap(g)
            alone = isinstance(value, np.ndarray) and value.base is None and value.flags.carray
            value = value if alone and id(value) not in arrays else own(value)
            arrays[id(value)] = value
        return list(arrays.values())

    def out(self, tree: Any) -> Any:
        """A result for the user: plain arrays, unless Tensors came in."""
        return map_leaves(as_tensor if self.as_tensors else as_plain, tree)


def pull_to_inputs(
    seeds: Seeds,
    inputs: Sequence[Tensor],
    *,
    retain: bool,
    graph: bool,
    judged: bool = True,
    linear: bool = False,
) -> dict[Node, Any]:
    """The reverse pass from the seeds to the inputs, as `differentiate`."""
    targets = {tensor.node for tensor in inputs}
    return differentiate(
        seeds, graph=graph, retain=retain, targets=targets, judged=judged, linear=linear
    )


def _is_recorded(value: Any) -> bool:
    return isinstance(value, Tensor) and (value.requires_grad or current().program is not None)


def _lifted(value: Any) -> Tensor:
    """A differentiable argument as a Tensor of its own, linked to the one that was given."""
    trace = tracing()
    if trace is not None and isinstance(value, np.ndarray):
        value = trace.lifted(value)
    if isinstance(value, Tensor) and _is_recorded(value):
        with using(with_grad(True)):
            tensor = +value
        if not tensor.requires_grad:
            tensor.node.requires_grad = True
        return tensor
    tensor = wrap(plain_array(value))
    tensor.requires_grad = True
    return tensor


def as_plain(value: Any) -> Any:
    """A Tensor's value as an array of the caller's own."""
    return own(value._value) if isinstance(value, Tensor) else value


def as_tensor(value: Any) -> Any:
    """An array as a constant Tensor."""
    if isinstance(value, Handle) or not hasattr(value, "__array_function__"):
        return wrap(as_array(value)) if isinstance(value, np.generic) else value
    return wrap(value)


def pushforward(run: Run) -> Callable[[list[Any], bool], list[Any]]:
    """The transposed pullback: tangents of the inputs to tangents of the outputs."""
    outputs, _ = flatten(run.value)
    cotangents = []
    for output in outputs:
        zeros = wrap(np.zeros_like(unwrap(output)))
        if isinstance(output, Tensor) and output.requires_grad:
            zeros.requires_grad = True
        cotangents.append(zeros)
    seeds = [
        (output.node, u) for output, u in zip(outputs, cotangents, strict=True) if u.requires_grad
    ]
    # Only the graph of this pass is of use: it starts from zeros.
    pulled = pull_to_inputs(
        seeds, run.inputs, retain=True, graph=True, judged=False, linear=not run.nested
    )

    def push(tangents: list[Any], graph: bool) -> list[Any]:
        linear = []
        for tensor, tangent in zip(run.inputs, tangents, strict=True):
            g = pulled.get(tensor.node)
            if isinstance(g, Tensor) and g.requires_grad:
                linear.append((g.node, tangent))
        found = pull_to_inputs(
            linear, [u for u in cotangents if u.requires_grad], retain=True, graph=graph
        )
        return [
            found[u.node] if u.requires_grad and u.node in found else np.zeros_like(u._value)
            for u in cotangents
        ]

    return push
