"""What people write besides the usual: every number must be NumPy's, every error readable."""

import traceback

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.explaining import explain
from autograd_np.explaining.subjects import of_function
from tests.autograd_np.explaining.pages import check_lines, data_of

rng = np.random.default_rng(0)
X, v = rng.normal(size=(4, 3)), rng.normal(size=3)
dropout = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.5, rng=0), nn.Linear(4, 1, rng=1))


def keyword_only(x, *, scale=2.0):
    return np.sum(x * scale)


def recursive(x, n=4):
    return x.sum() if n == 0 else recursive(np.sin(x), n - 1)


def updated(x):
    t = x * 2
    t[1] = 5.0
    t[0, :2] = x[1, :2]
    t += 1
    return t.sum()


def without_gradient(x):
    with ag.no_grad():
        largest = np.max(x)
    return np.sum(np.exp(x - largest))


def named(x):
    """A "docstring" with '''quotes''' and \\ and </script>."""
    return np.sum(x)


named.__name__ = "<script>alert(1)</script>"

CASES = {
    "keyword-only": (keyword_only, X),
    "generator": (lambda xs: sum(x.sum() for x in xs), [X, v]),
    "recursion": (recursive, X),
    "updates in place": (updated, X),
    "hessian": (lambda x: np.sum(ag.hessian(lambda u: np.sum(u**3))(x) @ x), v),
    "compiled": (ag.compile(lambda x: np.sum(np.tanh(x))), v),
    "checkpoint": (lambda x: ag.checkpoint(lambda u: np.tanh(u) * 2)(x).sum(), X),
    "no_grad": (without_gradient, X),
    "dropout": (dropout, X),
    "integers": (lambda x, n: np.sum(x * n), v, np.array([2**60, 1, -5])),
    "mask": (lambda x, m: np.sum(x[m]), v, np.array([True, False, True])),
    "complex": (lambda z: np.sum(np.abs(z * z)), np.array([1 + 2j, np.nan + 1j, np.inf])),
    "half": (lambda x: np.sum(x * x), v.astype(np.float16)),
    "single": (lambda x: np.mean(np.exp(x)), v.astype(np.float32)),
    "0-d": (lambda x: np.sin(x) * x, np.array(2.0)),
    "no rows": (lambda x: np.sum(x * 2), np.zeros((0, 3))),
    "no columns": (lambda x: np.sum(x * 2), np.zeros((3, 0))),
    "huge": (lambda x: np.sum(x * 1e300), np.array([1e200, -1e8, 1.0])),
    "denormal": (lambda x: np.sum(x * 0.5), np.array([5e-324, 1e-310, 2e-308])),
    "wide range": (lambda x: np.sum(x), np.array([1e-12, 1.0, 123456.0])),
    "signed zeros": (lambda x: np.sum(x * -1), np.array([0.0, -0.0, 1.0])),
    "NaN and infinities": (lambda x: np.sum(x * x), np.array([1.0, np.nan, np.inf, -np.inf])),
    "a string": (lambda x, mode: np.sum(x) if mode == "sum" else x, v, "sum"),
    "5,000 elements": (lambda x: np.sum(np.exp(x)), rng.normal(size=5000)),
    "ten axes": (lambda x: np.sum(x * 2), rng.normal(size=(1,) * 9 + (3,))),
    "HTML": (named, v),
    "HTML in keys": (lambda p: np.sum(p["<script>'"]), {"<script>'": v}),
    "a ufunc": (np.sin, v),
    "names of Python": (lambda np_, lambda_, input: np.sum(np_ * lambda_ * input), v, v, v),
    "the same array twice": (lambda x, y: np.sum(x * y), v, v),
    "long double": (lambda x: np.sum(x * 2), v.astype(np.longdouble)),
    "big-endian": (lambda x: np.sum(x * 2), v.astype(">f8")),
    "a hook": (lambda x: (x.register_hook(lambda g: g * 2), np.sum(x * x))[1], v),
}


def says(text, number):
    """Whether a text is a number, to the last digit that it shows."""
    if isinstance(number, (bool, int)):
        return text == str(number)
    if isinstance(number, complex):
        return np.isclose(complex(text), number, rtol=6e-4, equal_nan=True)
    if not np.isfinite(number) or float(text) == 0:
        return np.array_equal(float(text), float(number), equal_nan=True)
    digits, _, exponent = text.partition("e")
    unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    return abs(float(text) - number) <= 0.5001 * unit


@pytest.mark.parametrize("name", CASES)
def test_lines_and_numbers_are_numpys(name):
    function, *args = CASES[name]
    items, _, data = check_lines(of_function(function, tuple(args), None).program)
    for index, place in data.places.items():
        shown = items["values"][place]["numbers"]
        numbers = np.asarray(data.program.variables[index].value).ravel().tolist()
        texts = shown.get("cells", shown.get("first"))
        assert len(texts) == (len(numbers) if "cells" in shown else 6)
        assert all(map(says, texts, numbers)), (texts, numbers)
    explain(function, *args)


def test_an_error_of_the_functions_own_is_the_last_that_one_reads():
    def loss(x):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine") as raised:
        explain(loss, v)
    frames = [frame.name for frame in traceback.extract_tb(raised.tb)]
    assert frames[1:] == ["explain", "of_function", "loss"]
    assert raised.value.__context__ is None


def test_arguments_are_left_as_they_are():
    def loss(x, buffer):
        buffer = buffer * 1.0
        buffer[0] = x[0]
        return np.sum(buffer * x)

    given = [v.copy(), np.zeros(3)]
    explain(loss, *given)
    np.testing.assert_array_equal(given, [v, np.zeros(3)])


def test_nested_sequentials_have_names():
    model = nn.Sequential(nn.Sequential(nn.Linear(3, 2, rng=0), nn.Tanh()), nn.Linear(2, 1, rng=1))
    items, _, _ = check_lines(of_function(model, (X,), None).program)
    names = [each["name"] for each in items["inputs"]]
    assert names == ["x", "weight_0_0", "bias_0_0", "weight_1", "bias_1"]


def test_what_was_recorded_without_gradients_has_no_way_back():
    w = ag.Tensor(v, requires_grad=True, name="w")
    with ag.no_grad(), ag.record():
        total = np.exp(w).sum()
    page = explain(total)
    assert "2 operations, 0 steps back" in repr(page)
    assert [step["phase"] for step in data_of(page)["steps"]] == ["start", "forward", "forward"]


def test_a_freed_graph_is_spoken_of_in_a_sentence():
    total = np.exp(ag.Tensor(v, requires_grad=True, name="w")).sum()
    total.backward()
    assert "<p>The graph of this value was freed" in explain(total).html


def test_inside_of_a_recording_nothing_is_added_to_it():
    with ag.record() as program:
        page = explain(lambda x: np.sum(np.tanh(x)), v)
    assert len(program.calls) == 0
    assert "2 operations, 2 steps back" in repr(page)


def test_arrays_of_other_libraries():
    arrays = pytest.importorskip("dask.array", reason="needs Dask: pip install dask[array]")
    x = arrays.from_array(X, chunks=2)
    numbers = data_of(explain(lambda x: np.sum(np.sin(x) * x), X))
    assert data_of(explain(lambda x: np.sum(np.sin(x) * x), x))["values"] == numbers["values"]
    page = explain(nn.Linear(3, 2, rng=0), x)
    assert [each["name"] for each in data_of(page)["inputs"]] == ["x", "weight", "bias"]
    # One that a function closes over is a constant of its lines.
    assert "np.array" in explain(lambda w: np.sum(w * x[0]), v).html
