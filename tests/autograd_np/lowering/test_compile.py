"""Compiled functions that read and update Tensors of their surroundings."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.failures import TraceError

ONES = np.ones(2)


def leaf(*values, name=None):
    return ag.Tensor(np.array(values), requires_grad=True, name=name)


def assert_as_eager(make, calls):
    """Compare a step with its compiled self; `make` returns the function and its Tensors."""
    eager, mine = make()
    function, others = make()
    step = ag.compile(function)
    hoard = []
    for args in calls:
        expected, found = eager(*args), step(*args)
        for one, other in zip(listed(found), listed(expected), strict=True):
            assert np.array_equal(value(one), value(other)), step.source
            hoard.append((one, np.array(value(one))))
        for one, other in zip(others, mine, strict=True):
            assert np.array_equal(value(one), value(other)), step.source
            assert (one.grad is None) == (other.grad is None)
            if one.grad is not None:
                assert np.array_equal(one.grad, other.grad)
    for one, before in hoard:
        assert np.array_equal(value(one), before), "a later call overwrote a result"
    return step


def listed(result):
    return list(result) if isinstance(result, (tuple, list)) else [result]


def value(each):
    return each.numpy() if isinstance(each, ag.Tensor) else each


def descent(write):
    def make():
        p, q = leaf(1.0, 2.0), leaf(3.0, 4.0)

        def step(x):
            for each in (p, q):
                each.grad = None
            loss = (p * q * x).sum()
            loss.backward()
            for each in (p, q):
                write(each)
            return loss

        return step, (p, q)

    return make


def subtract(p):
    p.data -= 0.1 * p.grad


def assign(p):
    p.data = p.data - 0.1 * p.grad


def in_no_grad(p):
    with ag.no_grad():
        p -= 0.1 * p.grad


def elements(p):
    with ag.no_grad():
        p[...] = p - 0.1 * p.grad


def one_element(p):
    with ag.no_grad():
        p[0] = p[1] * p.grad[0]


def twice(p):
    p.data = p.data * 0.5
    p.data = p.data - 0.1 * p.grad


def forgotten(p):
    p.data -= 0.1 * p.grad
    p.grad = None


def scaled_gradient(p):
    p.grad *= 0.5
    p.grad[0] = 9.0
    p.data -= p.grad


@pytest.mark.parametrize(
    "write",
    [subtract, assign, in_no_grad, elements, one_element, twice, forgotten, scaled_gradient],
)
def test_updates(write):
    step = assert_as_eager(descent(write), [(ONES * i,) for i in range(4)])
    assert "# update" in step.source


def test_a_value_is_that_of_before_or_after_an_update():
    def make():
        p = leaf(1.0, 2.0)

        def step(x):
            before = p * x
            p.data = p.data + 1
            return before, p * 1, p

        return step, (p,)

    assert_as_eager(make, [(ONES,)] * 4)


def test_swap():
    def make():
        p, q = leaf(1.0, 2.0), leaf(3.0, 4.0)

        def step():
            p.data, q.data = q.detach(), p.detach()

        return step, (p, q)

    assert_as_eager(make, [()] * 3)


def test_a_tensor_that_is_written_and_never_read():
    def make():
        p, q = leaf(1.0, 2.0), leaf(3.0, 4.0)

        def step(x):
            p.data = x * 2
            q.data = np.zeros(2)

        return step, (p, q)

    assert_as_eager(make, [(ONES,), (3 * ONES,)])


def test_state_that_requires_no_gradient():
    def make():
        state = ag.Tensor(ONES)

        def step(x):
            state.data = state.data * 0.5 + x
            state[0] = x[0]
            return state * 2

        return step, (state,)

    assert_as_eager(make, [(ONES * i,) for i in range(4)])


def test_the_order_of_memory_stays():
    # The mean of a matrix adds up in the order of its memory.
    def make():
        p = ag.Tensor(np.zeros((3, 4)), requires_grad=True)

        def step(x):
            p.data = x
            return p - np.mean(p), ag.Tensor(x[:, ::2]) - 1.0

        return step, (p,)

    rng = np.random.default_rng(0)
    assert_as_eager(make, [(np.asfortranarray(rng.normal(size=(3, 4))),) for _ in range(5)])


def test_gradients_are_left_behind():
    step = descent(lambda p: None)
    assert_as_eager(step, [(ONES,), (2 * ONES,)])


def test_a_gradient_is_nobody_elses():
    p = leaf(1.0, 2.0)

    @ag.compile
    def step(x):
        p.grad = np.zeros(2)
        return p * x

    for _ in range(3):
        step(ONES)
        assert p.grad.tolist() == [0, 0]
        p.grad[0] = 5.0


def test_a_gradient_that_ends_as_none_is_none():
    function, (p, q) = descent(forgotten)()
    step = ag.compile(function)
    for _ in range(2):
        p.grad = q.grad = np.ones(2)
        step(ONES)
        assert p.grad is None
        assert q.grad is None


@pytest.mark.parametrize("written", [False, True])
def test_a_gradient_of_before_is_refused(written):
    p = leaf(1.0, 2.0, name="p")

    @ag.compile
    def step(x):
        if written:
            p.data = p.data * 2
        (p * x).sum().backward()

    p.grad = np.ones(2)
    with pytest.raises(TraceError, match=r"p\.grad = None"):
        step(ONES)
    assert p.numpy().tolist() == [1, 2]
    p.grad = None
    step(ONES)
    with pytest.raises(TraceError, match=r"p\.grad = None"):
        step(ONES)
    p.grad = None
    step(ONES)
    assert p.grad.tolist() == [1, 1]


def test_hooks_and_retained_gradients():
    def make():
        p = leaf(1.0, 2.0)

        def step(x):
            p.grad = None
            y = p * x
            y.retain_grad()
            y.register_hook(lambda g: g * 10)
            (y * y).sum().backward()
            return y.grad * 1

        return step, (p,)

    assert_as_eager(make, [(ONES,), (2 * ONES,)])


def test_a_local_tensor_that_is_written_to():
    def step(x):
        y = ag.Tensor(x) * 1
        y[0] = 5
        made = ag.Tensor(np.zeros(2))
        made[1] = x[0]
        return y, y * 2, made

    assert_as_eager(lambda: (step, ()), [(ONES,), (3 * ONES,), (4 * ONES,)])


def data_elements(p, x):
    p.data[...] = x


def data_element(p, x):
    p.data[0] = x[1]


def data_variable(p, x):
    memory = p.data
    memory += x


@pytest.mark.parametrize("write", [data_elements, data_element, data_variable])
def test_live_memory_is_written_to(write):
    def make():
        p = leaf(1.0, 2.0)
        return lambda x: write(p, x), (p,)

    assert_as_eager(make, [(3 * ONES,), (4 * ONES,)])
