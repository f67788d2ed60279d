"""Functions whose result does not change when their argument changes a little."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.rules.registry import constant, refused

# Comparisons, tests and logic.
constant(
    np.equal,
    np.not_equal,
    np.less,
    np.less_equal,
    np.greater,
    np.greater_equal,
    np.logical_and,
    np.logical_or,
    np.logical_not,
    np.logical_xor,
    np.isnan,
    np.isinf,
    np.isfinite,
    np.isposinf,
    np.isneginf,
    np.isreal,
    np.iscomplex,
    np.signbit,
    np.isclose,
    np.allclose,
    np.array_equal,
    np.array_equiv,
    np.isin,
    np.any,
    np.all,
)

# Whole numbers: operands that they accept have no gradient.
constant(
    np.bitwise_and,
    np.bitwise_or,
    np.bitwise_xor,
    np.bitwise_count,
    np.invert,
    np.left_shift,
    np.right_shift,
    np.gcd,
    np.lcm,
    np.packbits,
    np.unpackbits,
)

# Places and counts.
constant(
    np.count_nonzero,
    np.nonzero,
    np.flatnonzero,
    np.argwhere,
    np.argmax,
    np.argmin,
    np.nanargmax,
    np.nanargmin,
    np.argsort,
    np.argpartition,
    np.lexsort,
    np.searchsorted,
    np.digitize,
    np.histogram,
    np.histogram2d,
    np.histogramdd,
)

# What an array is like, and what reads nothing else of it.
constant(
    np.shape,
    np.ndim,
    np.size,
    np.zeros_like,
    np.ones_like,
    np.empty_like,
    np.result_type,
    np.common_type,
    np.min_scalar_type,
    np.can_cast,
    np.iscomplexobj,
    np.isrealobj,
    np.may_share_memory,
    np.shares_memory,
    np.array_repr,
    np.array_str,
    np.array2string,
)

_REFUSALS: dict[str, tuple[Callable[..., Any], ...]] = {
    "Write index = np.unique(t.detach().numpy(), return_index=True)[1] and t.ravel()[index].": (
        np.unique,
        np.unique_all,
        np.unique_counts,
        np.unique_inverse,
        np.unique_values,
    ),
    "A set is made of values, wherever they come from. Write t.detach().numpy().": (
        np.union1d,
        np.intersect1d,
        np.setdiff1d,
        np.setxor1d,
    ),
    "Write np.linspace(np.min(t), np.max(t), bins + 1).": (np.histogram_bin_edges,),
    "A file has no gradient. Write t.detach().numpy().": (
        np.save,
        np.savez,
        np.savez_compressed,
        np.savetxt,
    ),
}
for _advice, _functions in _REFUSALS.items():
    for _function in _functions:
        refused(_function, _advice)
