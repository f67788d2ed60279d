"""What cannot be traced is refused, with the line and what to write; nothing is changed then."""

import inspect
import itertools
import os
import time

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.failures import TraceError

X = np.array([1.0, 2.0, 3.0])
RNG = np.random.default_rng(0)
COUNT = itertools.count()
COUNTER = np.zeros(1)
FILE = os.path.basename(__file__)


def masked(x):
    y = x * 1
    y[x > 1] = 0
    return y


def counted(x):
    COUNTER[0] += 1
    return x * COUNTER


def drawn_in_closure(x):
    noise = RNG.normal(size=3)
    return x + ag.callback(lambda: noise)


def overwritten(x):
    x[0] = 1.0
    return x


class Result:
    def __init__(self, value):
        self.value = value


# A function, and what its message says.
BRANCHES = "np.where"
OUTSIDE = "look at it outside"
TWICE = "traced twice"
REFUSED = [
    pytest.param(lambda x: x if x.sum() > 0 else -x, BRANCHES, id="if"),
    pytest.param(lambda x: max(x[0], x[1]), BRANCHES, id="max"),
    pytest.param(lambda x: sorted(x), BRANCHES, id="sorted"),
    pytest.param(lambda x: x * (3.0 in x), BRANCHES, id="in"),
    pytest.param(lambda x: x * float(x[0]), OUTSIDE, id="float"),
    pytest.param(lambda x: x * int(x[0]), OUTSIDE, id="int"),
    pytest.param(lambda x: x * x.sum().item(), OUTSIDE, id="item"),
    pytest.param(lambda x: x * x.tolist()[0], OUTSIDE, id="tolist"),
    pytest.param(lambda x: x * ag.Tensor(x).numpy(), OUTSIDE, id="numpy"),
    pytest.param(lambda x: x * np.asarray(x), OUTSIDE, id="asarray"),
    pytest.param(lambda x: np.full(3, x[0]), OUTSIDE, id="full"),
    pytest.param(lambda x: np.arange(x[1]), OUTSIDE, id="arange"),
    pytest.param(lambda x: [x for _ in range(x.astype(int)[0])], OUTSIDE, id="range"),
    pytest.param(lambda x: x[: x.astype(int)[0]], OUTSIDE, id="slice"),
    pytest.param(lambda x: x * RNG.normal(), TWICE, id="random number"),
    pytest.param(lambda x: x * RNG.normal(size=3), TWICE, id="random array"),
    pytest.param(lambda x: x * ag.Tensor(RNG.normal(size=3)), TWICE, id="random Tensor"),
    pytest.param(lambda x: x[RNG.permutation(1000)[:3] % 3], TWICE, id="permutation"),
    pytest.param(drawn_in_closure, TWICE, id="random closure"),
    pytest.param(lambda x: x * next(COUNT), TWICE, id="counter"),
    pytest.param(lambda x: x * next(COUNT) if next(COUNT) % 2 else x, TWICE, id="other path"),
    pytest.param(counted, TWICE, id="counter in an array"),
    pytest.param(lambda x: x * time.perf_counter(), TWICE, id="time"),
    pytest.param(lambda x: x[x > 1], "np.where", id="mask"),
    pytest.param(masked, None, id="assignment by mask"),
    pytest.param(lambda x: x[np.nonzero(x)], "shape", id="nonzero"),
    pytest.param(lambda x: np.where(x > 1), "shape", id="where alone"),
    pytest.param(lambda x: np.argwhere(x), "shape", id="argwhere"),
    pytest.param(lambda x: np.bincount(x.astype(int)), "shape", id="bincount"),
    pytest.param(lambda x: np.repeat(x, x.astype(int)), "shape", id="repeat"),
    pytest.param(lambda x: np.trim_zeros(x), "outside", id="trim_zeros"),
    pytest.param(lambda x: x if np.allclose(x, 0) else -x, "np.isclose", id="allclose"),
    pytest.param(lambda x: x if np.array_equal(x, x + 1) else -x, "np.all", id="array_equal"),
    pytest.param(lambda x: np.histogram(x)[0] * 1, "np.digitize", id="histogram"),
    pytest.param(lambda x: np.unravel_index(np.argmax(x), (3,)), "Ravel", id="unravel_index"),
    pytest.param(lambda x: x * len(np.array_str(x)), "outside", id="array_str"),
    pytest.param(lambda x: x if np.shares_memory(x, X) else -x, "outside", id="shares_memory"),
    pytest.param(overwritten, r"np\.copy", id="argument overwritten"),
    # What is returned has no line.
    pytest.param(lambda x: (x, next(COUNT)), TWICE, id="counter returned"),
    pytest.param(lambda x: Result(x * 2), "Return arrays in", id="object"),
]
WITHOUT_LINE = [each.values[0] for each in REFUSED[-2:]]


@pytest.mark.parametrize(("function", "advice"), REFUSED)
def test_names_the_line_and_what_to_write(function, advice):
    if advice is None:
        # The shape stays: it is an assignment like any other.
        assert ag.compile(function)(X.copy()).tolist() == function(X).tolist()
        return
    with pytest.raises(TraceError, match=advice) as refused:
        ag.compile(function)(X.copy())
    message = str(refused.value)
    if function not in WITHOUT_LINE:
        first = inspect.getsourcelines(function)[1]
        number = int(message.partition(f"{FILE}:")[2].split()[0].strip(",:."))
        assert first <= number <= first + 3, message


def test_an_argument_is_not_overwritten_by_an_operator():
    def function(x):
        x += 1
        return x

    with pytest.raises(TraceError):
        ag.compile(function)(X.copy())


@pytest.mark.parametrize(
    "function",
    [
        lambda x, n: x[:, :n], lambda x, n: np.sum(x, axis=n), lambda x, n: x.sum(n),
        lambda x, n: x * float(n), lambda x, n: [x for _ in range(n)],
        lambda x, n: x if n > 1 else -x, lambda x, n: np.quantile(x, n / 10),
        lambda x, n: x**n, lambda x, n: x * max(n, 2), lambda x, n: x.reshape(n + 1, -1),
        lambda x, n: np.argmax(x, axis=n), lambda x, n: np.concatenate([x, x], axis=n),
    ],
)  # fmt: skip
def test_numbers_that_decide_can_be_made_static(function):
    x = np.arange(12.0).reshape(2, 6)
    with pytest.raises(TraceError, match=rf"{FILE}.*static_argnums"):
        ag.compile(function)(x, 1)
    step = ag.compile(function, static_argnums=1)
    for number in (1, 0, 1):
        assert np.array_equal(step(x, number), function(x, number))


def test_an_index_may_be_a_number():
    step = ag.compile(lambda x, i: x[i])
    assert [step(X, i).item() for i in (0, 2, -1)] == [1, 3, 3]


class TestAfterwards:
    """A refused call changes nothing, and the function works once it is mended."""

    def test_updates_and_gradients_are_undone(self):
        p, bad = ag.Tensor(X, requires_grad=True), [True]

        @ag.compile
        def step(x):
            p.grad = None
            (p * x).sum().backward()
            p.data = p.data - p.grad
            if bad[0] and (p > 0).all():
                return None
            return (p * x).sum()

        for _ in range(2):
            with pytest.raises(TraceError, match="branch"):
                step(np.ones(3))
            assert p.numpy().tolist() == [1, 2, 3]
            assert p.grad is None
        bad[0] = False
        assert step(np.ones(3)).item() == 3
        assert p.numpy().tolist() == [0, 1, 2]

    def test_what_only_the_second_run_wrote_to_is_undone(self):
        p, q = (ag.Tensor(X, requires_grad=True) for _ in range(2))
        runs = []

        @ag.compile
        def step(x):
            runs.append(None)
            p.data = p.data * x
            if len(runs) == 2:
                q.data = x * 5

        with pytest.raises(TraceError):
            step(2 * np.ones(3))
        for each in (p, q):
            assert type(each._value) is np.ndarray
            assert each.numpy().tolist() == [1, 2, 3]
        step(2 * np.ones(3))
        assert p.numpy().tolist() == [2, 4, 6]

    def test_any_error_of_the_function_itself(self):
        p = ag.Tensor(X, requires_grad=True)

        @ag.compile
        def step(x):
            p.data = p.data * 2
            return p @ x

        with pytest.raises(ValueError, match="matmul"):
            step(np.ones(4))
        assert p.numpy().tolist() == [1, 2, 3]
        assert step(np.ones(3)).item() == 12


def test_source_before_the_first_call():
    step = ag.compile(lambda x: x)
    with pytest.raises(RuntimeError, match="has not been called yet"):
        _ = step.source


def test_arguments_of_compile():
    with pytest.raises(ValueError, match="numpy, numba"):
        ag.compile(lambda x: x, backend="cuda")
    with pytest.raises(ValueError, match="no pass called"):
        ag.compile(lambda x: x, disable=["speed"])
    with pytest.raises(TypeError, match=r"Write ag\.compile"):
        ag.compile(3)
