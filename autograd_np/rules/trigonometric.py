"""Circular and hyperbolic functions, their inverses, angles and distances."""

import math
from typing import Any

import numpy as np

from autograd_np.rules.precision import wide
from autograd_np.rules.registry import rule


def _square(x: Any) -> Any:
    x = wide(x)
    return x * x


def _one_minus_square(x: Any) -> Any:
    """A product that keeps its digits where `x` is close to 1 or -1."""
    return (1 - x) * (1 + x)


def _square_distance(x: Any, y: Any) -> Any:
    """Infinite at the origin, where whatever is divided by it shall be 0."""
    square = _square(x) + _square(y)
    return np.where(square == 0, np.inf, square)


rule(np.tan, x=lambda g, out: g * (1 + out * out))
rule(np.sinh, x=lambda g, x: g * np.cosh(x))
rule(np.cosh, x=lambda g, x: g * np.sinh(x))
rule(np.arcsin, x=lambda g, x: g / np.sqrt(_one_minus_square(x)))
rule(np.arccos, x=lambda g, x: -g / np.sqrt(_one_minus_square(x)))
rule(np.arctan, x=lambda g, x: g / (1 + _square(x)))
rule(np.arcsinh, x=lambda g, x: g / np.sqrt(1 + _square(x)))
# Two roots: for complex numbers the root of the product may have the other sign.
rule(np.arccosh, x=lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))
rule(np.arctanh, x=lambda g, x: g / _one_minus_square(x))

rule(
    np.arctan2,
    x=lambda g, x, y: g * (y / _square_distance(x, y)),
    y=lambda g, x, y: -g * (x / _square_distance(x, y)),
)
rule(
    np.hypot,
    x=lambda g, x, out: g * (x / np.where(out == 0, np.inf, out)),
    y=lambda g, y, out: g * (y / np.where(out == 0, np.inf, out)),
)

for _to_degrees in (np.degrees, np.rad2deg):
    rule(_to_degrees, x=lambda g: g * (180 / math.pi))
for _to_radians in (np.radians, np.deg2rad):
    rule(_to_radians, x=lambda g: g * (math.pi / 180))
