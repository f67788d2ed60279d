"""Running sums and products, and areas under samples."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.rules.factors import flip, part
from autograd_np.rules.reductions import in_dtype, operand, widen
from autograd_np.rules.registry import composite, dispatched, refuse_out, rule


def _line(x: Any, axis: Any) -> tuple[Any, int]:
    """What a running sum or product runs over: without an axis, all elements."""
    return (np.reshape(x, (-1,)), 0) if axis is None or not x.shape else (x, axis % len(x.shape))


def _shaped(x: Any, shape: tuple[int, ...]) -> Any:
    # Not a view of itself: the reverse pass would have to copy it.
    return x if x.shape == shape else np.reshape(x, shape)


@dispatched
def tail_sums(x: Any, axis: int) -> Any:
    """For each element along `axis`, the sum of it and all that follow."""
    if not isinstance(x, np.ndarray):
        return flip(np.cumsum(flip(x, axis), axis=axis), axis)
    sums = np.empty_like(x)
    np.cumsum(flip(x, axis), axis=axis, out=flip(sums, axis))
    return sums


rule(tail_sums, x=lambda g, axis: np.cumsum(g, axis=axis))
rule(
    np.cumsum,
    a=lambda g, a_like, axis: _shaped(
        tail_sums(g, 0 if axis is None else axis % g.ndim), a_like.shape
    ),
)


@dispatched
def recurrence(b: Any, c: Any, axis: int) -> Any:
    """``y[i] = b[i] + c[i] * y[i + 1]`` along `axis`, from its end; `c` is shorter by one."""
    if isinstance(b, np.ndarray):
        y = np.empty_like(b)
        _solve(y, b, c, axis)
        return y
    # b[i] + c[i] * y[i + step] with a step that doubles until nothing lies beyond it.
    step, n = 1, b.shape[axis]
    while step < n:
        here, beyond = part(axis, 0, -step), part(axis, step, None)
        b = np.concatenate([b[here] + c * b[beyond], b[part(axis, -step, None)]], axis=axis)
        c = c[here] * c[beyond]
        step *= 2
    return b


def _solve(y: Any, b: Any, c: Any, axis: int) -> None:
    """Write into `y` what `recurrence` says, in a time proportional to the length.

    Every second element obeys a recurrence of half the length.
    """
    n = b.shape[axis]
    if n < 2:
        y[...] = b
        return
    even, odd = part(axis, 0, None, 2), part(axis, 1, None, 2)
    paired, inner = part(axis, 0, n // 2), part(axis, 0, (n - 1) // 2)
    last = part(axis, n - 1, None)
    skipping = b[even].copy()
    skipping[paired] += c[even] * b[odd]
    _solve(y[even], skipping, c[even][inner] * c[odd], axis)
    y[last] = b[last]
    y_odd = y[part(axis, 1, n - 1, 2)]
    np.multiply(c[odd], y[even][part(axis, 1, None)], out=y_odd)
    y_odd += b[odd][inner]


def _recurrence_from_start(b: Any, c: Any, axis: int) -> Any:
    """``y[i + 1] = b[i + 1] + c[i] * y[i]`` along `axis`."""
    return flip(recurrence(flip(b, axis), flip(c, axis), axis), axis)


rule(
    recurrence,
    shared={"earlier": lambda g, c, axis: _recurrence_from_start(g, c, axis)},
    b=lambda earlier: earlier,
    c=lambda earlier, out, axis: earlier[part(axis, 0, -1)] * out[part(axis, 1, None)],
)


def _cumprod(g: Any, a: Any, out: Any, axis: Any) -> Any:
    # The factors up to an element, times what comes after it: g[i] + a[i + 1] * (g[i + 1] + ...).
    line, axis = _line(in_dtype(a, g.dtype), axis)
    before = np.concatenate([np.ones_like(line[part(axis, 0, 1)]), out[part(axis, 0, -1)]], axis)
    return _shaped(before * recurrence(g, line[part(axis, 1, None)], axis), a.shape)


rule(np.cumprod, a=_cumprod)


def _cumulative(
    running: Callable[..., Any], first: Any, x: Any, axis: Any, dtype: Any, include_initial: bool
) -> Any:
    """A running sum or product by the rules of the array API standard."""
    name = f"cumulative_{running.__name__.removeprefix('cum')}"
    x = np.atleast_1d(x)
    if axis is None and len(x.shape) != 1:
        raise ValueError(
            f"{name} of an array with {len(x.shape)} dimensions needs to know the axis, and was "
            f"given none. Write np.{name}(x, axis=0)."
        )
    out = running(x, axis=axis, dtype=dtype)
    if not include_initial:
        return out
    slab = list(out.shape)
    slab[0 if axis is None else axis] = 1
    start = np.full_like(out, first, shape=tuple(slab))
    return np.concatenate([start, out], axis=0 if axis is None else axis)


@composite(np.cumulative_sum)
def cumulative_sum(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """`numpy.cumulative_sum` through `numpy.cumsum`."""
    refuse_out("cumulative_sum", out)
    return _cumulative(np.cumsum, 0, x, axis, dtype, include_initial)


@composite(np.cumulative_prod)
def cumulative_prod(
    x: Any,
    /,
    *,
    axis: Any = None,
    dtype: Any = None,
    out: Any = None,
    include_initial: bool = False,
) -> Any:
    """`numpy.cumulative_prod` through `numpy.cumprod`."""
    refuse_out("cumulative_prod", out)
    return _cumulative(np.cumprod, 1, x, axis, dtype, include_initial)


@dispatched
def area(y: Any, width: Any, axis: int) -> Any:
    """The area under `y` by trapezoids of some widths along `axis`."""
    heights = y[part(axis, 1, None)] + y[part(axis, 0, -1)]
    return np.sum(width * heights / 2.0, axis=axis)


def _area_of_heights(g: Any, y_like: Any, width: Any, axis: int) -> Any:
    """Every height counts with half of the widths on its two sides."""
    lengths = [1] * y_like.ndim
    lengths[axis] = max(y_like.shape[axis] - 1, 0)
    half = np.ones_like(g, shape=tuple(lengths)) * (width / 2.0)
    none = np.zeros_like(half, shape=(*half.shape[:axis], 1, *half.shape[axis + 1 :]))
    both = np.concatenate([half, none], axis=axis) + np.concatenate([none, half], axis=axis)
    return widen(g, y_like, axis, False) * both[part(axis, 0, y_like.shape[axis])]


rule(
    area,
    y=_area_of_heights,
    width=lambda g, y, axis: (
        widen(g, y, axis, False) * ((y[part(axis, 1, None)] + y[part(axis, 0, -1)]) / 2.0)
    ),
)


@composite(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """`numpy.trapezoid`: widths times the mean of the heights at both ends, summed."""
    y, x = operand(y), operand(x)
    along = axis % len(y.shape)
    if x is None:
        width = dx
    elif len(x.shape) == 1:
        width = np.reshape(x[1:] - x[:-1], (-1, *(1,) * (len(y.shape) - 1 - along)))
    else:
        own = axis % len(x.shape)
        width = x[part(own, 1, None)] - x[part(own, 0, -1)]
    more = len(np.shape(width)) - len(y.shape)
    if more > 0:
        if axis >= 0:
            raise ValueError(
                f"x has {more} more axes than y, so that axis {axis} means another one of each. "
                f"Count it from the end: write axis={axis - len(y.shape)}."
            )
        y, along = np.reshape(y, (1,) * more + y.shape), along + more
    elif more < 0 and hasattr(width, "shape"):
        width = np.reshape(width, (1,) * -more + width.shape)
    return area(y, width, along)
