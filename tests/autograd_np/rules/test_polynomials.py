"""Polynomials by coefficients: values as NumPy's, derivatives as algebra has them."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.polynomials import series_quotient
from autograd_np.testing import gradcheck

RNG = np.random.default_rng(0)
P, Q, X = RNG.normal(size=5), RNG.normal(size=3), RNG.normal(size=(2, 3))
CUBIC = np.array([2.0, -8, -2, 8])  # 2 (x - 4) (x - 1) (x + 1)


def recorded(a):
    return ag.Tensor(a, requires_grad=True)


def assert_as_numpy(function, *arrays, exactly=True):
    """The same values and dtypes for Tensors as for arrays, in results that were recorded."""
    got, expected = function(*map(recorded, arrays)), function(*arrays)
    if not isinstance(got, tuple):
        got, expected = (got,), (expected,)
    for out, plain in zip(got, expected, strict=True):
        assert out.requires_grad
        assert out.dtype == plain.dtype
        assert out.shape == plain.shape
        np.testing.assert_allclose(
            out.numpy(), plain, rtol=0 if exactly else 1e-12, atol=0 if exactly else 1e-13
        )


DTYPES = ["float64", "float32", "complex128", "complex64"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_values_are_numpys(dtype):
    p, q, x = P.astype(dtype), Q.astype(dtype), X.astype(dtype)
    for x_like in (x, x[0, 0], x[:0], 3, 2.5, [1, 2]):
        assert_as_numpy(lambda p, x=x_like: np.polyval(p, x), p)
    assert_as_numpy(np.polyval, p, x)
    assert_as_numpy(np.polyval, p[:1], x)
    assert_as_numpy(np.polyval, RNG.normal(size=(4, 3)).astype(dtype), x)
    for function in (np.polyadd, np.polysub, np.polymul):
        assert_as_numpy(function, p, q)
        assert_as_numpy(function, q, p)
        assert_as_numpy(lambda p, function=function: function(p, 2), p)
        assert_as_numpy(lambda p, function=function: function([1, 2, 3], p), p[:1])
    for m in range(7):
        assert_as_numpy(lambda p, m=m: np.polyder(p, m), p)
        assert_as_numpy(lambda p, m=m: np.polyint(p, m), p)
    assert_as_numpy(lambda p: np.polyint(p, 3, k=2.0), p)
    assert_as_numpy(lambda p, k: np.polyint(p, 2, k=k), p, q)
    for count in (None, 0, 1, 2, 6):
        assert_as_numpy(lambda p, N=count: np.vander(p, N), p)
        assert_as_numpy(lambda p, N=count: np.vander(p, N, increasing=True), p)
    assert_as_numpy(np.roots, p)
    assert_as_numpy(np.poly, p)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("lengths", [(5, 3), (5, 1), (3, 3), (2, 3), (1, 1), (9, 2)])
def test_division(dtype, lengths):
    u, v = (RNG.normal(size=n).astype(dtype) for n in lengths)
    got, expected = np.polydiv(recorded(u), recorded(v)), np.polydiv(u, v)
    tolerance = 1e-12 if np.finfo(dtype).eps < 1e-10 else 2e-3
    for out, plain in zip(got, expected, strict=True):
        assert out.dtype == plain.dtype
        np.testing.assert_allclose(out.numpy(), plain, atol=tolerance)


def test_a_power_series_divided_and_multiplied_back():
    u, v = RNG.normal(size=6), np.array([2.0, -1, 0.5])
    np.testing.assert_allclose(np.convolve(series_quotient(u, v), v)[:6], u, atol=1e-14)
    inverse = np.stack([series_quotient(row, v) for row in np.eye(6)], axis=1)
    jacobian = ag.jacobian(lambda u: series_quotient(u, v))(u)
    np.testing.assert_allclose(jacobian, inverse, atol=1e-15)


def test_coefficients_that_numpy_drops():
    assert_as_numpy(lambda p: np.polymul(p, [0, 0, 1, 2]), P)
    p = recorded(np.array([0.0, 0, 1, 3]))
    product = np.polymul(p, [1, 1])
    np.testing.assert_array_equal(product.numpy(), [1, 4, 3])
    product.backward(np.array([1.0, 10, 100]))
    np.testing.assert_array_equal(p.grad, [0, 0, 11, 110])
    assert_as_numpy(np.polymul, np.zeros(3), P)
    quotient, remainder = np.polydiv(recorded(np.array([1.0, 3, 2])), np.array([1.0, 1]))
    np.testing.assert_array_equal(quotient.numpy(), [1, 2])
    np.testing.assert_array_equal(remainder.numpy(), [0])


def test_a_polynomial_of_numpys_own_kind():
    poly = np.poly1d([1, -2, 3])
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(poly(x)))(X), 2 * X - 2)
    for function in (np.polyadd, np.polysub, np.polymul):
        out = function(poly, recorded(P))
        np.testing.assert_array_equal(out.numpy(), function(poly.coeffs, P))
    with pytest.raises(TypeError, match="composition"):
        np.polyval(recorded(P), poly)


def test_lists_of_tensors():
    a, b = recorded(2.0), recorded(-3.0)
    np.poly([a, b])[1].backward()
    assert (a.grad, b.grad) == (-1, -1)
    np.polyval([a, b, 1.0], recorded(2.0)).backward()
    assert (a.grad, b.grad) == (3, 1)
    np.sum(np.roots([a, b, 1.0])).backward()
    # The sum of the roots is -b / a.
    np.testing.assert_allclose((a.grad, b.grad), (3 - 3 / 4, 1 - 1 / 2))


def test_slopes_of_roots_in_closed_form():
    def quadratic(p):
        return (-p[1] + np.sqrt(p[1] ** 2 - 4 * p[0] * p[2])) / (2 * p[0])

    p = np.array([1.0, -1, -6])
    got, expected = ag.grad(lambda p: np.max(np.roots(p)))(p), ag.grad(quadratic)(p)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    curvature = ag.hessian(lambda p: np.max(np.roots(p)))(p)
    np.testing.assert_allclose(curvature, ag.hessian(quadratic)(p), rtol=1e-11)


def test_the_roots_of_the_polynomial_of_roots_are_themselves():
    z = np.array([4.0, 1, -1])
    np.testing.assert_allclose(2 * np.poly(z), CUBIC)
    there_and_back = ag.jacobian(lambda z: np.sort(np.real(np.roots(np.poly(z)))))(z)
    np.testing.assert_allclose(there_and_back, np.eye(3)[::-1], atol=1e-12)


@pytest.mark.parametrize("shift", [0, 2])
def test_zero_coefficients_at_either_end_of_roots(shift):
    padded = np.concatenate([np.zeros(shift), CUBIC, np.zeros(1)])
    p = recorded(padded)
    out = np.roots(p)
    np.testing.assert_array_equal(out.numpy(), np.roots(padded))
    np.sum(np.where(out == np.max(out), out, 0)).backward()
    # The largest root is 4; by a leading zero a root moves as by any other coefficient.
    slope = np.polyval(np.polyder(padded), 4.0)
    np.testing.assert_allclose(p.grad, -np.vander([4.0], len(padded))[0] / slope, rtol=1e-10)
    gradcheck(lambda p: np.roots(np.concatenate([np.zeros(shift), p])), padded[shift:], order=2)


def test_a_double_root_has_no_derivative():
    with np.errstate(all="ignore"):
        got = ag.grad(lambda p: np.sum(np.roots(p)[:1]))(np.array([1.0, 0, 0]))
    assert not np.isfinite(got).any()


def test_no_root_at_all():
    for p in (np.zeros(3), np.ones(1)):
        out = np.roots(recorded(p))
        assert out.shape == (0,)
        out.backward(np.empty(0))


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("dtype", ["float64", "complex128"])
def test_the_characteristic_polynomial_of_a_matrix(n, dtype):
    a = RNG.normal(size=(n, n)).astype(dtype)
    assert_as_numpy(np.poly, a)
    trace = ag.grad(lambda a: np.real(np.poly(a)[1]))(a)
    np.testing.assert_allclose(trace, -np.eye(n), atol=1e-14)
    # (-1)**n times the last coefficient is the determinant.
    last = ag.grad(lambda a: np.real(np.poly(a)[-1]))(a)
    np.testing.assert_allclose(last, (-1) ** n * np.linalg.det(a) * np.linalg.inv(a).T, atol=1e-12)


def test_equal_eigenvalues_do_no_harm():
    got = ag.jacobian(np.poly)(2 * np.eye(3))
    expected = np.array([0, -1, 4, -4])[:, None, None] * np.eye(3)
    np.testing.assert_allclose(got, expected, atol=1e-12)


def test_conjugate_roots_make_a_real_polynomial():
    z = np.array([1 + 2j, -0.5 + 1j])
    assert_as_numpy(lambda z: np.poly(np.concatenate([z, np.conj(z)])), z)
    assert np.poly(recorded(np.array([1j, -1j]))).dtype == float


FITS = [
    {},
    {"w": np.linspace(1, 3, 7)},
    {"cov": True},
    {"cov": "unscaled", "w": np.linspace(1, 3, 7)},
    {"rcond": 1e-3},
]


@pytest.mark.parametrize("options", FITS)
@pytest.mark.parametrize("columns", [(), (2,)])
@pytest.mark.parametrize("degree", [0, 1, 3])
def test_polyfit(options, columns, degree):
    x, y = np.linspace(-1, 2, 7), RNG.normal(size=(7, *columns))
    assert_as_numpy(lambda x, y: np.polyfit(x, y, degree, **options), x, y, exactly=False)


def test_polyfit_in_full():
    x, y = np.linspace(-1, 2, 7), RNG.normal(size=7)
    got = np.polyfit(recorded(x), recorded(y), 2, full=True)
    expected = np.polyfit(x, y, 2, full=True)
    for out, plain in zip(got, expected, strict=True):
        np.testing.assert_allclose(getattr(out, "data", out), plain, rtol=1e-12)
    assert got[1].requires_grad


def test_polyfit_is_linear_in_its_values_and_exact_on_a_polynomial():
    x = np.array([-1.0, 0.5, 1, 2, 3])
    expected = np.linalg.pinv(np.vander(x, 3))
    got = ag.jacobian(lambda y: np.polyfit(x, y, 2))(RNG.normal(size=5))
    np.testing.assert_allclose(got, expected, atol=1e-12)
    w = np.arange(1.0, 6)
    still = ag.jacobian(lambda w: np.polyfit(x, np.polyval(CUBIC, x), 3, w=w))(w)
    np.testing.assert_allclose(still, np.zeros((4, 5)), atol=1e-10)


def test_polyfit_warns_of_what_it_cannot_determine():
    with pytest.warns(np.exceptions.RankWarning, match="2 of 3"):
        np.polyfit(recorded(np.array([0.0, 1, 1])), np.ones(3), 2)


@pytest.mark.parametrize(
    ("call", "error", "match"),
    [
        (lambda t: np.polyfit(t, t, -1), ValueError, "degree of 0 or more"),
        (lambda t: np.polyfit(t[None], t, 1), TypeError, "vector x"),
        (lambda t: np.polyfit(t[:0], t[:0], 1), TypeError, "at least one"),
        (lambda t: np.polyfit(t, t[1:], 1), TypeError, "as many values"),
        (lambda t: np.polyfit(t, t[None, None], 1), TypeError, "values y"),
        (lambda t: np.polyfit(t, t, 1, w=t[1:]), TypeError, "one weight"),
        (lambda t: np.polyfit(t, t, 4, cov=True), ValueError, "unscaled"),
        (lambda t: np.polyder(t, -1), ValueError, "order m of 0 or more"),
        (lambda t: np.polyint(t, -1), ValueError, "order m of 0 or more"),
        (lambda t: np.polyint(t, 3, k=[1, 2]), ValueError, "was given 2"),
        (lambda t: np.polymul(t[None], 2), ValueError, "vector"),
        (lambda t: np.roots(t[None]), ValueError, "rank-1"),
        (lambda t: np.poly(t[None]), ValueError, "square matrix"),
        (lambda t: np.vander(t[None]), ValueError, "one-dimensional"),
        (lambda t: np.vander(t, -1), ValueError, "negative dimensions"),
    ],
)
def test_what_numpy_refuses_is_refused(call, error, match):
    with pytest.raises(error):
        call(P)
    with pytest.raises(error, match=match):
        call(recorded(P))


def test_a_remainder_that_is_nothing_but_rounding_has_no_gradient_to_speak_of():
    u = ag.grad(lambda u: np.sum(np.polydiv(u, np.array([3.0]))[1]))(P)
    np.testing.assert_allclose(u, np.zeros(5), atol=1e-15)
    gradcheck(lambda u, v: np.polydiv(u, v)[0], P, np.array([3.0]), order=2)


@pytest.mark.parametrize("dtype", ["u1", "i8", "f2", "f4"])
def test_poly_computes_in_numpys_precision(dtype):
    roots = np.array([3, 1], dtype)
    found = np.poly(ag.Tensor(roots))
    assert found.dtype == np.poly(roots).dtype
    np.testing.assert_array_equal(found.numpy(), [1, -4, 3])
