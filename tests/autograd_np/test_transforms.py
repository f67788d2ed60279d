"""grad, value_and_grad, vjp, jvp, jacobian, hessian, hvp."""

import copy
from collections import defaultdict, namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_np as ag
from autograd_np.trees import flatten

A = np.random.default_rng(0).normal(size=(4, 3))
X = np.random.default_rng(1).normal(size=3)
V = np.random.default_rng(2).normal(size=3)


def f(x):
    return np.sum(np.tanh(A @ x) * np.array([1.0, 2.0, 3.0, 4.0]))


def layers(x):
    return np.tanh(A @ x)


JACOBIAN = (1 - np.tanh(A @ X) ** 2)[:, None] * A


class TestGrad:
    def test_arrays_in_arrays_out(self):
        gradient = ag.grad(f)(X)
        assert type(gradient) is np.ndarray
        np.testing.assert_allclose(gradient, np.array([1.0, 2, 3, 4]) @ JACOBIAN, rtol=1e-14)

    def test_tensors_in_tensors_out(self):
        x = ag.Tensor(X, requires_grad=True)
        gradient = ag.grad(f)(x)
        assert isinstance(gradient, ag.Tensor)
        gradient.sum().backward()
        np.testing.assert_allclose(x.grad, ag.hessian(f)(X).sum(0), rtol=1e-12)

    def test_value_and_grad_with_aux(self):
        (value, aux), gradient = ag.value_and_grad(lambda x: (x * x, {"x": x}), has_aux=True)(3.0)
        assert (float(value), float(aux["x"]), float(gradient)) == (9, 3, 6)
        assert type(aux["x"]) is np.ndarray
        assert ag.grad(lambda x: (x * x, "aux"), has_aux=True)(3.0) == (6, "aux")

    def test_argnums(self):
        g = ag.grad(lambda a, b, c: a * b + c, argnums=(0, -1))(2.0, 3.0, 4.0)
        assert [float(x) for x in g] == [3, 1]
        assert float(ag.grad(lambda a, b: a * b, argnums=1)(2.0, 3.0)) == 2
        with pytest.raises(TypeError, match="argument 2"):
            ag.grad(lambda a: a, argnums=2)(1.0)

    def test_containers_keywords_and_other_arguments(self):
        Pair = namedtuple("Pair", "a b")
        params = {"layers": [Pair(np.ones(2), 2.0)], "none": None, "scale": np.float32(3)}

        def loss(params, text, *, power):
            assert text == "text"
            pair = params["layers"][0]
            return np.sum(pair.a**power) * pair.b * params["scale"]

        gradient = ag.grad(loss)(params, "text", power=3)
        assert gradient["none"] is None
        assert isinstance(gradient["layers"][0], Pair)
        np.testing.assert_array_equal(gradient["layers"][0].a, [18, 18])
        assert gradient["layers"][0].b == 6
        assert gradient["scale"].dtype == np.float32

    def test_unused_inputs_give_zeros(self):
        gradient = ag.grad(lambda a, b: np.sum(a), argnums=(0, 1))(X, A)
        np.testing.assert_array_equal(gradient[1], np.zeros_like(A))
        np.testing.assert_array_equal(ag.grad(lambda x: 3.0)(X), np.zeros(3))

    def test_the_users_arrays_and_parameters_are_left_alone(self):
        w = ag.Tensor(2.0, requires_grad=True)
        x = X.copy()
        gradient = ag.grad(lambda x: np.sum(x * x) * w)(x)
        np.testing.assert_array_equal(x, X)
        assert x.flags.writeable
        assert w.grad is None
        gradient[0] = 7
        np.testing.assert_array_equal(x, X)

    def test_needs_floats_and_one_number(self):
        with pytest.raises(TypeError, match=r"dtype int64.*Pass floats"):
            ag.grad(f)(np.arange(3))
        with pytest.raises(ValueError, match=r"shape \(4,\).*ag\.jacobian"):
            ag.grad(layers)(X)

    def test_works_under_no_grad(self):
        with ag.no_grad():
            np.testing.assert_array_equal(ag.grad(f)(X), ag.grad(f)(X))
            assert ag.grad(f)(X).any()

    def test_scipys_convention(self):
        value, gradient = ag.value_and_grad(f)(X)
        assert value.shape == ()
        assert gradient.shape == (3,)


class TestNesting:
    def test_higher_orders(self):
        g = np.sin
        for expected in (np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x), np.sin):
            g = ag.grad(g)
            np.testing.assert_allclose(g(0.7), expected(0.7), rtol=1e-14)

    def test_no_perturbation_confusion(self):
        def inner(x):
            return ag.grad(lambda y: x + y)(1.0)

        assert float(ag.grad(lambda x: x * inner(x))(2.0)) == 1.0
        assert float(ag.grad(lambda x: ag.grad(lambda y: x * y)(3.0))(2.0)) == 1.0
        assert float(ag.grad(lambda x: x * ag.grad(lambda y: x * y * y)(x))(2.0)) == 24.0

    def test_jvp_inside_grad_and_grad_inside_jvp(self):
        def directional(x):
            return ag.jvp(f, [x], [V])[1]

        np.testing.assert_allclose(ag.grad(directional)(X), ag.hessian(f)(X) @ V, rtol=1e-12)
        _, tangent = ag.jvp(ag.grad(f), [X], [V])
        np.testing.assert_allclose(tangent, ag.hessian(f)(X) @ V, rtol=1e-12)

    def test_tangent_that_is_traced(self):
        gradient = ag.grad(lambda v: ag.jvp(f, [X], [v])[1])(V)
        np.testing.assert_allclose(gradient, ag.grad(f)(X), rtol=1e-14)

    def test_cotangent_that_is_traced(self):
        def g(u):
            _, pullback = ag.vjp(layers, X)
            return np.sum(pullback(u)[0] * V)

        np.testing.assert_allclose(ag.grad(g)(np.ones(4)), JACOBIAN @ V, rtol=1e-14)


class TestVjpJvp:
    def test_vjp(self):
        value, pullback = ag.vjp(layers, X)
        np.testing.assert_array_equal(value, np.tanh(A @ X))
        u = np.arange(4.0)
        for _ in range(2):
            (gradient,) = pullback(u)
            np.testing.assert_allclose(gradient, u @ JACOBIAN, rtol=1e-14)
        with pytest.raises(ValueError, match="shape"):
            pullback(np.ones(3))

    def test_vjp_of_containers(self):
        value, pullback = ag.vjp(lambda p: {"a": p[0] * p[1], "b": p[0]}, (2.0, 3.0))
        assert flatten(value)[0] == [6, 2]
        assert pullback({"a": np.array(1.0), "b": np.array(10.0)}) == ((13.0, 2.0),)
        with pytest.raises(ValueError, match="as many arrays"):
            pullback(np.array(1.0))

    def test_jvp(self):
        value, tangent = ag.jvp(layers, [X], [V])
        np.testing.assert_array_equal(value, np.tanh(A @ X))
        np.testing.assert_allclose(tangent, JACOBIAN @ V, rtol=1e-14)
        with pytest.raises(ValueError, match="1 primals and 2 tangents"):
            ag.jvp(layers, [X], [V, V])

    def test_unconnected_outputs_have_zero_tangents(self):
        _, tangent = ag.jvp(lambda x: (x * 2, np.ones(2)), [X], [V])
        np.testing.assert_array_equal(tangent[0], 2 * V)
        np.testing.assert_array_equal(tangent[1], np.zeros(2))

    @given(st.integers(0, 2**32 - 1))
    @settings(max_examples=30, deadline=None)
    def test_they_are_transposes_of_each_other(self, seed):
        rng = np.random.default_rng(seed)
        x, v, u = rng.normal(size=3), rng.normal(size=3), rng.normal(size=4)
        _, pullback = ag.vjp(layers, x)
        _, tangent = ag.jvp(layers, [x], [v])
        np.testing.assert_allclose(u @ tangent, pullback(u)[0] @ v, rtol=1e-9, atol=1e-12)


class TestJacobians:
    @pytest.mark.parametrize("repeat", [1, 4])
    def test_by_columns_and_by_rows(self, repeat):
        """Three inputs, and four or sixteen outputs; and the other way round."""
        wide = ag.jacobian(lambda x: np.concatenate([layers(x)] * repeat))(X)
        np.testing.assert_allclose(wide, np.concatenate([JACOBIAN] * repeat), rtol=1e-14)
        tall = ag.jacobian(lambda x: (A @ x)[:2])(X)
        np.testing.assert_allclose(tall, A[:2], rtol=1e-14)

    def test_shapes(self):
        jacobian = ag.jacobian(lambda x: np.reshape(x, (3, 2)) * 2.0)(np.ones((2, 3)))
        assert jacobian.shape == (3, 2, 2, 3)
        np.testing.assert_array_equal(jacobian.reshape(6, 6), 2 * np.eye(6))
        assert ag.jacobian(np.sum)(X).shape == (3,)
        assert ag.jacobian(lambda x: x * X)(2.0).shape == (3,)
        assert ag.jacobian(lambda x: x[:0])(X).shape == (0, 3)

    def test_containers(self):
        result = ag.jacobian(lambda p: {"out": p["a"] * p["b"]})({"a": X, "b": 2.0})
        np.testing.assert_array_equal(result["out"]["a"], 2 * np.eye(3))
        np.testing.assert_array_equal(result["out"]["b"], X)

    def test_argnums(self):
        first, second = ag.jacobian(np.multiply, argnums=(0, 1))(X, V)
        np.testing.assert_array_equal(first, np.diag(V))
        np.testing.assert_array_equal(second, np.diag(X))

    def test_hessian_and_hvp(self):
        hessian = ag.hessian(f)(X)
        t = np.tanh(A @ X)
        weights = np.array([1.0, 2, 3, 4]) * -2 * t * (1 - t * t)
        np.testing.assert_allclose(hessian, A.T @ (weights[:, None] * A), rtol=1e-12)
        (gradient,), (product,) = ag.hvp(f, [X], [V])
        np.testing.assert_allclose(gradient, ag.grad(f)(X), rtol=1e-14)
        np.testing.assert_allclose(product, hessian @ V, rtol=1e-12)

    def test_hessian_of_two_arguments(self):
        blocks = ag.hessian(lambda a, b: np.sum(a * b * b), argnums=(0, 1))(X, V)
        np.testing.assert_allclose(blocks[0][0], np.zeros((3, 3)))
        np.testing.assert_allclose(blocks[0][1], np.diag(2 * V))
        np.testing.assert_allclose(blocks[1][1], np.diag(2 * X))

    def test_jacobian_inside_grad(self):
        def spread(x):
            return np.sum(ag.jacobian(np.square)(x) ** 2)

        np.testing.assert_allclose(ag.grad(spread)(X), 8 * X, rtol=1e-14)


def test_stop_gradient():
    assert float(ag.grad(lambda x: x * ag.stop_gradient(x))(3.0)) == 3
    assert ag.stop_gradient(X) is X


class TestWhatIsRefused:
    @pytest.mark.parametrize("result", [None, "a", [1.0]])
    def test_functions_that_return_no_number(self, result):
        with pytest.raises(TypeError, match="returns one number"):
            ag.grad(lambda x: result)(1.0)

    def test_a_forgotten_return_is_named(self):
        with pytest.raises(TypeError, match="Is a `return` missing"):
            ag.grad(lambda x: None)(1.0)

    @pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy])
    def test_copies_that_would_be_cut_off(self, duplicate):
        with pytest.raises(TypeError, match=r"np\.copy\(t\)"):
            ag.grad(lambda x: duplicate(x) ** 2)(1.0)
        assert ag.grad(lambda x: np.copy(x) ** 2)(3.0) == 6

    @pytest.mark.parametrize("transform", [ag.jvp, ag.hvp])
    def test_arrays_for_sequences_of_arrays(self, transform):
        with pytest.raises(TypeError, match=r"\(f, \(x,\), \(dx,\)\)"):
            transform(np.sum, X, X)
        with pytest.raises(ValueError, match="1 primals and 2 tangents"):
            transform(np.sum, (X,), (X, X))

    def test_arguments_by_name_and_of_other_kinds(self):
        with pytest.raises(TypeError, match="from 0, and was given 'b'"):
            ag.grad(np.sum, "b")(X)
        with pytest.raises(TypeError, match=r"argument 0\['kind'\], of dtype <U1"):
            ag.grad(lambda d: np.sum(d["x"]))({"x": X, "kind": "s"})


def test_vjp_passes_keywords_on():
    _, pullback = ag.vjp(np.sum, np.ones((2, 3)), axis=1)
    assert pullback(np.ones(2))[0].shape == (2, 3)


def test_ravel_pytree():
    tree = {"w": np.ones((2, 2)), "b": [0.5, None]}
    vector, unravel = ag.ravel_pytree(tree)
    np.testing.assert_array_equal(vector, [1, 1, 1, 1, 0.5])
    assert unravel(vector)["w"].shape == (2, 2)
    assert unravel(vector)["b"][1] is None
    gradient = ag.grad(lambda v: np.sum(unravel(v)["w"] ** 2) + unravel(v)["b"][0])(vector)
    np.testing.assert_array_equal(gradient, [2, 2, 2, 2, 1])
    with pytest.raises(ValueError, match="holds 5 numbers"):
        unravel(np.ones(4))
    empty, rebuild = ag.ravel_pytree([])
    assert rebuild(empty) == []


def test_a_defaultdict_of_arrays_is_a_container():
    values = defaultdict(list, {"w": np.array([1.0, 2.0])})
    gradient = ag.grad(lambda d: np.sum(d["w"] ** 2))(values)
    assert type(gradient) is defaultdict
    assert gradient.default_factory is list
    assert gradient["w"].tolist() == [2.0, 4.0]
