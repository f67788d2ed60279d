"""Article 000: the page's figures and the checks that the article lists."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

import autograd_np as ag
import nn
from examples import article_000_mnist as article
from examples import data
from examples.as_written import article_000 as as_written


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "error", "accuracy"),
    [(0.01, 0.0366790358019967, 0.7890), (0.3, 0.00708216967123518, 0.9442)],
)
def test_figures(mnist: data.Digits, rate: float, error: float, accuracy: float) -> None:
    model = article.network()
    targets = data.one_hot(mnist.train_labels)
    found = article.fit(model, mnist.train_inputs(), targets, learning_rate=rate)
    assert found == pytest.approx(error, rel=1e-10)
    assert article.accuracy(nn.predict(model, mnist.test_inputs()), mnist.test_labels) == accuracy


@pytest.mark.slow
def test_the_network_of_today(mnist: data.Digits) -> None:
    assert article.today(mnist) >= 0.975


def test_the_article_mended_agrees(mnist: data.Digits) -> None:
    rows = next(as_written.batches(60_000, 256))
    x = mnist.train_images[rows].reshape(256, 784) / 255
    y = data.one_hot(mnist.train_labels[rows])
    mended = article.comparison(x, y, mended=len(as_written.FAULTS))
    assert mended.agree
    assert all(row.relative_error < 2e-15 for row in mended.rows)
    written = article.comparison(x, y)
    assert [row.name for row in written.rows] == ["w1", "b1", "w2", "b2"]
    assert not any(row.agrees for row in written.rows)
    assert 26 < written["w1"].length < 212


def test_the_loss_that_is_compared_is_that_of_the_network() -> None:
    random = np.random.default_rng(0)
    x, y = random.random((7, 6)), random.random((7, 10))
    model = article.network(hidden=4)
    loss = article.batch_loss(model(x), y)
    loss.backward()
    values = [parameter.numpy() for parameter in model.parameters()]
    value, gradients = ag.value_and_grad(article.loss_of, range(4))(*values, x, y)
    assert value == pytest.approx(loss.item(), rel=1e-15)
    for parameter, gradient in zip(model.parameters(), gradients, strict=True):
        np.testing.assert_allclose(gradient, parameter.grad, rtol=1e-13, atol=1e-15)


def test_the_table_of_faults_counts_down_to_none(mnist: data.Digits) -> None:
    rows = next(as_written.batches(60_000, 256))
    x = mnist.train_images[rows].reshape(256, 784) / 255
    text = article.compare_gradients(x, data.one_hot(mnist.train_labels[rows]))
    assert max(map(len, text.split("\n"))) <= 100
    written, mended = text.split("\n\n")
    assert "53.8" in next(line for line in written.split("\n") if line.startswith("w1")).split()
    errors = [float(line.split()[-4]) for line in mended.split("\n")[2:7]]
    assert errors[:4] == [53.8, 45.5, 25.1, 0.414]
    assert errors[4] < 2e-15


def test_a_model_with_no_layers_returns_its_input() -> None:
    x = np.random.default_rng(0).random((7, 5))
    assert nn.Sequential()(x) is x


@pytest.mark.parametrize("depth", range(1, 11))
def test_random_layers_keep_the_number_of_rows(depth: int) -> None:
    random = np.random.default_rng(depth)
    model = nn.Sequential()
    for units in random.integers(1, 20, size=depth):
        model.add(nn.Dense(int(units), str(random.choice(["sigmoid", "tanh", "relu"]))))
    rows = int(random.integers(1, 30))
    assert model(random.random((rows, 6))).shape == (rows, int(units))


def test_a_last_layer_of_three() -> None:
    model = nn.Sequential(nn.Dense(8, "relu"), nn.Dense(3, "sigmoid"))
    assert model(np.ones((11, 4))).shape == (11, 3)


@pytest.mark.parametrize(("activation", "low"), [("sigmoid", 0), ("tanh", -1)])
def test_outputs_stay_in_range(activation: str, low: float) -> None:
    random = np.random.default_rng(0)
    wide = partial(nn.init.normal, std=50)
    layers = [nn.Dense(units, activation, weight_init=wide, rng=random) for units in (9, 4)]
    model = nn.Sequential(layers)
    outputs = model(random.normal(0, 100, (50, 6))).numpy()
    assert outputs.min() >= low
    assert outputs.max() <= 1


def test_the_scaled_relu() -> None:
    z = np.array([[-1.0, 1.0], [3.0, 0.0]])
    np.testing.assert_allclose(article.scaled_relu(z), [[0, 0.25], [0.75, 0]])
    gradient = ag.grad(lambda z: np.sum(article.scaled_relu(z)))(z)
    # d/dz of z / 4 where z > 0; the max also divides: -(1 + 3) / 4**2 for it.
    np.testing.assert_allclose(gradient, [[0, 0.25], [0.25 - 0.25, 0]])


def test_parameters_are_drawn_at_the_first_call_layer_by_layer() -> None:
    model = article.network(seed=0, hidden=4)
    assert not model.is_built()
    model(np.ones((1, 6)))
    drawn = as_written.Network.draw(0, inputs=6, hidden=4)
    expected = [drawn.w1, drawn.b1[0], drawn.w2, drawn.b2[0]]
    for parameter, values in zip(model.parameters(), expected, strict=True):
        np.testing.assert_array_equal(parameter.data, values)


def test_it_runs_on_the_bundled_digits() -> None:
    digits = data.bundled_digits()
    model = article.network()
    x, y = digits.train_inputs(), data.one_hot(digits.train_labels)
    error = article.fit(model, x, y, batch_size=64, epochs=3, learning_rate=0.3)
    assert error < 0.09
