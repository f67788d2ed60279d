"""Lists and numbers among the arguments of a function, as arrays."""

from typing import Any

import numpy as np

from autograd_np.rules.nesting import nested, stacked
from autograd_np.rules.registry import constant, dispatched


@dispatched
def placed(like: Any, value: Any) -> Any:
    """Numbers in lists as an array where `like` lives, if that is an array."""
    return np.asarray(value, like=like if hasattr(like, "__array_function__") else None)


constant(placed)


def array_of(value: Any, like: Any) -> Any:
    """A list or a number as an array where `like` lives; an array as it is."""
    if hasattr(value, "dtype"):
        return value
    return stacked(value) if nested(value) else placed(like, value)
