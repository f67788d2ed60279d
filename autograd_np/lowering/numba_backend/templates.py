"""Functions of each element as scalar expressions: the table."""

from __future__ import annotations

from typing import Any

import numpy as np

# In the loop's dtypes. A name that is called is one of NumPy's, or of `intrinsics`.
TEMPLATES: dict[np.ufunc, str] = {
    np.add: "{0} + {1}",
    np.subtract: "{0} - {1}",
    np.multiply: "{0} * {1}",
    np.divide: "{0} / {1}",
    np.negative: "-{0}",
    np.positive: "{0}",
    np.conjugate: "{0}",
    np.square: "{0} * {0}",
    np.absolute: "abs({0})",
    np.fabs: "abs({0})",
    np.maximum: "maximum({0}, {1})",
    np.minimum: "minimum({0}, {1})",
    np.greater: "{0} > {1}",
    np.greater_equal: "{0} >= {1}",
    np.less: "{0} < {1}",
    np.less_equal: "{0} <= {1}",
    np.equal: "{0} == {1}",
    np.not_equal: "{0} != {1}",
    np.logical_and: "bool({0}) and bool({1})",
    np.logical_or: "bool({0}) or bool({1})",
    np.logical_xor: "bool({0}) != bool({1})",
    np.logical_not: "not {0}",
    np.bitwise_and: "{0} & {1}",
    np.bitwise_or: "{0} | {1}",
    np.bitwise_xor: "{0} ^ {1}",
    np.isnan: "{0} != {0}",
    np.isinf: "abs({0}) == inf",
    np.isfinite: "abs({0}) < inf",
}

# Those that numba computes itself, by their own names.
KNOWN = (
    np.exp, np.exp2, np.expm1, np.log, np.log2, np.log10, np.log1p, np.sqrt, np.sin, np.cos,
    np.tan, np.arcsin, np.arccos, np.arctan, np.sinh, np.cosh, np.tanh, np.arcsinh, np.arccosh,
    np.arctanh, np.arctan2, np.hypot, np.logaddexp, np.logaddexp2, np.floor, np.ceil, np.trunc,
    np.rint, np.signbit, np.copysign, np.fmax, np.fmin, np.power, np.float_power, np.fmod,
    np.remainder, np.floor_divide, np.sign, np.deg2rad, np.rad2deg, np.degrees, np.radians,
    np.nextafter, np.invert, np.left_shift, np.right_shift,
)  # fmt: skip

TEMPLATES |= {
    ufunc: f"{ufunc.__name__}({{0}}{', {1}' if ufunc.nin == 2 else ''})"
    for ufunc in KNOWN
    if ufunc not in TEMPLATES
}

# Of integers numba makes something else of them than NumPy.
FLOATS_ONLY = frozenset({np.power, np.fmod})

IN_BOOLEANS: dict[Any, Any] = {
    np.add: np.logical_or,
    np.multiply: np.logical_and,
    np.maximum: np.logical_or,
    np.minimum: np.logical_and,
}
