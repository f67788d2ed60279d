"""Real and imaginary parts, angles, and what becomes of complex and of infinite numbers."""

import math
from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, dispatched, rule

# The gradient of a real part is real: the edge makes it complex again.
rule(np.real, val=lambda g: g)
rule(np.imag, val=lambda g, val_like: g * -1j if val_like.dtype.kind == "c" else np.zeros_like(g))
rule(np.real_if_close, a=lambda g: g)


def _angle(g: Any, z: Any, deg: Any) -> Any:
    if z.dtype.kind != "c":
        return np.zeros_like(g)
    unit = -180j / math.pi if deg else -1j
    # At 0, which has no angle, the quotient by infinity is 0.
    return g * (unit / np.where(z == 0, np.inf, z))


rule(np.angle, z=_angle)


@dispatched
def finite(x: Any, nan: Any, posinf: Any, neginf: Any) -> Any:
    """`numpy.nan_to_num`, which cannot be told to write in place."""
    # Not every library knows all the settings.
    settings = {"posinf": posinf, "neginf": neginf} | ({"nan": nan} if nan != 0 else {})
    return np.nan_to_num(x, **{name: each for name, each in settings.items() if each is not None})


def _where_finite(g: Any, x: Any) -> Any:
    if x.dtype.kind != "c":
        return np.where(np.isfinite(x), g, 0)
    # NumPy replaces the two parts of a complex number each by itself.
    real, imaginary = np.isfinite(np.real(x)), np.isfinite(np.imag(x))
    return np.where(real, np.real(g), 0) + 1j * np.where(imaginary, np.imag(g), 0)


rule(finite, x=_where_finite)


@composite(np.nan_to_num)
def nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    """`numpy.nan_to_num` through `finite`."""
    if not copy:
        raise TypeError(
            "nan_to_num(t, copy=False) writes into its argument in place, which a graph cannot "
            "record. Write t = np.nan_to_num(t)."
        )
    return finite(x, nan, posinf, neginf)
