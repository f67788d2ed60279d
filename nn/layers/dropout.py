"""Dropout."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag
from nn.module import Module
from nn.randomness import Draws, RandomSource, as_random, generator_state, set_generator_state

__all__ = ["Dropout", "dropout_mask"]

Array: TypeAlias = np.ndarray[Any, Any]


class Dropout(Module):
    """In training, set each element to 0 with probability `p` and divide the others by 1 - p.

    The expected value stays what it was, so evaluation is the identity (inverted dropout;
    Srivastava et al., "Dropout", JMLR 2014, section 10).

    Parameters
    ----------
    p : float in [0, 1]
    rng : Generator, RandomState, numpy.random, seed or None

    Examples
    --------
    >>> import numpy as np
    >>> layer = Dropout(0.5, rng=0)
    >>> layer(np.ones(4))
    array([2., 0., 0., 0.])
    >>> layer.eval()(np.ones(4))
    array([1., 1., 1., 1.])
    """

    def __init__(self, p: float = 0.5, *, rng: RandomSource = None) -> None:
        if not 0.0 <= p <= 1.0:
            raise ValueError(f"p={p} is not a probability; expected 0 <= p <= 1: Dropout(0.5)")
        self.p = float(p)
        self.rng = as_random(rng)

    def forward(self, x: Any) -> Any:
        """Return `x`, in training with elements dropped."""
        training, p, rng = ag.guard(lambda: (self.training, self.p, self.rng))
        if not training or p == 0.0:
            return x
        return x * ag.callback(dropout_mask, rng, x.shape, p, x.dtype)

    def extra_repr(self) -> str:
        """Return the settings that `repr` shows."""
        return f"p={self.p}"

    def random_state(self) -> dict[str, Any]:
        """Return the state of the generator, as JSON can hold it."""
        return generator_state(self.rng)

    def set_random_state(self, state: Mapping[str, Any]) -> None:
        """Put the generator into a state that `random_state` returned."""
        set_generator_state(self.rng, state)


def dropout_mask(rng: Draws, shape: tuple[int, ...], p: float, dtype: Any) -> Array:
    """Draw what an input is multiplied by: 0 with probability `p`, else 1 / (1 - p).

    Examples
    --------
    >>> import numpy as np
    >>> dropout_mask(np.random.default_rng(0), (3,), 0.5, np.float32)
    array([2., 0., 0.], dtype=float32)
    """
    kept = rng.random(shape) >= p
    mask = kept.astype(dtype)
    if p < 1.0:
        mask /= 1.0 - p
    return mask
