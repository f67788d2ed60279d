"""RMSprop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.optimizer import Optimizer, Parameters

__all__ = ["RMSprop", "rmsprop"]


def rmsprop(
    p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
) -> tuple[Any, dict[str, Any]]:
    """One update of RMSprop.

    Tieleman & Hinton, "Neural Networks for Machine Learning", lecture 6.5, 2012; centred as in
    Graves, "Generating Sequences With Recurrent Neural Networks", 2013, equations 38 to 45. As in
    PyTorch, eps is added after the root.

    Examples
    --------
    >>> import numpy as np
    >>> hyper = dict(lr=0.5, alpha=0.75, eps=0.0, weight_decay=0.0, momentum=0.0, centered=False)
    >>> rmsprop(np.array([2.0]), np.array([4.0]), {"square_avg": np.zeros(1)}, hyper, 1)[0]
    array([1.])
    """
    alpha = hyper["alpha"]
    if hyper["weight_decay"]:
        g = g + hyper["weight_decay"] * p
    square = state["square_avg"]
    square *= alpha
    square += (1.0 - alpha) * (g * g)
    new = {"square_avg": square}
    variance = square
    if hyper["centered"]:
        mean = state["grad_avg"]
        mean *= alpha
        mean += (1.0 - alpha) * g
        new["grad_avg"] = mean
        # Rounding can leave a variance of 0 slightly below it.
        variance = np.maximum(square - mean * mean, 0.0)
    denominator = np.sqrt(variance)
    denominator += hyper["eps"]
    change = g / denominator
    if hyper["momentum"]:
        buffer = state["momentum_buffer"]
        buffer *= hyper["momentum"]
        buffer += change
        new["momentum_buffer"] = buffer
        change = buffer
    p -= hyper["lr"] * change
    return p, new


class RMSprop(Optimizer):
    """RMSprop: steps scaled by a running mean of the squared gradient.

    Parameters
    ----------
    params : Module, iterable of Tensors, or iterable of dicts
    lr : float
    alpha : float
        How slowly the mean forgets.
    eps, weight_decay, momentum : float
    centered : bool
        Scale by the variance instead of the mean square.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0], requires_grad=True)
    >>> optimizer = RMSprop([w], lr=0.25, alpha=0.75)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.5])
    """

    update = staticmethod(rmsprop)

    def __init__(
        self,
        params: Parameters,
        lr: float = 0.01,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        defaults = {
            "lr": float(lr),
            "alpha": float(alpha),
            "eps": float(eps),
            "weight_decay": float(weight_decay),
            "momentum": float(momentum),
            "centered": bool(centered),
        }
        super().__init__(params, defaults)

    def check(self, hyper: Mapping[str, Any]) -> None:
        """Raise ValueError for settings that make no sense."""
        super().check(hyper)
        if not 0.0 <= hyper["alpha"] <= 1.0:
            raise ValueError(f"alpha={hyper['alpha']} must lie in [0, 1]: write alpha=0.99")

    def state_names(self, hyper: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the arrays that the formula keeps for each parameter."""
        names = ["square_avg"]
        if hyper["momentum"]:
            names.append("momentum_buffer")
        if hyper["centered"]:
            names.append("grad_avg")
        return tuple(names)
