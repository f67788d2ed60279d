"""Nested tuples, lists and dicts of arrays, flattened and rebuilt."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any

import numpy as np

Rebuild = Callable[[list[Any]], Any]


def flatten(tree: Any) -> tuple[list[Any], Rebuild]:
    """The leaves of a nested container, and a function that puts others in their place.

    Parameters
    ----------
    tree : nested tuples (named ones too), lists and dicts
        Everything else is a leaf; None holds no leaf. Dicts keep their order of insertion.

    Returns
    -------
    leaves : list
    rebuild : callable ``(list of as many leaves) -> tree``

    Examples
    --------
    >>> from autograd_np.trees import flatten
    >>> leaves, rebuild = flatten({"w": 1, "layers": [2, (3, None)]})
    >>> leaves
    [1, 2, 3]
    >>> rebuild([10, 20, 30])
    {'w': 10, 'layers': [20, (30, None)]}
    """
    leaves: list[Any] = []
    shape = _strip(tree, leaves)

    def rebuild(new: list[Any]) -> Any:
        if len(new) != len(leaves):
            raise ValueError(f"the container holds {len(leaves)} leaves and was given {len(new)}.")
        return _fill(shape, iter(new))

    return leaves, rebuild


def ravel_pytree(tree: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The arrays of a nested container as one vector, and a function that takes vectors apart.

    Parameters
    ----------
    tree : nested tuples, lists and dicts of arrays, Tensors and numbers

    Returns
    -------
    vector : array or Tensor of shape (n,)
    unravel : callable ``(vector of shape (n,)) -> tree``
        Of an array or a Tensor; what it makes of a Tensor is recorded.

    Raises
    ------
    ValueError
        If `unravel` is given a vector of another length.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> vector, unravel = ag.ravel_pytree({"w": np.ones((2, 2)), "b": [0.5]})
    >>> vector
    array([1. , 1. , 1. , 1. , 0.5])
    >>> ag.grad(lambda v: np.sum(unravel(v)["w"] ** 2))(vector)
    array([2., 2., 2., 2., 0.])
    """
    leaves, rebuild = flatten(tree)
    shapes = [np.shape(leaf) for leaf in leaves]
    ends = np.cumsum([math.prod(shape) for shape in shapes]).tolist()

    def unravel(vector: Any) -> Any:
        if np.shape(vector) != (ends[-1] if ends else 0,):
            raise ValueError(
                f"the container holds {ends[-1] if ends else 0} numbers, and was given an array of "
                f"shape {np.shape(vector)}. Pass a vector of that length."
            )
        parts = np.split(vector, ends[:-1]) if ends else []
        return rebuild([np.reshape(p, shape) for p, shape in zip(parts, shapes, strict=True)])

    vector = np.concatenate([np.ravel(leaf) for leaf in leaves]) if leaves else np.zeros(0)
    return vector, unravel


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The container with `function` applied to each leaf."""
    leaves, rebuild = flatten(tree)
    return rebuild([function(leaf) for leaf in leaves])


def paths(tree: Any, prefix: str = "") -> list[str]:
    """How each leaf is reached from the tree, in the order of `flatten`.

    Examples
    --------
    >>> from autograd_np.trees import paths
    >>> paths({"w": 1, "layers": [2, (3, None)]})
    ["['w']", "['layers'][0]", "['layers'][1][0]"]
    """
    if tree is None:
        return []
    if isinstance(tree, dict):
        return [p for key, value in tree.items() for p in paths(value, f"{prefix}[{key!r}]")]
    if isinstance(tree, (tuple, list)):
        return [p for i, item in enumerate(tree) for p in paths(item, f"{prefix}[{i}]")]
    return [prefix]


_LEAF = object()


def _strip(tree: Any, leaves: list[Any]) -> Any:
    if tree is None:
        return None
    if isinstance(tree, dict):
        return _like_dict(tree, {key: _strip(value, leaves) for key, value in tree.items()})
    if isinstance(tree, (tuple, list)):
        return _like(tree, [_strip(item, leaves) for item in tree])
    leaves.append(tree)
    return _LEAF


def _fill(shape: Any, leaves: Any) -> Any:
    if shape is _LEAF:
        return next(leaves)
    if isinstance(shape, dict):
        return _like_dict(shape, {key: _fill(value, leaves) for key, value in shape.items()})
    if isinstance(shape, (tuple, list)):
        return _like(shape, [_fill(item, leaves) for item in shape])
    return shape


def _like_dict(container: Any, items: dict[Any, Any]) -> Any:
    if type(container) is dict:
        return items
    # A defaultdict, say, keeps more than its items.
    copied = copy.copy(container)
    copied.update(items)
    return copied


def _like(container: Any, items: list[Any]) -> Any:
    if hasattr(container, "_fields"):
        return type(container)(*items)
    return type(container)(items)
