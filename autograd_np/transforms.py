"""Functions from functions: gradients, products with Jacobians, Jacobians and Hessians."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd_np.backward import lift, lower, one, seed_like
from autograd_np.graph import Node
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.recording import current, using, with_grad
from autograd_np.reverse import pull_back
from autograd_np.tensor import Tensor
from autograd_np.trees import flatten, map_leaves

# How many transforms are running a function in this context. Inside one, results must stay in the
# graph even when all arguments are plain arrays: they may depend on what the outer one traces.
_depth: ContextVar[int] = ContextVar("autograd_np.transform_depth", default=0)

Function = Callable[..., Any]
ArgNums = int | Sequence[int]


class _Recorded:
    """One run of a function on lifted arguments: where it started, and what came out."""

    def __init__(self, function: Function, args: Sequence[Any], argnums: ArgNums, kwargs: Any):
        self.single = isinstance(argnums, int)
        numbers = [argnums] if isinstance(argnums, int) else list(argnums)
        numbers = [_checked_number(number, args, function) for number in numbers]
        wanted, self.rebuild = flatten([args[number] for number in numbers])
        self.nested = _depth.get() > 0 or any(_is_recorded(leaf) for leaf in flatten(args)[0])
        self.tensors_in = any(isinstance(leaf, Handle) for leaf in flatten(args)[0])
        self.inputs = [_lifted(leaf, function) for leaf in wanted]
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
        graph = graph or self.nested
        found = _pull(seeds, self.inputs, retain=retain or graph, graph=graph)
        return [
            found[node] if (node := tensor.node) in found else np.zeros_like(tensor._data)
            for tensor in self.inputs
        ]

    def out(self, tree: Any) -> Any:
        """A result for the user: plain arrays, unless Tensors came in."""
        return map_leaves(_as_tensor if self.as_tensors else _as_array, tree)


def _pull(seeds: Any, inputs: Sequence[Tensor], *, retain: bool, graph: bool) -> dict[Node, Any]:
    tensors = graph or current().program is not None
    with using(with_grad(graph)):
        return pull_back(
            seeds,
            targets={tensor.node for tensor in inputs},
            lift=lift if tensors else None,
            lower=lower,
            retain_graph=retain,
        )


def _checked_number(number: int, args: Sequence[Any], function: Function) -> int:
    if not -len(args) <= number < len(args):
        raise TypeError(
            f"argnums names argument {number}, and {_name(function)} was called with {len(args)} "
            f"positional arguments. Pass the arguments to differentiate by position."
        )
    return number


def _name(function: Function) -> str:
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
    data = value._data if isinstance(value, Handle) else np.asarray(value)
    if data.dtype.kind not in "fc":
        raise TypeError(
            f"{_name(function)} was asked for the gradient with respect to a value of dtype "
            f"{data.dtype}, which has none. Pass floats: np.asarray(value, dtype=float)."
        )
    tensor = wrap(data)
    tensor.requires_grad = True
    return tensor


def _as_array(value: Any) -> Any:
    return value.numpy() if isinstance(value, Tensor) else value


def _as_tensor(value: Any) -> Any:
    return wrap(np.asarray(value)) if isinstance(value, (np.ndarray, np.generic)) else value


def _scalar_node(value: Any, function: Function, transform: str) -> Node | None:
    """The node of a scalar result, None where nothing was recorded."""
    if not isinstance(value, Handle):
        value = np.asarray(value)
    if np.shape(unwrap(value)) != () and unwrap(value).size != 1:
        raise ValueError(
            f"{transform} needs a function that returns one number, and {_name(function)} returned "
            f"an array of shape {value.shape}. Return its sum, or use ag.jacobian."
        )
    node = value._node if isinstance(value, Handle) else None
    return node if node is not None and node.requires_grad else None


def value_and_grad(
    function: Function, argnums: ArgNums = 0, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """A function that returns the value of `function` and its gradient.

    Parameters
    ----------
    function : callable
        Returns one number; with `has_aux`, a pair of one number and anything else.
    argnums : int or sequence of ints
        The arguments to differentiate: arrays, or nested tuples, lists and dicts of arrays.
    has_aux : bool

    Returns
    -------
    callable
        Called as `function`, returns ``(value, gradient)``, or ``((value, aux), gradient)``. The
        gradient has the containers, shapes and dtypes of the argument; for a sequence of
        `argnums` it is a tuple.

    Raises
    ------
    TypeError
        If an argument holds integers or booleans.
    ValueError
        If `function` returns more than one number.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> value, gradient = ag.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    >>> float(value), gradient
    (5.0, array([2., 4.]))
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        run = _Recorded(function, args, argnums, kwargs)
        value, aux = run.value if has_aux else (run.value, None)
        node = _scalar_node(value, function, "grad")
        seeds = [] if node is None else [(node, one(node.shape or (), node.dtype))]
        gradient = run.out(run.arguments(run.gradients(seeds)))
        if has_aux:
            return (run.out(value), run.out(aux)), gradient
        return run.out(value), gradient

    return evaluate


def grad(function: Function, argnums: ArgNums = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that returns the gradient of `function`.

    Parameters
    ----------
    function, argnums, has_aux
        As for `value_and_grad`.

    Returns
    -------
    callable
        Returns the gradient; with `has_aux`, ``(gradient, aux)``.

    Raises
    ------
    TypeError, ValueError
        As `value_and_grad`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> float(ag.grad(ag.grad(np.tanh))(0.5).round(6))
    -0.726862
    """
    both = value_and_grad(function, argnums, has_aux)

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        value, gradient = both(*args, **kwargs)
        return (gradient, value[1]) if has_aux else gradient

    return evaluate


def vjp(function: Function, *args: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The value of a function, and the product of a cotangent with its Jacobian.

    Parameters
    ----------
    function : callable
        Returns an array, or nested containers of arrays.
    *args
        Its arguments, all differentiated.

    Returns
    -------
    value
        What `function` returns.
    pullback : callable
        Takes a cotangent of the value's containers and shapes, returns a tuple with a gradient for
        each argument. Can be called any number of times.

    Raises
    ------
    TypeError
        If an argument holds integers or booleans.
    ValueError
        If a cotangent has another shape than the value.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> value, pullback = ag.vjp(np.multiply, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 3., 40.]), array([ 1., 20.]))
    """
    run = _Recorded(function, args, range(len(args)), {})
    outputs, _ = flatten(run.value)

    def pullback(cotangent: Any) -> Any:
        cotangents, _ = flatten(cotangent)
        _check_count("pullback", cotangents, outputs)
        tensors = run.nested or any(isinstance(each, Handle) for each in cotangents)
        seeds = _seeds(outputs, cotangents)
        gradients = run.arguments(run.gradients(seeds, retain=True, graph=tensors))
        return map_leaves(_as_tensor if tensors or run.as_tensors else _as_array, gradients)

    return run.out(run.value), pullback


def _check_count(what: str, given: list[Any], expected: list[Any]) -> None:
    if len(given) != len(expected):
        raise ValueError(
            f"{what} takes as many arrays as the function has, {len(expected)}, in the same "
            f"containers, and was given {len(given)}."
        )


def _seeds(outputs: list[Any], cotangents: list[Any]) -> list[tuple[Node, Any]]:
    seeds = []
    for output, cotangent in zip(outputs, cotangents, strict=True):
        if isinstance(output, Tensor) and output.requires_grad:
            seeds.append((output.node, seed_like(cotangent, output.node, "the pullback")))
    return seeds


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of a function, and the product of its Jacobian with a tangent (forward mode).

    The pullback is linear in the cotangent; differentiating it with respect to the cotangent
    transposes it. There is no second table of rules.

    Parameters
    ----------
    function : callable
        Returns an array, or nested containers of arrays.
    primals : sequence
        Its arguments.
    tangents : sequence
        A direction for each argument, of its containers and shapes.

    Returns
    -------
    value, tangent
        Of the same containers and shapes.

    Raises
    ------
    ValueError
        If tangents and primals differ in number or shape.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> value, tangent = ag.jvp(np.square, [np.array([1.0, 2.0])], [np.array([1.0, 10.0])])
    >>> value, tangent
    (array([1., 4.]), array([ 2., 40.]))
    """
    if len(primals) != len(tangents):
        raise ValueError(
            f"jvp was given {len(primals)} primals and {len(tangents)} tangents. Pass sequences "
            f"of the same length: jvp(f, (x, y), (dx, dy))."
        )
    run = _Recorded(function, primals, range(len(primals)), {})
    push = _pushforward(run)
    leaves, _ = flatten(list(tangents))
    _check_count("jvp", leaves, run.inputs)
    seeds = [
        leaf if isinstance(leaf, Handle) else seed_like(leaf, tensor.node, "a tangent")
        for leaf, tensor in zip(leaves, run.inputs, strict=True)
    ]
    graph = run.nested or any(isinstance(leaf, Handle) for leaf in leaves)
    _, rebuild = flatten(run.value)
    tangent = rebuild(push(seeds, graph))
    convert = _as_tensor if graph or run.as_tensors else _as_array
    return run.out(run.value), map_leaves(convert, tangent)


def _pushforward(run: _Recorded) -> Callable[[list[Any], bool], list[Any]]:
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
    pulled = _pull(seeds, run.inputs, retain=True, graph=True)

    def push(tangents: list[Any], graph: bool) -> list[Any]:
        linear = []
        for tensor, tangent in zip(run.inputs, tangents, strict=True):
            g = pulled.get(tensor.node)
            if isinstance(g, Tensor) and g.requires_grad:
                linear.append((g.node, tangent))
        found = _pull(linear, [u for u in cotangents if u.requires_grad], retain=True, graph=graph)
        return [
            found[u.node] if u.requires_grad and u.node in found else np.zeros_like(u._data)
            for u in cotangents
        ]

    return push


def jacobian(function: Function, argnums: ArgNums = 0) -> Callable[..., Any]:
    """A function that returns the Jacobian of `function`.

    The function is run once; the Jacobian is filled by rows (one reverse pass for each element of
    the result) or by columns (one transposed pass for each element of the arguments), whichever
    are fewer.

    Parameters
    ----------
    function : callable
        Returns an array, or nested containers of arrays.
    argnums : int or sequence of ints
        The arguments to differentiate.

    Returns
    -------
    callable
        Returns, for an array result and an array argument, an array of shape
        ``result.shape + argument.shape``; containers of results hold containers of arguments.

    Raises
    ------
    TypeError
        If an argument holds integers or booleans.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.jacobian(np.square)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        run = _Recorded(function, args, argnums, kwargs)
        outputs, rebuild = flatten(run.value)
        rows = sum(np.size(unwrap(output)) for output in outputs)
        columns = sum(tensor.size for tensor in run.inputs)
        blocks = _by_rows(run, outputs) if rows <= columns else _by_columns(run, outputs)
        return run.out(rebuild([run.arguments(row) for row in blocks]))

    return evaluate


def _by_rows(run: _Recorded, outputs: list[Any]) -> list[list[Any]]:
    blocks = []
    for output in outputs:
        shape = np.shape(unwrap(output))
        rows: list[list[Any]] = []
        for place in range(int(np.prod(shape))):
            seeds = []
            if isinstance(output, Tensor) and output.requires_grad:
                seeds = [(output.node, _unit(output, place))]
            rows.append(run.gradients(seeds, retain=True))
        blocks.append(
            [
                _joined([row[number] for row in rows], tensor.shape, shape, 0)
                for number, tensor in enumerate(run.inputs)
            ]
        )
    return blocks


def _by_columns(run: _Recorded, outputs: list[Any]) -> list[list[Any]]:
    push = _pushforward(run)
    shapes = [np.shape(unwrap(output)) for output in outputs]
    blocks: list[list[Any]] = [[] for _ in outputs]
    for number, tensor in enumerate(run.inputs):
        columns = []
        for place in range(tensor.size):
            tangents: list[Any] = [np.zeros_like(each._data) for each in run.inputs]
            tangents[number] = _unit(tensor, place)
            columns.append(push(tangents, run.nested))
        for which, shape in enumerate(shapes):
            parts = [column[which] for column in columns]
            blocks[which].append(_joined(parts, shape, tensor.shape, -1))
    return blocks


def _unit(tensor: Tensor, place: int) -> Any:
    unit = np.zeros(tensor.size, tensor.dtype)
    unit[place] = 1
    return unit.reshape(tensor.shape)


def _joined(parts: list[Any], inner: Any, outer: Any, axis: int) -> Any:
    """Stack gradients of shape `inner` along axes of shape `outer`, in front or behind."""
    if not parts:
        return np.zeros((*inner, *outer) if axis else (*outer, *inner))
    stacked = np.stack(parts, axis=axis)
    return np.reshape(stacked, (*inner, *outer) if axis else (*outer, *inner))


def hessian(function: Function, argnums: ArgNums = 0) -> Callable[..., Any]:
    """A function that returns the Hessian of `function`: the Jacobian of its gradient.

    Parameters
    ----------
    function : callable
        Returns one number.
    argnums : int or sequence of ints
        The arguments to differentiate.

    Returns
    -------
    callable
        Returns, for an array argument, an array of shape ``argument.shape + argument.shape``.

    Raises
    ------
    TypeError, ValueError
        As `grad`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.hessian(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    array([[ 6.,  0.],
           [ 0., 12.]])
    """
    return jacobian(grad(function, argnums), argnums)


def hvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The gradient of a function, and the product of its Hessian with a tangent.

    Parameters
    ----------
    function : callable
        Returns one number.
    primals, tangents : sequence
        Its arguments, and a direction for each.

    Returns
    -------
    gradient, product : tuple
        One entry for each argument.

    Raises
    ------
    ValueError
        If tangents and primals differ in number or shape.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> f = lambda x: np.sum(x**3)
    >>> ag.hvp(f, [np.array([1.0, 2.0])], [np.array([1.0, 10.0])])
    ((array([ 3., 12.]),), (array([  6., 120.]),))
    """
    value, pullback = vjp(grad(function, tuple(range(len(primals)))), *primals)
    # The Hessian is symmetric, so a product from the left is one from the right.
    return value, pullback(tuple(tangents))
