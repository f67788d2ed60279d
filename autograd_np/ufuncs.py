"""NumPy's ufuncs on Tensors: the fast functions behind operators, and the ufunc methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.eager import binary, eager, unary
from autograd_np.rules.registry import CACHES, RULES

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor


class _Ufuncs(dict[Any, "Callable[..., Tensor]"]):
    """The fast function of each ufunc that has a rule, made when it is first asked for."""

    def __missing__(self, function: Any) -> Callable[..., Tensor]:
        operation = RULES[function]
        if function.nout > 1 or function.nin > 2 or len(operation.differentiable) < function.nin:
            make = eager
        else:
            make = unary if function.nin == 1 else binary
        made = self[function] = make(function)
        return made


UFUNCS = _Ufuncs()
CACHES.append(UFUNCS)

# ufunc.reduce is a function of its own name.
_REDUCTIONS: dict[np.ufunc, Callable[..., Any]] = {
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logical_and: np.all,
    np.logical_or: np.any,
}


def ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """``np.add.reduce(t)`` and its like, through the function that does the same.

    Raises
    ------
    TypeError
        For methods that have no such function, and for ``ufunc.at``, which writes in place.
    """
    if method == "reduce" and ufunc in _REDUCTIONS:
        array, *rest = inputs
        # The methods reduce over axis 0 unless told otherwise, the functions over all.
        axis = rest[0] if rest else kwargs.pop("axis", 0)
        return eager(_REDUCTIONS[ufunc])(array, axis=axis, **kwargs)
    name = f"np.{ufunc.__name__}.{method}"
    if method == "at":
        raise TypeError(
            f"{name} writes in place, which a graph cannot record. Write t[index] += value, "
            f"which records a new value (repeated indices count once)."
        )
    advice = f"np.{_REDUCTIONS[ufunc].__name__}" if ufunc in _REDUCTIONS else "NumPy's functions"
    raise TypeError(f"{name} has no derivative rule. Write it with {advice}.")
