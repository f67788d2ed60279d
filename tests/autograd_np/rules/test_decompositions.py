"""Factorisations of matrices and eigenvalues."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.decompositions import triangular_inverse
from autograd_np.testing import gradcheck
from autograd_np.trees import flatten

L = np.linalg
RNG = np.random.default_rng(0)
A = RNG.normal(size=(3, 3))
Z = A + 1j * RNG.normal(size=(3, 3))
DEFINITE = A @ A.T + np.eye(3)
WEIGHTS = RNG.normal(size=(4, 4))


def hermitian(a):
    return a + np.conj(np.swapaxes(a, -1, -2))


def arrays(result):
    return [leaf.numpy() if isinstance(leaf, ag.Tensor) else leaf for leaf in flatten(result)[0]]


SHAPES = [(3, 3), (4, 2), (2, 4), (2, 3, 2), (1, 1), (0, 0), (0, 2), (2, 0), (0, 2, 2)]
CALLS = [
    *((L.qr, {"mode": mode}) for mode in ("reduced", "complete", "r")),
    *((L.svd, {"full_matrices": full}) for full in (True, False)),
    (L.svd, {"compute_uv": False}),
    (L.svdvals, {}),
]
SQUARE_CALLS = [
    *((f, {"UPLO": side}) for f in (L.eigh, L.eigvalsh) for side in "LUlu"),
    (L.eig, {}),
    (L.eigvals, {}),
    (L.svd, {"hermitian": True}),
    (L.svd, {"hermitian": True, "compute_uv": False}),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
@pytest.mark.parametrize(
    ("function", "settings", "shape"),
    [
        *((f, settings, shape) for f, settings in CALLS for shape in SHAPES),
        *((f, s, shape) for f, s in SQUARE_CALLS for shape in [(3, 3), (2, 2, 2), (1, 1), (0, 0)]),
    ],
)
def test_values_types_and_names_are_numpys(function, settings, shape, dtype):
    a = RNG.normal(size=shape)
    a = (a + 1j * RNG.normal(size=shape) if dtype(0).dtype.kind == "c" else a).astype(dtype)
    got, expected = function(ag.Tensor(a, requires_grad=True), **settings), function(a, **settings)
    assert type(got) is (type(expected) if isinstance(expected, tuple) else ag.Tensor)
    for mine, theirs in zip(arrays(got), arrays(expected), strict=True):
        assert mine.dtype == theirs.dtype
        # The values alone are found by another routine than the values with the vectors.
        np.testing.assert_allclose(mine, theirs, rtol=1e-5 if dtype(0).itemsize < 16 else 1e-11)


@pytest.mark.parametrize("mode", ["raw", "economic", "q"])
def test_modes_of_qr_that_cannot_be_recorded_are_refused_with_advice(mode):
    with pytest.raises(ValueError, match=rf"mode='{mode}'.*Write np.linalg.qr\(t, mode='reduced'"):
        L.qr(ag.Tensor(A, requires_grad=True), mode=mode)


def test_what_numpy_refuses_is_refused():
    t = ag.Tensor(np.ones((2, 3)), requires_grad=True)
    for function in (L.cholesky, L.eig, L.eigh, L.eigvals, L.eigvalsh):
        with pytest.raises(L.LinAlgError, match="square"):
            function(t)
    with pytest.raises(L.LinAlgError, match="positive definite"):
        L.cholesky(ag.Tensor(-np.eye(2), requires_grad=True))
    with pytest.raises(ValueError, match="UPLO"):
        L.eigh(ag.Tensor(A, requires_grad=True), "X")


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("a", [DEFINITE, DEFINITE + 0.1 * (Z - Z.conj().T)])
def test_cholesky_reads_and_fills_one_triangle(a, upper):
    t = ag.Tensor(a, requires_grad=True)
    factor = L.cholesky(t, upper=upper)
    np.testing.assert_array_equal(factor.numpy(), L.cholesky(a, upper=upper))
    factor.backward(np.ones_like(a))
    other = np.tril(t.grad, -1) if upper else np.triu(t.grad, 1)
    assert not other.any()
    assert t.grad.any()


def test_half_the_log_determinant_by_cholesky():
    got = ag.grad(lambda a: np.sum(np.log(np.diagonal(L.cholesky(a)))))(DEFINITE)
    inverse = L.inv(DEFINITE)
    np.testing.assert_allclose(got, np.tril(inverse) - np.diag(np.diag(inverse)) / 2, rtol=1e-10)


@pytest.mark.parametrize("n", [1, 2, 63, 64, 65, 130, 257])
def test_triangular_inverse_by_blocks(n):
    a = RNG.normal(size=(2, n, n)) / n + 2 * np.eye(n)
    got = triangular_inverse(a)
    np.testing.assert_allclose(got, L.inv(np.tril(a)), rtol=1e-11, atol=1e-12)
    assert not np.triu(got, 1).any()


def invariant(function):
    """What `function` makes of the singular vectors that does not depend on their phases."""

    def of(a, full):
        u, s, vh = function(a, full)
        k = s.shape[-1]
        polar = u[..., :k] @ vh[..., :k, :]
        rest = u[..., k:] @ np.conj(np.swapaxes(u[..., k:], -1, -2))
        return [np.abs(u[..., :k]) ** 2, np.abs(vh[..., :k, :]) ** 2, polar, rest, s]

    return of


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("shape", [(3, 2), (2, 3), (2, 2), (4, 1), (1, 4), (2, 3, 1)])
@pytest.mark.parametrize("unit", [0, 1j])
def test_svd_but_for_phases(shape, full, unit):
    a = RNG.normal(size=shape) + unit * RNG.normal(size=shape)
    gradcheck(lambda a: invariant(L.svd)(a, full), a, order=2)


@pytest.mark.parametrize("shape", [(4, 2), (2, 3, 1), (3, 3), (2, 4)])
@pytest.mark.parametrize("unit", [0, 1j])
def test_complete_qr_but_for_the_basis_of_what_is_left(shape, unit):
    a = RNG.normal(size=shape) + unit * RNG.normal(size=shape)
    k = min(shape[-2:])

    def f(a):
        q, r = L.qr(a, "complete")
        rest = q[..., k:]
        return q[..., :k], r, rest @ np.conj(np.swapaxes(rest, -1, -2))

    gradcheck(f, a, order=2)


@pytest.mark.parametrize("side", ["L", "U"])
@pytest.mark.parametrize("a", [Z, np.stack([Z, Z.T @ Z])])
def test_complex_eigh_but_for_phases(a, side):
    def f(a):
        w, v = L.eigh(a, side)
        logistic = v @ (np.tanh(w)[..., None] * np.conj(np.swapaxes(v, -1, -2)))
        return np.abs(v) ** 2, logistic, w

    gradcheck(f, a, order=2)


def test_hermitian_svd_is_the_same_as_the_general_one():
    a = hermitian(Z)

    def f(a, same):
        return invariant(lambda a, _: L.svd(a, hermitian=same))(a, None)[:3]

    def slope(same):
        return ag.grad(lambda a: sum(np.sum(np.real(x)) for x in f(hermitian(a), same)[:3:2]))(a)

    np.testing.assert_allclose(slope(True), slope(False), rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("a", [A, Z, np.array([[0.0, 1.0], [-2.0, 0.5]]), np.stack([Z, Z @ Z])])
def test_eig_of_what_has_no_symmetry(a):
    """LAPACK's own scaling and phase: length 1, and the largest element real."""
    gradcheck(lambda a: tuple(L.eig(a)), a, order=2)


def test_gradients_go_to_the_triangle_that_is_read():
    for side, other in (("L", np.triu), ("U", np.tril)):
        for f in (L.eigvalsh, lambda a, side: L.eigh(a, side).eigenvectors[0]):
            gradient = ag.grad(lambda a, f=f, side=side: np.sum(f(a, side) ** 3))(hermitian(A))
            assert not other(gradient, 1 if side == "L" else -1).any()


@pytest.mark.parametrize("values", [[2.0, 2.0, 5.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]])
def test_symmetric_functions_of_equal_eigenvalues(values):
    a = np.diag(values)

    for values in (L.eigvalsh, lambda a: L.eigh(a)[0], L.svdvals, lambda a: np.real(L.eigvals(a))):
        gradient = ag.grad(lambda a, values=values: np.sum(values(a) ** 3))(a)
        np.testing.assert_allclose(gradient, 3 * a @ a, atol=1e-14)
    for function in (L.eigvalsh, L.svdvals):
        curvature = ag.hessian(lambda a, f=function: np.sum(f(a) ** 3))(a)
        assert np.isfinite(curvature).all()


def test_projections_onto_spaces_of_equal_eigenvalues():
    """Both vectors of a pair together do not depend on the choice of either."""
    basis, _ = L.qr(A)
    a = basis * [2.0, 2.0, 5.0] @ basis.T

    def projected(a, columns):
        v = L.eigh(a)[1][:, columns]
        return np.sum((v @ v.T) * WEIGHTS[:3, :3])

    pair, single = (ag.grad(projected)(a, columns) for columns in ([0, 1], [2]))
    np.testing.assert_allclose(pair, -single, atol=1e-14)


def test_the_orthogonal_factor_of_an_orthogonal_matrix():
    """All its singular values are 1, and the nearest orthogonal matrix still moves smoothly."""
    a, _ = L.qr(A)
    weights = WEIGHTS[:3, :3]

    def nearest(a):
        u, _, vh = L.svd(a)
        return np.sum((u @ vh) * weights)

    np.testing.assert_allclose(ag.grad(nearest)(a), (weights - a @ weights.T @ a) / 2, atol=1e-14)
    gradcheck(nearest, np.eye(3))


@pytest.mark.parametrize("a", [np.eye(3), np.zeros((3, 3)), np.ones((3, 3))])
def test_vectors_of_equal_values_have_finite_gradients(a):
    for vectors in (lambda a: L.eigh(a)[1], lambda a: L.svd(a)[0], lambda a: L.svd(a)[2]):
        gradient = ag.grad(lambda a, vectors=vectors: np.sum(vectors(a) ** 3))(a)
        assert np.isfinite(gradient).all()


def test_singular_values_have_slope_0_at_0():
    np.testing.assert_array_equal(ag.grad(lambda a: np.sum(L.svdvals(a)))(np.zeros((2, 3))), 0)
