"""Functions without a derivative: plain results, or advice."""

import numpy as np
import pytest

import autograd_np as ag


@pytest.mark.parametrize(
    "f",
    [
        np.isposinf,
        np.isreal,
        np.iscomplex,
        np.nanargmax,
        np.nanargmin,
        lambda t: np.argpartition(t, 1),
        lambda t: np.lexsort(t[None]),
        lambda t: np.isin(t, [2.0]),
        lambda t: np.digitize(t, [1.0, 2.0]),
        lambda t: np.array_equiv(t, [1.0]),
    ],
)
def test_functions_without_a_derivative_give_plain_results(f):
    x = np.array([2.0, 0.5])
    found = f(ag.Tensor(x, requires_grad=True))
    assert not isinstance(found, ag.Tensor)
    np.testing.assert_array_equal(found, f(x))


def test_edges_of_a_histogram_move_with_the_data():
    with pytest.raises(TypeError, match=r"np\.linspace\(np\.min"):
        np.histogram_bin_edges(ag.Tensor([1.0, 2.0], requires_grad=True))


@pytest.mark.parametrize("f", [np.unique, np.unique_counts, lambda t: np.union1d(t, [1.0])])
def test_sets_of_values_say_what_to_write(f):
    with pytest.raises(TypeError, match=r"detach\(\)\.numpy\(\)"):
        f(ag.Tensor([1.0, 2.0], requires_grad=True))
