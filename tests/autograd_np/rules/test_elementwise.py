"""Element-wise functions: derivatives against closed forms, and what happens at their edges."""

import math

import numpy as np
import pytest

import autograd_np as ag

INF, NAN = np.inf, np.nan


def slope(f, *values, of=0, dtype=None):
    """The derivative of f with respect to one of its arguments, at arrays or numbers."""
    arrays = [np.asarray(v, dtype) for v in values]
    tensors = [ag.Tensor(a, requires_grad=i == of) for i, a in enumerate(arrays)]
    out = f(*tensors)
    out.backward(np.ones(out.shape, out.dtype))
    return tensors[of].grad


def second(f, x):
    return ag.grad(ag.grad(f))(x)


ANALYTIC = [
    (np.negative, 0.7),
    (np.reciprocal, -0.7),
    (np.square, 0.7),
    (np.sqrt, 0.7),
    (np.exp, 0.7),
    (np.exp2, 0.7),
    (np.expm1, 1e-3),
    (np.log, 0.7),
    (np.log2, 0.7),
    (np.log10, 0.7),
    (np.log1p, -0.3),
    (np.sin, 0.7),
    (np.cos, 0.7),
    (np.tan, 0.7),
    (np.sinh, 0.7),
    (np.cosh, 0.7),
    (np.tanh, 0.7),
    (np.arcsin, -0.7),
    (np.arcsin, 0.9999),
    (np.arccos, 0.7),
    (np.arctan, 0.7),
    (np.arcsinh, -0.7),
    (np.arccosh, 1.7),
    (np.arctanh, 0.7),
    (np.sinc, 0.7),
    (np.sinc, 0.01),
]


@pytest.mark.parametrize(("f", "x"), ANALYTIC, ids=lambda v: getattr(v, "__name__", str(v)))
def test_derivative_is_the_imaginary_part_of_a_complex_step(f, x):
    """An oracle that knows no rule: f(x + ih) = f(x) + ih f'(x), exact for h this small."""
    h = 1e-30
    np.testing.assert_allclose(slope(f, x), f(x + 1j * h).imag / h, rtol=1e-11)


STEPS = [np.floor, np.ceil, np.trunc, np.rint, np.fix, np.round, np.around, np.sign, np.spacing]


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated:DeprecationWarning")
@pytest.mark.parametrize("f", STEPS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("x", [0.0, 0.5, -1.25, 3.0])
def test_steps_are_recorded_with_a_gradient_of_zero(f, x):
    t = ag.Tensor(x, requires_grad=True)
    out = f(t)
    assert out.requires_grad
    assert out.item() == f(x)
    assert slope(f, x) == 0.0
    assert second(lambda x: f(x) * x, x) == 0.0


@pytest.mark.parametrize("of", [0, 1])
def test_floor_divide_has_a_gradient_of_zero(of):
    np.testing.assert_array_equal(slope(np.floor_divide, [7.0, -7.0], [2.0, 2.0], of=of), [0, 0])


@pytest.mark.parametrize(
    ("f", "x", "y", "expected"),
    [
        (np.remainder, 7.5, 2.0, (1.0, -3.0)),
        (np.remainder, -7.5, 2.0, (1.0, 4.0)),
        (np.fmod, -7.5, 2.0, (1.0, 3.0)),
        (np.fmod, 7.5, -2.0, (1.0, 3.0)),
        # 0.3 / 0.1 rounds to 3, but the remainder is just below 0.1: the quotient is 2.
        (np.fmod, 0.3, 0.1, (1.0, -2.0)),
        (np.remainder, 0.3, 0.1, (1.0, -2.0)),
        (lambda x, y: np.divmod(x, y)[1], -7.5, 2.0, (1.0, 4.0)),
        (lambda x, y: np.divmod(x, y)[0], -7.5, 2.0, (0.0, 0.0)),
        (np.copysign, -3.0, 2.0, (-1.0, 0.0)),
        (np.copysign, 3.0, -2.0, (-1.0, 0.0)),
        (np.copysign, 0.0, 1.0, (0.0, 0.0)),
        (np.heaviside, 0.0, 0.5, (0.0, 1.0)),
        (np.heaviside, 2.0, 0.5, (0.0, 0.0)),
        (np.hypot, 3.0, -4.0, (0.6, -0.8)),
        (np.hypot, 0.0, 0.0, (0.0, 0.0)),
        (np.hypot, 1e-200, 1e-200, (math.sqrt(0.5), math.sqrt(0.5))),
        (np.arctan2, 0.0, 0.0, (0.0, 0.0)),
        (np.arctan2, 3.0, -4.0, (-4 / 25, -3 / 25)),
        (np.logaddexp, INF, INF, (0.5, 0.5)),
        (np.logaddexp, -INF, -INF, (0.5, 0.5)),
        (np.logaddexp, -INF, INF, (0.0, 1.0)),
        (np.logaddexp, INF, 5.0, (1.0, 0.0)),
        (np.logaddexp, 3.0, -INF, (1.0, 0.0)),
        (np.logaddexp, 1000.0, -1000.0, (1.0, 0.0)),
        (np.logaddexp2, INF, INF, (0.5, 0.5)),
        (np.logaddexp2, 2.0, 1.0, (2 / 3, 1 / 3)),
        (np.maximum, 2.0, 2.0, (0.5, 0.5)),
        (np.fmax, 2.0, 2.0, (0.5, 0.5)),
        (np.fmax, NAN, 2.0, (0.0, 1.0)),
        (np.fmin, 2.0, NAN, (1.0, 0.0)),
        (np.fmin, 2.0, 3.0, (1.0, 0.0)),
        (np.fmax, NAN, NAN, (0.0, 0.0)),
        (np.nextafter, 2.0, 3.0, (1.0, 0.0)),
    ],
)
def test_slopes_of_two_arguments(f, x, y, expected):
    found = [float(slope(f, x, y, of=of)) for of in (0, 1)]
    np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("f", [lambda x: np.hypot(x, 0.0 * x), lambda x: np.hypot(x, x)])
def test_hypot_at_the_origin_has_no_curvature(f):
    assert second(f, 0.0) == 0.0


def test_sinc_and_i0_at_zero_to_the_fourth_order():
    derivatives = {np.sinc: (0, -(math.pi**2) / 3, 0, math.pi**4 / 5), np.i0: (0, 0.5, 0, 0.375)}
    for f, expected in derivatives.items():
        for value in expected:
            f = ag.grad(f)
            np.testing.assert_allclose(f(0.0), value, rtol=1e-14, atol=1e-15)


def test_derivative_of_i0_is_i1():
    # DLMF 10.32.3, by the trapezoidal rule, which is exact here.
    angles = np.arange(400) * (2 * math.pi / 400)
    for x in (-3.0, 0.5, 8.0, 19.9, 20.1, 100.0, 600.0):
        i1 = np.mean(np.exp(x * np.cos(angles)) * np.cos(angles))
        np.testing.assert_allclose(ag.grad(np.i0)(x), i1, rtol=1e-13)


def test_modf_frexp_and_ldexp():
    x = np.array([2.5, -0.75])
    np.testing.assert_array_equal(slope(lambda t: np.modf(t)[0], x), [1, 1])
    np.testing.assert_array_equal(slope(lambda t: np.modf(t)[1], x), [0, 0])
    np.testing.assert_array_equal(slope(lambda t: np.frexp(t)[0], x), [0.25, 1])
    exponent = np.frexp(ag.Tensor(x, requires_grad=True))[1]
    assert not exponent.requires_grad
    np.testing.assert_array_equal(exponent.numpy(), np.frexp(x)[1])
    np.testing.assert_array_equal(slope(lambda t: np.ldexp(t, [3, -1]), x), [8, 0.5])


@pytest.mark.parametrize(
    ("f", "factor"),
    [
        (np.degrees, 180 / math.pi),
        (np.rad2deg, 180 / math.pi),
        (np.radians, math.pi / 180),
        (np.deg2rad, math.pi / 180),
    ],
)
def test_angles_are_scaled(f, factor):
    np.testing.assert_allclose(slope(f, [2.0, -3.0]), [factor, factor], rtol=1e-15)


# Far out, where the square of a float16 overflows; the test run makes errors of warnings.
@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (np.arctan, 300.0, 1 / 90001),
        (np.arcsinh, 300.0, 1 / math.sqrt(90001)),
        (np.arccosh, 300.0, 1 / math.sqrt(89999)),
        (np.tanh, 300.0, 0.0),
        (np.sqrt, 6e4, 0.5 / math.sqrt(6e4)),
        (np.cbrt, 6e4, 6e4 ** (-2 / 3) / 3),
        (lambda t: np.hypot(t, 0.0), 6e4, 1.0),
        (lambda t: np.arctan2(t, np.float16(300)), 300.0, 1 / 600),
        (lambda t: np.logaddexp(t, np.float16(0)), 6e4, 1.0),
    ],
)
def test_float16_does_not_overflow(f, x, expected):
    found = slope(f, x, dtype=np.float16)
    assert found.dtype == np.float16
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=6e-8)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize(
    "f",
    [
        np.exp2,
        np.log2,
        np.degrees,
        np.sinc,
        np.i0,
        np.arctan,
        lambda t: t**3,
        lambda t: 2.5**t,
        lambda t: np.hypot(t, 2.0),
        lambda t: np.logaddexp(t, 2.0),
        lambda t: t % 0.3,
        lambda t: np.fmax(t, 0.1),
        lambda t: np.heaviside(0.0, t),
    ],
)
def test_result_and_gradient_keep_a_small_dtype(f, dtype):
    t = ag.Tensor(np.array([0.4, 0.7], dtype), requires_grad=True)
    out = f(t)
    assert out.dtype == dtype
    out.backward(np.ones(2, dtype))
    assert t.grad.dtype == dtype


def test_dtype_casts():
    t = ag.Tensor(np.array([0.5], np.float32), requires_grad=True)
    out = np.add(t, 1, dtype=np.float64)
    assert out.dtype == np.float64
    out.backward(np.ones(1))
    assert t.grad.dtype == np.float32
    assert slope(lambda t: np.absolute(np.sqrt(t, dtype=complex)), -4.0) == -0.25


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda t: np.exp(t, out=np.empty(2)), "new name"),
        (lambda t: np.add(t, 1, out=np.empty(2)), "new name"),
        (lambda t: np.round(t, 1, out=np.empty(2)), "new name"),
        (lambda t: np.fix(t, out=np.empty(2)), "new name"),
        (lambda t: np.clip(t, 0, 1, out=np.empty(2)), "new name"),
        (lambda t: np.exp(t, where=[True, False]), "np.where"),
        (lambda t: np.divide(t, 2, where=[True, False]), "np.where"),
        (lambda t: np.clip(t, 0, 1, where=[True, False]), "np.where"),
        (lambda t: np.clip(t, 0), "np.clip"),
    ],
)
def test_what_cannot_be_recorded_says_what_to_write(call, advice):
    with pytest.raises(TypeError, match=advice):
        call(ag.Tensor([1.0, 2.0], requires_grad=True))


CLIPS = [
    ((0.0, 1.0), {}),
    ((None, 1.0), {}),
    ((0.0, None), {}),
    ((None, None), {}),
    ((), {}),
    ((), {"min": 0.0}),
    ((), {"max": 0.5}),
    ((), {"min": 0.0, "max": 0.5}),
    ((), {"a_min": None, "a_max": 0.5}),
    ((np.array([0.1, 0.2, 0.3]), [[0.2], [0.4]]), {}),
    ((0, 1), {"dtype": np.float32}),
]


@pytest.mark.parametrize(("args", "kwargs"), CLIPS)
def test_clip_takes_what_numpy_takes(args, kwargs):
    x = np.array([-1.0, 0.25, 2.0])
    expected = np.clip(x, *args, **kwargs)
    found = np.clip(ag.Tensor(x, requires_grad=True), *args, **kwargs)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.numpy(), expected)


def test_clip_refuses_bounds_given_twice():
    with pytest.raises(ValueError, match="min"):
        np.clip(ag.Tensor([1.0], requires_grad=True), 0, 1, max=2)


def test_integers_and_booleans_are_constants():
    t = ag.Tensor([1.5, -2.0], requires_grad=True)
    out = t * np.array([2, 3]) + np.array([True, False]) + t // np.array([2, 2])
    out.backward(np.ones(2))
    np.testing.assert_array_equal(t.grad, [2, 3])
    assert np.exp2(ag.Tensor([1, 2])).numpy().tolist() == [2, 4]


@pytest.mark.parametrize("f", [np.absolute, np.sign])
def test_abs_and_sign_of_complex_zero_are_flat(f):
    t = ag.Tensor(np.zeros(2, complex), requires_grad=True)
    out = f(t)
    out.backward(np.ones(2, out.dtype))
    np.testing.assert_array_equal(t.grad, [0, 0])


def test_gradient_of_abs_points_uphill():
    z = np.array([3 + 4j])
    np.testing.assert_allclose(slope(np.absolute, z), z / 5, rtol=1e-15)


@pytest.mark.parametrize("f", [np.fmax, np.fmin])
@pytest.mark.parametrize("dtype", [None, np.float32])
def test_fmax_and_fmin_pass_over_nan_in_any_dtype(f, dtype):
    x, y = np.array([0.1, 0.7, NAN, 0.3, NAN, 0.2]), np.array([0.3, 0.1, 0.4, NAN, NAN, 0.2])
    wins = (x > y) if f is np.fmax else (x < y)
    expected = wins | np.array([False] * 3 + [True] + [False] * 2)
    settings = {} if dtype is None else {"dtype": dtype}
    for of, share in ((0, expected), (1, ~expected)):
        share = np.where(x == y, 0.5, share & ~(np.isnan(x) & np.isnan(y)))
        np.testing.assert_array_equal(slope(lambda a, b: f(a, b, **settings), x, y, of=of), share)


@pytest.mark.parametrize(
    ("f", "arguments", "of"),
    [
        (np.power, (1e-7, 0.0), 0),
        (np.power, (1e-7, 0.001), 0),
        (np.float_power, (-1.0, 5000.0), 0),
        (np.remainder, (-64992.0, 30000.0), 1),
        (np.sinc, (1000.0,), 0),
    ],
)
def test_float16_loses_nothing_on_the_way(f, arguments, of):
    half = [np.float16(each) for each in arguments]
    found = slope(f, *half, of=of, dtype=np.float16)
    assert found.dtype == np.float16
    exact = slope(f, *half, of=of, dtype=float)
    np.testing.assert_allclose(found.astype(float), exact, rtol=2e-3)
