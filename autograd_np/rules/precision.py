"""Precision in which rules compute."""

from typing import Any

import numpy as np


def wide(x: Any) -> Any:
    """`x`, in float32 if it is float16, whose squares overflow; the edge casts gradients back."""
    return x.astype(np.float32) if getattr(x, "dtype", None) == np.float16 else x
