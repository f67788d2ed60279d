"""Article 003: the page's figures, the list of layers, and gradients far on the wrong side."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import autograd_np as ag
from examples import article_003_two_moons as article
from examples.as_written import article_003 as as_written

TRUE = {
    0: (0.6936484871866765, 0.5044444444444445),
    1000: (0.691087586224059, 0.5044444444444445),
    2000: (0.6787465452541142, 0.8422222222222222),
    5000: (0.2382105769423531, 0.89),
    9999: (0.07429314895274869, 0.9688888888888889),
}


def test_figures_of_the_first_epochs(capsys: pytest.CaptureFixture[str]) -> None:
    x, y, _, _ = article.load()
    costs, accuracies = article.train(article.network(), x, y, epochs=1001, every=50)
    for epoch in (0, 1000):
        assert costs[epoch] == pytest.approx(TRUE[epoch][0], rel=1e-10)
        assert accuracies[epoch] == pytest.approx(TRUE[epoch][1])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 21
    assert lines[0] == "Iteration: 00000 - cost: 0.69365 - accuracy: 0.50444"


@pytest.mark.slow
def test_figures() -> None:
    x, y, x_test, y_test = article.load()
    model = article.network()
    costs, accuracies = article.train(model, x, y, every=0)
    for epoch, (cost, accuracy) in TRUE.items():
        assert costs[epoch] == pytest.approx(cost, rel=1e-10)
        assert accuracies[epoch] == pytest.approx(accuracy)
    p = article.probability(model, x_test)
    assert np.mean((p > 0.5) == y_test) == 0.98
    assert ag.binary_cross_entropy(p, y_test) == pytest.approx(0.0573869232887475, rel=1e-10)


def test_the_hand_written_gradient_is_right() -> None:
    x, y, _, _ = article.load()
    costs, accuracies = article.train(article.network(), x, y, epochs=100, every=0)
    hand = as_written.train(np.ascontiguousarray(x.T), y[None], *as_written.draw(), epochs=100)
    np.testing.assert_allclose(hand[0], costs, rtol=1e-12)
    np.testing.assert_array_equal(hand[1], accuracies)


def test_an_unknown_activation_raises() -> None:
    layer = {"input_dim": 2, "output_dim": 1, "activation": "tanh"}
    with pytest.raises(ValueError, match=r"activation 'tanh' is not supported.*relu.*sigmoid"):
        article.network(architecture=[layer])


def test_the_articles_illustration() -> None:
    widths = (2, 4, 6, 6, 4, 1)
    layers = [
        {"input_dim": into, "output_dim": out, "activation": "relu" if out > 1 else "sigmoid"}
        for into, out in pairwise(widths)
    ]
    model = article.network(architecture=layers)
    assert article.probability(model, np.ones((9, 2))).shape == (9,)


@pytest.mark.parametrize("z", [37.0, 100.0, 800.0])
def test_the_gradient_far_on_the_wrong_side_is_one(z: float) -> None:
    gradient = ag.grad(ag.binary_cross_entropy_with_logits, argnums=0)
    assert gradient(np.array([[z]]), np.array([[0.0]])).item() == pytest.approx(1, abs=1e-15)
    assert gradient(np.array([[-z]]), np.array([[1.0]])).item() == pytest.approx(-1, abs=1e-15)
