"""How uncertain the values of a function are.

Noise is measured from tables of differences at points close together, whose higher orders a smooth
function leaves empty: J. J. Moré and S. M. Wild, "Estimating computational noise", SIAM Journal on
Scientific Computing 33 (2011).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

_POINTS = 7


def reach(x: Array, rng: np.random.Generator) -> Array:
    """A random direction that moves each element in proportion to its size."""
    return np.asarray(rng.uniform(0.5, 1.5, x.shape) * np.where(x == 0, 1, np.abs(x)))


def measured_noise(
    f: Callable[[Array], Array],
    rounded: Callable[[Array], Array],
    x: Array,
    epsilon: float,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """The standard deviation of the noise in each result near `x`, and the size of each.

    Parameters
    ----------
    f : callable ``(vector of shape (n,)) -> vector of shape (m,)``
    rounded : callable
        Rounds a vector to what the inputs' dtypes can represent.
    x : array of shape (n,)
    epsilon : float
        Spacing of the coarsest dtype in use, relative to 1.
    rng : numpy.random.Generator

    Returns
    -------
    noise, size : arrays of shape (m,)

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.testing.noise import measured_noise
    >>> single = lambda x: np.sin(x.astype(np.float32)).astype(float)
    >>> rng = np.random.default_rng(0)
    >>> noise, _ = measured_noise(single, lambda x: x, np.array([1.0]), 2.2e-16, rng)
    >>> bool(1e-9 < noise[0] < 1e-6)
    True
    """

    def along(toward: Array, spacing: float) -> tuple[Array, Array, Array]:
        points = (rounded(x + k * spacing * toward) for k in range(1, _POINTS + 1))
        return _noise_of(np.stack([f(point) for point in points]))

    # To one side of the point, so that a kink or a jump there is not taken for noise.
    toward = reach(x, rng)
    close = 2.0**8 * epsilon**0.75
    far, far_size, far_moved = along(toward, 2.0**6 * epsilon**0.5)
    near, size, moved = along(toward, close)
    # Rounding may by chance go up evenly from point to point, but not along three directions.
    for _ in range(2):
        near = np.fmax(near, along(toward * rng.uniform(0.5, 1, x.shape), close)[0])
    # A kink between the points makes less noise the closer they are; but a value that is rounded
    # on the way may not change at all between points that are too close.
    noise = np.where(moved, near, far)
    # What hardly moves may have lost its slope by cancellation.
    flat = ~(moved | far_moved)
    noise = np.where(flat, np.fmax(noise, epsilon), noise)
    size = np.fmax(size, far_size)
    return noise, np.where(flat, np.fmax(size, 1), size)


def _noise_of(table: Array) -> tuple[Array, Array, Array]:
    """Noise and size of the columns of a table, and whether they change from row to row."""
    with np.errstate(all="ignore"):
        moved = (np.diff(table, axis=0) != 0).sum(axis=0) > _POINTS // 2
        size = np.abs(table).max(axis=0)
        # Squares of the values themselves could overflow.
        table = table / np.where(size == 0, 1, size)
        levels = []
        for order in range(1, _POINTS):
            table = np.diff(table, axis=0)
            if order >= 4:
                weight = math.factorial(order) ** 2 / math.factorial(2 * order)
                levels.append(np.sqrt(weight * np.mean(table * table, axis=0)))
        return np.asarray(np.median(levels, axis=0) * size), size, moved
