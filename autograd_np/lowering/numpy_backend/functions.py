"""What the backend knows of NumPy's functions: how to write them, and what memory they return."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.program import Call
from autograd_np.rules.indexing import getitem, index_add, index_set, is_basic
from autograd_np.rules.shapes import duplicate

Function = Callable[..., Any]

INFIX: dict[Function, str] = {
    np.add: "+", np.subtract: "-", np.multiply: "*", np.divide: "/", np.floor_divide: "//",
    np.remainder: "%", np.greater: ">", np.greater_equal: ">=", np.less: "<",
    np.less_equal: "<=", np.equal: "==", np.not_equal: "!=", np.matmul: "@",
    np.bitwise_and: "&", np.bitwise_or: "|", np.bitwise_xor: "^",
    operator.add: "+", operator.sub: "-", operator.mul: "*", operator.truediv: "/",
    operator.floordiv: "//", operator.mod: "%", operator.pow: "**", operator.gt: ">",
    operator.ge: ">=", operator.lt: "<", operator.le: "<=", operator.eq: "==", operator.ne: "!=",
}  # fmt: skip

# Augmented assignment writes into its left side.
AUGMENTED: dict[Function, str] = {
    np.add: "+=", np.subtract: "-=", np.multiply: "*=", np.divide: "/=",
}  # fmt: skip

# What NumPy's functions do after a look at their arguments, when those are plain.
REDUCTIONS: dict[Function, str] = {
    np.sum: "np.add.reduce", np.prod: "np.multiply.reduce", np.max: "np.maximum.reduce",
    np.amax: "np.maximum.reduce", np.min: "np.minimum.reduce", np.amin: "np.minimum.reduce",
}  # fmt: skip

# Written as methods, which cost less to call, and the keywords that those take.
METHODS: dict[Function, tuple[str, set[str]]] = {
    np.ravel: ("ravel", {"order"}), np.reshape: ("reshape", {"order", "copy"}),
    np.squeeze: ("squeeze", {"axis"}), np.swapaxes: ("swapaxes", set()),
    np.transpose: ("transpose", set()), duplicate: ("copy", set()),
}  # fmt: skip

COPIES: set[Function] = {duplicate}
_REDUCING = {"reduce", "accumulate"}
_PRODUCTS: set[Function] = {np.dot, np.matmul}

# They return memory of their own, whatever they are given.
_FRESH = {
    np.where, np.concatenate, np.stack, np.take, np.mean, index_set, index_add,
    np.argmax, np.argmin,
    np.take_along_axis, np.zeros_like, np.ones_like, np.full_like, np.cumsum, np.copy, np.outer,
    np.tensordot, np.var, np.std, np.argsort, np.sort, np.repeat, np.tile, np.pad,
}  # fmt: skip


#: The shape or the dtype of what they return depends on values.
BY_VALUES: set[Function] = {
    np.roots, np.linalg.eig, np.linalg.eigvals, np.linalg.lstsq, np.real_if_close,
}  # fmt: skip


def is_elementwise(function: Function) -> bool:
    """Whether each element of the result depends on the operands' elements there alone."""
    return isinstance(function, np.ufunc) and function.signature is None


def takes_out(call: Call) -> bool:
    """Whether the call can be told where to write its only result."""
    function = call.function
    if isinstance(function, np.ufunc):
        return function.nout == 1 and "out" not in call.kwargs
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return function.__name__ in _REDUCING
    if function in REDUCTIONS:
        return is_plain_reduction(call)
    return function in _PRODUCTS or function in COPIES


def is_plain_reduction(call: Call) -> bool:
    """Whether a call of `numpy.sum` or its like is just the reduction of its ufunc."""
    return call.function in REDUCTIONS and len(call.args) <= 2 and set(call.kwargs) <= {
        "axis", "keepdims",
    }  # fmt: skip


def is_fresh(call: Call) -> bool:
    """Whether the result certainly shares no memory with an operand."""
    function = call.function
    if function is getitem:
        return not is_basic(call.args[1] if len(call.args) > 1 else call.kwargs["index"])
    return takes_out(call) or isinstance(function, np.ufunc) or function in _FRESH


def numpy_name(function: Function) -> str | None:
    """How a function of NumPy's is written, ``np.linalg.norm``; None for any other.

    Examples
    --------
    >>> numpy_name(np.linalg.norm), numpy_name(np.add.reduce), numpy_name(len)
    ('np.linalg.norm', 'np.add.reduce', None)
    """
    owner = getattr(function, "__self__", None)
    name = getattr(function, "__name__", "")
    if isinstance(owner, np.ufunc):
        ufunc = numpy_name(owner)
        return None if ufunc is None else f"{ufunc}.{name}"
    for prefix, module in (("np", np), ("np.linalg", np.linalg), ("np.fft", np.fft)):
        if getattr(module, name, None) is function:
            return f"{prefix}.{name}"
    return None
