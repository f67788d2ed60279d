"""Chains and powers of matrices, and tensors taken as matrices."""

import numpy as np
import pytest
from numpy.linalg import LinAlgError

import autograd_np as ag
from tests.autograd_np.against_numpy import assert_as_numpy

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(size=shape)


CHAINS = [
    [(2, 3), (3, 4)],
    [(2, 3), (3, 4), (4, 5)],
    [(5, 2), (2, 6), (6, 3), (3, 1), (1, 4)],
    [(3,), (3, 4), (4,)],
    [(3,), (3,)],
    [(3,), (3, 4)],
    [(2, 3), (3, 4), (4,)],
    [(2, 0), (0, 3), (3, 2)],
    [(2, 3)],
    [],
    [(2, 3), (4, 3)],
    [(2, 3), (3,), (3,)],
    [(2, 2, 2), (2, 2)],
    [(), (2, 2)],
]


@pytest.mark.parametrize("shapes", CHAINS)
def test_multi_dot(shapes):
    if shapes:
        assert_as_numpy(np.linalg.multi_dot, [normal(*shape) for shape in shapes])


def test_multi_dot_takes_the_cheapest_order():
    """Column times row last: no matrix of 2000 by 2000 comes up on the way."""
    a, b, c = (ag.Tensor(normal(*s), requires_grad=True) for s in [(2000, 1), (1, 2000), (2000, 1)])
    out = np.linalg.multi_dot([a, b, c])
    shapes, nodes = set(), [out.node]
    while nodes:
        node = nodes.pop()
        shapes.add(node.shape)
        nodes += node.parents
    assert (2000, 2000) not in shapes
    out.backward(np.ones(out.shape))
    np.testing.assert_allclose(b.grad, a.data.sum() * c.data.T)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 5, 8, 31, -1, -2, 2.0, None, np.int64(2), True])
def test_matrix_power(n):
    matrix = normal(3, 3) / 2 + np.eye(3)
    assert_as_numpy(np.linalg.matrix_power, matrix, n)
    assert_as_numpy(np.linalg.matrix_power, matrix.astype(np.float32), n)
    assert_as_numpy(np.linalg.matrix_power, np.stack([matrix, matrix.T]), n)
    for shape in ((3,), (2, 3), (), (2, 2, 3)):
        assert_as_numpy(np.linalg.matrix_power, normal(*shape), n)


def test_matrix_power_squares():
    """A power of a million takes some twenty products, not a million."""
    t = ag.Tensor(np.array([[1.0, 1e-6], [0.0, 1.0]]), requires_grad=True)
    out = np.linalg.matrix_power(t, 10**6)
    out[0, 1].backward()
    np.testing.assert_allclose(out.numpy(), [[1, 1], [0, 1]])
    # The derivative of the corner of [[a, b], [0, c]] ** n.
    np.testing.assert_allclose(t.grad[0, 1], 10**6)
    np.testing.assert_allclose(t.grad[0, 0], 1e-6 * 10**6 * (10**6 - 1) / 2)


def test_matrix_power_zero_is_recorded_with_gradient_zero():
    t = ag.Tensor(np.array([[np.inf, 1.0], [0.0, np.nan]]), requires_grad=True)
    out = np.linalg.matrix_power(t, 0)
    out.sum().backward()
    np.testing.assert_array_equal(out.numpy(), np.eye(2))
    np.testing.assert_array_equal(t.grad, np.zeros((2, 2)))


def test_matrix_power_one_is_not_the_matrix():
    w = ag.Tensor(np.eye(2), requires_grad=True)
    out = np.linalg.matrix_power(w, 1)
    w.data += 1
    np.testing.assert_array_equal(out.numpy(), np.eye(2))


def test_tensorinv():
    assert_as_numpy(np.linalg.tensorinv, normal(4, 6, 8, 3))
    assert_as_numpy(np.linalg.tensorinv, normal(24, 8, 3), ind=1)
    assert_as_numpy(np.linalg.tensorinv, normal(24, 8, 3), ind=0)
    assert_as_numpy(np.linalg.tensorinv, normal(4, 6, 8, 2))
    with pytest.raises(LinAlgError):
        np.linalg.tensorinv(ag.Tensor(normal(2, 3), requires_grad=True), ind=1)


def test_tensorsolve():
    assert_as_numpy(np.linalg.tensorsolve, normal(2, 3, 6), normal(2, 3))
    assert_as_numpy(np.linalg.tensorsolve, normal(2, 3, 2, 3), normal(2, 3))
    assert_as_numpy(np.linalg.tensorsolve, normal(2, 6, 3), normal(6), axes=(0, 2))
    assert_as_numpy(np.linalg.tensorsolve, normal(2, 6, 3), normal(6), axes=(2, 0))
    assert_as_numpy(np.linalg.tensorsolve, normal(6, 6), list(range(6)))
    assert_as_numpy(np.linalg.tensorsolve, normal(2, 3, 5), normal(2, 3))


def test_out_is_refused():
    t = ag.Tensor(normal(2, 2), requires_grad=True)
    with pytest.raises(TypeError, match="Write the result to a new name"):
        np.linalg.multi_dot([t, t, t], out=np.empty((2, 2)))
