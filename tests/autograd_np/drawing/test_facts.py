"""Values, gradients, norms, bytes and times: the numbers are right, what is not known is said."""

import re

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.drawing.facts import bytes_text, number_text, seconds_text, value_text
from tests.autograd_np.drawing.reading import read

X = np.random.default_rng(0).normal(size=(20, 3))


def network(record=True):
    """A loss, its parameters, and what lies between."""
    w = ag.Tensor(np.array([1.0, -2.0, 0.5]), requires_grad=True, name="w")
    b = ag.Tensor(0.25, requires_grad=True, name="b")
    with ag.record() if record else ag.enable_grad():
        h = np.tanh(X @ w + b)
        loss = np.sum(h**2)
    return loss, w, b


def facts(picture, title):
    return picture.titled(title).lines


def test_values_and_norms():
    loss, w, b = network()
    picture = read(ag.draw(loss, values=True, norms=True))
    h = np.tanh(X @ w.numpy() + b.numpy())
    assert facts(picture, "w") == ["w", "[1 -2 0.5]", f"norm {np.sqrt(5.25):.4g}"]
    assert facts(picture, "b") == ["b", "0.25", "norm 0.25"]
    ends = f"[{h[0]:.4g} {h[1]:.4g} … {h[-2]:.4g} {h[-1]:.4g}]"
    assert facts(picture, "tanh") == ["h = tanh", ends, f"norm {np.linalg.norm(h):.4g}"]
    # The result tells its own value: its operation would only say it again.
    assert facts(picture, "sum") == ["loss = sum"]
    total = np.sum(h**2)
    assert facts(picture, "loss") == ["loss", f"{total:.4g}", f"norm {total:.4g}"]


@pytest.mark.parametrize("record", [False, True])
def test_gradients(record):
    loss, w, b = network(record)
    loss.backward()
    picture = read(ag.draw(loss, gradients=True, norms=True))
    z = X @ w.numpy() + b.numpy()
    dz = 2 * np.tanh(z) * (1 - np.tanh(z) ** 2)
    found = facts(picture, "w")
    numbers = np.array(re.findall(r"-?[\d.]+(?:e-?\d+)?", found[2]), float)
    np.testing.assert_allclose(numbers, X.T @ dz, rtol=1e-3)
    assert found[2].startswith("gradient [")
    assert found[3] == f"gradient norm {np.linalg.norm(X.T @ dz):.4g}"
    assert facts(picture, "b")[2] == f"gradient {dz.sum():.4g}"


def test_gradients_of_what_lies_between():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record():
        h = w * 3.0
        loss = np.sum(h * h)
        loss.backward()
    picture = read(ag.draw(loss, gradients=True))
    assert picture.only("n")[0].lines == ["h = multiply", "w * 3.0", "gradient [6 12]"]
    assert picture.only("r")[0].lines == ["loss", "gradient 1"]


def test_beside_the_reverse_pass_a_gradient_is_shown_once():
    loss, w, _ = network()
    picture = read(ag.draw(loss, gradients=True, backward=True))
    assert facts(picture, "w") == ["w"]
    assert len(facts(picture, "dw")) == 2
    assert w.grad is None


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({}, "for values, lines and modules, compute under `with ag.record():`"),
        ({"values": True}, "values of operations are not known: compute under `with ag.record():`"),
        ({"norms": True}, "values of operations are not known: compute under `with ag.record():`"),
        ({"gradients": True}, "gradients are not known: call loss.backward() first"),
        ({"time": True}, "times are not known: compute under `with ag.record():`"),
    ],
)
def test_what_is_not_known_says_how_to_get_it(options, advice):
    loss, _, _ = network(record=False)
    assert advice.replace("&", "&amp;") in ag.draw(loss, **options).source
    recorded, _, _ = network()
    recorded.backward()
    assert "not known" not in ag.draw(recorded, **options).source
    assert "for values" not in ag.draw(recorded, **options).source


def test_times():
    a = np.random.default_rng(0).normal(size=(300, 300))
    w = ag.Tensor(a, requires_grad=True, name="w")
    with ag.record() as program:
        loss = np.sum(w @ a)
    drawing = ag.draw(loss, time=True)
    seconds = [call.seconds for call in program.calls]
    found = [v.lines[-1] for v in read(drawing).only("n")]
    assert found == [seconds_text(each) for each in seconds]
    assert f"operations took {seconds_text(sum(seconds))}" in drawing.source
    assert "took" not in ag.draw(loss).source


def test_times_of_rules():
    w = ag.Tensor(np.ones(3), requires_grad=True, name="w")
    with ag.record() as program:
        loss = np.sum(w * w)
        loss.backward()
    product = loss.node.parents[0].index
    ran = [call.seconds for call in program.calls if call.derivative_of == product]
    picture = read(ag.draw(loss, time=True, backward=True))
    assert len(ran) == 3
    assert picture.titled("multiply's rule").lines[-1] == seconds_text(sum(ran))


def test_memory():
    loss, _, _ = network()
    drawing = ag.draw(loss, memory=True)
    picture = read(drawing)
    kept = {v.lines[0]: v.lines[-1] for v in picture.only("n") if v.lines[-1][:5] == "keeps"}
    # X, for the gradient of w; h, which tanh and the square both read, once.
    assert list(kept.values()) == ["keeps 480 B", "keeps 160 B"]
    assert "kept for the reverse pass: 640 B" in drawing.source
    assert "kept" not in ag.draw(loss).source


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.array(2.5), "2.5"),
        (np.arange(6), "[0 1 2 3 4 5]"),
        (np.arange(7), "[0 1 … 5 6]"),
        (np.eye(2), "[[1 0] [0 1]]"),
        (np.array([np.nan, -np.inf]), "[nan -inf]"),
        (np.array([True, False]), "[True False]"),
        (np.array([1 + 2j]), "[1+2j]"),
        (np.float32(1) / 3, "0.3333"),
        (np.zeros((0, 3)), "[]"),
        (np.array(["a", None, "x" * 20], dtype=object), "[a None xxxxxxxxxxx…]"),
        (np.array(123456789), "123456789"),
        (1e-300, "1e-300"),
    ],
)
def test_values_as_text(value, text):
    assert value_text(value) == text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (bytes_text(0), "0 B"),
        (bytes_text(999), "999 B"),
        (bytes_text(1000), "1 kB"),
        (bytes_text(999_499), "999 kB"),
        (bytes_text(999_999), "1 MB"),
        (bytes_text(5 * 10**9), "5 GB"),
        (seconds_text(0.0), "0 µs"),
        (seconds_text(9.996e-4), "1 ms"),
        (seconds_text(0.99999), "1 s"),
        (seconds_text(75), "75 s"),
        (seconds_text(12_345), "12,345 s"),
        (number_text(-0.0), "-0"),
    ],
)
def test_units(text, wanted):
    assert text == wanted


@pytest.mark.parametrize("before", [False, True])
def test_complex_gradients_are_those_of_the_rules_and_the_note_says_so(before):
    z = ag.Tensor([1 + 2j, 3 - 1j], requires_grad=True)
    loss = np.sum(np.abs(z * z))
    if before:
        loss.backward(retain_graph=True)
    source = ag.draw(loss, gradients=True, backward=not before).source
    if not before:
        loss.backward()
    shown = value_text(np.conjugate(z.grad))
    assert shown in source
    assert "`grad` holds their conjugates" in source
    real = ag.Tensor([1.0], requires_grad=True)
    assert "conjugates" not in ag.draw(np.sum(real * real), backward=True).source
