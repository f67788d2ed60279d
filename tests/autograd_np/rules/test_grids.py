"""Grids, differences and functions along axes: values and errors are NumPy's own."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck
from tests.autograd_np.against_numpy import assert_as_numpy

X = np.random.default_rng(0).normal(size=(3, 4, 5))
A, B = np.array([0.5, 2.0]), np.array([[3.0], [1.5], [4.0]])
SINGLE = A.astype(np.float32)
NUMBER = np.array(2.0)


@pytest.mark.parametrize("function", [np.linspace, np.logspace, np.geomspace])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"num": 5, "endpoint": False},
        {"num": 1},
        {"num": 1, "endpoint": False},
        {"num": 0},
        {"num": -1},
        {"num": 2.5},
        {"num": 3, "axis": -1},
        {"num": 3, "axis": 1},
        {"num": 3, "axis": 5},
        {"num": 4, "dtype": np.float32},
        {"num": 4, "dtype": int},
        {"num": 4, "dtype": complex},
    ],
    ids=str,
)
def test_spaces(function, settings):
    for start, stop in ((A, B), (A, 3.0), (1, B), (NUMBER, 5.0), (SINGLE, 3.0), (SINGLE, SINGLE)):
        assert_as_numpy(function, start, stop, **settings)


@pytest.mark.parametrize("num", [0, 1, 2, 5])
@pytest.mark.parametrize("endpoint", [True, False])
def test_step(num, endpoint):
    assert_as_numpy(np.linspace, A, B, num, endpoint, retstep=True)


def test_geomspace_turns_in_the_complex_plane_and_refuses_zero():
    assert_as_numpy(np.geomspace, np.array(1j), np.array(-2.0 + 1j), 5)
    assert_as_numpy(np.geomspace, -A, -B, 4)
    assert_as_numpy(np.geomspace, A * 0, B)


def test_logspace_with_bases():
    assert_as_numpy(np.logspace, A, B, 3, base=np.array([2.0, 3.0]))
    assert_as_numpy(np.logspace, A, 1.0, 3, base=np.array([[2.0], [3.0]]), axis=-1)
    assert_as_numpy(np.logspace, A, B, 3, base=2)


def test_linspace_to_integers_is_a_constant():
    samples = np.linspace(ag.Tensor(0.0, requires_grad=True), 4.0, 6, dtype=int)
    np.testing.assert_array_equal(samples.numpy(), [0, 0, 1, 2, 3, 4])
    assert not samples.requires_grad


@pytest.mark.parametrize("indexing", ["xy", "ij", "yx"])
@pytest.mark.parametrize("sparse", [False, True])
def test_meshgrid(indexing, sparse):
    for parts in ((), (A,), (A, X[0, 0]), (A, 1.0, [1, 2]), (A, X[0, 0], NUMBER, B)):
        assert_as_numpy(np.meshgrid, *parts, sparse=sparse, indexing=indexing)


@pytest.mark.parametrize("n", [0, 1, 2, 6, -1])
@pytest.mark.parametrize("axis", [0, 1, -1, 3])
def test_diff(n, axis):
    assert_as_numpy(np.diff, X, n, axis)
    assert_as_numpy(np.diff, X, n, axis, 1.0, NUMBER)
    assert_as_numpy(np.diff, X, n, axis, append=X)
    assert_as_numpy(np.diff, NUMBER, n)


def test_ediff1d():
    for array in (X, X[0, 0], X[0, 0, :1], X[0, 0, :0]):
        assert_as_numpy(np.ediff1d, array)
        assert_as_numpy(np.ediff1d, array, 1.0, [1, 2])
        assert_as_numpy(np.ediff1d, array, to_begin=A)
    assert_as_numpy(np.ediff1d, X, to_end=np.array([1j]))
    assert_as_numpy(np.ediff1d, SINGLE, to_end=2.0)


EVEN, UNEVEN = np.arange(4.0) / 2, np.array([0.0, 1.0, 3.0, 3.5])


@pytest.mark.parametrize("edge_order", [1, 2, 3])
@pytest.mark.parametrize(
    ("spacings", "axis"),
    [
        ((), None),
        ((), 1),
        ((), (2, 0)),
        ((), 3),
        ((0.5,), None),
        ((NUMBER,), (0, -1)),
        ((0.5, NUMBER, 2), None),
        ((EVEN,), 1),
        ((UNEVEN,), 1),
        ((UNEVEN, 2.0), (1, 0)),
        ((UNEVEN, 2.0), None),
        ((UNEVEN,), 0),
        (([0, 1, 3, 4],), 1),
        ((np.ones((2, 2)),), 1),
    ],
    ids=range(14),
)
def test_gradient(spacings, axis, edge_order):
    assert_as_numpy(np.gradient, X, *spacings, axis=axis, edge_order=edge_order)


def test_gradient_of_short_and_single_precision_arrays():
    assert_as_numpy(np.gradient, X[0, 0, :2])
    assert_as_numpy(np.gradient, X[0, 0, :1])
    assert_as_numpy(np.gradient, X[:2, 0, 0], edge_order=2)
    assert_as_numpy(np.gradient, X[0, 0].astype(np.float32), np.arange(5.0) ** 2)
    assert_as_numpy(np.gradient, np.arange(4), NUMBER)
    assert_as_numpy(np.gradient, [1, 4, 9, 16], NUMBER)


def test_gradient_differentiates_with_respect_to_uneven_coordinates():
    gradcheck(lambda f, x: np.gradient(f, x, edge_order=2), X[0, :, 0], UNEVEN, order=2)


@pytest.mark.parametrize("axis", [0, 1, -1, 3])
def test_apply_along_axis(axis):
    for function in (np.sum, np.cumsum, np.diag):
        assert_as_numpy(np.apply_along_axis, function, axis, X)
    assert_as_numpy(np.apply_along_axis, np.sum, axis, X[:, :0])


@pytest.mark.parametrize("axes", [0, -1, (0, 2), [1], (1, -1), 3])
def test_apply_over_axes(axes):
    assert_as_numpy(np.apply_over_axes, np.sum, X, axes)
    assert_as_numpy(np.apply_over_axes, lambda a, axis: np.sum(a, axis), X, axes)
    assert_as_numpy(np.apply_over_axes, lambda a, axis: a[0, 0], X, axes)


def test_differences_of_a_list_between_a_tensor_and_a_number():
    assert_as_numpy(np.diff, [1.0, 2.5], prepend=np.array(0.5), append=4.0)
