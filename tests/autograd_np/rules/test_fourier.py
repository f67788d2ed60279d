"""Fourier transforms: values are NumPy's, pullbacks are transposes."""

import numpy as np
import pytest

import autograd_np as ag

RNG = np.random.default_rng(0)
REAL = RNG.normal(size=(3, 4, 5))
COMPLEX = REAL + 1j * RNG.normal(size=(3, 4, 5))
F = np.fft
NORMS = [None, "backward", "ortho", "forward"]
OF_REAL = ("rfft", "ihfft", "rfft2", "rfftn")
SINGLE = ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
SEVERAL = ("fft2", "ifft2", "rfft2", "irfft2", "fftn", "ifftn", "rfftn", "irfftn")


def recorded(a):
    return ag.Tensor(a, requires_grad=True)


def inputs(name):
    return [REAL] if name in OF_REAL else [REAL, COMPLEX]


def assert_transposed(function, a):
    """The value is NumPy's, and <G, f(v)> = <pullback(G), v> for the real inner product."""
    t = recorded(a)
    out, expected = function(t), function(a)
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)
    weights = RNG.normal(size=out.shape).astype(out.dtype)
    if out.dtype.kind == "c":
        weights = weights + 1j * RNG.normal(size=out.shape)
    out.backward(weights)
    assert t.grad.dtype == a.dtype
    for v in (a, 1j * a) if a.dtype.kind == "c" else (a,):
        ahead = np.vdot(weights, function(v)).real
        assert np.vdot(t.grad, v).real == pytest.approx(ahead, rel=1e-12)


@pytest.mark.parametrize("name", SINGLE)
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("n", [None, 1, 2, 3, 4, 5, 8, 9])
@pytest.mark.parametrize("axis", [0, -1, -2])
def test_one_axis(name, norm, n, axis):
    for a in inputs(name):
        assert_transposed(lambda a: getattr(F, name)(a, n, axis, norm), a)


AXES = [
    {},
    {"axes": (0,)},
    {"axes": (-1, 0)},
    {"axes": (1, 1)},
    {"s": (2, 7), "axes": (0, 1)},
    {"s": (-1, 3), "axes": (2, -2)},
]


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("axes", AXES, ids=str)
def test_several_axes(name, norm, axes):
    for a in inputs(name):
        assert_transposed(lambda a: getattr(F, name)(a, norm=norm, **axes), a)


@pytest.mark.parametrize("name", ["fftshift", "ifftshift"])
@pytest.mark.parametrize("axes", [None, 0, -1, (0, 2), [1]])
def test_shifts(name, axes):
    for a in (REAL, COMPLEX):
        assert_transposed(lambda a: getattr(F, name)(a, axes), a)


@pytest.mark.parametrize("name", SINGLE + SEVERAL)
def test_single_precision_stays(name):
    for a in inputs(name):
        single = a.astype(np.complex64 if a.dtype.kind == "c" else np.float32)
        t = recorded(single)
        out = getattr(F, name)(t)
        assert out.dtype == getattr(F, name)(single).dtype
        assert out.dtype.itemsize == (8 if out.dtype.kind == "c" else 4)
        out.backward(np.ones(out.shape, out.dtype))
        assert t.grad.dtype == single.dtype


@pytest.mark.parametrize("length", [1, 2, 5, 6])
def test_the_energy_of_a_spectrum_is_that_of_its_signal(length):
    x = RNG.normal(size=length)
    energy = ag.grad(lambda x: np.sum(np.abs(F.fft(x, norm="ortho")) ** 2))
    np.testing.assert_allclose(energy(x), 2 * x, rtol=1e-12)
    curvature = ag.hessian(lambda x: np.sum(np.abs(F.fft(x, norm="ortho")) ** 2))
    np.testing.assert_allclose(curvature(x), 2 * np.eye(length), atol=1e-12)
    back = ag.jacobian(lambda x: F.irfft(F.rfft(x), length))
    np.testing.assert_allclose(back(x), np.eye(length), atol=1e-12)


@pytest.mark.parametrize("name", SINGLE + SEVERAL)
def test_what_numpy_refuses_is_refused(name):
    transform, t = getattr(F, name), recorded(REAL)
    with pytest.raises(ValueError, match="norm"):
        transform(t, norm="unitary")
    with pytest.raises(TypeError, match="out"):
        transform(t, out=np.empty(1))
    with pytest.raises(IndexError):
        transform(t, **({"axis": 3} if name in SINGLE else {"axes": (0, 3)}))
    with pytest.raises(ValueError, match="data points"):
        transform(t, **({"n": 0} if name in SINGLE else {"s": (0,), "axes": (0,)}))
    if name in OF_REAL:
        with pytest.raises(TypeError):
            transform(recorded(COMPLEX))
    if name in SEVERAL:
        with pytest.raises(ValueError, match="lengths"):
            transform(t, s=(2, 3), axes=(0,))


@pytest.mark.parametrize("name", ["fftn", "rfftn", "ifftn", "irfftn"])
def test_what_numpy_deprecates_still_works_and_warns(name):
    transform = getattr(F, name)
    for options in ({"s": (3, 4)}, {"s": (None, 3), "axes": (0, 1)}):
        with pytest.warns(DeprecationWarning, match="axes|None"):
            expected = transform(REAL, **options)
        with pytest.warns(DeprecationWarning, match="axes|None"):
            out = transform(recorded(REAL), **options)
        np.testing.assert_array_equal(out.numpy(), expected)


PHASES = [
    np.array([0.0, 3, 6.5, 1, -4, np.pi, 20]),
    np.cumsum(RNG.normal(size=(4, 6)) * 4, axis=1) % 6,
]


@pytest.mark.parametrize("p", PHASES, ids=["vector", "matrix"])
@pytest.mark.parametrize(
    "options", [{}, {"axis": 0}, {"discont": 4.0}, {"period": 2.5}, {"period": 3.0, "discont": 9}]
)
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_unwrap_adds_whole_periods(p, options, dtype):
    p = p.astype(dtype)
    t = recorded(p)
    out = np.unwrap(t, **options)
    np.testing.assert_array_equal(out.numpy(), np.unwrap(p, **options))
    assert out.dtype == np.unwrap(p, **options).dtype
    weights = np.arange(1, p.size + 1).reshape(p.shape).astype(out.dtype)
    out.backward(weights)
    np.testing.assert_array_equal(t.grad, weights)


def test_unwrap_counts_the_periods_it_added():
    p = PHASES[0]
    periods = ag.jacobian(lambda period: np.unwrap(p + 0 * period, period=period))(np.array(2.5))
    np.testing.assert_array_equal(periods, np.rint((np.unwrap(p, period=2.5) - p) / 2.5))
    with pytest.raises(TypeError, match="discont"):
        np.unwrap(recorded(p), recorded(4.0))
