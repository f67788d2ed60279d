"""Tensors have values: no Tensor is a view of another."""

import numpy as np
import pytest

import autograd_np as ag


class TestValuesNotViews:
    """Of Tensors that nobody recorded, too."""

    @pytest.mark.parametrize(
        "view",
        [
            lambda t: t.reshape(3, 1),
            lambda t: t[:2],
            lambda t: t.T,
            lambda t: np.split(t, [1])[1],
            lambda t: np.broadcast_to(t, (2, 3)),
            lambda t: np.atleast_1d(t),
            lambda t: np.diff(t, n=0),
            lambda t: np.clip(t, None, None),
            lambda t: np.apply_over_axes(np.sum, t, []),
        ],
    )
    def test_writes_reach_nobody_else(self, view):
        constant = ag.Tensor([1.0, 2.0, 3.0])
        result = view(constant)
        before = result.numpy()
        constant.data -= 1
        constant[0:1] = 9
        np.testing.assert_array_equal(result.numpy(), before)
        result[...] = 7
        result.data[...] = 8
        np.testing.assert_array_equal(constant.numpy(), [9, 1, 2])
        np.testing.assert_array_equal(result.numpy(), np.full_like(before, 8))

    def test_everything_may_be_assigned_at_once(self):
        constant = ag.Tensor([1.0, 2.0, 3.0])
        constant[...] = 5
        np.testing.assert_array_equal(constant.numpy(), [5, 5, 5])
