"""The special functions: reference values, edges, dtypes, and what is refused."""

import math

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck

sp = pytest.importorskip("scipy.special")


def derivative(function, args, position=0, order=1):
    """A derivative of a function of numbers."""

    def of_one(x):
        return function(*args[:position], x, *args[position + 1 :])

    for _ in range(order):
        of_one = ag.grad(of_one)
    return of_one(np.asarray(args[position], float))


# Function, arguments, position, order and derivative, by mpmath with 60 digits or more.
REFERENCE = [
    (sp.erfcx, (-5.0,), 0, 1, -1440097986747.7388),
    (sp.erfcx, (13.0,), 0, 1, -0.0033091986156605647),
    (sp.erfcx, (1e6,), 0, 1, -5.6418958354691e-13),
    (sp.erfcx, (100.0,), 0, 2, 1.1280407802288336e-6),
    (sp.dawsn, (100.0,), 0, 1, -5.0007501875656545e-5),
    (sp.dawsn, (-13.0,), 0, 2, -0.00046343041722391815),
    (sp.log_ndtr, (-1e6,), 0, 1, 1000000.000001),
    (sp.log_ndtr, (-1000.0,), 0, 2, -0.99999900000599995),
    (sp.log_ndtr, (30.0,), 0, 1, 1.4736461348785475e-196),
    (sp.log_ndtr, (30.0,), 0, 2, -4.4209384046356426e-195),
    (sp.rgamma, (-2.0,), 0, 2, -3.6911373403938686),
    (sp.rgamma, (-19.999,), 0, 1, 2.4182262005092019e18),
    (sp.psi, (-7.5,), 0, 2, -0.015564511795903923),
    (sp.zeta, (-2.0,), 0, 1, -0.030448457058393271),
    (sp.zeta, (0.5,), 0, 2, -16.008357013928661),
    (sp.zeta, (30.0,), 0, 1, -6.4554895388000303e-10),
    (sp.zeta, (1.5, 0.25), 0, 1, 7.0600508190496927),
    (sp.zeta, (2.5, 40.0), 0, 2, 0.051841469360563664),
    (sp.zeta, (2.5, 0.1), 1, 2, 276705.38470459143),
    (sp.spence, (1.0001,), 0, 2, 0.49993334083253342),
    (sp.j1, (1e-4,), 0, 2, -3.7499999947916668e-5),
    (sp.yn, (3.0, 0.01), 1, 1, 1527893819.8003202),
    (sp.ive, (1.5, 700.0), 1, 1, -1.072427021579589e-5),
    (sp.expn, (0.0, 0.5), 1, 2, 15.769797152528469),
    (sp.beta, (0.5, 50.0), 1, 1, -0.0025254664651727818),
    (sp.gammainc, (0.001, 1e-10), 0, 1, -21.951897545291591),
    (sp.gammainc, (0.5, 2.0), 0, 2, -0.18285354926300594),
    (sp.gammaincc, (3.0, 40.0), 0, 1, 9.9743303000892817e-15),
    (sp.gammainc, (1e6, 1001000.0), 0, 1, -0.00024193040952413305),
    (sp.gammainc, (300.0, 250.0), 1, 1, 0.00025220885359437218),
    (sp.betainc, (0.01, 5.0, 0.9), 0, 1, -2.2702825906011383e-6),
    (sp.betainc, (300.0, 200.0, 0.7), 1, 1, 3.1414772730322887e-7),
    (sp.betainc, (2.0, 3.0, 0.4), 0, 2, 0.058396601251541091),
    (sp.betainc, (0.5, 0.5, 0.999), 1, 1, 0.15144045259989148),
]


@pytest.mark.parametrize(("function", "args", "position", "order", "expected"), REFERENCE)
def test_agrees_with_sixty_digits(function, args, position, order, expected):
    np.testing.assert_allclose(derivative(function, args, position, order), expected, rtol=2e-11)


def test_digamma_is_psi():
    np.testing.assert_allclose(derivative(sp.digamma, (1.0,)), math.pi**2 / 6, rtol=1e-14)


def test_reciprocal_gamma_where_gamma_has_poles():
    """Its slope at -n is (-1)**n n!."""
    n = np.arange(8)
    slopes = ag.grad(lambda x: np.sum(sp.rgamma(x)))(-n.astype(float))
    np.testing.assert_allclose(slopes, (-1.0) ** n * sp.factorial(n), rtol=1e-13)


def test_poles_give_what_numpy_would():
    assert derivative(sp.gamma, (0.0,)) == -np.inf
    assert derivative(sp.gammaln, (0.0,)) == -np.inf
    assert derivative(sp.psi, (0.0,)) == np.inf
    assert derivative(sp.erfinv, (1.0,)) == np.inf
    assert derivative(sp.ndtri, (0.0,)) == np.inf
    assert derivative(sp.xlogy, (0.0, 0.0)) == -np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert derivative(sp.entr, (0.0,)) == np.inf
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert derivative(sp.logit, (0.0,)) == np.inf


@pytest.mark.parametrize("order", range(1, 6))
def test_bessel_functions_at_zero_to_every_order(order):
    """The coefficients of J1 = x/2 - x**3/16 + x**5/384, and the same without signs for I1."""
    coefficients = {1: 1 / 2, 3: -1 / 16, 5: 1 / 384}
    expected = coefficients.get(order, 0.0) * math.factorial(order)
    np.testing.assert_allclose(derivative(sp.j1, (0.0,), 0, order), expected, rtol=1e-14)
    np.testing.assert_allclose(derivative(sp.i1, (0.0,), 0, order), abs(expected), rtol=1e-14)


def test_scaled_bessel_functions_at_their_kink():
    assert derivative(sp.i0e, (0.0,)) == 0.0
    assert derivative(sp.ive, (0, 0.0), 1) == 0.0
    assert derivative(sp.i1e, (0.0,)) == 0.5


def test_dilogarithm_at_one():
    """By its series: -w - w**2/4 - w**3/9 ... in ``w = 1 - x``, with signs."""
    slopes = [derivative(sp.spence, (1.0,), 0, order) for order in (1, 2, 3)]
    np.testing.assert_allclose(slopes, [-1, 1 / 2, -2 / 3], rtol=1e-14)


def test_products_with_logarithms_where_both_vanish():
    """They are 0 for every second argument, and their slope in it is 0."""
    for function, zero in ((sp.xlogy, 0.0), (sp.xlog1py, -1.0), (sp.rel_entr, 0.0)):
        assert derivative(function, (0.0, zero), 1) == 0.0
    assert derivative(sp.kl_div, (0.0, 0.0), 1) == 1.0
    assert derivative(sp.kl_div, (0.0, 2.0), 1) == 1.0
    assert derivative(sp.xlogy, (0.0, 3.0)) == np.log(3.0)


def test_a_product_of_zero_with_an_infinite_logarithm_passes_no_nan():
    x = ag.Tensor(np.array([0.0, 2.0]), requires_grad=True)
    sp.xlogy(x, np.array([0.0, 3.0])).backward(np.array([0.0, 1.0]))
    np.testing.assert_array_equal(x.grad, [0.0, np.log(3.0)])


def test_relative_entropy_beyond_the_range_of_the_quotient():
    p = np.array(1e-30, np.float32)
    q = np.array(1e15, np.float32)
    np.testing.assert_allclose(ag.grad(sp.kl_div)(p, q), -45 * np.log(10), rtol=1e-6)


def test_far_tail_of_the_normal_distribution():
    slope = ag.grad(sp.log_ndtr)
    for x in (-1e4, -1e8, -1e15):
        np.testing.assert_allclose(slope(np.array(x)), -x, rtol=2e-8)
        np.testing.assert_allclose(ag.grad(slope)(np.array(x)), -1, rtol=2e-8)
    assert slope(np.array(50.0)) == 0.0
    assert ag.grad(slope)(np.array(50.0)) == 0.0


def test_sign_of_gamma_is_flat():
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(sp.gammasgn(x)))(np.ones(3)), 0)


class TestIncompleteFunctions:
    def test_first_moments_over_everything_vanish(self):
        assert derivative(sp.gammainc, (2.0, np.inf), 0) == 0.0
        assert derivative(sp.betainc, (2.0, 3.0, 1.0), 0) == 0.0
        assert derivative(sp.betainc, (2.0, 3.0, 1.0), 1) == 0.0

    def test_nothing_is_below_zero(self):
        assert derivative(sp.gammainc, (2.0, 0.0), 0) == 0.0
        assert derivative(sp.betainc, (2.0, 3.0, 0.0), 0) == 0.0

    @pytest.mark.parametrize("args", [(-1.0, 2.0), (np.nan, 2.0), (2.0, np.nan), (2.0, -1.0)])
    def test_nan_outside_the_domain(self, args):
        assert np.isnan(derivative(sp.gammainc, args, 0))
        assert np.isnan(derivative(sp.betainc, (args[0], 1.5, args[1]), 0))
        assert np.isnan(derivative(sp.betainc, (1.5, args[0], args[1]), 1))

    def test_complements(self):
        a, x = np.array([0.3, 2.0, 50.0]), np.array([1.0, 1.5, 60.0])
        lower, upper = (
            ag.grad(lambda a, f=f: np.sum(f(a, x)))(a) for f in (sp.gammainc, sp.gammaincc)
        )
        np.testing.assert_array_equal(lower, -upper)

    def test_reflection(self):
        """I_x(a, b) = 1 - I_(1-x)(b, a)."""
        for a, b, x in ((0.3, 2.0, 0.125), (40.0, 7.0, 0.75)):
            here, there = (
                derivative(sp.betainc, (a, b, x), 0),
                derivative(sp.betainc, (b, a, 1 - x), 1),
            )
            np.testing.assert_allclose(here, -there, rtol=1e-12)

    def test_one_and_one_is_uniform(self):
        """I_x(a, 1) = x**a."""
        x = np.array([0.01, 0.4, 0.99])
        slopes = ag.grad(lambda a: np.sum(sp.betainc(a, np.ones(3), x)))(np.full(3, 2.5))
        np.testing.assert_allclose(slopes, x**2.5 * np.log(x), rtol=1e-12)

    def test_mixed_derivatives_to_third_order(self):
        """The mixed derivatives do not depend on the order in which they are taken."""

        def third(first, second, third):
            f = ag.grad(sp.betainc, first)
            f = ag.grad(f, second)
            return ag.grad(f, third)(np.array(1.3), np.array(2.1), np.array(0.4))

        np.testing.assert_allclose(third(0, 1, 0), third(0, 0, 1), rtol=1e-12)
        np.testing.assert_allclose(third(0, 2, 1), third(1, 0, 2), rtol=1e-11)


SINGLE = [
    (sp.erf, ()),
    (sp.erfcx, ()),
    (sp.dawsn, ()),
    (sp.log_ndtr, ()),
    (sp.gamma, ()),
    (sp.rgamma, ()),
    (sp.psi, ()),
    (sp.j1, ()),
    (sp.i1e, ()),
    (sp.spence, ()),
    (sp.zeta, ()),
    (sp.xlogy, (2.0,)),
    (sp.kl_div, (2.0,)),
    (sp.gammainc, (2.0,)),
    (sp.betainc, (2.0, 0.3)),
]


@pytest.mark.parametrize(("function", "more"), SINGLE)
def test_single_precision(function, more):
    """Close to the derivatives in double precision, to second order."""
    x = np.array([0.3, 1.7, 6.0])
    f = ag.grad(lambda x: np.sum(function(x, *more)))
    g = ag.grad(lambda x: np.sum(f(x)))
    for each in (f, g):
        single = each(x.astype(np.float32))
        assert single.dtype == np.float32
        np.testing.assert_allclose(single, each(x), rtol=2e-4, atol=1e-7)


@pytest.mark.parametrize("function", [sp.erf, sp.erfc, sp.ndtr, sp.erfcx, sp.dawsn, sp.log_ndtr])
def test_half_precision_does_not_overflow(function):
    x = ag.Tensor(np.array([0.5, 300.0], np.float16), requires_grad=True)
    function(x).sum().backward()
    assert x.grad.dtype == np.float16
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize(
    ("function", "args", "name"),
    [(sp.jv, (1.5, 2.0), "v"), (sp.iv, (1.5, 2.0), "v"), (sp.expn, (2.0, 2.0), "n")],
)
def test_orders_are_constants(function, args, name):
    with pytest.raises(TypeError, match=f"with respect to its argument '{name}'.*t.detach()"):
        derivative(function, args, 0)


def test_zeta_of_a_complex_exponent_is_refused():
    s = ag.Tensor(np.array(2 + 1j), requires_grad=True)
    with pytest.raises(TypeError, match="no derivative rule for complex exponents"):
        sp.zeta(s).backward(np.array(1 + 0j))


def test_zeta_with_respect_to_both_arguments():
    gradcheck(sp.zeta, np.array([1.5, 3.0]), np.array([[0.4], [2.0]]), order=2)


def test_orders_in_an_array():
    x = np.array([0.5, 2.0])
    orders = np.array([[0], [3]])
    slopes = ag.grad(lambda x: np.sum(sp.jv(orders, x)))(x)
    np.testing.assert_allclose(slopes, -sp.j1(x) + (sp.jv(2, x) - sp.jv(4, x)) / 2, rtol=1e-14)
