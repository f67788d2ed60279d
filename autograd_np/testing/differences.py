"""Slopes of a function from its values alone, with how far they can be trusted.

Central differences at three steps are extrapolated (Richardson), which leaves an error of the
sixth order in the step. Where that is not good enough, a ladder of steps is tried and the slope
taken where truncation and noise together are least, as in C. J. F. Ridders, "Accurate computation
of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.testing.noise import measured_noise, reach

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

Array = np.ndarray[Any, Any]

# The extrapolated slope multiplies the noise of f by at most this over the step.
_AMPLIFIED = 3.5
_SIDES = ((-1, -2), (1, 2))
_LADDER = range(2, 44)


@dataclass(frozen=True)
class Slope:
    """The slopes of all results along one direction.

    Attributes
    ----------
    value : array of shape (results,)
    truncation, noise : arrays of shape (results,)
        Estimated errors: of the extrapolation, and of rounding in f.
    step : array of shape (results,)
        The largest step that each was taken with.
    final : bool
        Whether no closer look is to be had.
    """

    value: Array
    truncation: Array
    noise: Array
    step: Array
    final: bool = False

    @property
    def error(self) -> Array:
        """Both errors together; inf where the function is not finite."""
        total = self.truncation + self.noise
        return np.where(np.isfinite(self.value) & np.isfinite(total), total, np.inf)

    def corrected(self, closer: Slope) -> Slope:
        """These slopes, with those of a closer look where it is more precise or contradicts."""
        with np.errstate(invalid="ignore"):
            apart = np.abs(self.value - closer.value) > 10 * (self.error + closer.error)
        better = (closer.error <= self.error) | apart
        pairs = zip(self._arrays(), closer._arrays(), strict=True)
        value, truncation, noise, step = (np.where(better, new, old) for old, new in pairs)
        return Slope(value, truncation, noise, step, closer.final)

    def plus(self, other: Slope) -> Slope:
        """The slopes along the sum of two directions."""
        return Slope(
            self.value + other.value,
            self.truncation + other.truncation,
            self.noise + other.noise,
            self.step,
        )

    def times(self, factor: float) -> Slope:
        """The slopes along a direction that is longer by a factor."""
        value, truncation, noise, step = self._arrays()
        return Slope(value * factor, truncation * factor, noise * factor, step, self.final)

    def _arrays(self) -> tuple[Array, Array, Array, Array]:
        return self.value, self.truncation, self.noise, self.step


class Differences:
    """A function of a flat vector, looked at around one point.

    Parameters
    ----------
    f : callable ``(vector of shape (n,)) -> vector of shape (m,)``
    x : array of shape (n,), float64
    rounded : callable
        Rounds a vector to what the inputs' dtypes can represent.
    epsilon : float
        Spacing of the coarsest dtype in use, relative to 1.
    resolution : float
        Noise that is there even where none is seen.
    rng : numpy.random.Generator

    Attributes
    ----------
    y : array of shape (m,)
        The value at `x`.
    noise : array of shape (m,)
        The standard deviation of the rounding noise in `y`.
    size : array of shape (m,)
        The largest absolute value at the point and close to it.
    """

    def __init__(
        self,
        f: Callable[[Array], Array],
        x: Array,
        rounded: Callable[[Array], Array],
        epsilon: float,
        resolution: float,
        rng: np.random.Generator,
    ) -> None:
        self.f = f
        self.x = x
        self.rounded = rounded
        self.epsilon = epsilon
        # Where truncation of the sixth order and rounding are about equal for a function of scale
        # one; a power of two, so that adding it rounds little.
        self.first_step = 2.0 ** round(math.log2(epsilon) / 6)
        self.y = f(x)
        far = np.abs(self._at(reach(x, rng), self.first_step))
        self.noise, size = measured_noise(f, rounded, x, epsilon, rng)
        self.noise = np.maximum(self.noise, np.maximum(epsilon * np.abs(self.y), resolution))
        self.size = np.maximum(np.fmax(size, np.fmax(np.abs(self.y), far)), resolution / epsilon)

    def looks(self, direction: Array, scale: float = 1.0, small: float = 0.0) -> Iterator[Slope]:
        """Slopes along `direction`, each found with more care than the one before.

        First from the step that suits a smooth function; then from one so small that a kink is
        hardly ever between its ends; then from the best of a ladder of steps, which for an
        element that is itself as small as `small` starts anew from there.
        """
        yield (found := self.slope(direction, scale))
        yield (found := found.corrected(self.slope(direction, scale * 2.0**-10)))
        yield (found := found.corrected(self.refined(direction, scale)))
        if small:
            yield found.corrected(self.refined(direction, small))

    def slope(self, direction: Array, scale: float = 1.0) -> Slope:
        """The slopes along `direction`, from six values of the function."""
        steps = [scale * self.first_step * 0.5**level for level in range(3)]
        quotients, sizes = zip(*(self._central(direction, step) for step in steps), strict=True)
        value, truncation = _extrapolated(*quotients)
        noise = self._rounding(direction, steps[0], value, sizes[0])
        return Slope(value, truncation, noise, np.full(value.shape, steps[0]))

    def refined(self, direction: Array, scale: float = 1.0) -> Slope:
        """The slopes along `direction`, each from the best of a ladder of steps."""
        steps = [scale * 0.5**level for level in _LADDER]
        quotients, sizes = zip(*(self._central(direction, step) for step in steps), strict=True)
        table = np.stack(quotients)
        with np.errstate(all="ignore"):
            value, truncation = _extrapolated(table[:-2], table[1:-1], table[2:])
            truncation[:-1] = np.maximum(truncation[:-1], np.abs(value[1:] - value[:-1]))
            rows = zip(steps, value, sizes, strict=False)
            noise = np.stack([self._rounding(direction, *row) for row in rows])
        best = _best(value, truncation + noise)
        value, truncation, noise = (
            np.take_along_axis(each, best, axis=0)[0] for each in (value, truncation, noise)
        )
        return Slope(value, truncation, noise, np.asarray(steps)[best[0]], final=True)

    def one_sided(
        self, direction: Array, result: int, scale: float = 1.0
    ) -> tuple[float, float, float]:
        """The slopes of one result from the left and from the right, and the error of both."""
        left, left_error = self._from_side(direction, result, -scale)
        right, right_error = self._from_side(direction, result, scale)
        return left, right, left_error + right_error

    def jump(self, direction: Array, result: int, scale: float = 1.0) -> float:
        """By how much a result jumps at the point; 0 where it is continuous."""
        heights = []
        for exponent in (-24, -36):
            step = scale * 2.0**exponent
            ends = [[self._at(direction, k * step)[result] for k in side] for side in _SIDES]
            if max(np.ptp(side) for side in ends) > 0.1 * np.ptp(ends):
                # It moves as much within a side: noise.
                return 0.0
            heights.append(float(np.ptp([*ends[0], *ends[1], self.y[result]])))
        smallest, floor = heights[1], 1e4 * self.epsilon * abs(float(self.y[result]))
        return smallest if smallest > max(0.5 * heights[0], floor) else 0.0

    def _from_side(self, direction: Array, result: int, scale: float) -> tuple[float, float]:
        steps = [scale * 0.5**level for level in range(6, 30)]
        slopes = []
        for step in steps:
            near, far = (self._at(direction, k * step)[result] for k in (1, 2))
            slopes.append((4 * near - far - 3 * self.y[result]) / (2 * step))
        value = np.array(slopes)[:, None]
        error = np.abs(np.diff(value, axis=0)) + 4 * self.noise[result] / np.abs(steps[1:])[:, None]
        best = int(_best(value[1:], error)[0, 0])
        return float(value[best + 1, 0]), float(error[best, 0])

    def _at(self, direction: Array, step: float) -> Array:
        return self.f(self.rounded(self.x + step * direction))

    def _central(self, direction: Array, step: float) -> tuple[Array, Array]:
        """A central difference over its step, and how large the values were."""
        right = self.rounded(self.x + step * direction)
        left = self.rounded(self.x - step * direction)
        # The distance that rounding left, which for a single element is exact.
        apart = float((right - left) @ direction) / float(direction @ direction)
        with np.errstate(all="ignore"):
            ends = self.f(right), self.f(left)
            return (ends[0] - ends[1]) / apart, np.maximum(*np.abs(ends))

    def _rounding(self, direction: Array, step: float, value: Array, size: Array) -> Array:
        moved = np.abs(self.x[direction != 0])
        inputs = 0.0
        if moved.size > 1:
            inputs = self.epsilon * float(moved.max()) / (step * float(np.abs(direction).max()))
        return _AMPLIFIED * np.fmax(self.noise, self.epsilon * size) / step + inputs * np.abs(value)

    def level(self, part: slice) -> None:
        """Give the elements of a part of the results at least their root-mean-square noise."""
        for values in (self.noise, self.size):
            # The largest first, since its square could overflow.
            largest = values[part].max()
            if not 0 < largest < np.inf:
                continue
            relative = values[part] / largest
            values[part] = np.maximum(values[part], largest * np.sqrt(np.mean(relative**2)))

    def finite_around(self, reach: float = 2.0**-20) -> bool:
        """Whether the function is finite a little way off to both sides."""
        toward = reach * np.maximum(1, np.abs(self.x))
        both = (self.f(self.rounded(self.x + sign * toward)) for sign in (-1, 1))
        return all(bool(np.isfinite(y).all()) for y in both)


def _extrapolated(first: Array, second: Array, third: Array) -> tuple[Array, Array]:
    """The limit of central differences with steps h, h/2 and h/4, and how far off it may be."""
    with np.errstate(all="ignore"):
        # (first - 20 second + 64 third) / 45, written so that it does not overflow.
        value = third + ((first - second) + 19 * (third - second)) / 45
        truncation = np.abs(value - third - (third - second) / 3)
        # The error of a smooth function falls to a quarter; where its second derivative jumps it
        # falls to a half, and extrapolation does not help.
        change = np.abs(third - second)
        slow = change > 0.35 * np.abs(second - first)
        return value, np.where(slow, np.maximum(truncation, change), truncation)


def _best(values: Array, errors: Array) -> Array:
    """For each column, the row to trust: of least error, and not contradicted by smaller steps.

    Rows go from large steps to small. Far from the point a function may be flat and its slopes
    exact, and those of another neighbourhood.
    """
    with np.errstate(all="ignore"):
        errors = np.where(np.isfinite(values) & np.isfinite(errors), errors, np.inf)
        best = np.full(values.shape[1], len(values) - 1)
        value, error = values[-1], errors[-1]
        for row in range(len(values) - 2, -1, -1):
            gap = np.abs(values[row] - value) - 10 * error
            judged = np.fmax(errors[row], np.where(np.isfinite(gap), gap, 0))
            better = judged < error
            best = np.where(better, row, best)
            value = np.where(better, values[row], value)
            error = np.where(better, judged, error)
    return best[None]
