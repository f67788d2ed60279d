"""Results of compiled functions in the memory of their arguments."""

import numpy as np
import pytest

import autograd_np as ag


def test_the_memory_is_used():
    def function(state, x):
        return (state * x).sum(), state * 0.9 + x

    step = ag.compile(function, donate_argnums=0)
    state, expected, x = np.ones(3), np.ones(3), np.arange(3.0)
    for _ in range(4):
        loss, expected = function(expected, x)
        found, new = step(state, x)
        assert new is state
        assert found == loss
        assert np.array_equal(new, expected)
        assert x.tolist() == [0, 1, 2]


def test_two_that_change_places():
    step = ag.compile(lambda a, b: (b, a), donate_argnums=(0, 1))
    for _ in range(3):
        a, b = np.array([1.0]), np.array([2.0])
        first, second = step(a, b)
        assert (first[0], second[0]) == (2, 1)


@pytest.mark.parametrize("traced_with", ["same", "others"])
def test_memory_that_another_argument_lies_in_is_not_taken(traced_with):
    def function(a, b):
        return a + 1, (b * 2).sum(), b * 3

    step = ag.compile(function, donate_argnums=0)
    if traced_with == "others":
        step(np.ones(1), np.ones(1))
    for _ in range(2):
        a = np.ones(1)
        assert [each.item() for each in step(a, a)] == [2, 2, 3]
        whole = np.ones(2)
        assert [np.sum(each).item() for each in step(whole[:1], whole)] == [2, 4, 6]


def test_memory_that_cannot_be_written_to_is_not_taken():
    step = ag.compile(lambda a: a + 1, donate_argnums=0)
    array = np.ones(1)
    step(array)
    array.flags.writeable = False
    for _ in range(2):
        assert step(array).item() == 3
    assert array.item() == 2
