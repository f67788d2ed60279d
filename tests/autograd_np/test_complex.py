"""Complex numbers: gradients point uphill, ``dL/da + i dL/db`` for ``z = a + ib``."""

import numpy as np
import pytest

import autograd_np as ag

Z = np.array([1 + 2j, -0.5 + 1j, 0.25 - 2j])
D = np.array([1j, 1 - 0.5j, -2 + 0j])
STEP = 1e-6


def smooth(z):
    """Real, and not holomorphic."""
    return np.sum(np.real(z * z * np.conj(z) * np.exp(z)))


def uphill(f, z):
    """The gradient by central differences along both axes of each number."""
    gradient = np.zeros_like(z)
    for i in np.ndindex(z.shape):
        for direction in (1, 1j):
            step = np.zeros_like(z)
            step[i] = direction * STEP
            gradient[i] += direction * (f(z + step) - f(z - step)) / (2 * STEP)
    return gradient


@pytest.mark.parametrize(
    "f",
    [
        smooth,
        lambda z: np.sum(np.abs(z) ** 2),
        lambda z: np.sum(np.imag(np.sin(z) / (1 + z * z))),
        lambda z: np.sum(np.real(z) ** 2 * np.imag(z)),
    ],
)
def test_gradient_points_uphill(f):
    np.testing.assert_allclose(ag.grad(f)(Z), uphill(f, Z), rtol=1e-8)
    leaf = ag.Tensor(Z, requires_grad=True)
    f(leaf).backward()
    np.testing.assert_array_equal(leaf.grad, ag.grad(f)(Z))
    assert leaf.grad.dtype == np.complex128


def test_descent_descends():
    z = ag.Tensor(Z, requires_grad=True)
    losses = []
    for _ in range(50):
        z.zero_grad()
        loss = np.sum(np.abs(z * (2 + 1j) - (3 + 4j)) ** 2)
        loss.backward()
        losses.append(loss.item())
        z.data -= 0.1 * z.grad
    assert losses[-1] < 1e-3 < losses[0]


def test_gradient_of_the_squared_modulus_is_twice_the_number():
    np.testing.assert_array_equal(ag.grad(lambda z: np.sum(np.real(z * np.conj(z))))(Z), 2 * Z)


def test_pullback_of_a_holomorphic_function_conjugates_its_derivative():
    value, pullback = ag.vjp(np.exp, Z)
    np.testing.assert_array_equal(value, np.exp(Z))
    np.testing.assert_allclose(pullback(D)[0], D * np.conj(np.exp(Z)))


def test_jvp_is_the_directional_derivative():
    def f(z):
        return z * z * np.conj(z), np.abs(z)

    _, tangents = ag.jvp(f, [Z], [D])
    after, before = f(Z + STEP * D), f(Z - STEP * D)
    for tangent, a, b in zip(tangents, after, before, strict=True):
        np.testing.assert_allclose(tangent, (a - b) / (2 * STEP), rtol=1e-7)


def test_jvp_and_vjp_are_adjoint():
    def f(z):
        return np.conj(z) * np.abs(z) + z**3

    _, tangent = ag.jvp(f, [Z], [D])
    u = np.array([0.3 - 1j, 2j, 1 + 1j])
    _, pullback = ag.vjp(f, Z)
    inner = np.real(np.vdot(u, tangent))
    np.testing.assert_allclose(inner, np.real(np.vdot(pullback(u)[0], D)), rtol=1e-12)


def test_product_with_the_hessian():
    gradient = ag.grad(smooth)
    difference = (gradient(Z + STEP * D) - gradient(Z - STEP * D)) / (2 * STEP)
    np.testing.assert_allclose(ag.hvp(smooth, [Z], [D])[1][0], difference, rtol=1e-7)


def test_gradients_of_real_arguments_are_real():
    x = np.array([0.5, -1.0])
    gradient = ag.grad(lambda x: np.sum(np.abs(np.exp(1j * x) + 1) ** 2))(x)
    assert gradient.dtype == np.float64
    np.testing.assert_allclose(gradient, -2 * np.sin(x), rtol=1e-12)


def test_hooks_and_kept_gradients_see_what_users_see():
    seen = []
    leaf = ag.Tensor(Z, requires_grad=True)
    leaf.register_hook(lambda g: seen.append(np.array(g)))
    w = leaf * (2 + 1j)
    w.register_hook(lambda g: g * 1j)
    w.retain_grad()
    np.sum(np.real(w * np.conj(w))).backward()
    np.testing.assert_allclose(w.grad, 2j * w.numpy())
    np.testing.assert_allclose(leaf.grad, np.conj(2 + 1j) * 2j * w.numpy())
    np.testing.assert_array_equal(seen[0], leaf.grad)


def test_a_given_gradient_follows_the_same_convention():
    leaf = ag.Tensor(Z, requires_grad=True)
    (leaf * (2 + 1j)).backward(D)
    np.testing.assert_allclose(leaf.grad, D * np.conj(2 + 1j))


@pytest.mark.parametrize("around", [ag.record, ag.detect_anomaly])
def test_other_depths_of_recording_agree(around):
    leaf = ag.Tensor(Z, requires_grad=True)
    with around():
        smooth(leaf).backward()
        gradient = np.asarray(leaf.grad.numpy() if isinstance(leaf.grad, ag.Tensor) else leaf.grad)
    np.testing.assert_array_equal(gradient, ag.grad(smooth)(Z))


def test_recorded_gradients_can_be_differentiated():
    leaf = ag.Tensor(Z, requires_grad=True)
    smooth(leaf).backward(create_graph=True)
    first = leaf.grad
    leaf.zero_grad()
    np.sum(np.real(first * np.conj(D))).backward()
    np.testing.assert_allclose(leaf.grad, ag.hvp(smooth, [Z], [D])[1][0], rtol=1e-12)


class TestJacobian:
    def test_of_a_holomorphic_function(self):
        jacobian = ag.jacobian(np.exp, holomorphic=True)(Z)
        np.testing.assert_allclose(jacobian, np.diag(np.exp(Z)), rtol=1e-12)
        wide = ag.jacobian(lambda z: np.stack([z, z * z]), holomorphic=True)(Z)
        np.testing.assert_allclose(wide[1], np.diag(2 * Z), rtol=1e-12)

    def test_of_complex_results_of_real_arguments(self):
        x = np.array([0.5, -1.0, 2.0])
        jacobian = ag.jacobian(lambda x: np.exp(1j * x))(x)
        np.testing.assert_allclose(jacobian, np.diag(1j * np.exp(1j * x)), rtol=1e-12)

    def test_is_refused_where_complex_numbers_cannot_express_it(self):
        with pytest.raises(TypeError, match="holomorphic=True"):
            ag.jacobian(np.exp)(Z)
        with pytest.raises(TypeError, match="real result"):
            ag.jacobian(np.abs, holomorphic=True)(Z)


def test_complex_losses_are_refused():
    with pytest.raises(ValueError, match=r"np\.abs\(t\)"):
        ag.Tensor(1 + 1j, requires_grad=True).conj().backward()
    with pytest.raises(ValueError, match="real number"):
        ag.grad(lambda z: np.sum(z * z))(Z)


def test_single_precision_is_kept():
    leaf = ag.Tensor(Z.astype(np.complex64), requires_grad=True)
    smooth(leaf).backward()
    assert leaf.grad.dtype == np.complex64
