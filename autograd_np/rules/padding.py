"""`numpy.pad` in all its modes, axis by axis, through concatenation."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.graph import Shape
from autograd_np.rules.indexing import getitem, index_add
from autograd_np.rules.joining import slab
from autograd_np.rules.nesting import constant_like, nested, stacked
from autograd_np.rules.registry import composite, dispatched, rule

Pair = tuple[Any, Any]


@dispatched
def framed(a: Any, widths: Any, constant_values: Any) -> Any:
    """`a` within a frame of constants."""
    return np.pad(a, widths, constant_values=constant_values)


def _inner(widths: Any, shape: Shape) -> tuple[slice, ...]:
    return tuple(slice(w[0], w[0] + length) for w, length in zip(widths, shape, strict=True))


rule(framed, a=lambda g, a_like, widths: g[_inner(widths, a_like.shape)])


@dispatched
def extended(a: Any, before: Any, after: Any, axis: int) -> Any:
    """`a` between elements of its own along an axis, those at the numbers `before` and `after`."""
    first, last = (getitem(a, slab(axis, places)) for places in (before, after))
    return np.concatenate([first, a, last], axis)


def _folded(g: Any, a_like: Any, before: Any, after: Any, axis: int) -> Any:
    """The gradient of the middle, and that of the sides added to the parts that they repeat."""
    start, stop = len(before), len(before) + a_like.shape[axis]
    whole = g[slab(axis, slice(start, stop))]
    first, last = g[slab(axis, slice(0, start))], g[slab(axis, slice(stop, None))]
    if _overlap(before, after):
        sides = [(np.concatenate([first, last], axis), np.concatenate([before, after]))]
    else:
        sides = [(first, before), (last, after)]
    parts, end = [], 0
    for side, places in sorted((each for each in sides if len(each[1])), key=_lowest):
        low, high = int(np.min(places)), int(np.max(places)) + 1
        shape = (*a_like.shape[:axis], high - low, *a_like.shape[axis + 1 :])
        repeats = index_add(side, slab(axis, places - low), shape)
        parts += [whole[slab(axis, slice(end, low))], whole[slab(axis, slice(low, high))] + repeats]
        end = high
    return np.concatenate([*parts, whole[slab(axis, slice(end, None))]], axis)


def _lowest(side: Pair) -> int:
    return int(np.min(side[1]))


def _overlap(before: Any, after: Any) -> bool:
    if not len(before) or not len(after):
        return False
    return bool(np.min(before) <= np.max(after) and np.min(after) <= np.max(before))


rule(extended, a=_folded)


def _with_constants(a: Any, axis: int, widths: Pair, constant_values: Pair) -> Any:
    before, after = (
        np.broadcast_to(value.astype(a.dtype), (*a.shape[:axis], width, *a.shape[axis + 1 :]))
        for value, width in zip(constant_values, widths, strict=True)
    )
    return np.concatenate([before, a, after], axis)


def _with_ramps(a: Any, axis: int, widths: Pair, end_values: Pair) -> Any:
    def ramp(end: Any, edge: int, width: int) -> Any:
        return np.linspace(end, a[slab(axis, edge)], width, False, dtype=a.dtype, axis=axis)

    after = np.flip(ramp(end_values[1], -1, widths[1]), axis)
    return np.concatenate([ramp(end_values[0], 0, widths[0]), a, after], axis)


def _with(statistic: Callable[..., Any]) -> Callable[..., Any]:
    """Sides that repeat a statistic of the elements nearest to them."""

    def padded(a: Any, axis: int, widths: Pair, stat_length: Pair) -> Any:
        length = a.shape[axis]
        before, after = (length if n is None else min(n, length) for n in stat_length)
        nearest = slice(0, before), slice(length - after, length)
        sides = []
        for part, width in zip(nearest, widths, strict=True):
            side = statistic(a[slab(axis, part)], axis=axis, keepdims=True)
            if a.dtype.kind in "iu":
                side = np.round(side).astype(a.dtype)
            shape = (*a.shape[:axis], width, *a.shape[axis + 1 :])
            sides.append(np.broadcast_to(side, shape))
        return np.concatenate([sides[0], a, sides[1]], axis)

    return padded


def _by_places(mode: str) -> Callable[..., Any]:
    """Sides that repeat elements, at places that NumPy itself finds."""

    def padded(a: Any, axis: int, widths: Pair, reflect_type: str = "even") -> Any:
        length = a.shape[axis]
        if reflect_type == "odd" and length > 1:
            return _oddly_reflected(a, axis, widths, mode)
        places = np.pad(np.arange(length), widths, mode)  # type: ignore[call-overload]
        return extended(a, places[: widths[0]], places[widths[0] + length :], axis)

    return padded


def _oddly_reflected(a: Any, axis: int, widths: Pair, mode: str) -> Any:
    """Sides that are turned about the edges: ``2 * edge`` minus the mirror image.

    After two reflections the array comes again, moved by twice the difference of its edges.
    """
    length = a.shape[axis]
    whole = mode == "symmetric"
    period = 2 * (length - (not whole))
    first, last = a[slab(axis, slice(0, 1))], a[slab(axis, slice(-1, None))]
    column = [1] * a.ndim
    column[axis] = -1

    def side(positions: Any) -> Any:
        rounds, place = np.divmod(positions, period)
        mirrored = place >= length
        place = np.where(mirrored, period - place - whole, place)
        sign, lasts, firsts = (
            np.reshape(constant_like(a, each), column)
            for each in (1 - 2 * mirrored, 2 * (rounds + mirrored), -2 * rounds)
        )
        return sign * getitem(a, slab(axis, place)) + lasts * last + firsts * first

    before, after = np.arange(-widths[0], 0), np.arange(length, length + widths[1])
    return np.concatenate([side(before), a, side(after)], axis)


# For each mode how to pad along one axis, and the settings that it has, with their defaults.
_MODES: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "constant": (_with_constants, {"constant_values": 0}),
    "empty": (_with_constants, {}),
    "edge": (_by_places("edge"), {}),
    "linear_ramp": (_with_ramps, {"end_values": 0}),
    "maximum": (_with(np.max), {"stat_length": None}),
    "minimum": (_with(np.min), {"stat_length": None}),
    "mean": (_with(np.mean), {"stat_length": None}),
    "median": (_with(np.median), {"stat_length": None}),
    "reflect": (_by_places("reflect"), {"reflect_type": "even"}),
    "symmetric": (_by_places("symmetric"), {"reflect_type": "even"}),
    "wrap": (_by_places("wrap"), {}),
}


@composite(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **kwargs: Any) -> Any:
    """`numpy.pad` through `numpy.concatenate`; the mode 'empty' pads with zeros."""
    widths = _widths(pad_width, array.ndim)
    if callable(mode):
        raise TypeError(
            "pad was given a function, which writes into the padding in place; expected the name "
            "of a mode. Write np.concatenate([before, t, after], axis)."
        )
    if mode not in _MODES:
        raise ValueError(f"pad was given mode={mode!r}; expected one of {', '.join(_MODES)}.")
    padded, defaults = _MODES[mode]
    unknown = set(kwargs) - set(defaults)
    if unknown:
        raise ValueError(
            f"pad was given {unknown.pop()!r}, which mode {mode!r} does not have; expected "
            f"{', '.join(defaults) or 'no settings'}."
        )
    settings = {**defaults, **kwargs}
    if not array.ndim:
        return np.reshape(array, ())
    if mode == "empty" or (mode == "constant" and not nested(settings["constant_values"])):
        return framed(array, tuple(widths), settings.get("constant_values", 0))
    pairs = {
        name: [value] * array.ndim if name == "reflect_type" else _pairs(value, array.ndim)
        for name, value in settings.items()
    }
    if mode in ("maximum", "minimum") and array.size and 0 in np.ravel(pairs["stat_length"]):
        raise ValueError(
            f"pad was given stat_length={settings['stat_length']}, with nothing to take the {mode} "
            f"of; expected 1 or more. Write stat_length=1."
        )
    for axis, width in enumerate(widths):
        if not any(width):
            continue
        if mode != "constant" and not array.shape[axis]:
            raise ValueError(
                f"pad was given an array whose axis {axis} is empty, with nothing to repeat; "
                f"expected a longer one. Write mode='constant'."
            )
        own = {name: by_axis[axis] for name, by_axis in pairs.items()}
        array = padded(array, axis, width, **own)
    # A Tensor of its own, even if nothing was padded.
    return np.reshape(array, array.shape)


def _pairs(value: Any, ndim: int) -> Any:
    """What stands before and after along each axis, as NumPy reads it off a setting."""
    if value is None:
        return [(None, None)] * ndim
    value = stacked(value)
    size = math.prod(np.shape(value))
    if size == 1:
        value = np.reshape(value, (1, 1))
    elif size == 2 and np.shape(value) != (2, 1):
        value = np.reshape(value, (1, 2))
    return np.broadcast_to(value, (ndim, 2))


def _widths(pad_width: Any, ndim: int) -> list[tuple[int, int]]:
    if isinstance(pad_width, dict):
        by_axis = np.zeros((ndim, 2), int)
        for axis, width in pad_width.items():
            by_axis[axis] = width
        pad_width = by_axis
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError(f"pad was given pad_width={pad_width!r}; expected whole numbers.")
    if widths.size and np.min(widths) < 0:
        raise ValueError(f"pad was given pad_width={pad_width!r}; expected 0 or more.")
    return [(int(before), int(after)) for before, after in _pairs(widths, ndim)]
