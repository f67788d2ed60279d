"""Functions from functions: gradients, and products with Jacobians."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.arguments import ArgNums, Function, check_count, check_pairs, name_of
from autograd_np.backward import one, seed_like
from autograd_np.graph import Node
from autograd_np.handle import Handle, unwrap
from autograd_np.lifting import Run, as_plain, as_tensor, pushforward
from autograd_np.trees import flatten, map_leaves


def scalar_node(value: Any, function: Function, transform: str) -> Node | None:
    """The node of a scalar result, None where nothing was recorded."""
    if not hasattr(value, "__array_function__") and not isinstance(value, (int, float, complex)):
        missing = " Is a `return` missing?" if value is None else ""
        raise TypeError(
            f"{transform} needs a function that returns one number, and {name_of(function)} "
            f"returned {type(value).__name__}.{missing} With has_aux=True it returns a pair of a "
            f"number and anything else."
        )
    if not hasattr(value, "__array_function__"):
        value = np.asarray(value)
    if np.shape(unwrap(value)) != () and unwrap(value).size != 1:
        raise ValueError(
            f"{transform} needs a function that returns one number, and {name_of(function)} "
            f"returned an array of shape {value.shape}. Return its sum, or use ag.jacobian."
        )
    if value.dtype.kind == "c":
        raise ValueError(
            f"{transform} needs a function that returns a real number, and {name_of(function)} "
            f"returned one of dtype {value.dtype}. Return np.abs(z) or np.real(z), or use ag.vjp."
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
        run = Run(function, args, argnums, kwargs)
        value, aux = run.value if has_aux else (run.value, None)
        node = scalar_node(value, function, "grad")
        seeds = [] if node is None else [(node, one(unwrap(value)))]
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


def vjp(function: Function, *args: Any, **kwargs: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The value of a function, and the product of a cotangent with its Jacobian.

    Parameters
    ----------
    function : callable
        Returns an array, or nested containers of arrays.
    *args
        Its arguments, all differentiated.
    **kwargs
        Passed on.

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
    run = Run(function, args, range(len(args)), kwargs)
    outputs, _ = flatten(run.value)

    def pullback(cotangent: Any) -> Any:
        cotangents, _ = flatten(cotangent)
        tensors = run.nested or any(isinstance(each, Handle) for each in cotangents)
        seeds = run.seeds(outputs, cotangents, "the pullback", tensors)
        gradients = run.arguments(run.gradients(seeds, retain=True, graph=tensors))
        return map_leaves(as_tensor if tensors or run.as_tensors else as_plain, gradients)

    return run.out(run.value), pullback


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The value of a function, and the product of its Jacobian with a tangent (forward mode).

    The pullback is linear in the cotangent; differentiating it with respect to the cotangent
    transposes it. There is no second table of rules, at a price: about five forward passes of a
    network, where rules of its own would take three.

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
    TypeError
        If primals and tangents are not tuples or lists.
    ValueError
        If tangents and primals differ in number or shape.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> value, tangent = ag.jvp(np.square, [np.array([1.0, 2.0])], [np.array([1.0, 10.0])])
    >>> value, tangent
    (array([1., 4.]), array([ 2., 40.]))
    """
    check_pairs("jvp", primals, tangents)
    run = Run(function, primals, range(len(primals)), {})
    push = pushforward(run)
    leaves, _ = flatten(list(tangents))
    check_count("jvp", leaves, run.inputs)
    seeds = [
        leaf if isinstance(leaf, Handle) else seed_like(leaf, tensor.node, "a tangent")
        for leaf, tensor in zip(leaves, run.inputs, strict=True)
    ]
    graph = run.nested or any(isinstance(leaf, Handle) for leaf in leaves)
    _, rebuild = flatten(run.value)
    tangent = rebuild(push(seeds, graph))
    convert = as_tensor if graph or run.as_tensors else as_plain
    return run.out(run.value), map_leaves(convert, tangent)
