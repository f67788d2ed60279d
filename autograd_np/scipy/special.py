"""`scipy.special`, for Tensors.

SciPy's ufuncs take Tensors as they are, and are handed on by name. Its Python functions would turn
a Tensor into an array; those that have a derivative have a twin here.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from autograd_np.functional import stop_gradient
from autograd_np.rules import activations

__all__ = ["log_softmax", "logsumexp", "multigammaln", "polygamma", "softmax"]


def _import(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise ImportError(
            "autograd_np.scipy.special needs SciPy, which is not installed. Write: pip install "
            '"autograd-np[scipy]".'
        ) from error


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(f"module 'autograd_np.scipy.special' has no attribute {name!r}")
    return getattr(_import("scipy.special"), name)


def _array(x: Any) -> Any:
    """Lists and numbers as arrays; Tensors and arrays of every kind as they are."""
    return x if hasattr(x, "dtype") else np.asarray(x)


def softmax(x: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Exponentials scaled to add up to one.

    Parameters
    ----------
    x : Tensor or array_like
    axis : int, tuple of ints or None
        Along which they add up to one. None, SciPy's default, is the whole of `x`: unlike
        `autograd_np.softmax`, whose default is the last axis.

    Returns
    -------
    Tensor or array
        Of the shape of `x`.

    Examples
    --------
    >>> from autograd_np.scipy import special
    >>> special.softmax([[0.0, 0.0], [0.0, 0.0]])
    array([[0.25, 0.25],
           [0.25, 0.25]])
    """
    return activations.softmax(_array(x), axis)


def log_softmax(x: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """Logarithm of `softmax`, exact where softmax would round to 0.

    Parameters
    ----------
    x : Tensor or array_like
    axis : int, tuple of ints or None
        As for `softmax`.

    Returns
    -------
    Tensor or array
        Of the shape of `x`.

    Examples
    --------
    >>> from autograd_np.scipy import special
    >>> special.log_softmax([0.0, -1000.0])
    array([    0., -1000.])
    """
    return activations.log_softmax(_array(x), axis)


def logsumexp(
    a: Any,
    axis: int | tuple[int, ...] | None = None,
    b: Any = None,
    keepdims: bool = False,
    return_sign: bool = False,
) -> Any:
    """Logarithm of a (weighted) sum of exponentials, without overflow.

    Parameters
    ----------
    a : Tensor or array_like
        The exponents.
    axis : int, tuple of ints or None
        Axes to sum over; None for all.
    b : Tensor or array_like, optional
        Weights, which broadcast with `a`. A weight of 0 takes an element out, even an infinite one.
    keepdims : bool
    return_sign : bool
        Whether to return the logarithm of the absolute value, and the sign.

    Returns
    -------
    logarithm : Tensor or array
        NaN where the sum is negative, unless `return_sign`.
    sign : Tensor or array
        With `return_sign` only.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.scipy import special
    >>> logarithm, sign = special.logsumexp([0.0, np.log(3)], b=[1, -1], return_sign=True)
    >>> float(logarithm.round(4)), float(sign)
    (0.6931, -1.0)
    """
    a = _array(a)
    if a.ndim == 0:
        a = np.reshape(a, (1,))
    if a.dtype.kind == "c" or getattr(b, "dtype", a.dtype).kind == "c":
        return _complex_logsumexp(a, 1 if b is None else b, axis, keepdims, return_sign)
    if b is None and a.size and not return_sign:
        return activations.logsumexp(a, axis, keepdims)
    if b is None or isinstance(b, (int, float)):
        # Weak, as a Python number is.
        b = np.ones_like(a, shape=(1,)) * (1 if b is None else b)
    b = _array(b)
    shape = np.broadcast_shapes(a.shape, b.shape)
    a, b = np.broadcast_to(a, shape), np.broadcast_to(b, shape)
    logarithm, sign = _import("autograd_np.rules.special.sums").log_of_sum(a, b, axis, keepdims)
    return (logarithm, sign) if return_sign else np.where(sign < 0, np.nan, logarithm)


def _complex_logsumexp(a: Any, b: Any, axis: Any, keepdims: bool, return_sign: bool) -> Any:
    top = stop_gradient(np.max(np.real(a), axis=axis, keepdims=True))
    total = np.sum(b * np.exp(a - top), axis=axis, keepdims=True)
    if not keepdims:
        top, total = (np.squeeze(each, axis=axis) for each in (top, total))
    if return_sign:
        return np.log(np.abs(total)) + top, np.sign(total)
    return np.log(total) + top


def polygamma(n: Any, x: Any) -> Any:
    """Derivative number `n` of the digamma function.

    Parameters
    ----------
    n : int or array of ints
        From 0 on.
    x : Tensor or array_like

    Returns
    -------
    Tensor or array
        Of the dtype of `x`, where SciPy's is always float64.

    Examples
    --------
    >>> from autograd_np.scipy import special
    >>> float(special.polygamma(1, 1.0).round(6))
    1.644934
    """
    order = n if isinstance(n, (int, float)) else _array(n)
    return _import("autograd_np.rules.special.zeta_functions").polygamma(order, _array(x))


def multigammaln(a: Any, d: int) -> Any:
    """Logarithm of the multivariate gamma function.

    Parameters
    ----------
    a : Tensor or array_like
        Greater than ``(d - 1) / 2``.
    d : int
        The dimension, a constant.

    Returns
    -------
    Tensor or array

    Raises
    ------
    ValueError
        If `d` is not a whole number, or `a` is too small.

    Examples
    --------
    >>> from autograd_np.scipy import special
    >>> float(special.multigammaln(2.5, 1).round(6))
    0.284683
    """
    if np.ndim(d) or d != int(d) or d < 1:
        raise ValueError(f"d is {d!r}, expected the dimension: a whole number from 1 on.")
    return _import("autograd_np.rules.special.gamma_functions").multigammaln(_array(a), int(d))
