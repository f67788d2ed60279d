"""The storage behind a Tensor, apart from its behaviour: recording needs no more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd_np.graph import Node

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor


class Handle:
    """An array and the node that made it.

    (Not `_data`: numpy.ma takes whatever has an attribute of that name for its own.)

    Attributes
    ----------
    _value : array
        The value, used by the engine only: users get it through `Tensor.data`.
    _node : Node or None
        None for a constant.
    _grad : array, Tensor or None
    _live : array or None
        The view of a leaf's memory that `Tensor.data` hands out.
    """

    __slots__ = ("__weakref__", "_grad", "_live", "_node", "_value")

    # Marks the type for `dispatched`, which must not import it.
    __autograd_np__ = True

    _value: Any
    _node: Node | None
    _grad: Any
    _live: Any


H = TypeVar("H", bound=type[Handle])
_result: Any = Handle


def result_type(cls: H) -> H:
    """Class decorator: the type of the results of operations."""
    global _result
    _result = cls
    return cls


def wrap(data: Any, node: Node | None = None) -> Tensor:
    """A Tensor around `data`, an array that is not copied."""
    tensor: Tensor = _new(_result)
    tensor._value = data
    tensor._node = node
    tensor._grad = None
    tensor._live = None
    return tensor


_new = object.__new__


def as_array(value: Any) -> Any:
    """A NumPy scalar as a 0-d array, an array as it is.

    Raises
    ------
    TypeError
        For masked arrays and other subclasses: no rule knows what they mean.
    ValueError
        For an array whose lengths its library does not know yet.
    """
    if isinstance(value, np.generic):
        return np.asarray(value)
    if isinstance(value, np.ndarray):
        if type(value) is not np.ndarray:
            refuse_subclass(value)
    elif any(length != length for length in value.shape):
        raise ValueError(
            f"an array of shape {value.shape} has axes of unknown length, and a gradient needs "
            f"them. Write array.compute_chunk_sizes() before it is used."
        )
    return value


def refuse_subclass(value: Any) -> None:
    """Raise TypeError for a subclass of ndarray."""
    raise TypeError(
        f"a Tensor holds plain arrays, and this is a {type(value).__name__}, whose meaning a "
        f"gradient would not follow. Write np.asarray(value), or for a masked array "
        f"np.where(mask, 0, value.data)."
    )


def unwrap(value: Any) -> Any:
    """`value` with every Tensor in it, however deep in lists, tuples and dicts, as an array."""
    if isinstance(value, Handle):
        return value._value
    if type(value) is np.ndarray:
        return value
    if isinstance(value, (list, tuple)) and any(_holds_handle(item) for item in value):
        items = [unwrap(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    if isinstance(value, dict):
        return {key: unwrap(item) for key, item in value.items()}
    return value


def _holds_handle(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_holds_handle(item) for item in value)
    return isinstance(value, (Handle, dict))
