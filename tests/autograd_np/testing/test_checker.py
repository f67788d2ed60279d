"""What gradcheck promises of its arguments, its randomness, its orders and its surroundings."""

import threading
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_np as ag
from autograd_np.testing import gradcheck
from autograd_np.testing.catalogue import real
from tests.autograd_np.testing.checks import X, half, report_of
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules import registered
from tests.autograd_np.testing.wrong_rules.case import wrong


def sine_with(formula):
    """An operation whose rule is the formula, to be used in a with statement."""
    return registered(wrong("", None, op.sine, x=formula))


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("mode", ["reverse", "forward", ["forward", "reverse"], ("reverse",)])
def test_nothing_is_returned_for_what_is_right(order, mode):
    assert gradcheck(np.tanh, X, order=order, mode=mode) is None


@pytest.mark.parametrize(
    ("mode", "what"),
    [
        ("reverse", "reverse gradient"),
        ("forward", "forward gradient"),
        (("reverse", "forward"), "reverse gradient"),
        (["forward"], "forward gradient"),
    ],
)
def test_the_report_names_the_mode(mode, what):
    assert report_of(half, X, mode=mode).what == what


@pytest.mark.parametrize("mode", ["backward", (), ("reverse", "sideways"), ""])
def test_other_modes_are_refused(mode):
    with pytest.raises(ValueError, match=r"Write gradcheck\(f, x, mode='reverse'\)"):
        gradcheck(np.tanh, X, mode=mode)


@pytest.mark.parametrize("order", [0, -1, 1.5])
def test_other_orders_are_refused(order):
    with pytest.raises(ValueError, match=f"order={order}; expected 1, 2 or more"):
        gradcheck(np.tanh, X, order=order)


@pytest.mark.parametrize("directions", [0, -1])
def test_no_directions_are_refused(directions):
    with pytest.raises(ValueError, match=f"directions={directions}; expected 1 or more"):
        gradcheck(half, X, directions=directions)


def first_order_only(g, x):
    return g * ag.stop_gradient(op.cosine(x))


def second_order_only(g, x):
    """Right for two derivatives: the third lacks the term of the cosine that is kept."""
    y = ag.stop_gradient(x)
    return g * (op.cosine(y) - op.sine(y) * (x - y))


@pytest.mark.parametrize(
    ("formula", "order", "what"),
    [
        (first_order_only, 2, "reverse second derivative"),
        (second_order_only, 3, "reverse third derivative"),
    ],
)
def test_a_mistake_of_one_order_only(formula, order, what):
    with sine_with(formula):
        gradcheck(op.sine, X, order=order - 1)
        assert report_of(op.sine, X, order=order).what == what


def test_a_mistake_in_forward_mode_only():
    with sine_with(lambda g, x: np.where(g == 0, 0, g * np.cos(x))):
        gradcheck(op.sine, X, mode="reverse")
        assert report_of(op.sine, X).what == "forward gradient"


@pytest.mark.parametrize("factor", [1 + 1e-5, 1 - 1e-6, 1 + 1e-7, 1 - 1e-8])
def test_small_relative_errors(factor):
    with sine_with(lambda g, x: g * np.cos(x) * factor):
        report = report_of(op.sine, X)
    assert report.diagnosis.kind == "factor"
    assert report.error == pytest.approx(abs(factor - 1) * abs(report.numeric), rel=0.1)


@pytest.mark.parametrize(
    ("formula", "inputs"),
    [
        (lambda g, x: g * np.cos(x) * np.where(x < 0, 1.001, 1), X),
        (lambda g, x: g * np.cos(x) * np.where(x == 0, 2, 1), np.zeros(3)),
        (lambda g, x: g * np.cos(x) * np.where(x == 0, 1, 2), np.zeros(3)),
        (lambda g, x: g * np.cos(x) * np.where(np.abs(x) > 1e5, 1.001, 1), 1e6 * X),
        (lambda g, x: g * np.cos(np.round(x, 6)), np.array([0.123456789])),
        (lambda g, x: g * np.cos(x) + 1e-7, X),
        (lambda g, x: np.abs(g) * np.cos(x), X),
        (lambda g, x: g * g * np.cos(x), X),
    ],
    ids=[
        "negative only",
        "at 0 only",
        "not at 0",
        "large only",
        "rounded",
        "offset",
        "|g|",
        "g squared",
    ],
)
def test_mistakes_that_show_in_places(formula, inputs):
    with sine_with(formula):
        report_of(op.sine, inputs)


def test_one_of_two_results():
    with sine_with(lambda g, x: g * np.cos(x) * 1.001):
        report = report_of(lambda x: (1e8 * np.cos(x), 1e-8 * op.sine(x)), X)
    assert report.output == "result 1"


def one_wrong(place, factor=1.5):
    """A formula of the sine that is wrong at one element."""

    def formula(g, x):
        factors = np.ones(x.size)
        factors[place] = factor
        return g * np.cos(x) * factors.reshape(x.shape)

    return formula


SATURATED = {
    "tanh": np.tanh,
    "sigmoid": lambda x: ag.sigmoid(2 * x),
    "softmax": lambda x: ag.softmax(2 * x * np.array([1, 0])),
    "loss": lambda x: ag.cross_entropy(2 * x * np.array([[1, 0]]), np.array([0])),
}


@pytest.mark.parametrize("x", [8.0, 14.0, 16.0, 18.0, 25.0])
@pytest.mark.parametrize("function", SATURATED.values(), ids=SATURATED)
def test_flat_functions_are_no_noise(function, x):
    gradcheck(function, np.array([x]))


STEPS = {
    "sine": np.sin,
    "tanh": np.tanh,
    "exponential": lambda x: np.exp(-x * x),
    "ReLU": lambda x: ag.relu(x) + 0.1 * x,
    "softmax": lambda x: 5 * ag.softmax(x),
    "masked": lambda x: np.where(x > 0.2, np.exp(-x), x),
    "centred": lambda x: x - np.mean(x),
    "cumulated": lambda x: x + x[::-1],
}


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    names=st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=4),
    shape=st.sampled_from([(3,), (2, 3), (300,)]),
    slip=st.sampled_from([1.0, 1e-2, -1e-4, 1e-6]),
    seed=st.integers(0, 1000),
)
def test_compositions(names, shape, slip, seed):
    """What is right passes, what is wrong is caught."""

    def composed(x):
        for name in names:
            x = STEPS[name](x)
        return x

    x = np.random.default_rng(seed).normal(size=shape)
    gradcheck(composed, x, seed=seed)
    with sine_with(one_wrong(1, 1 + slip)):
        report = report_of(lambda x: composed(x) + op.sine(x), x, seed=seed)
    assert report.error > report.tolerance


@pytest.mark.parametrize("function", [op.sine, lambda x: np.sum(op.sine(x))], ids=["each", "sum"])
@pytest.mark.parametrize("shape", [(100_000,), (400, 50)])
def test_one_wrong_element_of_many_is_found(function, shape):
    place = 7_777
    x = np.random.default_rng(1).normal(size=shape)
    with sine_with(one_wrong(place)):
        report = report_of(function, x)
    assert report.index == np.unravel_index(place, shape)
    assert report.analytic / report.numeric == pytest.approx(1.5, rel=1e-6)


def test_directions_for_a_small_input():
    gradcheck(np.tanh, X, directions=2)
    with sine_with(one_wrong(1)):
        report = report_of(op.sine, X, directions=2)
    assert (report.index, report.seed) == ((1,), 0)


def test_a_seed_repeats_a_check():
    reports = [report_of(half, real(300), seed=seed) for seed in (3, 3, 4)]
    assert reports[0] == reports[1]
    assert str(reports[0]) == str(reports[1])
    assert reports[0].numeric != reports[2].numeric
    assert [report.seed for report in reports] == [3, 3, 4]


def test_a_check_leaves_the_global_random_state_alone():
    def state():
        # The legacy generator is the subject here.
        return str(np.random.get_state(legacy=False))  # noqa: NPY002

    before = state()
    gradcheck(np.tanh, real(300), order=2)
    assert state() == before


def test_the_inputs_stay_as_they_were():
    x, weights = X.copy(), {"w": np.eye(3)}
    gradcheck(lambda x, p: p["w"] @ x, x, weights, order=2)
    report_of(lambda x, p: p["w"] @ half(x), x, weights)
    for array, before in ((x, X), (weights["w"], np.eye(3))):
        np.testing.assert_array_equal(array, before)
        assert array.flags.writeable
        array += 1


def test_memory_of_the_function_does_not_stay_locked():
    kept = np.ones(3)
    gradcheck(lambda x: x * kept, X)
    report_of(lambda x: half(x) * kept, X)
    kept += 1


def test_no_warnings_leak():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for function, x in ((np.sqrt, [0.0, 1.0]), (np.log, [0.0]), (lambda x: 1 / x, [0.0])):
            report_of(function, np.array(x))
        report_of(lambda x: x * np.inf, X)
        gradcheck(np.exp, np.array([700.0, -800.0]))
    assert not seen


def test_warnings_stay_as_the_caller_set_them():
    with np.errstate(divide="raise"):
        report_of(half, X)
        assert np.geterr()["divide"] == "raise"


@pytest.mark.parametrize("surroundings", [ag.no_grad, ag.enable_grad, ag.record, ag.detect_anomaly])
def test_within_other_contexts(surroundings):
    with surroundings():
        gradcheck(np.tanh, X, order=2)
        assert report_of(half, X).diagnosis.kind == "cut"
        expected = surroundings is not ag.no_grad
        assert ag.is_grad_enabled() == expected


def test_within_a_transform():
    def loss(x):
        gradcheck(np.tanh, X)
        assert report_of(half, X).diagnosis.kind == "cut"
        return np.sum(x * x)

    np.testing.assert_array_equal(ag.grad(loss)(X), 2 * X)


def test_in_a_thread():
    found = []

    def check():
        gradcheck(np.tanh, X, order=2)
        found.append(report_of(half, X))

    thread = threading.Thread(target=check)
    thread.start()
    thread.join()
    assert found == [report_of(half, X)]
