"""Products of vectors and matrices."""

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, rule


def _turned(x: Any) -> Any:
    return x.T if x.ndim == 2 else np.swapaxes(x, -1, -2)


def _matmul_left(g: Any, x_like: Any, y: Any) -> Any:
    if y.ndim == 1:
        return g[..., None] * y
    if x_like.ndim == 1:
        return (y @ g[..., None])[..., 0]
    return g @ _turned(y)


def _matmul_right(g: Any, x: Any, y_like: Any) -> Any:
    if x.ndim == 1:
        return x * g if y_like.ndim == 1 else x[:, None] * g[..., None, :]
    if y_like.ndim == 1:
        return (_turned(x) @ g[..., None])[..., 0]
    if y_like.ndim == 2 and x.ndim > 2:
        # One product over all the batches, rather than a product for each and a sum.
        return np.reshape(x, (-1, x.shape[-1])).T @ np.reshape(g, (-1, g.shape[-1]))
    return _turned(x) @ g


rule(np.matmul, x=_matmul_left, y=_matmul_right)


@composite(np.dot)
def dot(a: Any, b: Any, out: Any = None) -> Any:
    """`numpy.dot` through `numpy.matmul`: sums over the last axis of `a`, the last but one of `b`."""
    if out is not None:
        return np.add(a, b, out=out)
    dims = np.ndim(a), np.ndim(b)
    if 0 in dims:
        return np.multiply(a, b)
    if dims[1] == 1 or max(dims) <= 2:
        return np.matmul(a, b)
    flat = np.reshape(np.swapaxes(b, 0, -2) if dims[1] == 2 else _last_but_one_first(b), (np.shape(b)[-2], -1))
    product = np.matmul(a, flat)
    return np.reshape(product, np.shape(a)[:-1] + np.shape(b)[:-2] + np.shape(b)[-1:])


def _last_but_one_first(b: Any) -> Any:
    ndim = np.ndim(b)
    return np.transpose(b, (ndim - 2, *range(ndim - 2), ndim - 1))
