"""Numbers, and nested lists of numbers and arrays, as one array."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import constant, dispatched


@dispatched
def constant_like(x: Any, values: Any) -> Any:
    """Numbers (or an array or list of them) in the dtype of `x`, on its device."""
    return np.asarray(values, dtype=x.dtype, like=x)


constant(constant_like)


def nested(value: Any) -> bool:
    """Whether `value` is a list or tuple that holds something NumPy cannot convert by itself."""
    if isinstance(value, (list, tuple)):
        return any(map(nested, value))
    return hasattr(value, "__array_function__") and not isinstance(value, (np.ndarray, np.generic))


def stacked(value: Any) -> Any:
    """`value` as one array, lists and tuples as axes, whatever arrays it holds.

    Raises
    ------
    ValueError
        If the parts of a list have different shapes.
    """
    if not isinstance(value, (list, tuple)):
        return value
    if not nested(value):
        return np.array(value)
    parts = [stacked(each) for each in value]
    shapes = [np.shape(part) for part in parts]
    if len(set(shapes)) > 1:
        first, other = shapes[0], next(shape for shape in shapes if shape != shapes[0])
        raise ValueError(
            f"the parts of a list have the shapes {first} and {other}; expected one shape. "
            f"Write np.concatenate([...]) to join parts of different lengths."
        )
    return np.stack(parts)
