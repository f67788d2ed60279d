"""Fitting a polynomial to points."""

import warnings
from typing import Any

import numpy as np

from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite


def _check_fit(x: Any, y: Any, w: Any, deg: int) -> None:
    if deg < 0:
        raise ValueError(f"np.polyfit takes a degree of 0 or more, and this is {deg}.")
    if x.ndim != 1 or not x.shape[0] or y.ndim not in (1, 2) or y.shape[0] != x.shape[0]:
        raise TypeError(
            f"np.polyfit takes a vector x of at least one element, and as many values y or rows of "
            f"them, and was given shapes {x.shape} and {y.shape}."
        )
    if w is not None and w.shape != x.shape:
        raise TypeError(
            f"np.polyfit takes one weight for each of the {x.shape[0]} points, and w has shape "
            f"{w.shape}."
        )


@composite(np.polyfit)
def polyfit(
    x: Any,
    y: Any,
    deg: Any,
    rcond: Any = None,
    full: bool = False,
    w: Any = None,
    cov: Any = False,
) -> Any:
    """`numpy.polyfit` through `numpy.linalg.lstsq`."""
    like = next(each for each in (x, y, w) if hasattr(each, "dtype"))
    x, y = array_of(x, like) + 0.0, array_of(y, like) + 0.0
    w = w if w is None else array_of(w, like)
    _check_fit(x, y, w, int(deg))
    order = int(deg) + 1
    if rcond is None:
        rcond = x.shape[0] * np.finfo(x.dtype).eps
    powers = np.vander(x, order)
    if w is not None:
        powers = powers * w[:, None]
        y = y * np.reshape(w, (-1,) + (1,) * (y.ndim - 1))
    # Columns of length 1 make the system better conditioned.
    scale = np.sqrt(np.sum(powers * powers, axis=0))
    powers = powers / scale
    c, residuals, rank, s = np.linalg.lstsq(powers, y, rcond)
    c = c / np.reshape(scale, (-1,) + (1,) * (y.ndim - 1))
    if full:
        return c, residuals, rank, s, rcond
    # Other libraries' arrays are not waited for.
    if isinstance(rank, (int, np.integer)) and rank != order:
        warnings.warn(
            f"np.polyfit determined {rank} of {order} coefficients only: the points are too few, "
            f"or the degree too high.",
            np.exceptions.RankWarning,
            stacklevel=2,
        )
    if not cov:
        return c
    covariance = np.linalg.inv(np.dot(np.transpose(powers), powers)) / (scale[:, None] * scale)
    if cov != "unscaled":
        if x.shape[0] <= order:
            raise ValueError(
                f"the covariance of {order} coefficients is scaled by what {x.shape[0]} points "
                f"leave over, which is nothing. Write cov='unscaled'."
            )
        factor = residuals / (x.shape[0] - order)
        return c, (covariance[..., None] if y.ndim == 2 else covariance) * factor
    return c, covariance[..., None] if y.ndim == 2 else covariance
