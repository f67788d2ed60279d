"""A derivative by two ways, as the hypotheses about mistakes look at it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.testing.space import Space

Array = np.ndarray[Any, Any]

# A mended derivative must come this much closer than the one that was given.
CLOSER = 1e-3

# What a combination of all results belongs to.
NUMBER = Space("", (), np.dtype(float))


@dataclass(frozen=True)
class Evidence:
    """A derivative by two ways.

    Attributes
    ----------
    analytic, numeric : array of shape ``(*result, *input)``
        NaN in `numeric` where it was not looked at.
    tolerance : array of the same shape
    ndim : int
        How many of the axes are those of the input, the last ones.
    shape : tuple of int
        Of the result before anything was combined.
    others : sequence of array
        The analytic derivatives for the other inputs.
    parts : bool
        Whether the axis before those of the input holds the real and the imaginary part of each
        element of the result.
    """

    analytic: Array
    numeric: Array
    tolerance: Array
    ndim: int
    shape: tuple[int, ...] = ()
    others: Sequence[Array] = ()
    parts: bool = False

    @classmethod
    def of_reals(
        cls,
        tables: Iterable[Array],
        result: Space,
        given: Space,
        shape: tuple[int, ...],
        others: Sequence[Array] = (),
    ) -> Evidence:
        """From real tables, analytic, numeric and tolerance, of shape ``(*result, *input)``.

        A complex result has one axis more, and so has a complex input.
        """
        analytic, numeric, tolerance = (derivative(table, result, given) for table in tables)
        parts = result.is_complex and given.is_complex
        ndim = len(given.shape)
        return cls(analytic, numeric, np.abs(tolerance), ndim, shape, others, parts)

    @property
    def known(self) -> Array:
        """Which elements were looked at."""
        return np.asarray(np.isfinite(self.numeric))

    @property
    def wrong(self) -> Array:
        """Which elements disagree."""
        with np.errstate(invalid="ignore"):
            close = np.abs(self.analytic - self.numeric) <= self.tolerance
        return np.asarray(self.known & ~close)

    @property
    def axes(self) -> list[int]:
        """The axes that are those of the result and of the input."""
        total = self.analytic.ndim
        return [axis for axis in range(total) if not (self.parts and axis == total - self.ndim - 1)]

    def part(self, table: Array, number: int) -> Array:
        """The derivative of the real part (0) or the imaginary part (1) of a complex result."""
        return np.asarray(np.take(table, number, axis=table.ndim - self.ndim - 1))

    def explains(self, mended: Array, closer: float = CLOSER) -> bool:
        """Whether `mended` agrees where the analytic derivative did not, and elsewhere."""
        if mended.shape != self.numeric.shape:
            return False
        known = self.known
        gap = float(np.abs(self.analytic - self.numeric)[known].max(initial=0))
        allowed = np.maximum(self.tolerance, closer * gap)[known]
        if float(np.abs(mended - self.analytic)[known].max(initial=0)) < 0.5 * gap:
            # It mends nothing: the tolerance was wide, and the table symmetric perhaps.
            return False
        return bool((np.abs(mended - self.numeric)[known] <= allowed).all())


def derivative(table: Array, result: Space, given: Space) -> Array:
    """A real derivative with that for both parts of a complex number as one complex number.

    With respect to ``a + ib`` it is ``d/da - i d/db``: what a rule multiplies with.
    """
    if given.is_complex:
        return np.asarray(table[..., 0] - 1j * table[..., 1])
    if result.is_complex:
        real, imaginary = np.moveaxis(table, table.ndim - len(given.shape) - 1, 0)
        return np.asarray(real + 1j * imaginary)
    return table
