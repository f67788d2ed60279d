"""Whole Jacobians and Hessians, and products with a Hessian."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.arguments import ArgNums, Function, check_pairs, name_of
from autograd_np.backward import one
from autograd_np.handle import unwrap
from autograd_np.lifting import Run, pushforward
from autograd_np.rules.creation import arange_like
from autograd_np.tensor import Tensor
from autograd_np.transforms import grad, scalar_node
from autograd_np.trees import flatten


def jacobian(
    function: Function, argnums: ArgNums = 0, holomorphic: bool = False
) -> Callable[..., Any]:
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
    holomorphic : bool
        Promises that the function is holomorphic in its complex arguments: only then has it a
        Jacobian of complex numbers.

    Returns
    -------
    callable
        Returns, for an array result and an array argument, an array of shape
        ``result.shape + argument.shape``; containers of results hold containers of arguments.

    Raises
    ------
    TypeError
        If an argument holds integers or booleans, or complex numbers without `holomorphic`.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.jacobian(np.square)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        run = Run(function, args, argnums, kwargs)
        outputs, rebuild = flatten(run.value)
        if any(tensor.dtype.kind == "c" for tensor in run.inputs):
            _check_holomorphic(holomorphic, outputs, function)
        rows = sum(math.prod(np.shape(unwrap(output))) for output in outputs)
        columns = sum(tensor.size for tensor in run.inputs)
        # A row holds the derivatives of a real number, a column those of any results.
        complex_results = any(np.iscomplexobj(unwrap(output)) for output in outputs)
        by_rows = rows <= columns and (holomorphic or not complex_results)
        blocks = _by_rows(run, outputs) if by_rows else _by_columns(run, outputs)
        return run.out(rebuild([run.arguments(row) for row in blocks]))

    return evaluate


def _by_rows(run: Run, outputs: list[Any]) -> list[list[Any]]:
    blocks = []
    for output in outputs:
        shape = np.shape(unwrap(output))
        rows: list[list[Any]] = []
        for place in range(int(np.prod(shape))):
            seeds = []
            if isinstance(output, Tensor) and output.requires_grad:
                seeds = [(output.node, _unit(output, place))]
            rows.append(run.pulled(seeds, retain=True))
        blocks.append(
            [
                _joined([row[number] for row in rows], tensor.shape, shape, 0)
                for number, tensor in enumerate(run.inputs)
            ]
        )
    return blocks


def _by_columns(run: Run, outputs: list[Any]) -> list[list[Any]]:
    push = pushforward(run)
    shapes = [np.shape(unwrap(output)) for output in outputs]
    blocks: list[list[Any]] = [[] for _ in outputs]
    for number, tensor in enumerate(run.inputs):
        columns = []
        for place in range(tensor.size):
            tangents: list[Any] = [np.zeros_like(each._value) for each in run.inputs]
            tangents[number] = _unit(tensor, place)
            columns.append(push(tangents, run.nested))
        for which, shape in enumerate(shapes):
            parts = [column[which] for column in columns]
            blocks[which].append(_joined(parts, shape, tensor.shape, -1))
    return blocks


def _check_holomorphic(promised: bool, outputs: list[Any], function: Function) -> None:
    """Refuse a Jacobian that complex numbers cannot express."""
    if not promised:
        raise TypeError(
            f"{name_of(function)} has a complex argument, so that its derivative is a complex "
            f"number only if it is holomorphic. Write ag.jacobian(f, holomorphic=True) if it is; "
            f"else ag.vjp, ag.jvp, or a Jacobian with respect to real and imaginary parts."
        )
    if not all(np.iscomplexobj(unwrap(output)) for output in outputs):
        raise TypeError(
            f"{name_of(function)} returned a real result for a complex argument, so it is not "
            f"holomorphic. Write ag.grad(f) for one number, ag.vjp(f, z) for several."
        )


def _unit(tensor: Tensor, place: int) -> Any:
    value = tensor._value
    if not isinstance(value, np.ndarray):
        places = np.reshape(arange_like(value, tensor.size), tensor.shape)
        return (places == place).astype(tensor.dtype)
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
    TypeError
        If primals and tangents are not tuples or lists.
    ValueError
        If tangents and primals differ in number or shape.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> f = lambda x: np.sum(x**3)
    >>> ag.hvp(f, [np.array([1.0, 2.0])], [np.array([1.0, 10.0])])
    ((array([ 3., 12.]),), (array([  6., 120.]),))
    """
    check_pairs("hvp", primals, tangents)
    run = Run(function, primals, range(len(primals)), {})
    node = scalar_node(run.value, function, "hvp")
    seeds = [] if node is None else [(node, one(unwrap(run.value)))]
    gradients = run.gradients(seeds, retain=True, graph=True)
    # The Hessian is symmetric, so a product from the left is one from the right.
    directions = run.seeds(gradients, flatten(list(tangents))[0], "hvp")
    products = run.gradients(directions)
    return run.arguments(run.released(gradients)), run.out(run.arguments(products))
