"""The affine map."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_np as ag
from nn import init
from nn.layers.widths import width, wrong_width
from nn.module import Module, Parameter
from nn.randomness import RandomSource, as_random

__all__ = ["Linear"]


class Linear(Module):
    """The affine map ``x @ weight.T + bias``, laid out as in PyTorch.

    Parameters
    ----------
    in_features, out_features : int
        The last axis of the input and of the output.
    bias : bool
        Whether to add one.
    weight_init, bias_init : initialiser
        See `nn.init`; the weight is drawn first. By default both from U(-1/√in, 1/√in), as PyTorch
        does.
    rng : Generator, RandomState, numpy.random, seed or None
        What draws. Give all layers one `Generator`: two layers of the same seed draw the same
        numbers.
    dtype : dtype
        Of the parameters; float64 by default, as in NumPy.

    Attributes
    ----------
    weight : Parameter of shape (out_features, in_features)
    bias : Parameter of shape (out_features,), or None

    Raises
    ------
    ValueError
        If a width is less than 1; at a call, if the input's last axis is not in_features.

    Examples
    --------
    >>> import numpy as np
    >>> layer = Linear(4, 3, rng=0)
    >>> layer(np.ones((2, 4))).shape
    (2, 3)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        *,
        weight_init: init.Initializer = init.fan_in_uniform,
        bias_init: init.Initializer = init.fan_in_uniform,
        rng: RandomSource = None,
        dtype: Any = np.float64,
    ) -> None:
        self.in_features = width("in_features", in_features)
        self.out_features = width("out_features", out_features)
        draws = as_random(rng)
        shape = (out_features, in_features)
        fans = {"fan_in": in_features, "fan_out": out_features}
        self.weight = Parameter(init.checked_draw(weight_init, shape, draws, dtype, **fans))
        self.bias = (
            Parameter(init.checked_draw(bias_init, (out_features,), draws, dtype, **fans))
            if bias
            else None
        )

    def forward(self, x: Any) -> Any:
        """Return ``x @ weight.T + bias``."""
        try:
            return ag.linear(x, self.weight, self.bias)
        except ValueError as error:
            raise wrong_width(self, x, self.in_features) or error from None

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        return f"{self.in_features}, {self.out_features}, bias={self.bias is not None}"
