"""Adam and AdamW."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nn.optim.optimizer import Optimizer, Parameters

__all__ = ["Adam", "AdamW", "adam", "adamw"]


def adam(
    p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
) -> tuple[Any, dict[str, Any]]:
    """One update of Adam; weight decay, if any, is added to the gradient.

    Kingma & Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.

    Examples
    --------
    >>> import numpy as np
    >>> state = {"exp_avg": np.zeros(1), "exp_avg_sq": np.zeros(1)}
    >>> hyper = {"lr": 0.5, "betas": (0.9, 0.999), "eps": 0.0, "weight_decay": 0.0}
    >>> adam(np.array([1.0]), np.array([2.0]), state, hyper, 1)[0]
    array([0.5])
    """
    if hyper["weight_decay"]:
        g = g + hyper["weight_decay"] * p
    return _moments(p, g, state, hyper, step)


def adamw(
    p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
) -> tuple[Any, dict[str, Any]]:
    """One update of AdamW: the weights decay by themselves, outside the gradient.

    Loshchilov & Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2.

    Examples
    --------
    >>> import numpy as np
    >>> state = {"exp_avg": np.zeros(1), "exp_avg_sq": np.zeros(1)}
    >>> hyper = {"lr": 0.5, "betas": (0.9, 0.999), "eps": 1.0, "weight_decay": 0.5}
    >>> adamw(np.array([1.0]), np.array([0.0]), state, hyper, 1)[0]
    array([0.75])
    """
    p *= 1.0 - hyper["lr"] * hyper["weight_decay"]
    return _moments(p, g, state, hyper, step)


def _moments(
    p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
) -> tuple[Any, dict[str, Any]]:
    beta1, beta2 = hyper["betas"]
    mean, square = state["exp_avg"], state["exp_avg_sq"]
    mean *= beta1
    mean += (1.0 - beta1) * g
    square *= beta2
    square += (1.0 - beta2) * (g * g)
    denominator = np.sqrt(square)
    # A power, not np.sqrt: that would make a NumPy scalar, and float32 into float64.
    denominator /= (1.0 - beta2**step) ** 0.5
    denominator += hyper["eps"]
    change = mean / denominator
    change *= hyper["lr"] / (1.0 - beta1**step)
    p -= change
    return p, {"exp_avg": mean, "exp_avg_sq": square}


class Adam(Optimizer):
    """Adam: steps scaled by running means of the gradient and of its square.

    Parameters
    ----------
    params : Module, iterable of Tensors, or iterable of dicts
    lr : float
    betas : (float, float)
        How slowly the two means forget.
    eps : float
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient; see `AdamW` for the other kind.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0], requires_grad=True)
    >>> optimizer = Adam([w], lr=0.25)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.75])
    """

    update = staticmethod(adam)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        first, second = betas
        defaults = {
            "lr": float(lr),
            "betas": (float(first), float(second)),
            "eps": float(eps),
            "weight_decay": float(weight_decay),
        }
        super().__init__(params, defaults)

    def check(self, hyper: Mapping[str, Any]) -> None:
        """Raise ValueError for settings that make no sense."""
        super().check(hyper)
        if not all(0.0 <= beta < 1.0 for beta in hyper["betas"]):
            raise ValueError(f"betas={hyper['betas']} must lie in [0, 1): write betas=(0.9, 0.999)")

    def state_names(self, hyper: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the arrays that the formula keeps for each parameter."""
        return ("exp_avg", "exp_avg_sq")


class AdamW(Adam):
    """Adam with decoupled weight decay: ``p -= lr * weight_decay * p`` before each update.

    Parameters as for `Adam`, with a `weight_decay` of 0.01.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0], requires_grad=True)
    >>> optimizer = AdamW([w], lr=0.25, weight_decay=0.4)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy().round(6)
    array([0.65])
    """

    update = staticmethod(adamw)

    def __init__(
        self,
        params: Parameters,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)
