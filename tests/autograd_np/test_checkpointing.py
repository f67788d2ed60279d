"""`ag.checkpoint`: less memory, the same derivatives."""

import tracemalloc

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.graph import ancestors

X = np.array([0.5, -1.0, 2.0])


def block(x):
    return np.tanh(np.sin(x) * x) + x**2


def test_gradient_has_the_same_bits():
    gradient = ag.grad(lambda x: np.sum(block(x)))(X)
    np.testing.assert_array_equal(ag.grad(lambda x: np.sum(ag.checkpoint(block)(x)))(X), gradient)
    leaf = ag.Tensor(X, requires_grad=True)
    ag.checkpoint(block)(leaf).sum().backward()
    np.testing.assert_array_equal(leaf.grad, gradient)


def test_every_order_and_forward_mode():
    checkpointed = ag.checkpoint(block)
    plain = ag.elementwise_grad(ag.elementwise_grad(ag.elementwise_grad(block)))(X)
    third = ag.elementwise_grad(ag.elementwise_grad(ag.elementwise_grad(checkpointed)))(X)
    np.testing.assert_allclose(third, plain, rtol=1e-13)
    for f in (lambda x: np.sum(block(x) ** 2), lambda x: np.sum(checkpointed(x) ** 2)):
        product = ag.hvp(f, [X], [np.ones(3)])[1][0]
        _, tangent = ag.jvp(ag.grad(f), [X], [np.ones(3)])
        np.testing.assert_allclose(tangent, product, rtol=1e-12)
    _, tangent = ag.jvp(checkpointed, [X], [np.ones(3)])
    np.testing.assert_allclose(tangent, ag.elementwise_grad(block)(X), rtol=1e-13)


def test_the_graph_keeps_arguments_and_results_only():
    leaf = ag.Tensor(X, requires_grad=True)
    out = ag.checkpoint(block)(leaf)
    assert [node.operation for node in ancestors(out.node)] == ["leaf", "checkpoint"]


def test_memory_is_that_of_one_block():
    def deep(x, around):
        for _ in range(12):
            x = around(lambda x: np.sin(np.cos(np.sin(np.cos(x)))))(x)
        return x

    def peak(around):
        leaf = ag.Tensor(np.ones(50_000), requires_grad=True)
        tracemalloc.start()
        deep(leaf, around).sum().backward()
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(ag.checkpoint) < 0.5 * peak(lambda f: f)


def test_parameters_that_are_read_but_not_given():
    w = ag.Tensor([2.0, 3.0, 4.0], requires_grad=True)
    scale = w * w

    @ag.checkpoint
    def f(x):
        return x * scale + np.exp(w)

    x = ag.Tensor(X, requires_grad=True)
    f(x).sum().backward()
    np.testing.assert_allclose(x.grad, [4, 9, 16])
    np.testing.assert_allclose(w.grad, 2 * w.numpy() * X + np.exp(w.numpy()))


def test_containers_and_keywords():
    @ag.checkpoint
    def f(pair, *, shift):
        a, b = pair["a"], pair["b"]
        return {"sum": a + b + shift, "product": a * b, "count": 2}

    a, b = (ag.Tensor(v, requires_grad=True) for v in (X, 2 * X))
    out = f({"a": a, "b": b}, shift=1.0)
    assert out["count"] == 2
    (out["sum"].sum() + 3 * out["product"].sum()).backward()
    np.testing.assert_allclose(a.grad, 1 + 3 * b.numpy())
    np.testing.assert_allclose(b.grad, 1 + 3 * a.numpy())


def test_one_inside_another():
    inner = ag.checkpoint(block)
    outer = ag.checkpoint(lambda x: inner(inner(x)) * x)
    expected = ag.grad(lambda x: np.sum(block(block(x)) * x))(X)
    np.testing.assert_allclose(ag.grad(lambda x: np.sum(outer(x)))(X), expected, rtol=1e-14)


def test_something_else_the_second_time_raises():
    rng = np.random.default_rng(0)
    leaf = ag.Tensor(X, requires_grad=True)
    out = ag.checkpoint(lambda x: x * rng.normal(size=3))(leaf)
    with pytest.raises(RuntimeError, match="computed something else"):
        out.sum().backward()


def test_an_update_in_between_raises():
    w = ag.Tensor([2.0, 3.0, 4.0], requires_grad=True)
    out = ag.checkpoint(lambda: w * w)()
    w.data -= 1
    with pytest.raises(RuntimeError, match="before parameters are updated"):
        out.sum().backward()


def test_without_gradients_it_is_the_function():
    with ag.no_grad():
        out = ag.checkpoint(block)(ag.Tensor(X, requires_grad=True))
    assert not out.requires_grad
    np.testing.assert_array_equal(ag.checkpoint(block)(X), block(X))


def test_a_full_recording_holds_every_operation():
    with ag.record() as program:
        ag.checkpoint(block)(ag.Tensor(X, requires_grad=True))
    assert "tanh" in str(program)


@pytest.mark.parametrize("graph", [False, True])
def test_anomaly_mode_looks_inside(graph):
    leaf = ag.Tensor(X, requires_grad=True)
    with ag.detect_anomaly():
        ag.checkpoint(block)(leaf).sum().backward(create_graph=graph)
    gradient = leaf.grad.numpy() if graph else leaf.grad
    np.testing.assert_array_equal(gradient, ag.grad(lambda x: np.sum(block(x)))(X))
    with ag.detect_anomaly(), pytest.raises(ag.AnomalyError, match="sqrt"):
        ag.checkpoint(lambda x: np.sqrt(x * 0))(leaf).sum().backward()
