"""Values and errors of functions that move elements about are NumPy's own."""

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.against_numpy import assert_as_numpy

X = np.arange(24.0).reshape(2, 3, 4)
NUMBER = np.array(2.0)


@pytest.mark.parametrize("source", [0, -1, 2, 3, (0, 1), (0, -1), (0, 0), (0, 1, 2)])
@pytest.mark.parametrize("destination", [0, -1, 1, -4, (0, 1), (-1, 0), (2, 0, 1)])
def test_moveaxis(source, destination):
    assert_as_numpy(np.moveaxis, X, source, destination)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -3, 3])
@pytest.mark.parametrize("start", [0, 1, 3, -1, -3, 4, -4])
def test_rollaxis(axis, start):
    assert_as_numpy(np.rollaxis, X, axis, start)


@pytest.mark.parametrize("function", [np.matrix_transpose, np.linalg.matrix_transpose])
def test_matrix_transpose(function):
    assert_as_numpy(function, X)
    assert_as_numpy(function, X[0, 0])


@pytest.mark.parametrize("function", [np.atleast_1d, np.atleast_2d, np.atleast_3d])
def test_atleast(function):
    for array in (NUMBER, X[0, 0], X[0], X, X[None]):
        assert_as_numpy(function, array)
    assert_as_numpy(function, X[0, 0], NUMBER, 3.0, [1, 2])


def test_broadcast_arrays():
    assert_as_numpy(np.broadcast_arrays, X[:, :1], X[0, 0], 1.0)
    assert_as_numpy(np.broadcast_arrays, X)
    assert_as_numpy(np.broadcast_arrays, X, X[0, 0, :2])


@pytest.mark.parametrize("order", ["C", "F"])
def test_orders(order):
    fortran = np.asfortranarray(X)
    assert_as_numpy(np.ravel, fortran, order)
    assert_as_numpy(np.reshape, fortran, (4, 6), order=order)
    assert_as_numpy(np.copy, fortran, order)


@pytest.mark.parametrize("order", ["A", "K"])
def test_orders_of_memory_are_refused_with_advice(order):
    flat = np.ravel(ag.Tensor(X, requires_grad=True), order)
    with pytest.raises(TypeError, match="Write order='C'"):
        np.sum(flat).backward()


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (0, -1), 1, (0, 1), 5])
def test_squeeze(axis):
    assert_as_numpy(np.squeeze, X[:1, :, :1], axis)


@pytest.mark.parametrize("axis", [0, -1, (0, -1), (1, 1), 4, (-5, 2)])
def test_expand_dims(axis):
    assert_as_numpy(np.expand_dims, X, axis)


@pytest.mark.parametrize("dtype", [int, bool, np.int8])
def test_astype_to_integers_is_a_constant(dtype):
    t = ag.Tensor([0.2, 1.7], requires_grad=True)
    for cast in (t.astype(dtype), np.astype(t, dtype)):
        assert isinstance(cast, ag.Tensor)
        assert not cast.requires_grad
        np.testing.assert_array_equal(cast.numpy(), t.numpy().astype(dtype))
        assert cast.dtype == dtype


def test_astype_keeps_the_gradient_in_the_dtype_of_its_input():
    t = ag.Tensor(np.array([0.2, 1.7], np.float32), requires_grad=True)
    np.sum(t.astype(np.complex128) * (2 + 1j)).real.backward()
    assert t.grad.dtype == np.float32
    np.testing.assert_array_equal(t.grad, [2, 2])


def test_results_do_not_follow_updates():
    """Values, not views."""
    w = ag.Tensor(np.zeros((2, 3)), requires_grad=True)
    results = [
        w.T,
        np.moveaxis(w, 0, 1),
        np.atleast_3d(w),
        np.broadcast_to(w, (2, 2, 3)),
        *np.unstack(w),
        *np.split(w, 3, axis=1),
        np.rot90(w, 2),
        np.diagonal(w),
        np.flip(w),
        np.tile(w, 1),
        *np.meshgrid(w[0], w[1]),
    ]
    w.data += 1.0
    for result in results:
        assert not result.numpy().any()


@pytest.mark.parametrize(
    "function",
    [
        np.atleast_1d,
        np.atleast_2d,
        np.atleast_3d,
        lambda t: np.diff(t, n=0),
        lambda t: np.pad(t, 0, "edge"),
        lambda t: np.polyder(np.ravel(t), 0),
        lambda t: np.polyint(np.ravel(t), 0),
    ],
)
def test_no_result_is_the_tensor_that_was_given(function):
    t = ag.Tensor(np.ones((1, 2, 1)), requires_grad=True)
    out = function(t)
    t.data += 1
    np.testing.assert_array_equal(out.numpy().ravel(), [1, 1])


def test_pad_and_insert_of_what_has_no_axes():
    assert_as_numpy(np.pad, NUMBER, [1])
    assert_as_numpy(np.pad, NUMBER, 1)
    assert_as_numpy(np.insert, [1.0, 2.0], [1], NUMBER)
    assert_as_numpy(np.dot, X[0, 0], 2.0)


def test_full_like_of_a_recorded_value_is_recorded():
    t = ag.Tensor(X, requires_grad=True)
    plain = np.full_like(t, 2)
    assert type(plain) is np.ndarray
    assert plain.dtype == X.dtype
    value = ag.Tensor([0.5, 1.5], requires_grad=True)
    for out, counts in [
        (np.full_like(t, value[0]), [24, 0]),
        (np.full_like(t, value, shape=(3, 2), dtype=np.float32), [3, 3]),
        (np.full_like(t, [value[0], 1.0], shape=(4, 2)), [4, 0]),
    ]:
        value.grad = None
        np.sum(out).backward()
        np.testing.assert_array_equal(value.grad, counts)
        assert t.grad is None
