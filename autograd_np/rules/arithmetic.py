"""Sums, products and quotients, element by element."""

import numpy as np

from autograd_np.rules.registry import dispatched, rule

rule(np.positive, x=lambda g: g)
rule(np.negative, x=lambda g: -g)
rule(np.add, x=lambda g: g, y=lambda g: g)
rule(np.subtract, x=lambda g: g, y=lambda g: -g)
rule(np.multiply, x=lambda g, y: g * y, y=lambda g, x: g * x)
rule(np.divide, x=lambda g, y: g / y, y=lambda g, y, out: -g * (out / y))
rule(np.reciprocal, x=lambda g, out: -g * (out * out))
rule(np.conjugate, x=lambda g: np.conjugate(g))
rule(np.absolute, x=lambda g, x: g * (np.sign(x) if x.dtype.kind != "c" else np.sign(np.conj(x))))
rule(np.sign, x=lambda g: np.zeros_like(g))


@dispatched
def stop_gradient(x):  # type: ignore[no-untyped-def]
    """The value of `x`, as a constant."""
    return x[...] if isinstance(x, np.ndarray) else x


rule(stop_gradient)
