"""Stochastic gradient descent, with momentum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nn.optim.optimizer import Optimizer, Parameters

__all__ = ["SGD", "sgd"]


def sgd(
    p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
) -> tuple[Any, dict[str, Any]]:
    """One update of stochastic gradient descent.

    Sutskever et al., "On the importance of initialization and momentum in deep learning", ICML
    2013, in PyTorch's form: the learning rate scales the buffer, and the first step is not
    dampened.

    Examples
    --------
    >>> import numpy as np
    >>> hyper = dict(lr=0.5, momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0)
    >>> sgd(np.array([1.0]), np.array([2.0]), {}, hyper, 1)
    (array([0.]), {})
    """
    momentum = hyper["momentum"]
    if hyper["weight_decay"]:
        g = g + hyper["weight_decay"] * p
    if momentum:
        buffer = state["momentum_buffer"]
        buffer *= momentum
        # Without dampening nothing depends on `step`, which need not be a Python number.
        buffer += (1.0 - hyper["dampening"] * (step > 1)) * g if hyper["dampening"] else g
        state = {"momentum_buffer": buffer}
        g = g + momentum * buffer if hyper["nesterov"] else buffer
    p -= hyper["lr"] * g
    return p, state


class SGD(Optimizer):
    """Stochastic gradient descent: ``p -= lr * g``, with momentum, Nesterov's and weight decay.

    Parameters
    ----------
    params : Module, iterable of Tensors, or iterable of dicts
    lr : float
    momentum, dampening : float
        ``buffer = momentum * buffer + (1 - dampening) * g``, and the buffer is what is subtracted.
    nesterov : bool
        Subtract ``g + momentum * buffer`` instead.
    weight_decay : float
        Adds ``weight_decay * p`` to the gradient.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0], requires_grad=True)
    >>> optimizer = SGD([w], lr=0.25)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w.numpy()
    array([0.5])
    """

    update = staticmethod(sgd)

    def __init__(
        self,
        params: Parameters,
        lr: float = 0.01,
        momentum: float = 0.0,
        dampening: float = 0.0,
        nesterov: bool = False,
        weight_decay: float = 0.0,
    ) -> None:
        defaults = {
            "lr": float(lr),
            "momentum": float(momentum),
            "dampening": float(dampening),
            "nesterov": bool(nesterov),
            "weight_decay": float(weight_decay),
        }
        super().__init__(params, defaults)

    def check(self, hyper: Mapping[str, Any]) -> None:
        """Raise ValueError for settings that make no sense."""
        super().check(hyper)
        if hyper["nesterov"] and (not hyper["momentum"] or hyper["dampening"]):
            raise ValueError(
                "nesterov=True needs a momentum and no dampening: SGD(params, lr, momentum=0.9, "
                "nesterov=True)"
            )

    def state_names(self, hyper: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the arrays that the formula keeps for each parameter."""
        return ("momentum_buffer",) if hyper["momentum"] else ()
