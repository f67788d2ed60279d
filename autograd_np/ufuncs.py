"""NumPy's ufuncs on Tensors: the fast functions behind operators, and the ufunc methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.calls import constant_call
from autograd_np.eager import binary, eager, unary
from autograd_np.handle import unwrap
from autograd_np.rules.registry import CACHES, COMPOSITES, CONSTANTS, RULES

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


def ufunc_method(ufunc: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: Any) -> Any:
    """``np.add.reduce(t)`` and its like.

    Raises
    ------
    TypeError
        For ``ufunc.at``, which writes in place.
    """
    from autograd_np.rules import ufunc_methods  # loaded when first needed

    if method == "at":
        _refuse_at(ufunc)
    bound = getattr(ufunc, method)
    if ufunc in CONSTANTS:
        return constant_call(bound, inputs, kwargs)
    if bound in RULES or bound in COMPOSITES:
        return eager(bound)(*inputs, **kwargs)
    if ufunc.signature is not None or (ufunc.nout > 1 and method != "outer"):
        # NumPy says why it has no such method.
        return bound(*unwrap(inputs), **unwrap(kwargs))
    return ufunc_methods.generic(ufunc, method)(*inputs, **kwargs)


def _refuse_at(ufunc: np.ufunc) -> None:
    name = ufunc.__name__
    operands = "t[index]" if ufunc.nin == 1 else "t[index], value"
    advice = f"t[index] = np.{name}({operands}), which records a new value"
    if ufunc is np.add:
        advice += (
            "; where indices repeat, write "
            "t = t + np.bincount(index, weights=value, minlength=len(t))"
        )
    elif ufunc.nin > 1:
        advice += " (repeated indices count once)"
    raise TypeError(f"np.{name}.at writes in place, which a graph cannot record. Write {advice}.")
