"""Functions that are constant between their steps, and those that take numbers apart."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import rule

for _steps in (np.floor, np.ceil, np.trunc, np.rint, np.spacing):
    rule(_steps, x=lambda g: np.zeros_like(g))
rule(np.fix, x=lambda g: np.zeros_like(g))
for _rounded in (np.round, np.around):
    rule(_rounded, a=lambda g: np.zeros_like(g))


def _at_the_step(g: Any, x: Any) -> Any:
    """The gradient where `x` is 0, which is where heaviside has the value of its other argument."""
    return np.where(x == 0, g, 0)


rule(np.heaviside, x=lambda g: np.zeros_like(g), y=_at_the_step)
rule(np.nextafter, x=lambda g: g, y=lambda g: np.zeros_like(g))
rule(
    np.modf,
    outputs=("fractional", "integral"),
    x={"fractional": lambda g: g, "integral": lambda g: np.zeros_like(g)},
)
rule(
    np.frexp,
    outputs=("mantissa", "exponent"),
    x={"mantissa": lambda g, exponent: np.ldexp(g, -exponent)},
)
rule(np.ldexp, x=lambda g, y: np.ldexp(g, y))
