"""Norms of vectors and matrices."""

import numpy as np
import pytest

import autograd_np as ag

L = np.linalg
RNG = np.random.default_rng(0)
A = RNG.normal(size=(2, 3, 4))
Z = A + 1j * RNG.normal(size=A.shape)
VECTOR_ORDERS = [None, 0, 1, 2, 3, 0.5, -1, -2.5, np.inf, -np.inf]
MATRIX_ORDERS = [None, "fro", "f", "nuc", 1, -1, 2, -2, np.inf, -np.inf]


AXES = [None, 0, -1, (1,), (0, 1), (-1, 0), (0, 1, 2), 3, (0, 0), [0], "0"]


@np.errstate(all="ignore")
def same(function, x, *args, **kwargs):
    """Assert that Tensors give what arrays give, or are refused where those are."""
    t = ag.Tensor(x, requires_grad=True)
    try:
        expected = function(x, *args, **kwargs)
    except (ValueError, TypeError) as error:
        # (Of nothing, NumPy 2.2 has no norms that are a maximum.)
        if x.size:
            with pytest.raises(type(error)):
                function(t, *args, **kwargs)
        return
    got = function(t, *args, **kwargs)
    assert (got.shape, got.dtype) == (np.shape(expected), expected.dtype)
    assert got.requires_grad
    np.testing.assert_allclose(got.numpy(), expected, rtol=1e-5 if x.itemsize < 8 else 1e-13)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize(
    "axis", [None, 0, -1, (1,), (0, 1), (-1, 0), (0, 1, 2), 3, (0, 0), [0], "0"]
)
@pytest.mark.parametrize("x", [A, A.astype(np.float32), Z, A[0], A[0, 0], A[0, 0, 0], A[:0]])
def test_norms_are_numpys(x, axis, keepdims):
    for order in {*VECTOR_ORDERS, *MATRIX_ORDERS, "other"}:
        same(L.norm, np.asarray(x), order, axis, keepdims)


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("x", [A, Z, A[:0], A[0, 0, 0]])
def test_vector_and_matrix_norms_are_numpys(x, keepdims):
    x = np.asarray(x)
    for order in VECTOR_ORDERS:
        for axis in (None, 0, -1, (0, 2), (2, 0, 1), (), (0, 0), 3):
            same(L.vector_norm, x, ord=order, axis=axis, keepdims=keepdims)
    for order in [*MATRIX_ORDERS, 3]:
        same(L.matrix_norm, x, ord=order, keepdims=keepdims)


@pytest.mark.parametrize("p", [None, "fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf])
def test_condition_numbers_are_numpys(p):
    def cond(x):
        """NumPy 2.2 gave those of complex matrices as complex numbers."""
        return np.real(L.cond(x, p))

    for x in (A[:, :, :3], Z[:, :, :3], A, A[:0, :3, :3], A[0, :0], np.float32(A[0, :, 1:])):
        same(cond, x)


@pytest.mark.parametrize("p", ["fro", 1, -np.inf])
def test_the_gradient_of_the_condition_number_of_a_complex_matrix(p):
    z = Z[0, :, :3]
    got = ag.grad(lambda z: L.cond(z, p))(z)
    expected = ag.grad(lambda z: L.norm(z, p) * L.norm(L.inv(z), p))(z)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_a_matrix_without_inverse_has_an_infinite_condition_number():
    stack = np.stack([np.zeros((2, 2)), np.diag([2.0, 1.0])])
    for p in (None, 1, "fro"):
        t = ag.Tensor(stack, requires_grad=True)
        out = L.cond(t, p)
        np.testing.assert_array_equal(out.numpy(), L.cond(stack, p))
        out.backward(np.ones(2))
        assert not t.grad[0].any()
        assert np.isfinite(t.grad).all()


@pytest.mark.parametrize("order", VECTOR_ORDERS)
@np.errstate(divide="ignore")
def test_the_gradient_is_0_where_a_vector_norm_is_0(order):
    x = np.array([[0.0, 0.0], [3.0, -4.0]])
    for z in (x, x * (0.6 + 0.8j)):
        t = ag.Tensor(z, requires_grad=True)
        np.sum(L.norm(t, order, axis=1)).backward()
        assert not t.grad[0].any()
        assert np.isfinite(t.grad).all()
    assert np.isfinite(ag.hessian(lambda x: np.sum(L.norm(x, order, axis=1)))(x)).all()


@pytest.mark.parametrize("order", MATRIX_ORDERS)
def test_the_gradient_is_0_where_a_matrix_norm_is_0(order):
    def norm(x):
        return L.norm(x, order)

    x = np.zeros((2, 3))
    np.testing.assert_array_equal(ag.grad(norm)(x), x)
    assert np.isfinite(ag.hessian(norm)(x)).all()


def test_gradients_are_those_in_print():
    x = A[0]
    np.testing.assert_allclose(ag.grad(L.norm)(x), x / L.norm(x), rtol=1e-14)
    u, _, vh = L.svd(x, full_matrices=False)
    np.testing.assert_allclose(ag.grad(lambda x: L.norm(x, "nuc"))(x), u @ vh, rtol=1e-10)
    np.testing.assert_allclose(ag.grad(lambda x: L.norm(x, 2))(x), np.outer(u[:, 0], vh[0]))
    cubed = np.sign(x) * x**2 / np.sum(np.abs(x) ** 3) ** (2 / 3)
    np.testing.assert_allclose(ag.grad(lambda x: L.norm(x.ravel(), 3))(x), cubed, rtol=1e-13)


def test_zeros_beside_others():
    """The power of a zero has slope 0, and curvature 0 in the norms that are smooth there."""
    x = np.array([0.0, 3.0, -4.0])
    for order in (1.5, 3, 4):
        assert ag.grad(lambda x, p=order: L.norm(x, p))(x)[0] == 0
        curvature = ag.hessian(lambda x, p=order: L.norm(x, p))(x)
        np.testing.assert_array_equal(curvature[0], np.zeros(3))
    np.testing.assert_array_equal(ag.grad(lambda x: L.norm(x, 0))(x), np.zeros(3))


def test_ties_share_evenly():
    x = np.array([2.0, -2.0, 1.0])
    np.testing.assert_array_equal(ag.grad(lambda x: L.norm(x, np.inf))(x), [0.5, -0.5, 0])
    rows = ag.grad(lambda x: L.norm(x, np.inf))(np.array([[1.0, -2.0], [3.0, 0.0]]))
    np.testing.assert_array_equal(rows, [[0.5, -0.5], [0.5, 0]])
    np.testing.assert_allclose(ag.grad(lambda x: L.norm(x, 2))(np.eye(2)), np.eye(2) / 2)


def test_single_precision_and_no_overflow_of_powers():
    x = np.array([3e5, -4e5], np.float32)
    for order in (2, 3, 8.0):
        gradient = ag.grad(lambda x, p=order: L.norm(x * np.float32(1e-5), p))(x)
        assert gradient.dtype == np.float32
        assert np.isfinite(gradient).all()
    np.testing.assert_array_equal(ag.grad(L.norm)(np.array([np.nan, 1.0])), [np.nan, np.nan])


@pytest.mark.parametrize("x", [np.array([[200, 255]], np.uint8), np.array([[True, False]])])
def test_norms_of_integers_are_floats(x):
    for ord in (None, 1, 2, np.inf, -np.inf):
        for found, expected in [
            (np.linalg.norm(ag.Tensor(x), ord), np.linalg.norm(x, ord)),
            (np.linalg.norm(ag.Tensor(x), ord, axis=1), np.linalg.norm(x, ord, axis=1)),
        ]:
            assert found.dtype == float
            np.testing.assert_allclose(found.numpy(), expected, rtol=1e-15)
