"""Entropies, and the products ``x * log(y)`` that are 0 where `x` is."""

from typing import Any

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import rule


def _ratio(x: Any, y: Any) -> Any:
    """``x / y``, and 0 where both are 0: there the functions do not depend on `y`."""
    return x / np.where(np.logical_and(x == 0, y == 0), 1, y)


# As `g * log(y)`, but 0 where g is: SciPy's own convention, and linear in g like the product.
rule(sp.xlogy, x=lambda g, y: sp.xlogy(g, y), y=lambda g, x, y: g * _ratio(x, y))
rule(sp.xlog1py, x=lambda g, y: sp.xlog1py(g, y), y=lambda g, x, y: g * _ratio(x, 1 + y))

rule(sp.entr, x=lambda g, x: -g * (1 + np.log(x)))

# Not log(x / y), which leaves the range of float32 long before the logarithms do.
rule(
    sp.rel_entr,
    x=lambda g, x, y: g * (1 + np.log(x) - np.log(y)),
    y=lambda g, x, y: -g * _ratio(x, y),
)
rule(
    sp.kl_div,
    x=lambda g, x, y: g * (np.log(x) - np.log(y)),
    y=lambda g, x, y: g * (1 - _ratio(x, y)),
)
