"""A layer that finds the width of its input."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np

from nn import init
from nn.activations import Activation, ReLU
from nn.activations import activation as _activation
from nn.layers.widths import width, wrong_width
from nn.module import Module, Parameter
from nn.randomness import RandomSource, as_random

__all__ = ["Dense"]

Array: TypeAlias = np.ndarray[Any, Any]


class Dense(Module):
    """``activation(x @ weight + bias)``; the input's width is found at the first call.

    Parameters
    ----------
    units : int
        The width of the output.
    activation : str, callable or None
        See `nn.activation`; None is the identity.
    in_features : int, optional
        The width of the input. Without it, the parameters are drawn at the first call, the weight
        before the bias.
    weight_init, bias_init : initialiser, optional
        See `nn.init`. By default He (uniform) before a ReLU, else Xavier (uniform); zeros for the
        bias.
    bias, rng, dtype
        As for `Linear`.

    Attributes
    ----------
    weight : Parameter of shape (in_features, units), or None before the first call
        The transpose of `Linear`'s layout: ``x @ weight`` reads as the formula does.
    bias : Parameter of shape (units,), or None

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dense(3, activation="tanh", rng=0)
    >>> layer.weight is None
    True
    >>> layer(np.ones((2, 4))).shape, layer.weight.shape
    ((2, 3), (4, 3))
    """

    def __init__(
        self,
        units: int,
        activation: str | Callable[[Any], Any] | None = None,
        in_features: int | None = None,
        bias: bool = True,
        *,
        weight_init: init.Initializer | None = None,
        bias_init: init.Initializer = init.zeros,
        rng: RandomSource = None,
        dtype: Any = np.float64,
    ) -> None:
        self.units = width("units", units)
        self.activation = _activation(activation)
        self.in_features = in_features
        self.use_bias = bias
        self.weight_init = weight_init or self._default_init()
        self.bias_init = bias_init
        self.rng = as_random(rng)
        self.dtype = np.dtype(dtype)
        self.weight: Parameter | None = None
        self.bias: Parameter | None = None
        if in_features is not None:
            self.build(width("in_features", in_features))

    def build(self, in_features: int) -> None:
        """Draw the parameters for inputs of this width."""
        fans = {"fan_in": in_features, "fan_out": self.units}
        draw = init.checked_draw
        shape = (in_features, self.units)
        weight = Parameter(draw(self.weight_init, shape, self.rng, self.dtype, **fans))
        if self.use_bias:
            values = draw(self.bias_init, (self.units,), self.rng, self.dtype, **fans)
            self.bias = Parameter(values)
        self.weight, self.in_features = weight, in_features

    def forward(self, x: Any) -> Any:
        """Return ``activation(x @ weight + bias)``; draw the parameters first if there are none."""
        if self.weight is None:
            if not x.ndim:
                raise ValueError("Dense was given a 0-d input; expected (..., features)")
            self.build(x.shape[-1])
        try:
            out = x @ self.weight
        except ValueError as error:
            raise wrong_width(self, x, self.in_features) or error from None
        return self.activation(out if self.bias is None else out + self.bias)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield what is held, but for an activation of this package: it has nothing of its own."""
        for name, child in super().named_children():
            if not isinstance(child, Activation):
                yield name, child

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        settings = f"{self.units}, in_features={self.in_features}, bias={self.use_bias}"
        return f"{settings}, activation={self.activation!r}"

    def _default_init(self) -> init.Initializer:
        return init.he_uniform if isinstance(self.activation, ReLU) else init.xavier_uniform

    def _has_parameters(self) -> bool:
        return self.weight is not None

    def _parameters_from(self, state: Mapping[str, Array]) -> dict[str, Any] | None:
        weight = state.get("weight")
        if weight is None or weight.ndim != 2 or weight.shape[1] != self.units:
            return None
        values = {"weight": Parameter(np.zeros(weight.shape, self.dtype))}
        if self.use_bias:
            values["bias"] = Parameter(np.zeros(self.units, self.dtype))
        return {**values, "in_features": weight.shape[0]}
