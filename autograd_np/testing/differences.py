"""Slopes of a function from its values alone, with how far they can be trusted.

Central differences at three steps are extrapolated (Richardson), which leaves an error of the
sixth order in the step. Where that is not good enough, a ladder of steps is tried and the slope
taken where truncation and noise together are least, as in C. J. F. Ridders, "Accurate computation
of F'(x) and F'(x)F''(x)", Advances in Engineering Software 4 (1982). The noise of the function is
measured from tables of differences: J. J. Moré and S. M. Wild, "Estimating computational noise",
SIAM Journal on Scientific Computing 33 (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

Array = np.ndarray[Any, Any]

# The extrapolated slope multiplies the noise of f by at most this over the step.
_AMPLIFIED = 3.5
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
    """

    value: Array
    truncation: Array
    noise: Array
    step: Array

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
        pairs = zip(astuple(self), astuple(closer), strict=True)
        return Slope(*(np.where(better, new, old) for old, new in pairs))

    def times(self, factor: float) -> Slope:
        """The slopes along a direction that is longer by a factor."""
        return Slope(self.value * factor, self.truncation * factor, self.noise * factor, self.step)


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
        self._resolution = resolution
        # Where truncation of the sixth order and rounding are about equal for a function of scale
        # one; a power of two, so that adding it rounds little.
        self.first_step = 2.0 ** round(math.log2(epsilon) / 6)
        self.y = f(x)
        self.noise = self._measured_noise(rng)

    def looks(self, direction: Array, scale: float = 1.0) -> Iterator[Slope]:
        """Slopes along `direction`, each found with more care than the one before.

        First from the step that suits a smooth function; then from one so small that a kink is
        hardly ever between its ends; then from the best of a ladder of steps.
        """
        yield (found := self.slope(direction, scale))
        yield (found := found.corrected(self.slope(direction, scale * 2.0**-10)))
        yield found.corrected(self.refined(direction, scale))

    def slope(self, direction: Array, scale: float = 1.0) -> Slope:
        """The slopes along `direction`, from six values of the function."""
        steps = [scale * self.first_step * 0.5**level for level in range(3)]
        first, second, third = (self._central(direction, step) for step in steps)
        value = (first - 20 * second + 64 * third) / 45
        truncation = np.abs(value - (4 * third - second) / 3)
        noise = self._rounding(direction, steps[0], value)
        return Slope(value, truncation, noise, np.full(value.shape, steps[0]))

    def refined(self, direction: Array, scale: float = 1.0) -> Slope:
        """The slopes along `direction`, each from the best of a ladder of steps."""
        steps = [scale * 0.5**level for level in _LADDER]
        table = np.stack([self._central(direction, step) for step in steps])
        with np.errstate(all="ignore"):
            value = (table[:-2] - 20 * table[1:-1] + 64 * table[2:]) / 45
            truncation = np.abs(value - (4 * table[2:] - table[1:-1]) / 3)
            truncation[:-1] = np.maximum(truncation[:-1], np.abs(value[1:] - value[:-1]))
            pairs = zip(steps, value, strict=False)
            noise = np.stack([self._rounding(direction, step, v) for step, v in pairs])
        best = _best(value, truncation + noise)
        value, truncation, noise = (
            np.take_along_axis(each, best, axis=0)[0] for each in (value, truncation, noise)
        )
        return Slope(value, truncation, noise, np.asarray(steps)[best[0]])

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
            ends = [self._at(direction, sign * step)[result] for sign in (-1, 1)]
            heights.append(float(np.ptp([*ends, self.y[result]])))
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

    def _central(self, direction: Array, step: float) -> Array:
        right = self.rounded(self.x + step * direction)
        left = self.rounded(self.x - step * direction)
        # The distance that rounding left, which for a single element is exact.
        apart = float((right - left) @ direction) / float(direction @ direction)
        with np.errstate(all="ignore"):
            return (self.f(right) - self.f(left)) / apart

    def _rounding(self, direction: Array, step: float, value: Array) -> Array:
        moved = np.abs(self.x[direction != 0])
        inputs = 0.0
        if moved.size > 1:
            inputs = self.epsilon * float(moved.max()) / (step * float(np.abs(direction).max()))
        return _AMPLIFIED * self.noise / step + inputs * np.abs(value)

    def level(self, part: slice) -> None:
        """Give the elements of a part of the results at least their root-mean-square noise."""
        for values in (self.noise, self.size):
            values[part] = np.maximum(values[part], np.sqrt(np.mean(np.square(values[part]))))

    def finite_around(self, reach: float = 2.0**-20) -> bool:
        """Whether the function is finite a little way off to both sides."""
        toward = reach * np.maximum(1, np.abs(self.x))
        both = (self.f(self.rounded(self.x + sign * toward)) for sign in (-1, 1))
        return all(bool(np.isfinite(y).all()) for y in both)

    def _measured_noise(self, rng: np.random.Generator) -> Array:
        # To one side of the point, so that a kink or a jump there is not taken for noise.
        toward = rng.uniform(0.5, 1.5, self.x.shape) * np.where(self.x == 0, 1, np.abs(self.x))
        self.size = np.abs(self.y)
        far, _ = self._noise_along(toward, 2.0**6 * self.epsilon**0.5)
        near, moved = self._noise_along(toward, 2.0**8 * self.epsilon**0.75)
        self.size = np.maximum(self.size, self._resolution / self.epsilon)
        floor = np.maximum(self.epsilon * np.abs(self.y), self._resolution)
        # A kink between the points makes less noise the closer they are; but a value that is
        # rounded on the way may not change at all between points that are too close.
        return np.maximum(np.where(moved, near, far), floor)

    def _noise_along(self, toward: Array, spacing: float) -> tuple[Array, Array]:
        """The noise in points so far apart, and whether the results moved from point to point."""
        with np.errstate(all="ignore"):
            table = np.stack([self._at(toward, k * spacing) for k in range(1, 8)])
            largest = np.abs(table).max(axis=0)
            self.size = np.fmax(self.size, largest)
            moved = (np.diff(table, axis=0) != 0).sum(axis=0) > 4
            # Squares of the values themselves could overflow.
            table = table / np.where(largest == 0, 1, largest)
            levels = []
            for order in range(1, 7):
                table = np.diff(table, axis=0)
                if order >= 4:
                    weight = math.factorial(order) ** 2 / math.factorial(2 * order)
                    levels.append(np.sqrt(weight * np.mean(table * table, axis=0)))
            return np.asarray(np.median(levels, axis=0) * largest), moved


def _best(values: Array, errors: Array) -> Array:
    """For each column, the row to trust: of least error, and not contradicted by smaller steps.

    Rows go from large steps to small. Far from the point a function may be flat and its slopes
    exact, and those of another neighbourhood.
    """
    with np.errstate(all="ignore"):
        judged = np.where(np.isfinite(values) & np.isfinite(errors), errors, np.inf)
        for row in range(len(values) - 1):
            contradicted = np.abs(values[row + 1 :] - values[row]) - 10 * judged[row + 1 :]
            gap = np.fmax.reduce(np.where(np.isfinite(contradicted), contradicted, 0), axis=0)
            judged[row] = np.maximum(judged[row], gap)
    return np.asarray(np.argmin(judged, axis=0)[None])
