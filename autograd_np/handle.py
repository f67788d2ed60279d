"""The storage behind a Tensor, apart from its behaviour: recording needs no more of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from autograd_np.graph import Node

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor


class Handle:
    """An array and the node that made it.

    Attributes
    ----------
    _data : array
        The value, used by the engine only: users get it through `Tensor.data`.
    _node : Node or None
        None for a constant.
    _grad : array, Tensor or None
    _live : array or None
        The view of a leaf's memory that `Tensor.data` hands out.
    """

    __slots__ = ("__weakref__", "_data", "_grad", "_live", "_node")

    # Marks the type for `dispatched`, which must not import it.
    __autograd_np__ = True

    _data: Any
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
    tensor._data = data
    tensor._node = node
    tensor._grad = None
    tensor._live = None
    return tensor


_new = object.__new__


def as_array(value: Any) -> Any:
    """A NumPy scalar as a 0-d array, an array as it is."""
    return np.asarray(value) if isinstance(value, np.generic) else value


def unwrap(value: Any) -> Any:
    """`value` with every Tensor in it, however deep in lists, tuples and dicts, as an array."""
    if isinstance(value, Handle):
        return value._data
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
