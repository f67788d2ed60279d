"""Real and imaginary parts, angles, and numbers that are not finite."""

import math

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck

INF, NAN = np.inf, np.nan
Z = np.array([3 + 4j, -1 + 0.5j, 2 - 1j])


def gradient(f, a):
    t = ag.Tensor(a, requires_grad=True)
    out = f(t)
    out.backward(np.ones(out.shape, out.dtype))
    return t.grad


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        # The gradient points uphill: where the real part grows, where the angle grows.
        (np.real, np.ones(3)),
        (np.imag, 1j * np.ones(3)),
        (np.absolute, Z / np.abs(Z)),
        (np.angle, 1j * Z / np.abs(Z) ** 2),
        (lambda z: np.angle(z, deg=True), 1j * Z / np.abs(Z) ** 2 * (180 / math.pi)),
        (lambda z: np.real(np.conj(z) * z), 2 * Z),
        (lambda z: np.imag(np.conjugate(z)), -1j * np.ones(3)),
    ],
)
def test_gradients_of_complex_numbers_point_uphill(f, expected):
    np.testing.assert_allclose(gradient(f, Z), expected, rtol=1e-14)


@pytest.mark.parametrize("x", [np.array([1.0, -2.0]), np.array(3.0), np.zeros((0, 2))])
def test_parts_of_real_numbers(x):
    for f, slope in ((np.real, 1), (np.imag, 0), (np.angle, 0), (np.conjugate, 1)):
        t = ag.Tensor(x, requires_grad=True)
        np.testing.assert_array_equal(f(t).numpy(), f(x))
        np.testing.assert_array_equal(gradient(f, x), np.full(x.shape, slope))


def test_the_angle_of_zero_is_flat():
    assert gradient(np.angle, np.array(0j)) == 0
    assert ag.grad(ag.grad(lambda x: np.angle(x * (1 + 1j))))(0.0) == 0


def test_phase_and_modulus_rebuild_the_number():
    gradcheck(lambda z: np.absolute(z) * np.exp(1j * np.angle(z)), Z, order=2)


def test_real_if_close_decides_as_numpy():
    for a, kwargs in [(Z, {}), (Z.real + 1e-15j, {}), (Z.real + 1e-7j, {"tol": 1e10})]:
        t = ag.Tensor(a, requires_grad=True)
        expected = np.real_if_close(a, **kwargs)
        found = np.real_if_close(t, **kwargs)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found.numpy(), expected)
        np.testing.assert_array_equal(gradient(lambda t, k=kwargs: np.real_if_close(t, **k), a), 1)


MIXED = np.array([1.5, NAN, INF, -INF])


@pytest.mark.parametrize("dtype", [float, np.float32, np.float16, complex])
@pytest.mark.parametrize("kwargs", [{}, {"nan": 7.0}, {"posinf": 1.0, "neginf": -1.0}])
def test_nan_to_num(dtype, kwargs):
    a = MIXED.astype(dtype)
    t = ag.Tensor(a, requires_grad=True)
    found, expected = np.nan_to_num(t, **kwargs), np.nan_to_num(a, **kwargs)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.numpy(), expected)
    # A complex seed tells the parts apart: what was replaced passes nothing on.
    found.backward(np.full(4, 1 + 1j if dtype is complex else 1, dtype))
    finite = [1, 0, 0, 0]
    np.testing.assert_array_equal(t.grad.real, finite)
    if dtype is complex:
        np.testing.assert_array_equal(t.grad.imag, [1, 1, 1, 1])


def test_nan_to_num_does_not_write_in_place():
    t = ag.Tensor([1.0, NAN], requires_grad=True)
    with pytest.raises(TypeError, match=r"t = np.nan_to_num\(t\)"):
        np.nan_to_num(t, copy=False)
    np.testing.assert_array_equal(t.numpy(), [1.0, NAN])


def test_a_nan_behind_nan_to_num_does_not_spoil_the_gradient():
    t = ag.Tensor([NAN, 4.0], requires_grad=True)
    np.nan_to_num(t).backward(np.array([NAN, 2.0]))
    np.testing.assert_array_equal(t.grad, [0.0, 2.0])
