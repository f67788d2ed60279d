"""Running a function on lifted arguments, which every transform starts with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd_np.backward import seed_like
from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lifted_pass import Seeds, differentiate
from autograd_np.memory import lock
from autograd_np.recording import current, using, with_grad
from autograd_np.reverse import conjugated, own
from autograd_np.tensor import Tensor
from autograd_np.trees import flatten, map_leaves

# How many transforms are running a function in this context. Inside one, results must stay in the
# graph even when all arguments are plain arrays: they may depend on what the outer one traces.
_depth: ContextVar[int] = ContextVar("autograd_np.transform_depth", default=0)

Function = Callable[..., Any]
ArgNums = int | Sequence[int]


@contextlib.contextmanager
def outermost() -> Iterator[None]:
    """Run transforms as if no other were running: their results are plain arrays."""
    token = _depth.set(0)
    try:
        yield
    finally:
        _depth.reset(token)


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
        numbers = [_checked_number(number, args, function) for number in numbers]
        wanted, self.rebuild = flatten([args[number] for number in numbers])
        self.nested = _depth.get() > 0 or any(_is_recorded(leaf) for leaf in flatten(args)[0])
        self.tensors_in = any(isinstance(leaf, Handle) for leaf in flatten(args)[0])
        self.inputs = [_lifted(leaf, function) for leaf in wanted]
        # The inputs are the caller's own arrays, which the graph reads as long as the run lives.
        self.locks = lock(leaf for leaf in wanted if isinstance(leaf, np.ndarray))
        lifted_args = list(args)
        for number, argument in zip(numbers, self.rebuild(list(self.inputs)), strict=True):
            lifted_args[number] = argument
        token = _depth.set(_depth.get() + 1)
        try:
            with using(with_grad(True)):
                self.value = function(*lifted_args, **kwargs)
        finally:
            _depth.reset(token)

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


def _checked_number(number: int, args: Sequence[Any], function: Function) -> int:
    if not -len(args) <= number < len(args):
        raise TypeError(
            f"argnums names argument {number}, and {name_of(function)} was called with {len(args)} "
            f"positional arguments. Pass the arguments to differentiate by position."
        )
    return number


def check_count(what: str, given: Sequence[Any], expected: Sequence[Any]) -> None:
    """Raise ValueError unless there are as many arrays as expected."""
    if len(given) != len(expected):
        raise ValueError(
            f"{what} takes as many arrays as the function has, {len(expected)}, in the same "
            f"containers, and was given {len(given)}."
        )


def name_of(function: Function) -> str:
    """A function's name, for messages."""
    return getattr(function, "__name__", "the function")


def _is_recorded(value: Any) -> bool:
    return isinstance(value, Tensor) and (value.requires_grad or current().program is not None)


def _lifted(value: Any, function: Function) -> Tensor:
    """A differentiable argument as a Tensor of its own, linked to the one that was given."""
    if isinstance(value, Tensor) and _is_recorded(value):
        with using(with_grad(True)):
            tensor = +value
        if not tensor.requires_grad:
            tensor.node.requires_grad = True
        return tensor
    data = unwrap(value) if hasattr(value, "__array_function__") else np.asarray(value)
    if data.dtype.kind not in "fc":
        raise TypeError(
            f"{name_of(function)} was asked for the gradient with respect to a value of dtype "
            f"{data.dtype}, which has none. Pass floats: np.asarray(value, dtype=float)."
        )
    tensor = wrap(data)
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
