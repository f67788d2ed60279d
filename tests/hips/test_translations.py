"""Each name of HIPS autograd and what is written in its place, as docs/coming_from_hips.md says."""

from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.trees import flatten

A = np.array([[2.0, 0.5], [0.3, 1.0], [-0.4, 0.2]])
X = np.array([0.5, -1.2])
V = np.array([1.0, 10.0])
U = np.array([1.0, -2.0, 3.0])
Z = np.array([1 + 2j, -0.5 + 1j])
T = np.tanh(A @ X)
JACOBIAN = (1 - T**2)[:, None] * A


def layer(x, np=np):
    return np.tanh(np.dot(A, x))


def cubes(x, np=np):
    return np.sum(x**3)


def modulus(z, np=np):
    return np.sum(np.abs(z) ** 2)


class Translation(NamedTuple):
    """How it is written here and with HIPS (a function of its two modules), and what comes out."""

    name: str
    ours: Any
    theirs: Any
    expected: Any


def bound(function, np):
    """A function above in the dialect of HIPS."""
    return lambda *args: function(*args, np=np)


TRANSLATIONS = [
    Translation(
        "grad(f, argnum)",
        lambda: ag.grad(np.multiply, argnums=1)(2.0, 3.0),
        lambda hips, np: hips.grad(np.multiply, argnum=1)(2.0, 3.0),
        2.0,
    ),
    Translation(
        "grad of several arguments",
        lambda: ag.grad(np.multiply, (0, 1))(2.0, 3.0),
        lambda hips, np: hips.grad(np.multiply, (0, 1))(2.0, 3.0),
        (3.0, 2.0),
    ),
    Translation(
        "grad of containers",
        lambda: ag.grad(lambda p: p["w"][0] * p["w"][1] + p["b"])({"w": [2.0, 3.0], "b": 1.0}),
        lambda hips, np: hips.grad(lambda p: p["w"][0] * p["w"][1] + p["b"])(
            {"w": [2.0, 3.0], "b": 1.0}
        ),
        {"w": [3.0, 2.0], "b": 1.0},
    ),
    Translation(
        "value_and_grad",
        lambda: ag.value_and_grad(cubes)(X),
        lambda hips, np: hips.value_and_grad(bound(cubes, np))(X),
        (np.sum(X**3), 3 * X**2),
    ),
    Translation(
        "grad_and_aux",
        lambda: ag.grad(lambda x: (cubes(x), x * 2), has_aux=True)(X),
        lambda hips, np: hips.grad_and_aux(lambda x: (cubes(x, np), x * 2))(X),
        (3 * X**2, 2 * X),
    ),
    Translation(
        "grad_named",
        lambda: ag.grad(lambda a, b: a * b**2, argnums=1)(2.0, 3.0),
        lambda hips, np: hips.grad_named(lambda a, b: a * b**2, "b")(2.0, 3.0),
        12.0,
    ),
    Translation(
        "multigrad_dict",
        lambda: ag.grad(lambda given: (lambda a, b: a * b**2)(**given))({"a": 2.0, "b": 3.0}),
        None,  # multigrad_dict imports funcsigs, a package of Python 2's days
        {"a": 9.0, "b": 12.0},
    ),
    Translation(
        "elementwise_grad",
        lambda: ag.elementwise_grad(np.sin)(X),
        lambda hips, np: hips.elementwise_grad(np.sin)(X),
        np.cos(X),
    ),
    Translation(
        "deriv",
        lambda: ag.jvp(np.sin, (X,), (np.ones_like(X),))[1],
        lambda hips, np: hips.deriv(np.sin)(X),
        np.cos(X),
    ),
    Translation(
        "make_vjp",
        lambda: _by_vjp(),
        lambda hips, np: _by_make_vjp(hips, np),
        (T, U @ JACOBIAN),
    ),
    Translation(
        "make_jvp",
        lambda: ag.jvp(layer, (X,), (V,)),
        lambda hips, np: hips.make_jvp(bound(layer, np))(X)(V),
        (T, JACOBIAN @ V),
    ),
    Translation(
        "jacobian",
        lambda: ag.jacobian(layer)(X),
        lambda hips, np: hips.jacobian(bound(layer, np))(X),
        JACOBIAN,
    ),
    Translation(
        "hessian",
        lambda: ag.hessian(cubes)(X),
        lambda hips, np: hips.hessian(bound(cubes, np))(X),
        np.diag(6 * X),
    ),
    Translation(
        "hessian of a function with several results",
        lambda: ag.jacobian(ag.jacobian(np.square))(X),
        lambda hips, np: hips.hessian(np.square)(X),
        np.stack([np.diag([2.0, 0.0]), np.diag([0.0, 2.0])]),
    ),
    Translation(
        "hessian_vector_product",
        lambda: ag.hvp(cubes, (X,), (V,))[1][0],
        lambda hips, np: hips.hessian_vector_product(bound(cubes, np))(X, V),
        6 * X * V,
    ),
    Translation(
        "make_hvp",
        lambda: _product_at(X)(V),
        lambda hips, np: hips.make_hvp(bound(cubes, np))(X)[0](V),
        6 * X * V,
    ),
    Translation(
        "vector_jacobian_product",
        lambda: ag.vjp(layer, X)[1](U)[0],
        lambda hips, np: hips.vector_jacobian_product(bound(layer, np))(X, U),
        U @ JACOBIAN,
    ),
    Translation(
        "make_ggnvp",
        lambda: ag.vjp(layer, X)[1](ag.jvp(layer, (X,), (V,))[1])[0],
        lambda hips, np: hips.make_ggnvp(bound(layer, np), lambda y: 0.5 * np.sum(y**2, axis=-1))(
            X
        )(V),
        JACOBIAN.T @ (JACOBIAN @ V),
    ),
    Translation(
        "checkpoint",
        lambda: ag.grad(lambda x: np.sum(ag.checkpoint(layer)(x)))(X),
        lambda hips, np: hips.grad(lambda x: np.sum(hips.checkpoint(bound(layer, np))(x)))(X),
        JACOBIAN.sum(axis=0),
    ),
    Translation(
        "primitive and defvjp",
        lambda: ag.grad(lambda x: np.sum(_cosine_of(x, 3.0)))(X),
        lambda hips, np: _by_primitive(hips, np),
        -3 * np.sin(3 * X),
    ),
    Translation(
        "gradient of a real function of complex numbers",
        lambda: ag.grad(modulus)(Z),
        lambda hips, np: np.conj(hips.grad(bound(modulus, np))(Z)),
        2 * Z,
    ),
    Translation(
        "holomorphic_grad, element by element",
        lambda: ag.elementwise_grad(np.exp, holomorphic=True)(Z),
        lambda hips, np: hips.holomorphic_grad(lambda z: np.sum(np.exp(z)))(Z),
        np.exp(Z),
    ),
    Translation(
        "holomorphic_grad of one number",
        lambda: ag.jacobian(lambda z: np.sum(z**3), holomorphic=True)(Z),
        lambda hips, np: hips.holomorphic_grad(lambda z: np.sum(z**3))(Z),
        3 * Z**2,
    ),
    Translation(
        "np.array of traced numbers",
        lambda: ag.grad(lambda x: np.sum(ag.array([x[0] ** 2, 3.0, x[1]])))(X),
        lambda hips, np: hips.grad(lambda x: np.sum(np.array([x[0] ** 2, 3.0, x[1]])))(X),
        np.array([1.0, 1.0]),
    ),
    Translation(
        "np.r_",
        lambda: ag.grad(lambda x: np.sum(ag.r_[x[0], 1.0, x] ** 2))(X),
        lambda hips, np: hips.grad(lambda x: np.sum(np.concatenate([x[:1], [1.0], x]) ** 2))(X),
        np.array([4 * X[0], 2 * X[1]]),
    ),
    Translation(
        "np.full",
        lambda: ag.grad(lambda x: np.sum(np.broadcast_to(x[0], 3) ** 2))(X),
        lambda hips, np: hips.grad(lambda x: np.sum(np.full(3, x[0]) ** 2))(X),
        np.array([6 * X[0], 0.0]),
    ),
    Translation(
        "getval",
        lambda: ag.grad(lambda x: np.sum(x * ag.stop_gradient(x)))(X),
        lambda hips, np: hips.grad(lambda x: np.sum(x * _getval(x)))(X),
        X,
    ),
]


def _by_vjp():
    value, pullback = ag.vjp(layer, X)
    (gradient,) = pullback(U)
    return value, gradient


def _by_make_vjp(hips, np):
    pullback, value = hips.make_vjp(bound(layer, np))(X)
    return value, pullback(U)


def _product_at(x):
    """Products with a Hessian whose graph is recorded once."""
    _, pullback = ag.vjp(ag.grad(cubes), x)
    return lambda v: pullback(v)[0]


@ag.custom_op(x=lambda g, x, rate: -g * rate * np.sin(rate * x))
def _cosine_of(x, rate):
    return np.cos(rate * x)


def _by_primitive(hips, np):
    cosine_of = hips.extend.primitive(lambda x, rate: np.cos(rate * x))
    hips.extend.defvjp(
        cosine_of, lambda ans, x, rate: lambda g: -g * rate * np.sin(rate * x), argnums=(0,)
    )
    return hips.grad(lambda x: np.sum(cosine_of(x, 3.0)))(X)


def _getval(x):
    from autograd.tracer import getval

    return getval(x)


def assert_close(found, expected):
    for one, other in zip(flatten(found)[0], flatten(expected)[0], strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("translation", TRANSLATIONS, ids=lambda each: each.name)
def test_what_is_written_here(translation):
    assert_close(translation.ours(), translation.expected)


@pytest.mark.parametrize(
    "translation", [each for each in TRANSLATIONS if each.theirs], ids=lambda each: each.name
)
def test_is_what_hips_does(translation):
    hips = pytest.importorskip("autograd")
    pytest.importorskip("autograd.extend")
    with np.errstate(all="ignore"):
        assert_close(translation.theirs(hips, hips.numpy), translation.expected)
