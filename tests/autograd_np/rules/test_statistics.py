"""Averages, quantiles, covariances, counts: NumPy's values and refusals, and their edges."""

import warnings

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.quantiles import METHODS
from autograd_np.testing import gradcheck
from tests.autograd_np.against_numpy import assert_as_numpy

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4, 5))
GAPS = np.where(RNG.uniform(size=X.shape) < 0.3, np.nan, X)
MEDIANS = [np.median, np.nanmedian]
QUANTILES = [np.quantile, np.nanquantile]
PERCENTILES = [np.percentile, np.nanpercentile]


@pytest.fixture(autouse=True)
def _quiet():
    """Both sides warn of empty and of all-NaN slices."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


AXES = [
    {},
    {"axis": 0},
    {"axis": -1},
    {"axis": (0, 2)},
    {"axis": (-1, 0)},
    {"axis": 1, "keepdims": True},
    {"keepdims": True},
    {"axis": 3},
    {"axis": (1, 1)},
]


@pytest.mark.parametrize("function", MEDIANS)
@pytest.mark.parametrize("options", AXES)
@pytest.mark.parametrize("x", [X, GAPS, X.astype(np.float32), X.astype(np.float16), X * (1 - 2j)])
def test_medians_as_in_numpy(function, options, x):
    assert_as_numpy(function, x, **options)


@pytest.mark.parametrize("function", QUANTILES)
@pytest.mark.parametrize("options", AXES)
@pytest.mark.parametrize("x", [X, GAPS, X.astype(np.float32)])
@pytest.mark.parametrize("q", [0.3, [0.0, 0.25, 1.0], [[0.1, 0.2], [0.3, 0.9]], 0, [0, 1], []])
def test_quantiles_as_in_numpy(function, options, x, q):
    if function is np.nanquantile and np.ndim(q) == 2 and isinstance(options.get("axis"), tuple):
        pytest.skip("NumPy mixes up the axes of its result")
    assert_as_numpy(function, x, q, **options)


@pytest.mark.parametrize("function", [*QUANTILES, *PERCENTILES])
@pytest.mark.parametrize("method", [*METHODS, "cubic"])
@pytest.mark.parametrize("x", [X, GAPS])
@pytest.mark.parametrize("q", [0.0, 0.1, 0.125, 0.25, 0.3, 0.5, 0.875, 1.0])
def test_methods_as_in_numpy(function, method, x, q):
    q = q if function in QUANTILES else 100 * q
    assert_as_numpy(function, x, q, axis=1, method=method)
    assert_as_numpy(function, x[0], np.array([q]), method=method)


@pytest.mark.parametrize("function", [*QUANTILES, *PERCENTILES])
@pytest.mark.parametrize("x", [X, X * 1j, X[:0], X[:, :0], X[0, 0, 0], np.full(3, np.inf)])
@pytest.mark.parametrize("q", [0.5, -0.1, 100.5, np.nan, np.float64(101), [0.5, 101.0]])
def test_refusals_as_in_numpy(function, x, q):
    assert_as_numpy(function, x, q)


@pytest.mark.parametrize("function", MEDIANS)
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2,), (0, 3), (3, 0)])
def test_medians_of_few(function, shape):
    assert_as_numpy(function, np.ones(shape))
    assert_as_numpy(function, np.ones(shape), axis=0)
    assert_as_numpy(function, np.full(shape, np.inf))


@pytest.mark.parametrize("function", [*QUANTILES, *PERCENTILES])
def test_weights_as_in_numpy(function):
    weights = np.arange(60.0).reshape(X.shape) % 7
    for q in (0.3, [0.25, 0.9]):
        assert_as_numpy(function, X, q, axis=1, weights=weights, method="inverted_cdf")
        assert_as_numpy(function, X, q, weights=weights, method="linear")


def test_weights_choose_an_element():
    x, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 5.0])
    gradients = ag.grad(
        lambda x, w, q: np.quantile(x, q, weights=w, method="inverted_cdf"), argnums=(0, 1, 2)
    )(x, weights, np.array(0.5))
    for found, expected in zip(gradients, ([0, 0, 1], [0, 0, 0], 0), strict=True):
        np.testing.assert_array_equal(found, expected)


def test_quantiles_have_a_slope_in_q():
    x = np.array([4.0, 1.0, 3.0, 9.0])
    slope = ag.elementwise_grad(lambda q: np.quantile(x, q))
    np.testing.assert_allclose(slope(np.array([0.1, 0.5, 0.9])), [6, 3, 15])
    percent = ag.grad(lambda q: np.percentile(x, q))
    np.testing.assert_allclose(percent(50.0), 0.03)
    in_steps = ag.grad(lambda q: np.quantile(x, q, method="higher"))
    assert in_steps(0.5) == 0


@pytest.mark.parametrize("function", MEDIANS)
def test_the_middle_two_share(function):
    np.testing.assert_array_equal(
        ag.grad(function)(np.array([4.0, 1.0, 3.0, 9.0])), [0.5, 0, 0.5, 0]
    )
    np.testing.assert_array_equal(ag.grad(function)(np.array([4.0, 1.0, 3.0])), [0, 0, 1])
    # Which of those that tie is not said, but nothing is lost or doubled.
    assert ag.grad(function)(np.ones(6)).sum() == 1


@pytest.mark.parametrize("function", [*MEDIANS, *QUANTILES, *PERCENTILES])
def test_the_argument_is_never_overwritten(function):
    x = ag.Tensor(X, requires_grad=True)
    args = () if function in MEDIANS else (0.5,)
    function(x, *args, overwrite_input=True)
    np.testing.assert_array_equal(x.numpy(), X)


@pytest.mark.parametrize("function", [np.nanmedian, np.nanquantile, np.nanpercentile])
@pytest.mark.parametrize("options", [{}, {"axis": 1}, {"axis": (0, 2), "keepdims": True}])
def test_gaps_to_second_order(function, options):
    mask = np.isnan(GAPS)
    q = {np.nanquantile: [np.array([0.157, 0.713])], np.nanpercentile: [31.0]}.get(function, [])
    gradcheck(lambda x, *q: function(np.where(mask, np.nan, x), *q, **options), X, *q, order=2)


@pytest.mark.parametrize("function", [np.nanmedian, np.nanquantile, np.nanpercentile])
def test_nothing_but_nan(function):
    x = np.array([[np.nan, np.nan], [1.0, np.nan]])
    q = () if function is np.nanmedian else (0.5,)
    with pytest.warns(RuntimeWarning, match="All-NaN slice"):
        gradient = ag.grad(lambda x: np.sum(function(x, *q, axis=1)))(x)
    np.testing.assert_array_equal(gradient, [[0, 0], [1, 0]])


def test_nan_goes_through_medians():
    assert np.isnan(np.median(ag.Tensor([1.0, np.nan, 2.0], requires_grad=True)).item())


WEIGHTS = np.array([0.5, 2.0, 1.0, 0.25])


@pytest.mark.parametrize("x", [X, X.astype(np.float32), X * 1j, np.arange(60).reshape(X.shape)])
@pytest.mark.parametrize(
    "options",
    [
        *AXES,
        {"returned": True},
        {"axis": 0, "returned": True},
        {"weights": np.abs(X)},
        {"weights": np.abs(X), "axis": (0, 1), "returned": True},
        {"weights": WEIGHTS, "axis": 1},
        {"weights": WEIGHTS, "axis": -2, "keepdims": True, "returned": True},
        {"weights": np.abs(X[0]), "axis": (1, 2)},
        {"weights": np.abs(X[0]).T, "axis": (2, 1)},
        {"weights": [1, 2, 3, 4], "axis": 1},
        {"weights": WEIGHTS},
        {"weights": WEIGHTS, "axis": 0},
        {"weights": np.zeros(4), "axis": 1},
    ],
)
def test_averages_as_in_numpy(x, options):
    assert_as_numpy(np.average, x, **options)


def test_weights_of_a_constant():
    gradient = ag.grad(lambda w: np.average([1.0, 2.0, 4.0], weights=w))(np.array([1.0, 1.0, 2.0]))
    np.testing.assert_allclose(gradient, [-7 / 16, -3 / 16, 5 / 16])


M = X[0]
COUNTS = np.array([1, 2, 1, 0, 3])


@pytest.mark.parametrize(
    ("args", "options"),
    [
        *(((m,), {}) for m in (M, M.T, M[0], M[:1], M * (1 + 1j), M.astype(np.float32), X)),
        *(((M,), {"rowvar": False}), ((M[0],), {"rowvar": False})),
        *(((M, M[::-1]), {}), ((M[0], M[1]), {}), ((M, M[0] * 1j), {}), ((M, X), {})),
        *(((M.T, M[:2].T), {"rowvar": False}), ((M.T, M[0]), {"rowvar": False})),
        *(((M,), {"dtype": dtype}) for dtype in (np.float32, np.complex128)),
    ],
)
def test_covariances_as_in_numpy(args, options):
    assert_as_numpy(np.cov, *args, **options)
    assert_as_numpy(np.corrcoef, *args, **options)


@pytest.mark.parametrize(
    "options",
    [
        {"bias": True},
        {"ddof": 0},
        {"ddof": 3},
        {"ddof": 5},
        {"ddof": 1.5},
        {"fweights": COUNTS},
        {"fweights": COUNTS, "ddof": 0},
        {"fweights": COUNTS * 0.5},
        {"fweights": -COUNTS},
        {"fweights": COUNTS[:3]},
        {"fweights": COUNTS[None]},
        {"aweights": np.abs(M[1])},
        {"aweights": np.abs(M[1]), "ddof": 0},
        {"aweights": -np.abs(M[1])},
        {"aweights": np.abs(M[1]), "fweights": COUNTS},
        {"aweights": np.zeros(5)},
        {"aweights": [1, 2, 3, 4, 5]},
    ],
)
def test_options_of_covariances_as_in_numpy(options):
    assert_as_numpy(np.cov, M, **options)
    assert_as_numpy(np.cov, M * 1j, M[1], **options)


def test_covariance_warns_as_numpy_does():
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        np.cov(ag.Tensor(M, requires_grad=True), ddof=5)


def test_correlations_lie_in_bounds():
    x = ag.Tensor(np.array([[0.1, 0.2, 0.7], [0.3, 0.6, 2.1]]), requires_grad=True)
    r = np.corrcoef(x)
    assert np.abs(r.numpy()).max() <= 1
    np.sum(r).backward()
    np.testing.assert_allclose(x.grad, np.zeros((2, 3)), atol=1e-7)


@pytest.mark.parametrize("minlength", [0, 7])
@pytest.mark.parametrize("x", [np.array([0, 3, 1, 3]), [0, 3, 1, 3], (0, 3, 1, 3)])
def test_counts_with_weights(x, minlength):
    weights = np.array([0.5, 2.0, -1.0, 4.0], np.float32)
    assert_as_numpy(np.bincount, x, weights, minlength)
    out, pullback = ag.vjp(lambda w: np.bincount(x, w, minlength), weights)
    (gradient,) = pullback(np.arange(float(out.size)))
    np.testing.assert_array_equal(gradient, [0, 3, 1, 3])
    assert gradient.dtype == np.float32


def test_counts_refuse_what_numpy_refuses():
    for x, weights in [([-1, 2], [1.0, 2.0]), ([1, 2], [1.0]), ([0.5, 1.0], [1.0, 2.0])]:
        assert_as_numpy(np.bincount, x, np.array(weights))
    assert_as_numpy(np.bincount, [0, 1], np.array([1j, 2j]))


@pytest.mark.parametrize("function", [*MEDIANS, *QUANTILES])
def test_out_is_refused(function):
    args = () if function in MEDIANS else (0.5,)
    with pytest.raises(TypeError, match=r"out=.*Write"):
        function(ag.Tensor(X, requires_grad=True), *args, out=np.empty(()))


@pytest.mark.parametrize("function", QUANTILES)
@pytest.mark.parametrize("method", ["linear", "inverted_cdf", "averaged_inverted_cdf"])
@pytest.mark.parametrize("x", [X, X[0, 0]])
def test_quantiles_of_constants_are_traced(function, method, x):
    q = np.array([0.3, 0.6])
    expected = ag.grad(lambda q: np.sum(function(x, q, axis=-1, method=method)))(q)
    with ag.record():
        t = ag.Tensor(q, requires_grad=True)
        np.sum(function(x, t, axis=-1, method=method)).backward()
    np.testing.assert_array_equal(t.grad, expected)


@pytest.mark.parametrize("axis", [None, 0, (0, 2)])
def test_nan_that_is_passed_over_is_no_anomaly(axis):
    def gradient():
        t = ag.Tensor(GAPS, requires_grad=True)
        np.sum(np.nanmedian(t, axis=axis) + np.nanquantile(t, 0.3, axis=axis)).backward()
        return t.grad

    with ag.detect_anomaly():
        found = gradient()
    np.testing.assert_array_equal(found, gradient())
    assert np.count_nonzero(found)
    assert not found[np.isnan(GAPS)].any()


def test_an_infinity_beside_nan_is_not_missing():
    t = ag.Tensor([np.nan, 1.0, np.inf], requires_grad=True)
    np.nanquantile(t, 1.0, method="higher").backward()
    np.testing.assert_array_equal(t.grad, [0, 0, 1])


@pytest.mark.parametrize("function", QUANTILES)
def test_quantiles_of_single_precision_stay(function):
    for method in METHODS:
        assert_as_numpy(function, X.astype("f4"), np.array([0.3, 0.6], "f4"), method=method)


def test_the_gradient_of_counts_is_traced():
    with ag.record():
        w = ag.Tensor([1.0, 2.0, 4.0], requires_grad=True)
        np.sum(np.bincount(ag.Tensor([2, 0, 2]), weights=w) * [1.0, 2.0, 3.0]).backward()
    np.testing.assert_array_equal(w.grad, [3, 1, 3])


@pytest.mark.parametrize("method", ["linear", "nearest", "inverted_cdf"])
def test_quantiles_of_integers_have_numpys_dtype(method):
    x = np.array([[3, 1], [2, 7]])
    for function in QUANTILES:
        found, expected = (function(a, [0.2, 0.5], 0, method=method) for a in (ag.Tensor(x), x))
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-15)
