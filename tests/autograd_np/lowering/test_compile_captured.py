"""Tensors and arrays of the surroundings, between the calls of a compiled function."""

import numpy as np
import pytest

import autograd_np as ag

ONES = np.ones(2)


def leaf(*values):
    return ag.Tensor(np.array(values), requires_grad=True)


def test_captured_arrays_are_read_at_each_call():
    whole, scale = np.arange(4.0), np.ones((2, 2))
    step = ag.compile(lambda x: x * whole[:2] + x @ scale.T)
    for number in range(3):
        whole[...], scale[...] = number, number + 1
        assert np.array_equal(step(ONES), step.function(ONES))


def test_a_captured_array_that_a_graph_has_locked_is_no_constant():
    array, w = np.arange(3.0), leaf(1.0, 1.0, 1.0)
    graph = w * array
    step = ag.compile(lambda x: x * array)
    step(np.ones(3))
    del graph
    array[...] = 7
    assert step(np.ones(3)).tolist() == [7, 7, 7]


def test_a_tensor_made_of_a_captured_array():
    array = np.arange(3.0)
    step = ag.compile(lambda x: x * ag.Tensor(array))
    step(np.ones(3))
    array[...] = 7
    assert step(np.ones(3)).tolist() == [7, 7, 7]


@pytest.mark.parametrize(
    "change",
    [
        lambda p: setattr(p, "data", p.data + 1),
        lambda p: p.data.__setitem__(0, 9.0),
        lambda p: ag.FlatBuffer([p, leaf(1.0)]),
        lambda p: setattr(p, "requires_grad", True),
    ],
    ids=["data =", "data[0] =", "FlatBuffer", "requires_grad ="],
)
def test_what_happens_to_a_tensor_between_calls_is_seen(change):
    p = leaf(1.0, 2.0)

    def function(x):
        p.data = p.data * x
        return p * 3

    step = ag.compile(function)
    twin = leaf(1.0, 2.0)
    for _ in range(3):
        found = step(2 * ONES)
        twin.data = twin.data * 2
        assert np.array_equal(found.numpy(), 3 * twin.numpy())
        change(p)
        change(twin)


def test_a_parameter_that_is_frozen_between_calls():
    p, q = leaf(1.0, 2.0), leaf(3.0, 4.0)

    @ag.compile
    def train(x):
        (p * q * x).sum().backward()
        for each in (p, q):
            if each.grad is not None:
                each.data -= each.grad
            each.grad = None

    train(ONES)
    p.requires_grad = False
    before = p.numpy()
    train(ONES)
    assert np.array_equal(p.numpy(), before)
    assert not np.array_equal(q.numpy(), [3, 4])


def test_a_graph_that_read_the_old_value_refuses():
    p = leaf(1.0, 2.0)
    step = ag.compile(lambda x: setattr(p, "data", p.data + x))
    for _ in range(3):
        y = (p * p).sum()
        step(ONES)
        with pytest.raises(RuntimeError, match="was written after"):
            y.backward()


def test_views_and_copies_keep_the_old_value_and_live_memory_has_the_new():
    p = ag.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    step = ag.compile(lambda x: setattr(p, "data", p.data + x))
    step(1.0)
    old = p.numpy()
    view, detached, copy, live = p.T, p.detach(), p.numpy(), p.data
    step(1.0)
    assert np.array_equal(view.numpy(), old.T)
    assert np.array_equal(detached.numpy(), old)
    assert np.array_equal(copy, old)
    assert np.array_equal(live, p.numpy())


def test_the_graph_of_a_result_is_not_cut_in_silence():
    w = leaf(1.0, 2.0)
    step = ag.compile(lambda x: x * w)
    for _ in range(2):
        w.grad = None
        y = step(ONES)
        with pytest.raises(RuntimeError):
            (y * w).sum().backward()


def test_results_are_never_overwritten():
    p = leaf(1.0, 1.0, 1.0)

    @ag.compile
    def step(x):
        y = x * 2
        z = y + p
        row = z.reshape(3, 1).T
        p.data = p.data * 1.01
        return y, z, row[0], row, x, p, (y * z).sum(), z[1:], np.einsum("ij->ji", row * 1.0)

    hoard = []
    for number in range(50):
        results = step(np.full(3, float(number)))
        hoard += [(each, np.array(each.numpy())) for each in results]
    assert all(np.array_equal(each.numpy(), before) for each, before in hoard)


def test_a_gradient_that_the_function_does_not_touch_stays():
    p = leaf(1.0, 2.0)

    @ag.compile
    def step(x):
        p.data = p.data + x

    for _ in range(3):
        p.grad = np.ones(2)
        step(ONES)
        assert p.grad.tolist() == [1, 1]
