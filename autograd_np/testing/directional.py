"""Derivatives along random directions held against central differences, for large inputs."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from autograd_np.testing.differences import Slope
from autograd_np.testing.evidence import NUMBER, Evidence, derivative
from autograd_np.testing.failure import Disagreement, fail
from autograd_np.testing.point import Point
from autograd_np.testing.subject import Array

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

# How many elements of an input that is wrong are looked at for a diagnosis.
_SAMPLES = 48


def check_directions(point: Point, modes: Sequence[str], count: int) -> None:
    """Compare the derivatives along `count` random directions for each input.

    Raises
    ------
    FaultError
        For an element that disagrees, found by halving the direction.
    """
    for number, part in enumerate(point.inputs):
        for _ in range(count if part.stop > part.start else 0):
            direction = random_direction(point, part)
            for mode in modes:
                excess = _excess(point, mode, direction)
                if excess.max() > 1:
                    _search(point, mode, number, direction, int(np.argmax(excess)))


def random_direction(point: Point, part: slice = slice(None)) -> Array:
    """A direction of length 1 through the inputs in `part`."""
    direction = np.zeros(point.x.shape)
    direction[part] = point.rng.standard_normal(direction[part].shape)
    return np.asarray(direction / np.linalg.norm(direction))


def agrees(point: Point, mode: str, direction: Array) -> bool:
    """Whether the derivative along a direction is right, at a closer look if need be."""
    return bool(_excess(point, mode, direction).max() <= 1)


def _excess(point: Point, mode: str, direction: Array) -> Array:
    """Error over tolerance along a direction, as closely looked at as it takes."""
    analytic = point.along(mode)(direction)
    excess = np.zeros(len(analytic))
    for slope in point.looks(direction):
        scale = _scale(point, slope, direction)
        allowed = point.tolerance(slope, scale)
        excess = point.excess(analytic, slope, allowed, scale)
        if mode == "reverse":
            excess[:-1] = 0
        if excess.max() <= 1:
            break
    return excess


def _scale(point: Point, slope: Slope, direction: Array) -> Array:
    scale = point.scale(slope.value)
    # Terms of a long sum may cancel, and their rounding stays.
    moved = point.analytic.gradient[direction != 0]
    scale[-1] = max(scale[-1], float(np.abs(moved).max() * np.linalg.norm(direction)))
    return scale


def _search(point: Point, mode: str, number: int, direction: Array, row: int) -> None:
    """Raise for an element that is wrong, or for the whole direction if none can be found."""
    part = point.inputs[number]
    halved = _worst_element(point, mode, direction, row)
    others = point.rng.permutation(np.arange(part.start, part.stop))[:_SAMPLES]
    for column in (halved, *others.tolist()):
        excess = _excess(point, mode, point.unit(column))
        if excess.max() > 1:
            # An element of a result says more than the combination, which comes last.
            of_results = excess[:-1].max(initial=0) > 1
            row = int(np.argmax(excess[:-1])) if of_results else len(excess) - 1
            _fail(point, mode, number, column, row, point.unit(column))
    # Moved all alike, small elements may leave the function's domain, or all be beside a kink.
    relative = direction * np.where(point.x == 0, 1, np.abs(point.x))
    if not agrees(point, mode, relative / np.linalg.norm(relative)):
        _fail(point, mode, number, halved, row, direction, located=False)


def _fail(
    point: Point,
    mode: str,
    number: int,
    column: int,
    row: int,
    direction: Array,
    located: bool = True,
) -> None:
    slope = point.refined(direction)
    scale = _scale(point, slope, direction)
    fail(
        point,
        Disagreement(
            mode=mode,
            row=row,
            column=column,
            analytic=float(point.along(mode)(direction)[row]),
            slope=slope,
            allowed=point.tolerance(slope, scale),
            scale=scale,
            evidence=_sampled(point, mode, number, column),
            direction=direction,
            located=located,
        ),
    )


def _worst_element(point: Point, mode: str, direction: Array, row: int) -> int:
    """The element that the disagreement along a direction is due to, by halving."""
    along = point.along(mode)
    gap = float(along(direction)[row] - point.refined(direction).value[row])
    active = np.flatnonzero(direction)
    broken = active[~np.isfinite(point.analytic.gradient[active])]
    if broken.size:
        return int(broken[0])
    while len(active) > 1:
        half = active[: len(active) // 2]
        masked = np.zeros(direction.shape)
        masked[half] = direction[half]
        part = float(along(masked)[row] - point.close(masked).value[row])
        # The derivative is linear: what one half does not explain, the other does.
        if abs(part) >= abs(gap - part) or not np.isfinite(gap):
            active, gap = half, part
        else:
            active, gap = active[len(half) :], gap - part
    return int(active[0])


def _sampled(point: Point, mode: str, number: int, worst: int) -> tuple[Evidence, ...]:
    """What a grid of elements of a large input shows: for the combination, then for each result."""
    part, given = point.inputs[number], point.subject.inputs[number]
    grid = _Grid(point.rng, given.axes, worst - part.start)
    columns = grid.places(given.axes) + part.start
    along = point.along("forward")
    slopes = [point.close(point.unit(column)) for column in columns]
    analytic = np.stack([along(point.unit(column)) for column in columns], axis=1)
    numeric = np.stack([slope.value for slope in slopes], axis=1)
    scale = point.scale(np.abs(numeric).max(axis=1, initial=0))
    allowed = np.stack([point.tolerance(slope, scale) for slope in slopes], axis=1)

    pulled = point.analytic.gradient
    others = [
        derivative(pulled[place].reshape(space.axes), NUMBER, space)
        for place, space in zip(point.inputs, point.subject.inputs, strict=True)
        if place != part and space.shape == given.shape
    ]
    lengths = (*given.shape, *(n for space in point.subject.outputs for n in space.shape))
    whole = np.full((3, point.x.size), np.nan)
    whole[:, columns] = analytic[-1], numeric[-1], allowed[-1]
    pushed, slope, tolerance = whole
    # A rule may round in one direction what it keeps in the other.
    evidence = []
    for combined in (pulled, pushed) if mode == "reverse" else (pushed, pulled):
        tables = [each[part].reshape(given.axes) for each in (combined, slope, tolerance)]
        evidence.append(Evidence.of_reals(tables, NUMBER, given, lengths, others))
    for rows, result in zip(point.results, point.subject.outputs, strict=False):
        rows_of_grid = grid.places(result.axes) + rows.start
        within = (*grid.lengths(result.axes), *grid.lengths(given.axes))
        tables = [table[rows_of_grid].reshape(within) for table in (analytic, numeric, allowed)]
        evidence.append(Evidence.of_reals(tables, result, given, lengths))
    return tuple(evidence)


class _Grid:
    """A few indices for each length of an axis: axes of one length have the same ones.

    So a transposition that exchanges two axes can be seen in the grid.
    """

    def __init__(self, rng: np.random.Generator, shape: tuple[int, ...], worst: int) -> None:
        self.rng = rng
        self.count = max(2, int(_SAMPLES ** (1 / max(1, len(shape)))))
        self.chosen: dict[int, set[int]] = {}
        for length, index in zip(shape, np.unravel_index(worst, shape), strict=True):
            self.chosen.setdefault(length, set()).add(int(index))

    def along(self, length: int) -> list[int]:
        """The indices along an axis of a length."""
        chosen = self.chosen.setdefault(length, set())
        # What goes wrong at all but one index often goes right at the first or the last.
        for index in (0, length - 1, *self.rng.permutation(length).tolist()):
            if len(chosen) >= self.count:
                break
            chosen.add(index)
        return sorted(chosen)

    def lengths(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Shape of the grid in an array of a shape."""
        return tuple(len(self.along(length)) for length in shape)

    def places(self, shape: tuple[int, ...]) -> Array:
        """Flat indices of the elements of the grid in an array of a shape."""
        indices = itertools.product(*map(self.along, shape))
        return np.array([np.ravel_multi_index(index, shape) for index in indices], int)
