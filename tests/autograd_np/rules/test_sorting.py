"""Sorting: what comes out is NumPy's, and each gradient goes back where its element came from."""

import numpy as np
import pytest

import autograd_np as ag

RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 4, 5))
TIES = np.array([2.0, 1, 2, 0, 1, 2])


def recorded(a):
    return ag.Tensor(a, requires_grad=True)


def pulled(function, a):
    """The result of a call, weights, and the gradient of the weighted sum."""
    t = recorded(a)
    out = function(t)
    weights = np.arange(1.0, out.size + 1).reshape(out.shape).astype(out.dtype)
    out.backward(weights)
    return out.numpy(), weights, t.grad


CALLS = [
    *[
        pytest.param(lambda a, axis=axis: np.sort(a, axis=axis), id=f"sort-{axis}")
        for axis in (None, 0, 1, -1, -3)
    ],
    *[
        pytest.param(lambda a, kind=kind: np.sort(a, kind=kind), id=f"sort-{kind}")
        for kind in ("quicksort", "mergesort", "heapsort", "stable")
    ],
    pytest.param(lambda a: np.sort(a, 0, stable=True), id="sort-stable=True"),
    *[
        pytest.param(lambda a, axis=axis: np.partition(a, (1, -2), axis), id=f"partition-{axis}")
        for axis in (None, 0, 1, -1)
    ],
    pytest.param(lambda a: np.partition(a, 2), id="partition-one"),
]


@pytest.mark.parametrize("function", CALLS)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "complex128"])
def test_value_is_numpys_and_gradients_go_home(function, dtype):
    a = A.astype(dtype)
    out, weights, grad = pulled(function, a)
    np.testing.assert_array_equal(out, function(a))
    assert out.dtype == grad.dtype == a.dtype
    # No two elements are alike, so each can be found in the result.
    home = dict(zip(out.flat, weights.flat, strict=True))
    if dtype != "float16":
        expected = np.array([home[value] for value in a.flat]).reshape(a.shape)
        np.testing.assert_array_equal(grad, expected)
    np.testing.assert_array_equal(np.sort(grad, None), np.sort(weights, None))


def test_ties_take_one_permutation_and_a_stable_sort_keeps_their_order():
    out, weights, grad = pulled(np.sort, TIES)
    assert sorted(grad) == sorted(weights)
    for value in (0, 1, 2):
        assert sorted(grad[np.equal(TIES, value)]) == sorted(weights[out == value])
    _, _, grad = pulled(lambda a: np.sort(a, stable=True), TIES)
    np.testing.assert_array_equal(grad, [4, 2, 5, 1, 3, 6])
    _, _, grad = pulled(lambda a: np.sort(a, kind="stable"), TIES)
    np.testing.assert_array_equal(grad, [4, 2, 5, 1, 3, 6])


def test_partition_of_ties_takes_one_permutation():
    out, weights, grad = pulled(lambda a: np.partition(a, 2), TIES)
    for value in (0, 1, 2):
        assert sorted(grad[np.equal(TIES, value)]) == sorted(weights[out == value])


def test_nan_goes_last_with_its_gradient():
    a = np.array([3.0, np.nan, 1.0, -np.inf, np.inf])
    for function in (np.sort, lambda a: np.partition(a, (0, 1, 2, 3))):
        _, _, grad = pulled(function, a)
        np.testing.assert_array_equal(grad, [3, 5, 2, 1, 4])


@pytest.mark.parametrize("shape", [(0,), (0, 3), (1,), (2, 0)])
def test_nothing_and_one(shape):
    for function in (np.sort, lambda a: np.sort(a, None)):
        out, weights, grad = pulled(function, np.ones(shape))
        np.testing.assert_array_equal(grad, weights.reshape(shape))
        assert out.shape == function(np.ones(shape)).shape


def test_what_numpy_refuses_is_refused():
    t = recorded(A)
    with pytest.raises(np.exceptions.AxisError):
        np.sort(t, 3)
    with pytest.raises(np.exceptions.AxisError):
        np.sort(recorded(1.0))
    with pytest.raises(ValueError, match="no fields"):
        np.sort(t, order="name")
    with pytest.raises(ValueError, match="kth"):
        np.partition(t, 9)


@pytest.mark.parametrize("dtype", ["float64", "float32", "complex64"])
def test_sort_complex(dtype):
    a = A.astype(dtype)
    out, weights, grad = pulled(np.sort_complex, a)
    np.testing.assert_array_equal(out, np.sort_complex(a))
    assert out.dtype == np.sort_complex(a).dtype
    assert grad.dtype == a.dtype
    np.testing.assert_array_equal(np.take_along_axis(grad, np.argsort(a), -1), weights.real)


def test_curvature_goes_through_the_permutation():
    hessian = ag.hessian(lambda a: np.sum(np.sort(a) ** 3 * np.array([1.0, 2, 3])))
    np.testing.assert_allclose(hessian(np.array([2.0, -1, 1])), np.diag([36.0, -6, 12]))
