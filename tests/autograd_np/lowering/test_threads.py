"""Compiled functions in several threads."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd_np as ag


@pytest.fixture(autouse=True)
def _switch_often():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def function(x):
    y = (x * 2 + 1) @ x.T
    return ag.grad(lambda z: (np.tanh(z) * y).sum())(x), y.sum(axis=0) * x[0]


def check(step, seed):
    for number in range(20):
        x = np.random.default_rng([seed, number]).normal(size=(12, 12))
        for mine, other in zip(step(x), function(x), strict=True):
            assert np.array_equal(mine, other)


def test_one_function():
    step = ag.compile(function)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(check, [step] * 6, range(6)))


def test_a_function_for_each():
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(check, [ag.compile(function) for _ in range(4)], range(4)))


def test_other_shapes_and_modes_at_the_same_time():
    step = ag.compile(lambda x: (x * 2).sum(axis=0))

    def work(length):
        for _ in range(20):
            x = np.full((length, 3), float(length))
            assert step(x).tolist() == [2.0 * length**2] * 3
            with ag.no_grad():
                assert step(x).tolist() == [2.0 * length**2] * 3

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(work, range(1, 7)))


def test_updates_are_made_one_after_the_other():
    p = ag.Tensor(np.zeros(3), requires_grad=True)

    @ag.compile
    def step(x):
        p.data = p.data + x
        return p * 1

    def work(_):
        return [step(np.ones(3)).numpy()[0] for _ in range(25)]

    with ThreadPoolExecutor(4) as threads:
        seen = [value for values in threads.map(work, range(4)) for value in values]
    assert sorted(seen) == list(range(1, 101))
