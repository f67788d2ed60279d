"""`ag.explain`: what it takes, and what it says of it."""

import subprocess
import sys

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import data_of

rng = np.random.default_rng(0)
X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


def loss(W, b, x):
    z = x @ W + b
    return np.mean(np.tanh(z) ** 2)


def names(items, shown):
    return [each.get("name", items["values"][each["value"]]["name"]) for each in shown]


def gradients(explanation):
    """What the last step shows, by name: the numbers as texts."""
    items = data_of(explanation)
    last = items["steps"][-1]
    assert last["phase"] == "done"
    cells = [items["values"][each["value"]]["numbers"]["cells"] for each in last["writes"]]
    return dict(zip(names(items, last["writes"]), cells, strict=True))


def check_cells(cells, expected):
    found = np.array([float(text) for text in cells]).reshape(np.shape(expected))
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=1e-4)


def test_arguments_are_named_after_the_functions_parameters():
    found = gradients(explain(loss, W, np.zeros(2), X))
    assert list(found) == ["dx", "dW", "db"]
    for name, expected in zip(("dW", "db", "dx"), expected_gradients(), strict=True):
        check_cells(found[name], expected)


def expected_gradients():
    return ag.grad(loss, argnums=(0, 1, 2))(W, np.zeros(2), X)


@pytest.mark.parametrize("argnums", [0, (0,), -3, range(1)])
def test_argnums_say_which_get_a_gradient(argnums):
    assert list(gradients(explain(loss, W, np.zeros(2), X, argnums=argnums))) == ["dW"]


def test_containers_numbers_and_what_passes_through():
    def f(layers, x, labels, power, name, flag=True):
        assert isinstance(labels, np.ndarray)
        assert (power, name) == (2, "mean")
        z = x @ layers[0]["W"] + layers[1]
        return np.mean(np.eye(2)[labels] * z**power)

    labels = np.array([0, 1, 1, 0])
    page = explain(f, ({"W": W}, 0.5), X, labels, 2, "mean")
    assert set(gradients(page)) == {"dW", "dlayers_1", "dx"}
    items = data_of(page)
    assert {each["name"] for each in items["inputs"]} >= {"W", "layers_1", "x"}


def test_arrays_that_pass_through_are_named_too():
    def loss(W, labels):
        return ag.cross_entropy(X @ W, labels)

    items = data_of(explain(loss, W, np.array([0, 1, 1, 0])))
    assert [each["name"] for each in items["inputs"]] == ["X", "W", "labels"]
    assert [each["role"] for each in items["inputs"]] == ["constant", "parameter", "constant"]


def test_a_module_gets_gradients_for_its_parameters():
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Tanh(), nn.Linear(4, 1, rng=1))
    page = explain(model, X)
    items = data_of(page)
    assert set(gradients(page)) == {"dweight_0", "dbias_0", "dweight_2", "dbias_2"}
    assert items["operations"][1]["module"] == "Sequential / 1 Tanh"
    assert "The result has shape (4, 1), so the reverse pass starts from ones" in page.html
    shown = items["steps"][0]["writes"]
    assert "parameter 0.weight" in [each["as"] for each in shown]
    assert model[0].weight.grad is None


def test_a_tensor_keeps_its_name_and_its_wish():
    w = ag.Tensor(W, requires_grad=True, name="weights")
    x = ag.Tensor(X)
    page = explain(lambda a, b: np.sum(b @ a), w, x)
    assert list(gradients(page)) == ["dweights"]
    assert w.grad is None


def test_the_first_result_with_a_gradient_is_explained():
    page = explain(lambda x: (3, x > 0, {"loss": np.sum(x), "other": np.exp(x)}), X)
    assert [each["call"] for each in data_of(page)["operations"]] == ["result = sum(x)"]


def test_a_result_without_a_gradient_has_no_reverse_pass():
    page = explain(lambda x: np.argmax(x), X)
    assert "no reverse pass" in page.html
    assert [step["phase"] for step in data_of(page)["steps"]] == ["start", "forward"]


def test_a_recorded_loss_has_the_users_lines_and_names():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    with ag.record():
        hidden = np.maximum(w * 3.0, 0)
        total = hidden.sum()
    page = explain(total)
    items = data_of(page)
    assert repr(page).startswith("<Explanation of total: 3 operations, 3 steps back")
    assert items["operations"][1]["source"]["text"] == "hidden = np.maximum(w * 3.0, 0)"
    assert items["operations"][1]["source"]["place"].startswith("test_explain.py:")
    assert items["steps"][1]["formulas"][0] == {
        "of": "w",
        "argument": "x",
        "text": "g * y",
        "where": [["y", "3.0"]],
    }
    assert "record()" not in page.html


def test_a_lean_loss_says_how_to_see_more():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    total = (np.exp(w * 3.0) + 1.0).sum()
    page = explain(total)
    assert "with ag.record():" in page.html
    items = data_of(page)
    shown = {value["name"]: value for value in items["values"]}
    assert "numbers" not in shown["t1"]
    check_cells(shown["dt1"]["numbers"]["cells"], np.exp([3.0, -6.0]))
    check_cells(shown["dw"]["numbers"]["cells"], 3 * np.exp([3.0, -6.0]))
    assert w.grad is None


def test_after_backward_the_forward_pass_is_left():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    with ag.record():
        total = np.exp(w).sum()
    total.backward()
    page = explain(total)
    assert "freed" in page.html
    items = data_of(page)
    assert [step["phase"] for step in items["steps"]] == ["start", "forward", "forward", "done"]
    check_cells(gradients(page)["dw"], w.grad)


def test_the_first_infinity_is_named():
    page = explain(lambda x: np.sum(np.log(np.exp(x) - 1.0) * x), np.array([0.0, 1.0]))
    items = data_of(page)
    assert items["fault"] == {"step": 3, "kind": "inf", "name": "t3"}
    assert [each["fault"] for each in items["operations"]] == [False, False, True, True, True]
    assert not items["inputs"][0]["fault"]
    assert items["values"][-1]["name"] == "dx"


def test_an_infinity_that_was_given_or_is_made_on_the_way_back():
    given = data_of(explain(lambda x: np.sum(x * 2.0), np.array([np.nan, 1.0])))
    assert given["fault"] == {"step": 0, "kind": "NaN", "name": "x"}
    back = data_of(explain(lambda x: np.sum(np.sqrt(x)), np.array([0.0, 1.0])))
    assert back["fault"]["kind"] == "inf"
    assert back["steps"][back["fault"]["step"]]["title"] == "rule of sqrt"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), r"an int\. Write ag\.explain\(f, \*args\)"),
        (((1, 2),), r"a tuple\. Write ag\.explain\(loss\), with one Tensor"),
        (([1],), r"a list\. Write"),
        ((X,), r"an array\. It knows nothing .*ag\.explain\(f, x\)"),
        ((None,), "a NoneType"),
        ((nn.Linear,), r"the class Linear\. Make one and write ag\.explain\(model, x\)"),
        ((nn.Linear(3, 2, rng=0),), r"the module Linear .*ag\.explain\(model, x\)"),
        ((ag.Tensor(1.0),), "nothing was recorded for this Tensor"),
        ((ag.Tensor(1.0), X), r"a Tensor and more.*ag\.explain\(f, \*args\)"),
        ((lambda x: None, X), "returned None that nothing was recorded for"),
        ((lambda x: 3.0, X), "returned a float that nothing was recorded for"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(TypeError, match=message):
        explain(*arguments)


def test_a_program_is_no_tensor():
    with ag.record() as program:
        pass
    with pytest.raises(TypeError, match=r"Write ag\.explain\(loss\), with the Tensor"):
        explain(program)


@pytest.mark.parametrize(
    ("argnums", "error", "message"),
    [
        (3, TypeError, "argnums names argument 3"),
        ("W", TypeError, "counts positional arguments"),
        (2, TypeError, "of dtype int64"),
    ],
)
def test_wrong_argnums(argnums, error, message):
    with pytest.raises(error, match=message):
        explain(lambda W, x, n: x @ W * n, W, X, 2, argnums=argnums)


def test_saved_opened_and_in_a_notebook(tmp_path, monkeypatch):
    page = explain(loss, W, np.zeros(2), X)
    path = page.save(tmp_path / "page.html")
    assert path.read_text("utf-8") == page.html
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    target = page.open()
    assert opened == [target.as_uri()]
    assert target.read_text("utf-8") == page.html
    frame = page._repr_html_()
    assert frame.startswith("<iframe srcdoc=")
    assert frame.count("<") == 2
    assert 'sandbox="allow-scripts"' in frame


def test_importing_it_is_cheap():
    code = (
        "import sys, autograd_np, autograd_np.explaining; "
        "print(*sorted(n for n in sys.modules if n.startswith('autograd_np.explaining.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [
        "autograd_np.explaining.explain",
        "autograd_np.explaining.explanation",
    ]


def test_results_that_only_the_rule_reads_are_said_to_be_kept():
    items = data_of(explain(lambda x: ag.cross_entropy(x, np.array([0, 1])), X[:2]))
    assert [each.get("as") for each in items["steps"][1]["writes"]] == [
        None,
        "kept for the reverse pass",
    ]
    items = data_of(explain(lambda x: sum(part.sum() for part in np.split(x, 2)), X))
    assert [each.get("as") for each in items["steps"][1]["writes"]] == [None, None]
