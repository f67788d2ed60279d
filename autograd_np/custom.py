"""Operations of the user's own: a function, and its derivative as a rule like any other."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from autograd_np.rules.registry import dispatched, rule


def custom_op(
    function: Callable[..., Any] | None = None,
    /,
    *,
    outputs: Iterable[str] = (),
    lists: Iterable[str] = (),
    check: Sequence[Any] | None = None,
    **formulas: Any,
) -> Any:
    """Make a function of arrays an operation with a derivative; also a decorator.

    Parameters
    ----------
    function : callable
        Of arrays and settings, returning an array (a tuple of them, if `outputs` names several).
        It is run as it is: any code will do, compiled or not.
    outputs : iterable of str
        Names of its results, when it returns several.
    lists : iterable of str
        Its arguments that are lists of arrays; their formulas return lists of gradients.
    check : sequence, optional
        Arguments at which the rule is compared with central differences, to second order, now.
    **formulas
        For each differentiable argument its gradient: an expression whose parameter names say what
        it reads, as for `autograd_np.rules.rule`: `g` (the gradient of the result), arguments and
        settings by name, ``name_like`` (shape and dtype only), `out` or an output's name. Write it
        with NumPy's functions, and derivatives of higher orders follow.

    Returns
    -------
    callable
        The operation: of arrays it is the function, of Tensors it is recorded.

    Raises
    ------
    TypeError
        If a formula reads a name that the function does not have. In the reverse pass, if a formula
        returns something else than an array of floats of the argument's shape.
    GradcheckError
        If `check` was given and the rule is wrong.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> @ag.custom_op(x=lambda g, x, slope: g * np.where(x > 0, 1, slope))
    ... def leaky(x, slope=0.1):
    ...     return np.where(x > 0, x, slope * x)
    >>> ag.grad(lambda x: leaky(x, slope=0.5).sum())(np.array([-1.0, 3.0]))
    array([0.5, 1. ])
    """
    if function is None:
        settings: dict[str, Any] = {"outputs": outputs, "lists": lists, "check": check, **formulas}
        return functools.partial(custom_op, **settings)
    names = tuple(outputs)

    @functools.wraps(function)
    def compute(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if not names:
            return _as_array(function, result)
        if not isinstance(result, (tuple, list)) or len(result) != len(names):
            raise TypeError(
                f"{function.__name__} was declared with the outputs {', '.join(names)} and "
                f"returned {type(result).__name__}. Return a tuple of {len(names)} arrays."
            )
        return tuple(_as_array(function, each) for each in result)

    operation = dispatched(compute)
    rule(operation, outputs=names, lists=lists, checked=True, **formulas)
    if check is not None:
        # Checking is imported by those who check.
        from autograd_np.testing import gradcheck

        gradcheck(operation, *check, order=2)
    return operation


def _as_array(function: Callable[..., Any], result: Any) -> Any:
    if isinstance(result, (float, complex)):
        return np.asarray(result)
    if not hasattr(result, "dtype") or result.dtype.kind not in "biufc":
        raise TypeError(
            f"{function.__name__} returned {type(result).__name__}, where an array of numbers was "
            f"expected. Write return np.asarray(...)."
        )
    return result
