"""Reductions: NumPy's values and refusals, ties, zeros, NaN and half precision."""

import warnings

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck
from tests.autograd_np.against_numpy import assert_as_numpy

X = np.array([[0.5, -2.0, 1.5], [3.0, 0.25, -1.0]])
Z = X + 1j * X[::-1]
MASK = np.array([[True, False, True], [False, True, True]])
CUBE = np.arange(24.0).reshape(2, 3, 4) % 5 - 1.7

SUMS = [np.sum, np.prod, np.mean, np.nansum, np.nanprod, np.nanmean]
EXTREMES = [np.max, np.amax, np.min, np.amin, np.nanmax, np.nanmin]
VARIANCES = [np.var, np.std, np.nanvar, np.nanstd]
ALL = [*SUMS, *EXTREMES, *VARIANCES, np.ptp]
NAN = [f for f in ALL if f.__name__.startswith("nan")]


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"axis": 0},
        {"axis": -1},
        {"axis": (0, 2)},
        {"axis": (-1, 1, 0)},
        {"axis": ()},
        {"axis": np.int64(1)},
        {"axis": 1, "keepdims": True},
        {"axis": 1, "keepdims": 1},
        {"keepdims": True},
        {"axis": 3},
        {"axis": (0, 0)},
        {"axis": 0.5},
    ],
)
def test_axes_as_in_numpy(function, options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_as_numpy(function, CUBE, **options)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("shape", [(), (1,), (0,), (0, 3), (3, 0)])
def test_few_elements_as_in_numpy(function, shape):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_as_numpy(function, np.ones(shape))
        assert_as_numpy(function, np.ones(shape), axis=0)
        assert_as_numpy(function, np.ones(shape), axis=-1, keepdims=True)


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.complex64, np.complex128])
def test_dtypes_as_in_numpy(function, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
        assert_as_numpy(function, Z.astype(dtype), axis=1)
        assert_as_numpy(function, np.where(MASK, Z, np.nan).astype(dtype), axis=1)


@pytest.mark.parametrize(
    ("function", "options"),
    [
        *((f, {"where": MASK, "axis": 1}) for f in [*SUMS, *VARIANCES]),
        *((f, {"where": MASK[0]}) for f in [*SUMS, *VARIANCES]),
        *((f, {"dtype": np.float32}) for f in [*SUMS, *VARIANCES]),
        *((f, {"initial": 2.5}) for f in [np.sum, np.prod, np.nansum, np.nanprod, *EXTREMES]),
        *((f, {"where": MASK, "axis": 1, "initial": 0.0}) for f in EXTREMES),
        *((f, {"where": MASK}) for f in EXTREMES),
        *((f, {"axis": 0, "ddof": 1}) for f in VARIANCES),
        *((f, {"axis": 1, "correction": 1.5}) for f in VARIANCES),
        *((f, {"ddof": 1, "correction": 1}) for f in VARIANCES),
        *((f, {"axis": 1, "mean": np.array([[0.5], [1.0]])}) for f in VARIANCES),
    ],
)
def test_options_as_in_numpy(function, options):
    assert_as_numpy(function, X, **options)


@pytest.mark.parametrize("function", ALL)
def test_out_is_refused(function):
    t = ag.Tensor(X, requires_grad=True)
    with pytest.raises(TypeError, match=r"out=.*Write"):
        function(t, axis=0, out=np.empty(3))


@pytest.mark.parametrize("function", EXTREMES)
def test_ties_share_evenly(function):
    gradient = ag.grad(lambda x: np.sum(function(x, axis=1) * np.array([1.0, 10.0])))
    sign = -1.0 if "min" in function.__name__ else 1.0
    x = sign * np.array([[2.0, 1.0, 2.0], [4.0, 4.0, 4.0]])
    np.testing.assert_allclose(gradient(x), [[0.5, 0, 0.5], [10 / 3] * 3], rtol=1e-15)


@pytest.mark.parametrize("function", EXTREMES)
def test_initial_takes_part(function):
    sign = -1.0 if "min" in function.__name__ else 1.0
    x = sign * np.array([1.0, 2.0, 2.0])
    gradients = ag.grad(lambda x, initial: function(x, initial=initial), argnums=(0, 1))
    for initial, of_x, of_initial in [
        (5.0, [0, 0, 0], 1),
        (2.0, [0, 1 / 3, 1 / 3], 1 / 3),
        (0.0, [0, 0.5, 0.5], 0),
    ]:
        one, other = gradients(x, np.array(sign * initial))
        np.testing.assert_allclose(one, of_x)
        np.testing.assert_allclose(other, of_initial)
    # A number takes part, too, in the precision of the array.
    single = ag.grad(lambda x: function(x, initial=sign * 0.1))
    np.testing.assert_array_equal(single(np.float32([sign * 0.1, 0])), np.float32([0.5, 0]))


def test_the_maximum_of_complex_numbers_is_by_their_real_parts_first():
    gradient = ag.grad(lambda z: np.real(np.max(z)))(np.array([1 + 5j, 2 - 1j, 2 + 1j]))
    np.testing.assert_array_equal(gradient, [0, 0, 1])


@pytest.mark.parametrize("function", [np.std, np.nanstd])
def test_the_gradient_of_no_deviation_is_zero(function):
    np.testing.assert_array_equal(ag.grad(function)(np.full(3, 0.5)), np.zeros(3))


@pytest.mark.parametrize("ddof", [0, 1])
def test_variance_of_complex_numbers(ddof):
    z = Z.ravel()
    expected = 2 * (z - z.mean()) / (z.size - ddof)
    np.testing.assert_allclose(ag.grad(lambda z: np.var(z, ddof=ddof))(z), expected, rtol=1e-14)


class TestProducts:
    """The derivative of a product is the product of the others, without a division."""

    def test_zeros(self):
        x = np.array([2.0, 0.0, 3.0, 5.0])
        np.testing.assert_array_equal(ag.grad(np.prod)(x), [0, 30, 0, 0])
        np.testing.assert_array_equal(ag.grad(np.prod)(x * [1, 1, 0, 1]), np.zeros(4))

    @pytest.mark.parametrize("x", [[2.0, 0.0, 3.0, 5.0], [0.0, 0.0, 3.0], [1e-200] * 3, [2.0, 7.0]])
    def test_second_derivatives(self, x):
        x = np.array(x)
        pairs = [(i, j) for i in range(x.size) for j in range(x.size) if i != j]
        expected = np.zeros((x.size, x.size))
        for i, j in pairs:
            expected[i, j] = np.prod(np.delete(x, [i, j]))
        np.testing.assert_allclose(ag.hessian(np.prod)(x), expected, rtol=1e-15)

    def test_third_derivative_at_zero(self):
        third = ag.grad(lambda x: ag.hessian(np.prod)(x)[0, 1])
        np.testing.assert_array_equal(third(np.zeros(3)), [0, 0, 1])

    @pytest.mark.parametrize(
        ("x", "expected"),
        [
            ([1e-200, 1e-200], [1e-200, 1e-200]),
            ([1e200, 1e-300, 1e200], [1e-100, np.inf, 1e-100]),
            ([1e200, 1e200], [1e200, 1e200]),
            ([np.inf, 2.0], [2.0, np.inf]),
            ([np.nan, 2.0], [2.0, np.nan]),
        ],
    )
    @pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
    def test_where_the_product_leaves_the_range_of_floats(self, x, expected):
        np.testing.assert_allclose(ag.grad(np.prod)(np.array(x)), expected, rtol=1e-15)

    @pytest.mark.parametrize("axis", [None, 0, 1, (0, 2), (2, 1)])
    def test_long_products(self, axis):
        x = np.random.default_rng(0).uniform(0.9, 1.1, (3, 5, 7))
        expected = np.broadcast_to(np.prod(x, axis=axis, keepdims=True), x.shape) / x
        found = ag.grad(lambda x: np.sum(np.prod(x, axis=axis)))(x)
        np.testing.assert_allclose(found, expected, rtol=1e-14)


class TestNaN:
    """Elements that are NaN are passed over, and their gradient is 0."""

    OPTIONS = [{}, {"axis": 0}, {"axis": 1, "keepdims": True}, {"axis": 1, "where": ~MASK | MASK}]

    @pytest.mark.parametrize("function", [*NAN, np.nancumsum, np.nancumprod])
    @pytest.mark.parametrize("options", OPTIONS[:3])
    @pytest.mark.parametrize("x", [X, Z], ids=["real", "complex"])
    def test_to_second_order(self, function, options, x):
        if "cum" in function.__name__:
            options = {"axis": options.get("axis")}
        gradcheck(lambda t: function(np.where(MASK, t, np.nan), **options), x, order=2)

    @pytest.mark.parametrize("function", [np.nansum, np.nanprod, np.nanmean, *VARIANCES[2:]])
    def test_with_a_mask_as_well(self, function):
        where = np.array([[True, True, False], [True, True, True]])
        gradcheck(lambda t: function(np.where(MASK, t, np.nan), where=where, axis=1), X, order=2)

    @pytest.mark.parametrize("function", NAN)
    @pytest.mark.filterwarnings("ignore::RuntimeWarning")
    def test_nothing_but_nan(self, function):
        x = np.array([[np.nan, np.nan, np.nan], [1.0, np.nan, 3.0]])
        gradient = ag.grad(lambda x: np.sum(function(x, axis=1)))(x)
        assert not gradient[np.isnan(x)].any()
        expected = ag.grad(function)(np.array([1.0, 3.0]))
        np.testing.assert_allclose(gradient[1, ::2], expected)

    @pytest.mark.parametrize("function", [*EXTREMES[4:], np.nanmean, *VARIANCES[2:]])
    def test_warns_as_numpy_does(self, function):
        with pytest.warns(RuntimeWarning, match="All-NaN|empty|Degrees"):
            function(ag.Tensor(np.full(3, np.nan), requires_grad=True))


@pytest.mark.filterwarnings("error")
class TestHalfPrecision:
    """Counts above 65504, the largest number of float16, do no harm."""

    MANY = np.tile(np.float16([1, 2]), 50_000)

    def test_mean(self):
        gradient = ag.grad(np.mean)(self.MANY)
        assert gradient.dtype == np.float16
        np.testing.assert_array_equal(gradient, np.float16(1e-5))

    @pytest.mark.parametrize("function", [np.mean, np.nanmean])
    def test_mean_of_some(self, function):
        where = np.arange(100_000) % 10 > 0
        gradient = ag.grad(lambda x: function(x, where=where))(self.MANY)
        np.testing.assert_array_equal(gradient, np.where(where, np.float16(1 / 90_000), 0))

    @pytest.mark.parametrize("function", [np.var, np.std, np.nanvar, np.nanstd])
    def test_variance(self, function):
        gradient = ag.grad(function)(self.MANY[:1000])
        np.testing.assert_array_equal(gradient, np.tile(np.float16([-1e-3, 1e-3]), 500))

    def test_ties(self):
        gradient = ag.grad(np.max)(np.ones(100_000, np.float16))
        np.testing.assert_array_equal(gradient, np.float16(1e-5))


@pytest.mark.parametrize("function", [np.mean, np.var, np.std, np.nanmean, np.nanvar, np.nanstd])
def test_masks_do_not_widen_single_precision(function):
    """An integer count would turn the gradient, and all that follows, to float64."""
    x = ag.Tensor(X.astype(np.float32), requires_grad=True)
    out = function(x, axis=1, where=MASK)
    derivative = out.node.derivative
    (gradient,) = derivative.pull(np.ones(2, np.float32), out.node.saved, out.node.parents)
    assert gradient.dtype == np.float32


MEANS = [(X, 1.5, {}), (X, 1.5, {"axis": 1}), (X, X[0], {}), (X, np.ones((2, 1)), {"axis": 1})]


@pytest.mark.parametrize("function", [np.var, np.std])
@pytest.mark.parametrize(("x", "mean", "options"), [*MEANS, (2.5, 1.5, {}), ([2.5, 1.0], 1.5, {})])
def test_a_given_mean_of_any_shape_has_a_gradient(function, x, mean, options):
    gradcheck(lambda m: function(x, mean=m, **options), np.array(mean), order=2)


@pytest.mark.parametrize("function", VARIANCES)
def test_spreads_that_dtype_makes_complex_have_a_real_slope(function):
    gradcheck(lambda z: function(z, axis=0, dtype=complex) * (1 + 2j), Z, order=2)
