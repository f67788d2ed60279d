"""Dask arrays: NumPy's gradients, and nothing computed before the user asks."""

import warnings

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing.catalogue import label
from tests.autograd_np.other_arrays.dask_support import SUPPORTED
from tests.autograd_np.samples import CASES, differentiable, recorded

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")


class ComputedError(Exception):
    """Something was computed before the user had asked."""


def refusing(*args, **kwargs):
    raise ComputedError


def to_dask(value):
    if not isinstance(value, np.ndarray):
        return value
    # Several chunks along the first axis, so that what is done by chunk shows.
    chunks = tuple(max(1, -(-n // 2)) if axis == 0 else n for axis, n in enumerate(value.shape))
    return da.from_array(value, chunks=chunks)


def gradients(call, arrays):
    """The values of the recorded results, and the gradients of their sum."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    for number, out in enumerate(outs):
        out.backward(np.ones_like(out.data) * (0.5 + number), retain_graph=True)
    return [*(out.data for out in outs), *(tensor.grad for tensor in tensors)]


def lazily(function, sample):
    """Values and gradients of a sample by Dask, computed at the end only."""
    call, arrays = differentiable(function, sample, convert=to_dask)
    with dask.config.set(scheduler=refusing):
        found = gradients(call, arrays)
    for each in found:
        assert each is None or isinstance(each, da.Array)
    with dask.config.set(scheduler="synchronous"):
        return [None if each is None else each.compute() for each in found]


@pytest.mark.parametrize(
    ("function", "sample"), [case for case in CASES if label(case.values[0]) in SUPPORTED]
)
def test_gradient_is_that_of_numpy(function, sample):
    expected = gradients(*differentiable(function, sample))
    for ours, theirs in zip(expected, lazily(function, sample), strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-13)
