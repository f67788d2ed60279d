"""What compiled functions may do: effects, derivatives of every order, calls of others."""

import functools
import warnings

import numpy as np
import pytest

import autograd_np as ag

ONES = np.ones(2)


def leaf(*values):
    return ag.Tensor(np.array(values), requires_grad=True)


class TestCallback:
    def test_is_called_once_at_each_call_and_in_order(self):
        seen = []

        @ag.compile
        def step(x):
            ag.callback(seen.append, 1)
            ag.callback(seen.append, 2)
            ag.callback(seen.append, 1)
            return x * 2

        for _ in range(3):
            step(ONES)
        assert seen == [1, 2, 1] * 3

    def test_draws_as_eager_mode_does(self):
        mine, others = np.random.default_rng(0), np.random.default_rng(0)
        step = ag.compile(lambda x: x + ag.callback(functools.partial(mine.normal, size=2)))
        for _ in range(3):
            assert np.array_equal(step(ONES), ONES + others.normal(size=2))

    def test_sees_what_was_updated_before_it(self):
        p, seen = leaf(1.0, 1.0), []

        def note(array):
            seen.append(array.tolist())

        @ag.compile
        def step(x):
            p.data = p.data + x
            ag.callback(note, p)
            p.data = p.data * 2

        step(ONES)
        step(ONES)
        assert seen == [[2, 2], [5, 5]]

    def test_may_keep_what_it_is_given(self):
        kept = []

        @ag.compile
        def step(x):
            y = x * 2
            ag.callback(kept.append, y)
            ag.callback(kept.append, y[1:])
            return (y + 1) * 3

        for number in range(4):
            step(np.full(2, float(number)))
        assert [array[0] for array in kept] == [0, 0, 2, 2, 4, 4, 6, 6]

    def test_where_it_raises_nothing_is_updated(self):
        p, calls = leaf(1.0, 1.0), []

        def fail():
            calls.append(None)
            if len(calls) == 2:
                raise KeyError("second")

        @ag.compile
        def step(x):
            p.data = p.data + x
            ag.callback(fail)
            return p * 2

        step(ONES)
        with pytest.raises(KeyError):
            step(ONES)
        assert p.numpy().tolist() == [2, 2]
        assert step(ONES).numpy().tolist() == [6, 6]

    @pytest.mark.parametrize(
        "then", [np.ones(1), np.ones(3, "f"), 1.0, None], ids=["shape", "dtype", "number", "None"]
    )
    def test_must_return_what_it_did_in_the_trace(self, then):
        returned = [np.ones(3)]
        step = ag.compile(lambda x: x + ag.callback(lambda: returned[0]) * 2.0)
        step(np.ones(3))
        returned[0] = then
        with pytest.raises(ValueError, match=r"an array of shape \(3,\) and dtype float64 when"):
            step(np.ones(3))

    def test_a_number_must_stay_one(self):
        returned = [2.0]
        step = ag.compile(lambda x: x * ag.callback(lambda: returned[0]))
        assert step(ONES.astype("f")).dtype == np.float32
        returned[0] = np.float64(3.0)
        with pytest.raises(ValueError, match="a Python float when"):
            step(ONES.astype("f"))

    def test_may_call_the_compiled_function_itself(self):
        def inner(x):
            return np.asarray(step(x - 1)) if x[0] > 1 else np.zeros(2)

        step = ag.compile(lambda x: x * 2 + ag.callback(inner, x))
        step(ONES)
        assert step(np.full(2, 3.0)).tolist() == [12, 12]


class TestGuard:
    def test_traces_are_kept(self):
        training, runs = [True], []

        @ag.compile
        def step(x):
            runs.append(None)
            return x * 2 if ag.guard(lambda: training[0]) else x * 3

        found = []
        for training[0] in (True, False, True, False):
            found.append(step(ONES)[0])
        assert found == [2, 3, 2, 3]
        assert len(runs) == 4

    @pytest.mark.parametrize("setting", [np.array([1.0, 2.0]), [1.0, 2.0], {"a": 1.0}])
    def test_of_what_changes_in_place(self, setting):
        key = "a" if isinstance(setting, dict) else 0
        step = ag.compile(lambda x: x * ag.guard(lambda: setting)[key])
        for number in (1.0, 5.0):
            setting[key] = number
            assert step(ONES).tolist() == [number, number]


class TestRequireFinite:
    @pytest.mark.parametrize("what", ["the loss", "the \"loss\" {x} \\ 'y'"])
    @pytest.mark.parametrize("whole", [True, False])
    def test_raises_what_eager_mode_does(self, what, whole):
        p = leaf(1.0, 1.0)

        def function(x):
            value = p * x
            ag.require_finite(value if whole else value.sum(), what)
            p.data = p.data - x
            return value

        step = ag.compile(function)
        bad = np.array([1.0, np.nan])
        with pytest.raises(FloatingPointError) as expected:
            function(bad)
        for _ in range(2):
            # At the trace, and later.
            with pytest.raises(FloatingPointError) as found:
                step(bad)
            assert str(found.value) == str(expected.value)
            before = p.numpy()
            step(ONES)
            assert np.array_equal(p.numpy(), before - 1)


def test_is_tracing():
    seen = []
    step = ag.compile(lambda x: (seen.append(ag.is_tracing()), x * 2)[1])
    step(ONES)
    assert seen == [True, True]
    assert not ag.is_tracing()


@ag.custom_op(x=lambda g, x: g * 3 * x**2)
def cube(x):
    return x**3


@pytest.mark.parametrize(
    "function",
    [
        lambda x: ag.grad(lambda x: cube(x).sum())(x),
        lambda x: ag.hessian(lambda x: (cube(x) * np.sin(x)).sum())(x),
        lambda x: ag.jvp(cube, (x,), (x,))[1],
        lambda x: ag.hvp(lambda x: (np.exp(x) * x).sum(), (x,), (x,)),
        lambda x: ag.jacobian(lambda x: np.tanh(x)[:2] * x[0])(x),
        lambda x: ag.vjp(np.cumsum, x)[1](np.ones_like(x)),
        lambda x: ag.elementwise_grad(ag.elementwise_grad(np.tanh))(x),
        lambda x: ag.grad(lambda x: ag.checkpoint(lambda x: np.sin(x) ** 2)(x).sum())(x),
        lambda x: ag.grad(lambda x: (ag.stop_gradient(x) * x).sum())(x),
        lambda x: ag.grad(lambda z: np.abs(np.fft.fft(z)[1]))(x.astype(complex) * 1j),
        lambda x: ag.grad(lambda x: ag.logsumexp(x.astype(np.float32)).astype(float))(x),
        lambda x: [row * 2 for row in x],
        lambda x: sum(a * b for a, b in zip(x, x[::-1], strict=True)),
    ],
)
def test_derivatives_inside(function):
    step = ag.compile(function)
    for seed in range(3):
        x = np.random.default_rng(seed).normal(size=3)
        found, expected = step(x), function(x)
        for mine, other in zip(np.atleast_1d(found), np.atleast_1d(expected), strict=True):
            assert np.asarray(mine).tobytes() == np.asarray(other).tobytes()


def test_a_user_operation_is_called_each_time():
    rng = np.random.default_rng(0)

    @ag.custom_op(x=lambda g: g)
    def noisy(x):
        return x + rng.normal(size=x.shape)

    step = ag.compile(lambda x: noisy(x))
    assert len({step(ONES)[0] for _ in range(4)}) == 4


def test_a_user_operation_must_keep_its_shape():
    @ag.custom_op(x=lambda g: g)
    def head(x):
        return x[: int(x[0])]

    step = ag.compile(lambda x: head(x) * 2.0 + 1)
    step(np.array([3.0, 2.0, 1.0]))
    with pytest.raises(ValueError, match="head returned an array of shape"):
        step(np.array([1.0, 2.0, 3.0]))


def test_inside_of_others():
    inner = ag.compile(lambda x: (x * x).sum())
    outer = ag.compile(lambda x: inner(x) * 2)
    for x in (ONES, 3 * ONES):
        assert outer(x) == 2 * (x * x).sum()
        assert np.array_equal(ag.grad(inner)(x), 2 * x)
        assert np.array_equal(ag.grad(outer)(x), 4 * x)
    with ag.record() as program:
        inner(ag.Tensor(ONES))
    assert len(program.calls) == 2
    with ag.detect_anomaly(), pytest.raises(FloatingPointError, match="multiply"):
        inner(ag.Tensor([np.inf, np.inf], requires_grad=True) * 0.0)


def test_with_and_without_gradients():
    w = leaf(1.0, 2.0)
    step = ag.compile(lambda x: (w * x).requires_grad)
    assert step(ONES) is True
    with ag.no_grad():
        assert step(ONES) is False
    assert step(ONES) is True


def test_warnings_are_those_of_eager_mode():
    def function(x):
        labels = (x > 0) * 1.0
        return ag.value_and_grad(
            lambda x: (
                ag.sigmoid(x).sum()
                + ag.softmax(x).sum()
                + ag.binary_cross_entropy_with_logits(x, labels)
                + ag.logsumexp(x)
            )
        )(x)

    step = ag.compile(function)
    x = np.array([-1e4, 1e4, 0.0])
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        function(x)
        step(x)
        step(x)
    logarithm = ag.compile(np.log)
    logarithm(ONES)
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        logarithm(np.zeros(2))


@pytest.mark.parametrize("label", [3, -1])
def test_labels_are_checked_at_each_call(label):
    step = ag.compile(ag.cross_entropy)
    x = np.ones((2, 3))
    step(x, np.array([0, 2]))
    with pytest.raises(ValueError, match="a label is outside"):
        step(x, np.array([0, label]))
