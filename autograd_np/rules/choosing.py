"""Choosing between values: by conditions, by numbers, by the place in a table."""

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.rules.indexing import getitem, index_set
from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite, refuse_out, rule


@composite(np.select)
def select(condlist: Sequence[Any], choicelist: Sequence[Any], default: Any = 0) -> Any:
    """`numpy.select` through `numpy.where`: the first condition that holds decides."""
    if len(condlist) != len(choicelist):
        raise ValueError(
            f"np.select takes one choice for each condition, and was given {len(condlist)} "
            f"conditions and {len(choicelist)} choices."
        )
    if not len(condlist):
        raise ValueError("np.select needs at least one condition.")
    given = (*condlist, *choicelist, default)
    like = next(each for each in given if hasattr(each, "__array_function__"))
    (default,) = _arrays([default], like)
    condlist, choicelist = (_arrays(each, like) for each in (condlist, choicelist))
    for condition in condlist:
        kind = np.result_type(condition)
        if kind.kind != "b":
            raise TypeError(
                f"np.select takes boolean conditions, and one is of dtype {kind}. "
                f"Write condition != 0."
            )
    # Python's numbers are weak, and must not decide the dtype where they meet each other first.
    dtype = np.result_type(*choicelist, default)
    result = default
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = np.where(condition, choice, result)
        if result.dtype != dtype:
            result = result.astype(dtype)
    return result


def _arrays(values: Sequence[Any], like: Any) -> list[Any]:
    """The values with lists among them as arrays, and Python's numbers, which are weak, as such."""
    return [array_of(v, like) if isinstance(v, (list, tuple)) else v for v in values]


def _conditions(condlist: Any, x: Any) -> list[Any]:
    """The conditions of `numpy.piecewise` as masks; a single one may stand for itself."""
    if isinstance(condlist, (list, tuple)):
        alone = np.ndim(condlist[0]) == 0 and x.ndim > 0
    else:
        alone = np.ndim(condlist) <= (x.ndim > 0)
    each = [condlist] if alone else [condlist[number] for number in range(len(condlist))]
    return [np.not_equal(array_of(condition, x), 0) for condition in each]


@composite(np.piecewise)
def piecewise(
    x: Any,
    condlist: Any,
    funclist: Sequence[Callable[..., Any] | Any],
    *args: Any,
    **kw: Any,
) -> Any:
    """`numpy.piecewise` through indexing: each function sees the elements that are its own."""
    conditions = _conditions(condlist, x)
    if len(conditions) == len(funclist) - 1:
        conditions.append(np.logical_not(functools.reduce(np.logical_or, conditions)))
    elif len(conditions) != len(funclist):
        raise ValueError(
            f"np.piecewise with {len(conditions)} conditions takes as many functions, or one more "
            f"for the rest, and was given {len(funclist)}."
        )
    # Zeros that belong to the graph of x, so that constants have a gradient, of 0.
    y = index_set(x, Ellipsis, 0)
    for condition, function in zip(conditions, funclist, strict=True):
        value = function
        if callable(function):
            chosen = getitem(x, condition)
            if not chosen.size:
                continue
            value = function(chosen, *args, **kw)
        y = index_set(y, condition, value)
    return y


def _choice(a: Any, count: int, mode: Any) -> Any:
    """Which of `count` choices each element of `a` stands for."""
    if mode == "wrap":
        return np.mod(a, count)
    if mode == "clip":
        return np.clip(a, 0, count - 1)
    return a


def _choices(g: Any, a: Any, choices_like: Any, mode: Any) -> list[Any]:
    count = len(choices_like)
    chosen = _choice(array_of(a, g), count, mode)
    return [np.where(chosen == number, g, 0) for number in range(count)]


rule(np.choose, lists=["choices"], choices=_choices)


@composite(np.compress)
def compress(condition: Any, a: Any, axis: Any = None, out: Any = None) -> Any:
    """`numpy.compress` through indexing; a short condition leaves out what follows it."""
    refuse_out("compress", out)
    a = array_of(a, condition)
    mask = np.not_equal(condition, 0)
    if np.ndim(mask) != 1:
        raise ValueError(
            f"np.compress takes a condition of one axis, and this has {np.ndim(mask)}. "
            f"Write t[condition], or np.extract(condition, t)."
        )
    if axis is None:
        a, axis = np.ravel(a), 0
    axis = np.lib.array_utils.normalize_axis_index(axis, a.ndim)
    if len(mask) != a.shape[axis]:
        # A mask must fit; numbers need not, and those beyond the end raise.
        mask = np.flatnonzero(mask)
    return getitem(a, mask if a.ndim == 1 else (slice(None),) * axis + (mask,))


@composite(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """`numpy.extract` through `numpy.compress`."""
    return np.compress(np.ravel(condition), np.ravel(arr))


def _double(value: Any, like: Any) -> Any:
    """An array (or list, or number) in double precision, in which `numpy.interp` computes."""
    value = array_of(value, like)
    dtype = np.result_type(value.dtype, np.float64)
    return value if value.dtype == dtype else value.astype(dtype)


@composite(np.interp)
def interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    """`numpy.interp` through indexing; at a point of the table the slope is that to its right.

    At the last point it is that to its left.
    """
    like = next(each for each in (x, xp, fp) if hasattr(each, "dtype"))
    x, xp, fp = _double(x, like), _double(xp, like), _double(fp, like)
    if xp.ndim != 1 or xp.shape != fp.shape or not xp.size:
        raise ValueError(
            f"np.interp takes a table of points xp and values fp, two vectors of the same length, "
            f"at least 1, and was given shapes {xp.shape} and {fp.shape}."
        )
    if period is not None:
        if isinstance(period, (int, float)) and period == 0:
            raise ValueError("np.interp takes a period other than 0.")
        period = np.abs(period)
        x, xp = np.mod(x, period), np.mod(xp, period)
        order = np.argsort(xp)
        xp, fp = getitem(xp, order), getitem(fp, order)
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
        left = right = None
    y = _on_the_line(x, xp, fp, np.maximum(np.searchsorted(xp, x, side="right") - 1, 0))
    y = np.where(x < xp[0], fp[0] if left is None else left, y)
    return np.where(x > xp[-1], fp[-1] if right is None else right, y)


def _on_the_line(x: Any, xp: Any, fp: Any, start: Any) -> Any:
    """The line from point `start` of a table to the next, at `x`."""
    last = xp.shape[0] - 1
    x0, y0 = getitem(xp, start), getitem(fp, start)
    if last == 0:
        return y0 + 0 * (x - x0)
    end = np.minimum(start + 1, last)
    x1, y1 = getitem(xp, end), getitem(fp, end)
    width = xp[1:] - xp[:-1]
    slope = getitem((fp[1:] - fp[:-1]) / np.where(width == 0, 1, width), end - 1)
    y = slope * (x - x0) + y0
    # Infinities in the table make NaN of 0 * inf; NumPy then starts from the other end.
    level = np.logical_or(np.logical_and(y0 == y1, x < x1), x == x0)
    other = np.where(level, y0, slope * (x - x1) + y1)
    return np.where(np.isnan(y), other, y)
