"""Gradient clipping, in place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag
from nn.module import Module

__all__ = ["clip_grad_norm", "clip_grad_value", "grad_norm"]

Array: TypeAlias = np.ndarray[Any, Any]
Source: TypeAlias = Module | ag.Tensor | Iterable[ag.Tensor]


def clip_grad_norm(
    parameters: Source, max_norm: float, norm_type: float = 2.0, *, error_if_nonfinite: bool = True
) -> float:
    """Scale all gradients together so that their norm is at most `max_norm`.

    Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013, algorithm
    1; scaled by ``max_norm / (norm + 1e-6)`` as in PyTorch.

    Parameters
    ----------
    parameters : Module, Tensor or iterable of Tensors
        Those without a gradient are left out.
    max_norm : float
    norm_type : float
        The p of the p-norm; ``math.inf`` for the largest element.
    error_if_nonfinite : bool
        Otherwise a NaN or infinite norm makes all gradients NaN.

    Returns
    -------
    float
        The norm before clipping.

    Raises
    ------
    FloatingPointError
        If the norm is NaN or infinite; the gradients are as before.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([3.0, 4.0], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_norm([w], 1.0)
    5.0
    >>> w.grad.round(3)
    array([0.6, 0.8])
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm={max_norm!r} must be positive: clip_grad_norm(parameters, 1.0)")
    gradients = _gradients(parameters, to_write=True)
    norm = _norm(gradients, norm_type)
    if error_if_nonfinite and not math.isfinite(norm):
        raise FloatingPointError(
            f"the norm of the gradients is {norm}; lower the learning rate, or find the operation "
            "that made it. Write error_if_nonfinite=False to clip all the same"
        )
    scale = max_norm / (norm + 1e-6)
    # Not `scale < 1`: a NaN must reach the gradients when it was asked for.
    if not scale >= 1.0:
        for gradient in gradients:
            gradient *= scale
    return norm


def traced_clip(parameters: Iterable[ag.Tensor], max_norm: float) -> None:
    """`clip_grad_norm` in a compiled function: the same numbers without a branch."""
    parameters = [each for each in parameters if each.grad is not None]
    if not parameters:
        return
    norms = [_length(each.grad.reshape(-1)).astype(np.float64) for each in parameters]
    norm = _length(np.stack(norms))
    ag.require_finite(norm, "the norm of the gradients")
    scale = max_norm / (norm + 1e-6)
    for each in parameters:
        # A factor of 1 changes no bit.
        each.grad = each.grad * np.minimum(scale, 1.0).astype(each.dtype)


def _length(vector: Any) -> Any:
    """Return the norm of a vector by what `np.linalg.norm` does, which backends can fuse."""
    if vector.dtype.kind == "c":
        return np.linalg.norm(vector)
    return np.sqrt(np.dot(vector, vector))


def clip_grad_value(parameters: Source, clip_value: float) -> None:
    """Clip each element of all gradients to [-clip_value, clip_value].

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([3.0, -4.0], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> clip_grad_value([w], 1.0)
    >>> w.grad
    array([ 1., -1.])
    """
    if not clip_value >= 0:
        raise ValueError(f"clip_value={clip_value!r} must be 0 or more")
    for gradient in _gradients(parameters, to_write=True):
        np.clip(gradient, -clip_value, clip_value, out=gradient)


def grad_norm(parameters: Source, norm_type: float = 2.0) -> float:
    """Return the norm of all gradients together; 0 without any.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([3.0, 4.0], requires_grad=True)
    >>> (0.5 * w * w).sum().backward()
    >>> grad_norm([w])
    5.0
    """
    return _norm(_gradients(parameters), norm_type)


def _gradients(parameters: Source, to_write: bool = False) -> list[Array]:
    if isinstance(parameters, Module):
        parameters = parameters.parameters()
    elif isinstance(parameters, ag.Tensor):
        parameters = [parameters]
    gradients = []
    for parameter in parameters:
        gradient = parameter.grad
        if isinstance(gradient, ag.Tensor):
            # Recorded, under create_graph=True: clipping replaces it by an array of its own.
            gradient = gradient.data.copy()
            if to_write:
                parameter.grad = gradient
                gradient = parameter.grad
        if gradient is not None:
            gradients.append(gradient)
    return gradients


def _norm(gradients: list[Array], norm_type: float) -> float:
    if not norm_type > 0:
        raise ValueError(f"norm_type={norm_type!r} must be positive: 2.0, 1.0 or math.inf")
    norms = [float(np.linalg.norm(gradient.reshape(-1), norm_type)) for gradient in gradients]
    if any(math.isnan(norm) for norm in norms):
        return math.nan
    return float(np.linalg.norm(np.array(norms), norm_type)) if norms else 0.0
