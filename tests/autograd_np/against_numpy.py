"""The same call with Tensors and with arrays: results, or the kind of error, must be alike."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.trees import flatten


def constants(value: Any) -> Any:
    """`value` with every floating array in it, however deep in lists and tuples, as a Tensor."""
    if isinstance(value, (list, tuple)):
        return type(value)([constants(each) for each in value])
    if isinstance(value, np.ndarray) and value.dtype.kind in "fc":
        return ag.Tensor(value, requires_grad=True)
    return value


def assert_as_numpy(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Values, shapes, dtypes and containers as NumPy's own, or an error as NumPy's own."""
    try:
        expected = function(*args, **kwargs)
    except Exception as error:
        # An AxisError is a ValueError, which will do.
        with pytest.raises(ValueError if isinstance(error, ValueError) else type(error)):
            function(*constants(args), **{k: constants(v) for k, v in kwargs.items()})
        return
    given = function(*constants(args), **{k: constants(v) for k, v in kwargs.items()})
    assert type(given) is type(expected) or isinstance(given, ag.Tensor)
    for one, other in zip(flatten(given)[0], flatten(expected)[0], strict=True):
        value = one.numpy() if isinstance(one, ag.Tensor) else np.asarray(one)
        right = np.asarray(other)
        assert (value.dtype, value.shape) == (right.dtype, right.shape)
        tolerance = 16 * np.finfo(right.dtype).eps if right.dtype.kind in "fc" else 0
        np.testing.assert_allclose(value, right, rtol=tolerance, atol=tolerance)
