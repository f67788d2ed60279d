"""What calls are given besides values of the program."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import numpy as np

from autograd_np.program import Ref


def arrays_in(value: Any) -> Iterator[Any]:
    """The arrays in an argument that are no values of the program."""
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from arrays_in(item)
    elif isinstance(value, dict):
        yield from arrays_in(tuple(value.values()))


def key_of(value: Any) -> Hashable:
    """What is equal for arguments that are the same to the last bit, and in dtype.

    Arrays that are no values of the program must be the same array.

    Examples
    --------
    >>> key_of([1, 2.0]) == key_of([1, 2.0])
    True
    >>> key_of(0.0) == key_of(-0.0), key_of(1) == key_of(True)
    (False, False)
    """
    if isinstance(value, Ref):
        return ("value", value.index)
    if isinstance(value, (list, tuple)):
        return (type(value), *map(key_of, value))
    if isinstance(value, dict):
        return tuple(sorted((name, key_of(item)) for name, item in value.items()))
    if isinstance(value, slice):
        return (slice, key_of(value.start), key_of(value.stop), key_of(value.step))
    if isinstance(value, np.generic):
        return (value.dtype, value.tobytes())
    if isinstance(value, (bool, int, float, complex, str, bytes)):
        # The text, because 0.0 equals -0.0.
        return (type(value), repr(value))
    if isinstance(value, np.dtype):
        return value
    return id(value)
