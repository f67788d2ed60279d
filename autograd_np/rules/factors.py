"""Products. The derivative of one is the product of the other factors.

It is not found by dividing the product by a factor where that would be wrong: at zeros, and where
the product has left the range of floats.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.rules.reductions import axes_of, given, in_dtype, stated, widen
from autograd_np.rules.registry import dispatched, rule


def part(axis: int, *bounds: int | None) -> tuple[slice, ...]:
    """The index of a slice of `axis`."""
    return (*(slice(None),) * axis, slice(*bounds))


def flip(x: Any, axis: int) -> Any:
    """`x` with the order of `axis` reversed."""
    return x[part(axis, None, None, -1)]


def _tree(x: Any, axis: int, product: Callable[[Any, Any], Any]) -> Any:
    """For each element along `axis`, the product of all the others: for two or more elements.

    Halves are multiplied, element by element, until two elements are left; on the way back each
    element takes the product of the others from above and multiplies it with its partner.
    """
    n = x.shape[axis]
    if n == 2:
        return flip(x, axis)
    half = n // 2
    left, right = x[part(axis, 0, half)], x[part(axis, half, 2 * half)]
    pairs = product(left, right)
    if n % 2:
        pairs = np.concatenate([pairs, x[part(axis, 2 * half, n)]], axis=axis)
    others = _tree(pairs, axis, product)
    above = others[part(axis, 0, half)]
    rest = [others[part(axis, half, None)]] if n % 2 else []
    return np.concatenate([product(above, right), product(above, left), *rest], axis=axis)


def _dual_product(x: Any, y: Any) -> Any:
    """The product of dual numbers, each the pair of a value and its slope."""
    return np.stack([x[0] * y[0], x[0] * y[1] + x[1] * y[0]])


@dispatched
def products_of_others(x: Any, axis: int) -> Any:
    """For each element along `axis`, the product of all the others."""
    if x.shape[axis] < 2:
        return np.ones_like(x)
    if not isinstance(x, np.ndarray):
        return _tree(x, axis, np.multiply)
    if x.size > x.shape[axis]:
        # Of many products, each is of few factors: mostly they stay in range, none being zero.
        whole = np.prod(x, axis=axis, keepdims=True)
        size = np.abs(whole)
        if np.all((size > np.finfo(x.dtype).tiny) & (size < np.inf)):
            return whole / x
    products = np.empty_like(x)
    _fill(products, x, axis)
    return products


def _fill(products: Any, x: Any, axis: int) -> None:
    """Write into `products` what `_tree` makes of `x`, with no more memory than half of it."""
    n = x.shape[axis]
    if n == 2:
        products[...] = flip(x, axis)
        return
    half = n // 2
    first, second = part(axis, 0, half), part(axis, half, 2 * half)
    pairs = np.empty_like(x[part(axis, 0, n - half)])
    np.multiply(x[first], x[second], out=pairs[first])
    pairs[part(axis, half, None)] = x[part(axis, 2 * half, n)]
    # The place of the result serves for what comes from above, until that is overwritten.
    others = products[part(axis, 0, n - half)]
    _fill(others, pairs, axis)
    products[part(axis, 2 * half, n)] = others[part(axis, half, None)]
    np.multiply(others[first], x[first], out=products[second])
    np.multiply(others[first], x[second], out=products[first])


def _slopes_of_others(g: Any, x: Any, axis: int) -> Any:
    # The second derivatives of a product are symmetric, so pulling `g` back is pushing it forward.
    if x.shape[axis] < 2:
        return np.zeros_like(g)
    return _tree(np.stack([x, g]), axis + 1, _dual_product)[1]


rule(products_of_others, x=_slopes_of_others)


def _others(a: Any, axis: Any) -> Any:
    """For each element of `a`, the product of all the others that `axis` reduces."""
    ndim = len(a.shape)
    axes = axes_of(axis, ndim)
    if len(axes) == 1:
        return products_of_others(a, axes[0])
    kept = tuple(i for i in range(ndim) if i not in axes)
    moved = np.transpose(a, kept + axes)
    lines = np.reshape(moved, (*(a.shape[i] for i in kept), -1)) if a.size else moved[..., None]
    others = np.reshape(products_of_others(lines, len(kept)), moved.shape)
    return np.transpose(others, tuple((kept + axes).index(i) for i in range(ndim)))


def _prod_of_array(g: Any, a: Any, axis: Any, keepdims: Any, initial: Any, where: Any) -> Any:
    a = np.where(where, a, 1) if given(where) else a
    g = widen(g, a, axis, keepdims) * (initial if given(initial) else 1)
    g = g * _others(in_dtype(a, g.dtype), axis)
    return np.where(where, g, 0) if given(where) else g


rule(
    np.prod,
    a=_prod_of_array,
    initial=lambda g, a, axis, dtype, keepdims, where: (
        g * np.prod(a, axis=axis, dtype=dtype, **stated(keepdims=keepdims, where=where))
    ),
)
