"""What may be checked: inputs, results and functions of all kinds."""

from typing import NamedTuple

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.testing import GradcheckError, gradcheck
from autograd_np.testing.catalogue import real
from tests.autograd_np.testing.checks import X, half, report_of


def coarse(dtype):
    return (
        rf"input 0 is of dtype {dtype}, .*Write gradcheck\(f, x\.astype\(np\.float64\)\), or "
        rf"gradcheck\(f, x, allow_float32=True\)"
    )


@pytest.mark.parametrize("dtype", ["float32"])
@pytest.mark.parametrize("wrap", [lambda x: x, ag.Tensor], ids=["array", "Tensor"])
def test_coarse_inputs_are_refused_with_the_line_to_write(dtype, wrap):
    with pytest.raises(TypeError, match=coarse(dtype)):
        gradcheck(np.tanh, wrap(X.astype(dtype)))


@pytest.mark.parametrize("function", [np.tanh, np.exp, lambda x: np.sum(x * x), ag.softmax])
@pytest.mark.parametrize("shape", [(3,), (20, 30)])
def test_float32_passes_where_asked_for(function, shape):
    gradcheck(function, real(*shape).astype(np.float32), allow_float32=True)


@pytest.mark.parametrize("factor", [2, 1.01, 0.995])
@pytest.mark.parametrize("shape", [(3,), (20, 30)])
def test_float32_with_a_wrong_gradient(factor, shape):
    scale = np.float32(factor)

    def function(x):
        y = np.sin(x)
        return scale * y + (1 - scale) * ag.stop_gradient(y)

    report = report_of(function, real(*shape).astype(np.float32), allow_float32=True)
    assert "float32" in report.reason
    assert report.tolerance < 1e-3


def test_float16_is_refused_in_any_case():
    with pytest.raises(TypeError, match=r"too coarse .*Write gradcheck\(f, x\.astype\(np\.float64"):
        gradcheck(np.tanh, X.astype(np.float16), allow_float32=True)


def ones(*inputs):
    return np.ones(3)


@pytest.mark.parametrize("inputs", [(), (3,), (np.arange(3),), (None, "a"), (np.array([True]),)])
def test_something_must_be_a_float(inputs):
    with pytest.raises(TypeError, match=r"no float or complex array among .* ones, .*Pass one"):
        gradcheck(ones, *inputs)


def test_all_else_is_passed_on():
    marker = object()

    def function(x, places, negate, how, nothing, anything, axes):
        assert places.dtype == int
        assert (negate, how, nothing, axes) == (True, "sum", None, (0, 1))
        assert anything is marker
        return -np.sum(x[places] ** 2, axis=axes)

    gradcheck(function, real(4, 2), np.array([0, 3]), True, "sum", None, marker, (0, 1))


@pytest.mark.parametrize("number", [2.0, np.float64(2.0), np.array(2.0), ag.Tensor(2.0)])
def test_numbers(number):
    gradcheck(lambda a, x: a * x, number, X)
    report = report_of(half, number)
    assert (report.index, report.output_index) == ((), ())
    assert (report.analytic, round(report.numeric, 8)) == (2, 4)


@pytest.mark.parametrize("requires_grad", [False, True])
def test_tensors(requires_grad):
    given = ag.Tensor(X, requires_grad=requires_grad)
    gradcheck(lambda t: t.relu() * t, given)
    assert report_of(half, given).analytic == 2
    assert given.grad is None
    np.testing.assert_array_equal(given.data, X)


def test_functions_that_only_tensors_can_run():
    gradcheck(lambda t: t.sigmoid(), X, order=2)
    report = report_of(lambda t: t.relu() * t.detach().numpy(), X)
    assert (report.index, report.diagnosis.kind) == ((2,), "cut")


class Pair(NamedTuple):
    first: object
    second: object


@pytest.mark.parametrize(
    ("inputs", "label"),
    [
        ((X, {"w": [X]}), "input 1['w'][0]"),
        (([0, (X, X)], {"w": [X]}), "input 1['w'][0]"),
        ((X, {"b": X, "w": [1, X, None]}), "input 1['w'][1]"),
        ((Pair(X, {3: X}),), "input 0[1][3]"),
    ],
)
def test_nested_inputs_are_labelled(inputs, label):
    def function(*trees):
        leaves = [leaf for tree in trees for leaf in _leaves(tree)]
        return sum(leaves) + np.where([False, False, True], half(leaves[-1]), 0)

    report = report_of(function, *inputs)
    assert report.input == label
    assert report.index == (2,)


def _leaves(tree):
    if isinstance(tree, dict):
        tree = tuple(tree.values())
    if isinstance(tree, (tuple, list)):
        return [leaf for item in tree for leaf in _leaves(item)]
    return [] if tree is None or isinstance(tree, int) else [tree]


def test_nested_results_are_counted():
    def function(x):
        return {"sum": np.sum(x), "count": np.arange(3), "rest": [None, (half(x), 3)]}

    report = report_of(function, X)
    assert (report.output, report.output_index) == ("result 2", (2,))
    assert str(report).count("of result 2 at [2]") == 1


@pytest.mark.parametrize("result", [None, 3, np.arange(3), {"a": (True, "text")}])
def test_some_result_must_be_a_float(result):
    with pytest.raises(TypeError, match=r"returns float or complex arrays, and .* returned"):
        gradcheck(lambda x: result, X)


@pytest.mark.parametrize("result", [3.0, np.ones(3), [1.0, np.ones(2)]])
def test_constant_results(result):
    gradcheck(lambda x: result, X, order=2)


def test_unused_inputs():
    gradcheck(lambda x, y, z: x * z, X, real(4), 2.0, order=2)


@pytest.mark.parametrize("slip", [1.0, 1e-8])
def test_a_gradient_for_an_unused_input(slip):
    report = report_of(lambda x, y: np.sin(x) + slip * (y - ag.stop_gradient(y)), X, real(3))
    assert report.input == "input 1"
    assert (report.analytic, report.numeric) == (pytest.approx(slip), 0)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 3)])
def test_empty_inputs(shape):
    gradcheck(lambda x: np.sum(np.exp(x), axis=0), np.zeros(shape), order=2)
    gradcheck(lambda x, y: np.sum(x) + y * y, np.zeros(shape), X, order=2)
    assert report_of(lambda x, y: np.sum(x) + half(y), np.zeros(shape), X).input == "input 1"


def test_empty_results():
    gradcheck(lambda x: x[:0], X, order=2)
    assert report_of(lambda x: (x[:0], half(x)), X).output == "result 1"


def in_place(x):
    x *= 2
    return x


@pytest.mark.parametrize(
    ("function", "kind", "text"),
    [
        (in_place, "mutated", "in_place writes into input 0, which is the caller's"),
        (lambda x: x * (2 + isinstance(x, ag.Tensor)), "value", "another when it is recorded"),
        (lambda x: x[None] if isinstance(x, ag.Tensor) else x, "value", r"of shape \(1, 3\)"),
        (lambda x: [x] * (1 + isinstance(x, ag.Tensor)), "value", "1 results at first, and then 2"),
        (
            lambda x: x.astype(np.float32) if isinstance(x, ag.Tensor) else x,
            "dtype",
            "float64 for arrays, and of shape .* float32 when it is recorded",
        ),
        (lambda x: x * np.nan, "nan", "not finite at this point"),
        (lambda x: x * np.where(x > 1, np.inf, 1), "nan", "not finite at this point"),
        (np.sqrt, "nan", "at the border of where it is defined"),
    ],
    ids=["writes", "value", "shape", "count", "dtype", "nan", "inf", "border"],
)
def test_faults_of_the_function_itself(function, kind, text):
    x = np.array([0.0, 1.0, 2.0])
    report = report_of(function, x)
    assert report.diagnosis.kind == kind
    with pytest.raises(GradcheckError, match=text):
        gradcheck(function, x)
    np.testing.assert_array_equal(x, [0.0, 1.0, 2.0])


def test_nan_in_the_gradient_alone():
    def function(x):
        return np.where(x > 0, np.sqrt(x), 0 * x)

    report = report_of(function, np.array([0.0, 1.0]) - 1)
    assert report.diagnosis.kind == "nan"
    assert np.isnan(report.analytic)


def test_errors_of_the_function_are_the_users():
    with pytest.raises(ZeroDivisionError):
        gradcheck(lambda x: 1 / 0, X)
    with pytest.raises(AttributeError, match="'Tensor' object has no attribute 'typo'"):
        gradcheck(lambda t: t.relu().typo(), X)


def test_random_values():
    rng = np.random.default_rng(0)
    assert report_of(lambda x: x * rng.normal(), X).diagnosis.kind == "random"


@pytest.mark.parametrize("built", [True, False])
def test_modules(built):
    width = {"in_features": 3} if built else {}
    model = nn.Sequential(nn.Dense(5, "tanh", rng=0, **width), nn.Dense(2, rng=1))
    gradcheck(model, real(4, 3), order=2)
    gradcheck(nn.Linear(3, 2, rng=0), real(4, 3), order=2)


class Scaled(nn.Module):
    """A layer with one parameter whose gradient is half of what it should be."""

    def __init__(self):
        self.inner = nn.Linear(3, 2, rng=0)
        self.scale = nn.Parameter(np.array([1.0, 2.0]))

    def forward(self, x):
        return self.inner(x) * half(self.scale)


def test_parameters_are_named():
    model = Scaled()
    before = model.scale.numpy().copy()
    report = report_of(model, real(4, 3))
    assert report.function == "Scaled"
    assert report.input == "parameter 'scale'"
    np.testing.assert_array_equal(model.scale.numpy(), before)
    assert model.scale.grad is None


def test_dropout_in_training_is_refused():
    model = nn.Sequential(nn.Dense(5, rng=0), nn.Dropout(0.5, rng=0))
    report = report_of(model, real(4, 3))
    assert report.diagnosis.kind == "random"
    assert "model.eval()" in report.diagnosis.text
    gradcheck(model.eval(), real(4, 3))
