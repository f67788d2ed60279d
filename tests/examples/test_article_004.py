"""Article 004: the page's figures and checks, and training on."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import autograd_np as ag
import nn
from examples import article_004_iris as article
from examples.as_written import article_004 as as_written

Arrays = tuple[NDArray[Any], NDArray[Any]]
TRUE = {
    0: (0.3333333333333333, 8.40744716505373),
    20: (0.6533333333333333, 0.799639109654292),
    40: (0.5266666666666666, 0.593957956673092),
    100: (0.6666666666666666, 0.4916861022120543),
    180: (0.8933333333333333, 0.40885119987212326),
    199: (0.92, 0.3950662374095804),
}
SHALLOW = {
    0: (0.3333333333333333, 3.985592323109353),
    180: (0.9466666666666667, 0.32656770856330447),
    199: (0.9533333333333334, 0.3103215290445226),
}


def test_figures(iris: Arrays) -> None:
    history = article.train(article.network(), *iris)
    for epoch, figures in TRUE.items():
        assert history[epoch] == pytest.approx(figures, rel=1e-10)
    assert all(after < before for (_, before), (_, after) in pairwise(history))


def test_figures_without_the_layer_of_10(iris: Arrays) -> None:
    history = article.train(article.network(sizes=(4, 6, 8, 3)), *iris)
    assert history[0][1] == pytest.approx(SHALLOW[0][1], rel=1e-10)
    for epoch in (180, 199):
        assert history[epoch] == pytest.approx(SHALLOW[epoch], rel=1e-10)


def test_a_second_train_trains_on(iris: Arrays) -> None:
    whole, halves = article.network(), article.network()
    history = article.train(whole, *iris)
    assert article.train(halves, *iris, epochs=80) + article.train(halves, *iris, epochs=120) == (
        history
    )
    for a, b in zip(whole.parameters(), halves.parameters(), strict=True):
        np.testing.assert_array_equal(a.data, b.data)


def test_shapes_of_weights_and_their_gradients(iris: Arrays) -> None:
    model = article.network()
    nn.CrossEntropyLoss()(model(iris[0]), iris[1]).backward()
    shapes = [(6, 4), (8, 6), (10, 8), (3, 10)]
    weights = [layer.weight for layer in model[::2]]
    assert [weight.shape for weight in weights] == shapes
    assert [weight.grad.shape for weight in weights] == shapes


def test_the_first_row_of_the_first_forward(iris: Arrays) -> None:
    logits = article.network()(iris[0]).numpy()
    np.testing.assert_allclose(logits[0], [8.97399717, -4.76946857, -5.33537056], atol=5e-9)
    np.testing.assert_allclose(
        nn.Softmax()(logits)[0], [9.99998315e-01, 1.07470169e-06, 6.10266912e-07], rtol=5e-9
    )


def test_the_table_of_wrong_gradients(iris: Arrays) -> None:
    found = article.compare_gradients(*iris)
    text = article.along_the_run(found)
    assert max(map(len, [*text.split("\n"), *str(found[140]).split("\n")])) <= 100
    lines = [line.split() for line in text.split("\n")]
    assert lines[0][1:3] == ["dW1", "dW2"]
    first, second, late, later = lines[1:]
    assert float(first[1]) < 1e-14
    assert (second[0], second[1]) == ("1", "1.54")
    assert (late[0], late[1]) == ("120", "21.4")
    assert (later[0], later[-1]) == ("140", "-0.461")
    assert found[0].agree
    assert [row.name for row in found[140].rows if row.agrees] == ["biases[3]"]
    assert found[140].total.cosine == pytest.approx(-0.461, abs=5e-4)
    assert "-0.461" in str(found[140]).split()


def test_a_look_at_the_gradient_leaves_the_run_as_it_was(iris: Arrays) -> None:
    looked, alone = as_written.Network.draw(), as_written.Network.draw()
    for _ in range(3):
        article.comparison(looked, *iris)
        assert looked.step(*iris) == alone.step(*iris)


def test_the_loss_that_is_compared_is_that_of_the_network(iris: Arrays) -> None:
    model = article.network()
    loss = nn.CrossEntropyLoss()(model(iris[0]), iris[1])
    loss.backward()
    layers = model[::2]
    weights, biases = ([getattr(layer, name) for layer in layers] for name in ("weight", "bias"))
    gradients = ag.grad(article.loss_of, (0, 1))(weights, biases, *iris)
    for parameters, found in zip((weights, biases), gradients, strict=True):
        for parameter, gradient in zip(parameters, found, strict=True):
            np.testing.assert_allclose(gradient.numpy(), parameter.grad, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("seed", range(20))
def test_over_seeds_the_true_gradient_ends_lower(iris: Arrays, seed: int) -> None:
    with np.errstate(all="ignore"):
        hand = as_written.Network.draw(seed).train(*iris)[-1][1]
    assert np.isnan(hand) == (seed == 6)
    true = article.train(article.network(seed), *iris)[-1][1]
    assert true < hand or np.isnan(hand)
