"""Activation functions as modules, and by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import autograd_np as ag
from nn.module import Module

__all__ = ["Identity", "LogSoftmax", "ReLU", "Sigmoid", "Softmax", "Tanh", "activation"]


class Activation(Module):
    """Base of the activations: modules that have no parameters and no state."""


class Identity(Activation):
    """Return the input.

    Examples
    --------
    >>> Identity()(3.0)
    3.0
    """

    def forward(self, x: Any) -> Any:
        """Return `x` itself."""
        return x


class ReLU(Activation):
    """Apply max(x, 0) to each element; the derivative at 0 is 0.

    Examples
    --------
    >>> import numpy as np
    >>> ReLU()(np.array([-1.0, 2.0]))
    array([0., 2.])
    """

    def forward(self, x: Any) -> Any:
        """Return max(x, 0)."""
        return ag.relu(x)


class Sigmoid(Activation):
    """Apply 1 / (1 + exp(-x)) to each element, without overflow.

    Examples
    --------
    >>> import numpy as np
    >>> Sigmoid()(np.array([0.0, 1000.0]))
    array([0.5, 1. ])
    """

    def forward(self, x: Any) -> Any:
        """Return the logistic function of `x`."""
        return ag.sigmoid(x)


class Tanh(Activation):
    """Apply tanh to each element.

    Examples
    --------
    >>> import numpy as np
    >>> Tanh()(np.array([0.0]))
    array([0.])
    """

    def forward(self, x: Any) -> Any:
        """Return tanh(x)."""
        return np.tanh(x)


class Softmax(Activation):
    """Normalise exp(x) to a sum of 1 along `axis`.

    For training, give the logits to `nn.CrossEntropyLoss` instead: it never leaves them.

    Examples
    --------
    >>> import numpy as np
    >>> Softmax()(np.array([[0.0, 0.0]]))
    array([[0.5, 0.5]])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        """Return the softmax of `x` along the axis."""
        return ag.softmax(x, axis=self.axis)

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        return f"axis={self.axis}"


class LogSoftmax(Activation):
    """Return log(softmax(x)) along `axis`, without leaving the logarithms.

    Examples
    --------
    >>> import numpy as np
    >>> LogSoftmax()(np.array([[0.0, 0.0]])).round(4)
    array([[-0.6931, -0.6931]])
    """

    def __init__(self, axis: int = -1) -> None:
        self.axis = axis

    def forward(self, x: Any) -> Any:
        """Return the logarithm of the softmax of `x` along the axis."""
        return ag.log_softmax(x, axis=self.axis)

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        return f"axis={self.axis}"


_BY_NAME: dict[str, Callable[[], Module]] = {
    "identity": Identity,
    "linear": Identity,
    "log_softmax": LogSoftmax,
    "relu": ReLU,
    "sigmoid": Sigmoid,
    "softmax": Softmax,
    "tanh": Tanh,
}


def activation(which: str | Callable[[Any], Any] | None) -> Callable[[Any], Any]:
    """Return the activation that `which` means.

    Parameters
    ----------
    which : str, callable or None
        One of the names relu, sigmoid, tanh, softmax, log_softmax, identity, linear; or a function
        or module, returned as it is; or None for the identity.

    Raises
    ------
    ValueError
        If the name is not known.
    TypeError
        If `which` is neither a name nor callable, or a module's class instead of a module.

    Examples
    --------
    >>> activation("relu")
    ReLU()
    """
    if which is None:
        return Identity()
    if isinstance(which, str):
        if which not in _BY_NAME:
            raise ValueError(
                f"unknown activation {which!r}; expected one of {', '.join(sorted(_BY_NAME))}, "
                "or a function of your own: activation=lambda z: np.tanh(z)"
            )
        return _BY_NAME[which]()
    if isinstance(which, type) and issubclass(which, Module):
        raise TypeError(
            f"activation={which.__name__} is a class, not a module: write {which.__name__}()"
        )
    if not callable(which):
        raise TypeError(
            f"activation={which!r} is neither a name nor a function; "
            'write activation="relu" or activation=np.tanh'
        )
    return which
