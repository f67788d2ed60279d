"""Tensors as arguments of compiled functions: other ones at each call."""

import numpy as np
import pytest

import autograd_np as ag

ONES = np.ones(2)


def test_gradients_are_those_of_the_one_that_was_passed():
    step = ag.compile(lambda p, x: (p * x).sum().backward())
    for number in range(1, 4):
        p = ag.Tensor(number * ONES, requires_grad=True)
        step(p, number * ONES)
        assert p.grad.tolist() == [number, number]


def test_updates_are_made_to_the_one_that_was_passed():
    def step(p, x):
        p.data -= x
        return p * 2

    step = ag.compile(step)
    first, second = (ag.Tensor(3 * ONES, requires_grad=True) for _ in range(2))
    step(first, ONES)
    step(first, ONES)
    assert step(second, ONES).numpy().tolist() == [4, 4]
    assert (first.numpy().tolist(), second.numpy().tolist()) == ([1, 1], [2, 2])


def test_an_old_gradient_of_the_one_that_was_passed_is_refused():
    step = ag.compile(lambda p, x: (p * x).sum().backward())
    step(ag.Tensor(ONES, requires_grad=True), ONES)
    p = ag.Tensor(ONES, requires_grad=True)
    p.grad = np.ones(2)
    with pytest.raises(TypeError, match="which had one before"):
        step(p, ONES)


@pytest.mark.parametrize("order", ["same first", "same last"])
def test_the_same_one_twice(order):
    def function(p, q):
        (p * q).sum().backward()

    step = ag.compile(function)
    p, q, r = (ag.Tensor(np.full(2, v), requires_grad=True) for v in (2.0, 3.0, 5.0))
    pairs = [(p, q), (r, r)]
    for pair in pairs if order == "same last" else pairs[::-1]:
        step(*pair)
    assert (p.grad[0], q.grad[0], r.grad[0]) == (3, 2, 10)


def test_a_recorded_one_stays_in_its_graph():
    step = ag.compile(lambda t: t * 2)
    w = ag.Tensor(ONES, requires_grad=True)
    step(w)
    step(w * 3).sum().backward()
    assert w.grad.tolist() == [6, 6]


def test_in_and_out():
    step = ag.compile(lambda t: t * 2)
    for _ in range(2):
        assert isinstance(step(ag.Tensor(ONES)), ag.Tensor)
        assert isinstance(step(ONES), np.ndarray)
