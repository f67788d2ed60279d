"""Inverses, determinants and linear systems."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck

L = np.linalg
RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 3)) + 3 * np.eye(3)
STACK = np.stack([A, A.T + 1, np.diag([1.0, 2.0, 3.0])])
Z = A + 1j * RNG.normal(size=(3, 3))
SINGULAR = np.array([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [1.0, 0.0, 1.0]])


def test_gradients_are_those_in_print():
    b = RNG.normal(size=3)
    np.testing.assert_allclose(ag.grad(L.det)(A), L.det(A) * L.inv(A).T, rtol=1e-12)
    np.testing.assert_allclose(ag.grad(lambda a: L.slogdet(a)[1])(A), L.inv(A).T, rtol=1e-12)
    got = ag.grad(lambda a: np.sum(L.inv(a)))(A)
    np.testing.assert_allclose(got, -(L.inv(A) @ np.ones((3, 3)) @ L.inv(A)).T, rtol=1e-12)
    da, db = ag.grad(lambda a, b: np.sum(L.solve(a, b)), (0, 1))(A, b)
    np.testing.assert_allclose(db, L.inv(A).sum(0), rtol=1e-12)
    np.testing.assert_allclose(da, -np.outer(db, L.solve(A, b)), rtol=1e-12)


def test_curvature_of_the_log_determinant():
    inverse = L.inv(A)
    expected = -np.einsum("li,jk->ijkl", inverse, inverse)
    got = ag.hessian(lambda a: L.slogdet(a).logabsdet)(A)
    np.testing.assert_allclose(got, expected, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("a", [A, STACK, Z, A[:1, :1], np.ones((0, 0)), np.ones((0, 2, 2))])
def test_slogdet_comes_in_numpys_named_tuple(a):
    got, expected = L.slogdet(ag.Tensor(a, requires_grad=True)), L.slogdet(a)
    assert type(got) is type(expected)
    np.testing.assert_array_equal(got.sign.numpy(), expected.sign)
    np.testing.assert_array_equal(got.logabsdet.numpy(), expected.logabsdet)


def test_the_sign_of_a_real_determinant_has_a_recorded_zero_gradient():
    assert L.slogdet(ag.Tensor(A, requires_grad=True)).sign.requires_grad
    np.testing.assert_array_equal(ag.grad(lambda a: L.slogdet(a).sign)(A), np.zeros((3, 3)))


def test_the_determinant_of_singular_matrices_has_its_cofactors():
    expected = [[4, 4, -4], [-2, -2, 2], [0, 0, 0]]
    np.testing.assert_allclose(ag.grad(L.det)(SINGULAR), expected, atol=1e-13)
    np.testing.assert_array_equal(ag.grad(L.det)(np.zeros((3, 3))), np.zeros((3, 3)))
    rank_1 = ag.grad(L.det)(np.ones((3, 3)))
    np.testing.assert_allclose(rank_1, np.zeros((3, 3)), atol=1e-14)
    np.testing.assert_allclose(ag.grad(L.det)(np.zeros((1, 1))), [[1]])


def test_the_curvature_of_the_determinant_at_zero():
    swap = np.array([[0, 1], [-1, 0]])
    expected = np.einsum("ik,jl->ijkl", swap, swap)
    for a in (np.zeros((2, 2)), np.ones((2, 2)), np.array([[1.0, 2.0], [3.0, 4.0]])):
        np.testing.assert_allclose(ag.hessian(L.det)(a), expected, atol=1e-13)


def test_the_third_derivative_of_the_determinant():
    """For matrices of 3 by 3 it is constant: a product of two signs of permutations."""
    signs = np.zeros((3, 3, 3))
    signs[[0, 1, 2], [1, 2, 0], [2, 0, 1]] = 1
    signs[[0, 2, 1], [2, 1, 0], [1, 0, 2]] = -1
    got = ag.jacobian(ag.hessian(L.det))(A)
    np.testing.assert_allclose(got, np.einsum("ijk,lmn->iljmkn", signs, signs), atol=1e-11)


def test_one_singular_matrix_does_not_spoil_a_stack():
    got = ag.grad(lambda a: np.sum(L.det(a)))(np.stack([A, SINGULAR, Z.real]))
    np.testing.assert_allclose(got[0], L.det(A) * L.inv(A).T, rtol=1e-11)


def test_what_has_no_inverse_has_no_logarithm_of_its_determinant_either():
    with pytest.raises(L.LinAlgError, match="Singular"):
        ag.grad(lambda a: L.slogdet(a).logabsdet)(SINGULAR)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (3, 3)])
@pytest.mark.parametrize("unit", [1, 1j])
def test_pinv_of_matrices_whose_rank_stays_1(shape, unit):
    left, right = RNG.normal(size=(shape[0], 1)) + unit, RNG.normal(size=(1, shape[1])) - unit
    gradcheck(lambda u, v: L.pinv(u @ v), left, right, order=2)
    gradcheck(lambda u, v: L.pinv(u @ v, rtol=1e-10), left, right)


def test_pinv_of_a_hermitian_matrix_reads_its_lower_triangle():
    a = Z + Z.conj().T
    t = ag.Tensor(a, requires_grad=True)
    out = L.pinv(t, hermitian=True)
    np.testing.assert_array_equal(out.numpy(), L.pinv(a, hermitian=True))
    np.sum(np.abs(out)).backward()
    assert not np.triu(t.grad, 1).any()


@pytest.mark.parametrize(
    ("a", "b"),
    [((3, 3), (3,)), ((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)), ((4, 1, 3, 3), (2, 3, 1))],
)
def test_solve_takes_a_vector_only_where_numpy_does(a, b):
    a, b = RNG.normal(size=a) + 3 * np.eye(3), RNG.normal(size=b)
    got = L.solve(ag.Tensor(a, requires_grad=True), ag.Tensor(b, requires_grad=True))
    np.testing.assert_array_equal(got.numpy(), L.solve(a, b))
    with pytest.raises(ValueError, match="solve"):
        L.solve(ag.Tensor(np.stack([A, A])), ag.Tensor(np.ones((2, 3))))


def test_solve_needs_two_factorisations_for_both_gradients(monkeypatch):
    calls = []
    solve = L.solve
    a, b = ag.Tensor(A, requires_grad=True), ag.Tensor(np.ones(3), requires_grad=True)
    x = np.sum(solve(a, b))
    monkeypatch.setattr(L, "solve", lambda a, b: calls.append(1) or solve(a, b))
    x.backward()
    assert len(calls) == 1


LEAST_SQUARES = [
    ((4, 2), (4,)),
    ((4, 2), (4, 3)),
    ((2, 4), (2,)),
    ((2, 2), (2, 1)),
    ((3, 2), (3, 0)),
]


@pytest.mark.parametrize(("a", "b"), LEAST_SQUARES)
@pytest.mark.parametrize("rcond", [None, -1, 1e-3])
def test_lstsq_gives_what_numpy_gives(a, b, rcond):
    a, b = RNG.normal(size=a), RNG.normal(size=b)
    got = L.lstsq(ag.Tensor(a, requires_grad=True), b, rcond)
    expected = L.lstsq(a, b, rcond)
    assert type(got) is tuple
    for mine, theirs in zip(got, expected, strict=True):
        mine = mine.numpy() if isinstance(mine, ag.Tensor) else mine
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype
    assert not isinstance(got[2], ag.Tensor)


def test_lists_count_as_arrays():
    rows, b = [[2.0, 1.0], [0.0, 1.0]], [1.0, 3.0]
    for solve in (L.solve, lambda a, b: L.lstsq(a, b)[0]):
        da, db = ag.grad(lambda a, b, f=solve: np.sum(f(a, b)), (0, 1))(np.array(rows), np.array(b))
        left = ag.grad(lambda a, f=solve: np.sum(f(a, b)))(np.array(rows))
        right = ag.grad(lambda b, f=solve: np.sum(f(rows, b)))(np.array(b))
        np.testing.assert_allclose(left, da)
        np.testing.assert_allclose(right, db)


def test_lstsq_where_the_rank_stays_1():
    u, v, b = RNG.normal(size=(3, 1)), RNG.normal(size=(1, 2)), RNG.normal(size=3)
    _, residuals, rank, _ = L.lstsq(ag.Tensor(u @ v, requires_grad=True), b)
    assert rank == 1
    assert residuals.shape == (0,)
    gradcheck(lambda u, v, b: L.lstsq(u @ v, b, 1e-10)[0], u, v, b, order=2)
    gradcheck(lambda u, v, b: L.lstsq(u @ v.conj(), b, 1e-10)[0], u + 1j, v + 2j, b - 1j)


def test_matrix_rank_is_a_constant():
    assert type(L.matrix_rank(ag.Tensor(SINGULAR, requires_grad=True))) is not ag.Tensor
    assert L.matrix_rank(ag.Tensor(SINGULAR, requires_grad=True)) == 2


@pytest.mark.parametrize("function", [L.det, L.slogdet, L.inv, lambda a: L.solve(a, np.ones(2))])
def test_matrices_that_are_not_square_are_refused_as_numpy_does(function):
    with pytest.raises(L.LinAlgError, match="square"):
        function(ag.Tensor(np.ones((2, 3)), requires_grad=True))
