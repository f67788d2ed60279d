"""Sources of random numbers, and their state as JSON can hold it, so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, TypeAlias, cast

import numpy as np

__all__ = ["Draws", "RandomSource", "as_random", "generator_state", "set_generator_state"]

Array: TypeAlias = np.ndarray[Any, Any]
Shape: TypeAlias = tuple[int, ...]
#: A `Generator`, a `RandomState`, the module `numpy.random` (its global state), a seed or None.
RandomSource: TypeAlias = Any


class Draws(Protocol):
    """What `numpy.random.Generator`, `numpy.random.RandomState` and `numpy.random` share."""

    def uniform(self, low: float, high: float, size: Shape) -> Array:
        """Draw from U[low, high)."""
        ...

    def normal(self, loc: float, scale: float, size: Shape) -> Array:
        """Draw from N(loc, scale²)."""
        ...

    def random(self, size: Shape) -> Array:
        """Draw from U[0, 1)."""
        ...


def as_random(source: RandomSource = None) -> Draws:
    """Return the object that draws for `source`.

    Parameters
    ----------
    source : numpy.random.Generator, numpy.random.RandomState, the module numpy.random, int or None
        A seed makes a new `Generator`; None makes one seeded by the operating system. Anything that
        draws is returned as it is, so its state moves on as the caller expects.

    Raises
    ------
    TypeError
        If `source` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> as_random(0).random((2,))
    array([0.63696169, 0.26978671])
    >>> np.random.seed(0)
    >>> as_random(np.random).random((2,))  # the legacy global state
    array([0.5488135 , 0.71518937])
    """
    is_seed = isinstance(source, (int, np.integer)) and not isinstance(source, bool)
    if source is None or is_seed or isinstance(source, np.random.SeedSequence):
        return np.random.default_rng(source)
    if all(callable(getattr(source, name, None)) for name in ("uniform", "normal", "random")):
        return cast(Draws, source)
    raise TypeError(
        f"rng={source!r} draws no random numbers; expected a numpy.random.Generator, a "
        "RandomState, the module numpy.random, a seed or None. Write rng=np.random.default_rng(0)"
    )


def generator_state(rng: Any) -> dict[str, Any]:
    """Return the state of a `Generator`, `RandomState` or `numpy.random` as numbers and lists.

    Raises
    ------
    TypeError
        If `rng` is none of these.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> state = generator_state(rng)
    >>> first = rng.random()
    >>> set_generator_state(rng, state)
    >>> rng.random() == first
    True
    """
    if isinstance(rng, np.random.Generator):
        state = rng.bit_generator.state
    elif isinstance(rng, np.random.RandomState) or rng is np.random:
        state = rng.get_state(legacy=False)
    else:
        raise TypeError(f"the state of {rng!r} cannot be saved; write rng=np.random.default_rng(0)")
    plain: dict[str, Any] = _plain(state)
    return plain


def set_generator_state(rng: Any, state: Mapping[str, Any]) -> None:
    """Put `rng` into a state that `generator_state` returned.

    Raises
    ------
    ValueError
        If the state is that of another kind of generator.
    """
    present = generator_state(rng)
    if present["bit_generator"] != state.get("bit_generator"):
        raise ValueError(
            f"the state is one of {state.get('bit_generator')!r}, but the generator is "
            f"{present['bit_generator']!r}: make the same kind, then load"
        )
    restored = _arrays(state)
    if isinstance(rng, np.random.Generator):
        rng.bit_generator.state = restored
    else:
        rng.set_state(restored)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return {"dtype": str(value.dtype), "array": value.tolist()}
    return value.item() if isinstance(value, np.generic) else value


def _arrays(value: Any) -> Any:
    if isinstance(value, Mapping):
        if set(value) == {"dtype", "array"}:
            return np.array(value["array"], dtype=value["dtype"])
        return {key: _arrays(item) for key, item in value.items()}
    return value
