"""The articles' own programs give the articles' own figures, faults included."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from examples import data, report
from examples.as_written import article_000, article_003, article_004

Arrays = tuple[NDArray[Any], NDArray[Any]]


@pytest.fixture(scope="module")
def first_batch(mnist: data.Digits) -> Arrays:
    rows = next(article_000.batches(60_000, 256))
    assert (rows.start, rows.stop) == (96, 352)
    inputs = mnist.train_images[rows].reshape(256, 784) / 255
    return inputs, data.one_hot(mnist.train_labels[rows])


def test_000_batches() -> None:
    batches = list(article_000.batches(60_000, 256))
    assert len(batches) == 235
    assert batches[-1] == slice(0, 96)
    rows = np.concatenate([np.arange(60_000)[batch] for batch in batches])
    assert sorted(rows) == list(range(60_000))


@pytest.mark.parametrize(("mended", "error"), [(0, 53.8), (1, 45.5), (2, 25.1), (3, 0.414)])
def test_000_each_fault_costs_what_the_page_says(
    first_batch: Arrays, mended: int, error: float
) -> None:
    network = article_000.Network.draw(0, 784)
    network.mended = mended
    _, wrong = network.gradients(*first_batch)
    network.mended = 4
    _, true = network.gradients(*first_batch)
    found = report.relative_error(wrong["w1"], true["w1"])
    assert found == pytest.approx(error, abs=0.05 if error > 1 else 5e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "accuracy"), [(0.01, 0.8790), (1.0, 0.9137)])
def test_000_accuracy(mnist: data.Digits, rate: float, accuracy: float) -> None:
    network = article_000.Network.draw(0, 784)
    network.train(mnist.train_inputs(), data.one_hot(mnist.train_labels), rate)
    predicted = np.argmax(network.predict(mnist.test_inputs()), axis=1)
    assert np.mean(predicted == mnist.test_labels) == accuracy


def test_003_the_gradient_is_nan_far_on_the_wrong_side() -> None:
    with np.errstate(divide="ignore", invalid="ignore"):
        gradient = article_003.output_gradient(np.array([[36.0, 37.0]]), np.zeros((1, 2)))
    assert gradient[0, 0] == pytest.approx(0.5)
    assert np.isnan(gradient[0, 1])


PUBLISHED_004 = {
    0: (0.3333333333333333, 8.40744716505373),
    20: (0.4, 0.9217739285797661),
    40: (0.43333333333333335, 0.7513140371257646),
    100: (0.6666666666666666, 0.5264810434939678),
    180: (0.82, 0.49134888468425214),
    199: (0.9, 0.2608354809600178),
}


def test_004_history(iris: Arrays) -> None:
    history = article_004.Network.draw().train(*iris)
    for epoch, (accuracy, loss) in PUBLISHED_004.items():
        assert history[epoch] == pytest.approx((accuracy, loss), rel=1e-10)
    losses = [loss for _, loss in history]
    assert sum(after > before for before, after in pairwise(losses)) == 48


def test_004_gradients_go_wrong_after_the_first_epoch(iris: Arrays) -> None:
    inputs, labels = iris
    network = article_004.Network.draw()
    errors, cosines = [], []
    for _ in range(141):
        wrong = network.backward(network.forward(inputs), labels)
        mended = article_004.Network(network.weights, network.biases, mended=True)
        true = mended.backward(mended.forward(inputs), labels)
        errors.append(report.relative_error(wrong[0][0], true[0][0]))
        a, b = (np.concatenate([g.ravel() for g in [*dw, *db]]) for dw, db in (wrong, true))
        cosines.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
        for parameter, gradient in zip(
            network.weights + network.biases, wrong[0] + wrong[1], strict=True
        ):
            parameter -= 0.01 * gradient
    assert errors[0] == 0
    assert errors[1] == pytest.approx(1.54, abs=5e-3)
    assert errors[120] == pytest.approx(21.4, abs=0.05)
    assert cosines[140] == pytest.approx(-0.461, abs=5e-4)
