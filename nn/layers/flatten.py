"""Flatten."""

from __future__ import annotations

import math
from typing import Any

from nn.module import Module

__all__ = ["Flatten"]


class Flatten(Module):
    """Reshape all axes after the first into one.

    Examples
    --------
    >>> import numpy as np
    >>> Flatten()(np.zeros((5, 28, 28))).shape
    (5, 784)
    """

    def forward(self, x: Any) -> Any:
        """Return `x` with the shape (rows, everything else)."""
        return x.reshape(x.shape[0], math.prod(x.shape[1:]))
