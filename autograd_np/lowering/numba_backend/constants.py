"""What a constant of a program is to native code: a number, or an array that is read."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from autograd_np import memory
from autograd_np.lowering.lowered import CannotLowerError


def classified(value: Any) -> tuple[Literal["literal", "constant"], Any]:
    """Whether a constant is a number in the place of every element, and the number or array.

    An array that can still be written is read anew at each call.

    Examples
    --------
    >>> import numpy as np
    >>> zeros = np.zeros(3)
    >>> classified(zeros)[0]
    'constant'
    >>> zeros.flags.writeable = False
    >>> classified(zeros)
    ('literal', 0.0)
    """
    if isinstance(value, (bool, int, float)):
        return "literal", value
    if isinstance(value, np.generic):
        return "literal", value.item()
    if isinstance(value, (list, tuple)):
        value = np.asarray(value)
        value.flags.writeable = False
    if not isinstance(value, np.ndarray):
        raise CannotLowerError(f"is given a {type(value).__name__}")
    if is_frozen(value) and value.size:
        first = value.reshape(-1)[0]
        if value.dtype.kind in "bifu" and np.all(value == first):
            return "literal", first.item()
    return "constant", value


def is_frozen(array: Any) -> bool:
    """Whether nobody can write an array, now or later."""
    return not memory.may_change(array)
