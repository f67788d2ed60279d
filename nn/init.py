"""Initial values of parameters: functions of a shape and a source of random numbers.

Every initialiser is called as ``initializer(shape, rng, fan_in=..., fan_out=...)`` and returns a
float64 array; the layer casts it to its own dtype, so a float32 and a float64 network that draw
from the same seed start from the same numbers. A function of your own only needs to accept those
arguments: ``lambda shape, rng, **fans: rng.uniform(-0.1, 0.1, shape)``; settings are bound with
`functools.partial`: ``partial(init.uniform, low=-1, high=1)``.

When the fans are not given, the shape is read as `nn.Linear` lays its weight out:
``(fan_out, fan_in, *receptive_field)``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from nn.randomness import Draws, RandomSource, as_random

__all__ = [
    "Initializer",
    "constant",
    "fan_in_uniform",
    "he_normal",
    "he_uniform",
    "normal",
    "ones",
    "uniform",
    "xavier_normal",
    "xavier_uniform",
    "zeros",
]

Array: TypeAlias = np.ndarray[Any, Any]
Shape: TypeAlias = tuple[int, ...]
Initializer: TypeAlias = Callable[..., Array]


def fans(shape: Shape, fan_in: int | None = None, fan_out: int | None = None) -> tuple[int, int]:
    """Return ``(fan_in, fan_out)``, read from `shape` where they are not given.

    Examples
    --------
    >>> fans((10, 4))
    (4, 10)
    >>> fans((4, 10), fan_in=4, fan_out=10)
    (4, 10)
    """
    if fan_in is None or fan_out is None:
        if len(shape) < 2:
            raise ValueError(
                f"shape {shape} has no fan-in and fan-out; expected (fan_out, fan_in, ...). "
                "Pass them: he_normal(shape, rng, fan_in=4, fan_out=10)"
            )
        receptive = math.prod(shape[2:])
        fan_in = shape[1] * receptive if fan_in is None else fan_in
        fan_out = shape[0] * receptive if fan_out is None else fan_out
    if fan_in < 1 or fan_out < 1:
        raise ValueError(f"fan_in={fan_in} and fan_out={fan_out} must be at least 1")
    return fan_in, fan_out


def uniform(
    shape: Shape, rng: RandomSource = None, *, low: float = 0.0, high: float = 1.0, **_: Any
) -> Array:
    """Draw from U[low, high).

    With a legacy source these are the numbers of ``np.random.uniform(low, high, size=shape)``, and
    with ``low=-1, high=1`` of ``np.random.rand(*shape) * 2 - 1``.

    Examples
    --------
    >>> import numpy as np
    >>> uniform((2,), np.random.RandomState(0), low=-1, high=1)
    array([0.09762701, 0.43037873])
    """
    return as_random(rng).uniform(low, high, shape)


def normal(
    shape: Shape, rng: RandomSource = None, *, mean: float = 0.0, std: float = 1.0, **_: Any
) -> Array:
    """Draw from N(mean, std²).

    With a legacy source and no mean these are the numbers of ``np.random.randn(*shape) * std``.

    Examples
    --------
    >>> import numpy as np
    >>> normal((2,), np.random.RandomState(0), std=0.1)
    array([0.17640523, 0.04001572])
    """
    return as_random(rng).normal(mean, std, shape)


def xavier_uniform(
    shape: Shape,
    rng: RandomSource = None,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
    gain: float = 1.0,
) -> Array:
    """Draw from U[-a, a) with a = gain · sqrt(6 / (fan_in + fan_out)).

    Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    AISTATS 2010, equation 16. For tanh and sigmoid layers.

    Examples
    --------
    >>> bool(abs(xavier_uniform((3, 3), 0)).max() < 1.0)
    True
    """
    total = sum(fans(shape, fan_in, fan_out))
    bound = gain * math.sqrt(6.0 / total)
    return as_random(rng).uniform(-bound, bound, shape)


def xavier_normal(
    shape: Shape,
    rng: RandomSource = None,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
    gain: float = 1.0,
) -> Array:
    """Draw from N(0, s²) with s = gain · sqrt(2 / (fan_in + fan_out)).

    Glorot & Bengio, AISTATS 2010, equation 12.

    Examples
    --------
    >>> xavier_normal((3, 5), 0).shape
    (3, 5)
    """
    total = sum(fans(shape, fan_in, fan_out))
    return as_random(rng).normal(0.0, gain * math.sqrt(2.0 / total), shape)


def he_uniform(
    shape: Shape,
    rng: RandomSource = None,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
    gain: float = math.sqrt(2.0),
) -> Array:
    """Draw from U[-a, a) with a = gain · sqrt(3 / fan_in).

    He et al., "Delving Deep into Rectifiers", ICCV 2015, equation 10. For ReLU layers.

    Examples
    --------
    >>> bool(abs(he_uniform((8, 6), 0)).max() < 1.0)
    True
    """
    width = fans(shape, fan_in, fan_out)[0]
    bound = gain * math.sqrt(3.0 / width)
    return as_random(rng).uniform(-bound, bound, shape)


def he_normal(
    shape: Shape,
    rng: RandomSource = None,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
    gain: float = math.sqrt(2.0),
) -> Array:
    """Draw from N(0, s²) with s = gain / sqrt(fan_in).

    He et al., ICCV 2015, equation 10. With a legacy source these are the numbers of
    ``np.random.randn(out, in) * np.sqrt(2 / in)`` to the last bit or the one before it.

    Examples
    --------
    >>> he_normal((4, 2), 0).shape
    (4, 2)
    """
    width = fans(shape, fan_in, fan_out)[0]
    # sqrt(gain² / width), not gain / sqrt(width): the same rounding as sqrt(2 / width).
    scale = math.sqrt(2.0 / width) if gain == math.sqrt(2.0) else gain / math.sqrt(width)
    return as_random(rng).normal(0.0, scale, shape)


def fan_in_uniform(
    shape: Shape,
    rng: RandomSource = None,
    *,
    fan_in: int | None = None,
    fan_out: int | None = None,
) -> Array:
    """Draw from U[-a, a) with a = 1 / sqrt(fan_in), the default of PyTorch's linear layers.

    Examples
    --------
    >>> bool(abs(fan_in_uniform((3, 4), 0)).max() < 0.5)
    True
    """
    bound = 1.0 / math.sqrt(fans(shape, fan_in, fan_out)[0])
    return as_random(rng).uniform(-bound, bound, shape)


def constant(shape: Shape, rng: RandomSource = None, *, value: float = 0.0, **_: Any) -> Array:
    """Return an array filled with `value`; nothing is drawn.

    Examples
    --------
    >>> constant((2,), value=0.5)
    array([0.5, 0.5])
    """
    return np.full(shape, float(value))


def zeros(shape: Shape, rng: RandomSource = None, **_: Any) -> Array:
    """Return zeros; nothing is drawn.

    Examples
    --------
    >>> zeros((2,))
    array([0., 0.])
    """
    return np.zeros(shape)


def ones(shape: Shape, rng: RandomSource = None, **_: Any) -> Array:
    """Return ones; nothing is drawn.

    Examples
    --------
    >>> ones((2,))
    array([1., 1.])
    """
    return np.ones(shape)


def checked_draw(
    initializer: Initializer, shape: Shape, rng: Draws, dtype: Any, *, fan_in: int, fan_out: int
) -> Array:
    """Call `initializer` and check that what it returned is an array of `shape`.

    Raises
    ------
    ValueError
        If the shape differs: broadcasting it in silence would tie weights together.
    """
    values = np.asarray(initializer(shape, rng, fan_in=fan_in, fan_out=fan_out))
    if values.shape != shape:
        name = getattr(initializer, "__name__", repr(initializer))
        raise ValueError(
            f"initialiser {name} returned shape {values.shape}, expected {shape}. "
            "Write: lambda shape, rng, **fans: rng.uniform(-1, 1, shape)"
        )
    return values.astype(dtype)
