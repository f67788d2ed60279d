"""A subject at one point: analytic and numeric derivatives, and what difference is allowed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograd_np.testing.analytic import Analytic
from autograd_np.testing.differences import Differences, Slope
from autograd_np.testing.space import pack, slices
from autograd_np.testing.subject import Array, FaultError, Subject, fault

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

_SAFETY = 10


@dataclass(frozen=True)
class _Limits:
    """What is allowed of derivatives in one precision.

    Attributes
    ----------
    floor : float
        Error beside the derivative itself, after a chain of ordinary rounding.
    carried : float
        Error beside the largest derivative of the same array, carried over by sums.
    trusted : float
        Tolerance, beside the largest derivative, above which a check says nothing.
    flat : float
        Derivative, beside the function over its argument, that is as good as zero.
    sharp : float
        Tolerance, beside the largest derivative, below which no closer look is worth while.
    """

    floor: float
    carried: float
    trusted: float
    flat: float
    sharp: float


_DOUBLE = _Limits(floor=1e-9, carried=1e-12, trusted=0.02, flat=1e-7, sharp=1e-6)
_SINGLE = _Limits(floor=1e-4, carried=2e-6, trusted=0.5, flat=1e-6, sharp=1e-2)


class Point:
    """A subject at one point, with both kinds of derivative.

    All numbers are real: a complex one counts as two. Results are counted as the elements of one
    flat vector. The last one, number `m`, is a random combination of all others: the one that a
    single reverse pass differentiates.

    Parameters
    ----------
    subject : Subject
    arrays : sequence of array
        The values of its inputs.
    seed : int

    Attributes
    ----------
    x : array of shape (n,)
    scales : array of shape (n,)
        The size of a step for each element, relative to a step for an element of size 1.
    weights : array of shape (m,)
        Of the combination.
    numeric : Differences
        Of ``m + 1`` results.
    analytic : Analytic
    inputs, results : list of slice
        Where each array lies among the n, and the m + 1.

    Raises
    ------
    FaultError
        As `Analytic`, and if the function is not finite here.
    """

    def __init__(self, subject: Subject, arrays: Sequence[Array], seed: int) -> None:
        self.subject = subject
        self.rng = np.random.default_rng(seed)
        self.x = pack(arrays)
        self.scales = np.maximum(1, np.abs(self.x))
        weights = subject.weights(seed)
        self.weights = pack(weights)
        self.results = slices([*(space.size for space in subject.outputs), 1])
        self.inputs = slices([space.size for space in subject.inputs])
        self.numeric = Differences(
            self._value, self.x, subject.rounded, subject.epsilon, subject.resolution, self.rng
        )
        for part in filter(lambda part: part.stop > part.start, self.results):
            # Elements of one array are computed alike, and seven points may miss the noise of one.
            self.numeric.level(part)
        self._check_repeatable()
        parts = zip(self.results, subject.outputs, strict=False)
        noise = [self.numeric.noise[part].reshape(space.axes) for part, space in parts]
        self.analytic = Analytic(subject, arrays, weights, noise)
        self._limits = _DOUBLE if subject.epsilon < 1e-12 else _SINGLE

    def along(self, mode: str) -> Callable[[Array], Array]:
        """The analytic derivative along a direction, of shape (m + 1,); reverse has only the last.

        The others are NaN.
        """
        if mode == "reverse":
            unknown = np.full(len(self.weights), np.nan)
            return lambda direction: np.append(unknown, self.analytic.gradient @ direction)

        return lambda direction: self._combined(self.analytic.push(direction))

    def slope(self, direction: Array) -> Slope:
        """The numeric derivative along a direction of any length, at a first look."""
        return next(self.looks(direction))

    def refined(self, direction: Array) -> Slope:
        """The numeric derivative along a direction, with the most care."""
        *_, last = self.looks(direction)
        return last

    def looks(self, direction: Array) -> Iterator[Slope]:
        """The numeric derivative along a direction, each time with more care."""
        length = float(np.linalg.norm(direction))
        scale = float(np.abs(direction) @ self.scales / np.abs(direction).sum())
        moved = np.flatnonzero(direction)
        small = abs(float(self.x[moved[0]])) if len(moved) == 1 else 0.0
        looks = self.numeric.looks(direction / length, scale, small if small < 2.0**-20 else 0.0)
        for slope in looks:
            yield slope.times(length)

    def close(self, direction: Array) -> Slope:
        """The numeric derivative along a direction, from so near that kinks hardly matter."""
        return next(itertools.islice(self.looks(direction), 1, None))

    def analytic_noise(self, direction: Array) -> Array:
        """The noise of the analytic derivative along a direction, of shape (m + 1,)."""

        def pushed(vector: Array) -> Array:
            return self._combined(self.analytic.push(direction, subject.unpack(vector)))

        subject = self.subject
        try:
            near = Differences(pushed, self.x, subject.rounded, subject.epsilon, 0.0, self.rng)
        except FaultError:
            # The rule cannot be transposed, which is not what is being asked here.
            return np.zeros(len(self.weights) + 1)
        return near.noise

    def unit(self, column: int) -> Array:
        """The direction of one element."""
        direction = np.zeros(self.x.shape)
        direction[column] = 1
        return direction

    def tolerance(self, slope: Slope, scale: Array) -> Array:
        """How far off a right derivative may be; `scale` is the size of the slopes around it."""
        floor = self._limits.floor * np.where(np.isfinite(slope.value), np.abs(slope.value), 0)
        return _SAFETY * slope.error + floor + self._limits.carried * scale

    def excess(self, analytic: Array, slope: Slope, allowed: Array, scale: Array) -> Array:
        """Error over tolerance; inf where something is not finite or not to be trusted.

        Before the closest look, a slope is trusted only if its tolerance could hardly be sharper.
        """
        if slope.final:
            trusted = self.trusted(analytic, slope, allowed, scale)
        else:
            trusted = allowed <= self._limits.sharp * scale
        with np.errstate(all="ignore"):
            ratio = np.abs(analytic - slope.value) / allowed
        ratio[np.isnan(ratio) | ~trusted] = np.inf
        return np.where(analytic == slope.value, 0, ratio)

    def trusted(self, analytic: Array | float, slope: Slope, allowed: Array, scale: Array) -> Array:
        """Whether so large a tolerance still says something.

        It is small beside the slopes, or the function is as good as flat.
        """
        steepness = self.numeric.size / max(1.0, float(np.abs(self.x).max(initial=0)))
        flat = np.maximum(np.abs(analytic), np.abs(slope.value)) <= self._limits.flat * steepness
        return (allowed <= self._limits.trusted * scale) | flat

    def scale(self, values: Array) -> Array:
        """For each result, the largest finite value among those of the same array."""
        sizes = np.where(np.isfinite(values), np.abs(values), 0)
        largest = np.zeros(sizes.shape)
        for part in self.results:
            largest[part] = sizes[part].max(initial=0)
        return largest

    def reason(self, slope: Slope, row: int, scale: float) -> str:
        """Where a tolerance comes from, in words."""
        dtype = "float64" if self.subject.epsilon < 1e-12 else "float32 or coarser"
        return (
            f"{dtype}; {_SAFETY} x ({slope.truncation[row]:.2g} from steps of {slope.step[row]:.2g}"
            f" + {slope.noise[row]:.2g} from the noise of f, {self.numeric.noise[row]:.2g}) "
            f"+ {self._limits.floor:.2g} x the slope "
            f"+ {self._limits.carried:.2g} x the largest, {scale:.3g}"
        )

    def _check_repeatable(self) -> None:
        if not np.isfinite(self.numeric.y).all():
            raise fault("nan", "the function itself is not finite at this point: move the point.")
        first, again = self.numeric.y, self._value(self.x)
        apart = np.abs(again - first)
        if (apart > 64 * self.subject.epsilon * self.scale(first)).any():
            raise fault(
                "random",
                f"two runs of the function at the same point give values that are "
                f"{float(apart.max()):.3g} apart. Fix its random numbers: draw them from a "
                f"generator that it makes anew from a seed, or call model.eval().",
            )

    def _value(self, vector: Array) -> Array:
        with np.errstate(all="ignore"):
            return self._combined(pack(self.subject.plain(self.subject.unpack(vector))))

    def _combined(self, results: Array) -> Array:
        """All results, and their combination."""
        return np.append(results, self.weights @ results)
