"""The derivative of functions that work element by element."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.arguments import Function, name_of
from autograd_np.handle import unwrap
from autograd_np.lifting import Run
from autograd_np.tensor import Tensor


def elementwise_grad(
    function: Function, argnums: int = 0, check: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """A function that returns the derivative of each element of the result by its own argument.

    Parameters
    ----------
    function : callable
        Returns an array of the shape of its argument, each element computed from the element at
        the same place: the Jacobian is diagonal.
    argnums : int
        The argument to differentiate, an array.
    check : bool
        Verify that the Jacobian is diagonal, by one more reverse pass. Where it is not, the result
        would be the sums of its columns.
    holomorphic : bool
        Promises that the function is holomorphic in a complex argument.

    Returns
    -------
    callable
        Returns an array of the argument's shape.

    Raises
    ------
    TypeError
        If the argument holds integers or booleans, or complex numbers without `holomorphic`.
    ValueError
        If the result has another shape than the argument, or the Jacobian is not diagonal.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> ag.elementwise_grad(ag.elementwise_grad(np.sin))(np.array([0.0, np.pi / 2]))
    array([-0., -1.])
    """

    @functools.wraps(function)
    def evaluate(*args: Any, **kwargs: Any) -> Any:
        run = Run(function, args, argnums, kwargs)
        (x,) = run.inputs
        if x.dtype.kind == "c" and not holomorphic:
            raise TypeError(
                f"{name_of(function)} has a complex argument, so that its derivative is a complex "
                f"number only if it is holomorphic. Write ag.elementwise_grad(f, holomorphic=True) "
                f"if it is, else ag.vjp."
            )
        shape = getattr(run.value, "shape", None)
        if shape != x.shape:
            raise ValueError(
                f"elementwise_grad needs a result of the argument's shape {x.shape}, and "
                f"{name_of(function)} returned one of shape {shape}. Use ag.grad for one number, "
                f"ag.jacobian for other shapes."
            )
        columns = _pulled(run, np.ones_like(unwrap(run.value)), check)
        if check:
            _check_diagonal(run, columns, function)
        return run.out(columns)

    return evaluate


def _pulled(run: Run, cotangent: Any, retain: bool) -> Any:
    """The cotangent times the Jacobian, without conjugates."""
    value = run.value
    recorded = isinstance(value, Tensor) and value.requires_grad
    return run.pulled([(value.node, cotangent)] if recorded else [], retain=retain)[0]


def _check_diagonal(run: Run, columns: Any, function: Function) -> None:
    """Multiply the Jacobian by random numbers: a diagonal one scales them."""
    like = unwrap(run.value)
    random = np.random.default_rng(0).uniform(0.5, 1.5, like.shape)
    expected = np.asarray(unwrap(columns)) * random
    found = np.asarray(unwrap(_pulled(run, random.astype(like.dtype), retain=True)))
    scale = np.abs(expected).max(initial=0)
    apart = np.abs(found - expected) > np.sqrt(np.finfo(like.dtype).eps) * scale
    if apart.any():
        at = [int(i) for i in np.argwhere(apart)[0]]
        raise ValueError(
            f"the Jacobian of {name_of(function)} is not diagonal: other elements of the result "
            f"depend on element {at} of the argument. Use ag.jacobian, or ag.grad of the sum for "
            f"the sums of its columns."
        )
