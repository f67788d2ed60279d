"""Recomputing a part of the graph in the reverse pass, instead of keeping what it saved."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import numpy as np

from autograd_np.graph import Node, tick
from autograd_np.handle import Handle, as_array, wrap
from autograd_np.lifted_pass import differentiate
from autograd_np.memory import lock
from autograd_np.recording import current, using, with_grad
from autograd_np.rules.cotangents import parts_of
from autograd_np.rules.derivative import CONSTANT, FROM_RESULT
from autograd_np.rules.outputs import pick
from autograd_np.trees import flatten
from autograd_np.writes import checksum

F = TypeVar("F", bound=Callable[..., Any])


def checkpoint(function: F) -> F:
    """Trade time for memory: run `function` again in the reverse pass.

    Of all that `function` computes the graph keeps only its arguments and its results. Parameters
    that it reads without being given them (those of a module, say) have gradients as ever, and
    derivatives of every order are right.

    Parameters
    ----------
    function : callable
        Of Tensors, arrays and anything else, returning Tensors or nested containers of them. Must
        compute the same when it is run again: pass random draws as arguments.

    Returns
    -------
    callable
        Computes what `function` does; a gradient costs about one more forward pass of it.

    Raises
    ------
    RuntimeError
        In the reverse pass, if the function computes something else the second time.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> block = ag.checkpoint(lambda x: np.tanh(np.sin(x) ** 2))
    >>> x = ag.Tensor([0.5, 1.0], requires_grad=True)
    >>> y = block(x).sum()
    >>> [parent.operation for parent in y.node.parents]
    ['checkpoint']
    >>> y.backward()
    >>> x.grad.round(4)
    array([0.7985, 0.5715])
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        mode = current()
        if not mode.grad or mode.program is not None:
            # A full recording is to hold every operation.
            return function(*args, **kwargs)
        start = tick()
        value = function(*args, **kwargs)
        leaves, rebuild = flatten(value)
        places = [i for i, leaf in enumerate(leaves) if _made_since(leaf, start)]
        if not places:
            return value
        made = [leaves[place] for place in places]
        call = _Call(function, args, kwargs, places, made)
        parents = tuple(_boundary([leaf._node for leaf in made], start))
        for place, leaf in zip(places, _recorded(call, parents, made), strict=True):
            leaves[place] = leaf
        return rebuild(leaves)

    return cast(F, run)


class _Call:
    """How to run the function again, and how to tell that it computed the same."""

    __slots__ = ("args", "function", "kwargs", "places", "sums")

    def __init__(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        places: list[int],
        results: Sequence[Any],
    ) -> None:
        self.function = function
        self.args = args
        self.kwargs = kwargs
        self.places = places
        self.sums = [_sum(result) for result in results]

    def again(self) -> list[Any]:
        """The recorded results of another run."""
        leaves, _ = flatten(self.function(*self.args, **self.kwargs))
        if max(self.places) >= len(leaves) or self.sums != [_sum(leaves[i]) for i in self.places]:
            name = getattr(self.function, "__name__", "the function")
            raise RuntimeError(
                f"checkpoint: {name} computed something else when it was run again for the reverse "
                f"pass, so the gradient would be wrong. Draw random numbers outside and pass them "
                f"as arguments, and call backward() before parameters are updated."
            )
        return [leaves[place] for place in self.places]


class _Checkpoint:
    """The operation that stands for a whole function: a `Pullback`."""

    name = "checkpoint"
    # What stands in the place of the result is a Tensor in a pass that is recorded.
    sources = ((CONSTANT, None), (FROM_RESULT, None))

    @property
    def operation(self) -> _Checkpoint:
        """Itself."""
        return self

    def pull(self, g: Any, saved: Any, parents: tuple[Node, ...]) -> tuple[Any, ...]:
        with using(with_grad(True)):
            results = saved[0].again()
        parts = parts_of(g)
        seeds = [(results[number]._node, part) for number, part in parts.items()]
        graph = any(isinstance(each, Handle) for each in (saved[1], *parts.values()))
        # What lies beyond the parents belongs to the pass that asks.
        found = differentiate(seeds, graph=graph, retain=graph, targets=set(parents), through=False)
        return tuple(found.get(parent) for parent in parents)


_CHECKPOINT = _Checkpoint()


def _made_since(leaf: Any, start: int) -> bool:
    node = leaf._node if isinstance(leaf, Handle) else None
    return node is not None and node.requires_grad and node.index > start


def _boundary(made: Sequence[Node], start: int) -> list[Node]:
    """The older nodes, and the leaves, that nodes made since `start` were computed from."""
    seen = set(made)
    stack = list(seen)
    found: dict[Node, None] = {}
    while stack:
        for parent in stack.pop().parents:
            if parent.index <= start or parent.derivative is None:
                found[parent] = None
            elif parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return list(found)


def _recorded(call: _Call, parents: tuple[Node, ...], results: Sequence[Any]) -> list[Any]:
    """The results as Tensors that a single node has made."""
    values = [result._value for result in results]
    alone = len(values) == 1
    shape, dtype = (values[0].shape, values[0].dtype) if alone else (None, None)
    node = Node(_CHECKPOINT, parents, (call, None), shape, dtype)
    given, _ = flatten([list(call.args), call.kwargs])
    node.locks = lock(value for value in given if isinstance(value, np.ndarray))
    if alone:
        return [wrap(values[0], node)]
    return [wrap(value, pick(node, number, value)) for number, value in enumerate(values)]


def _sum(result: Any) -> Any:
    """The checksum of a result; of arrays that live elsewhere only shape and dtype."""
    value = as_array(result._value if isinstance(result, Handle) else result)
    if isinstance(value, np.ndarray):
        return checksum(value)
    return value.shape, value.dtype
