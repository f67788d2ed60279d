"""Article 002: the page's figures, the parameter count, and a network that learns."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from examples import article_002_sum_difference_distance as article
from examples.as_written import article_002 as as_written

TRUE = {
    1: 3.7696638604020407,
    10: 2.454470895459078,
    100: 1.11942379341282,
    1000: 0.5713401158833803,
    10_000: 0.49743150523105656,
    100_000: 0.35019311736297043,
    1_000_000: 0.34498785613418875,
}
ANSWERS = [
    [98.56378114, 102.63221611, 5.56349031, 562.15335048],
    [-26.25088759, 14.80155747, 21.3245024, 221.60597885],
    [48.08520947, 25.18205121, 15.71597463, -64.01423955],
]


@pytest.fixture
def task() -> article.Task:
    return article.Task.draw()


def check(task: article.Task, last: int) -> nn.Sequential:
    model = article.network(task.random)
    epochs = [epoch for epoch in TRUE if epoch <= last]
    history = article.train(model, task.x, task.y, epochs)
    assert list(history) == epochs
    for epoch, loss in history.items():
        assert loss == pytest.approx(TRUE[epoch], rel=1e-10)
    return model


def test_figures(task: article.Task) -> None:
    check(task, 1000)


@pytest.mark.slow
def test_figures_to_10_000_epochs(task: article.Task) -> None:
    check(task, 10_000)


@pytest.mark.nightly
def test_figures_to_1_000_000_epochs(task: article.Task) -> None:
    model = check(task, 1_000_000)
    residuals = nn.predict(model, task.x_test) - task.y_test
    assert article.printed(residuals) == pytest.approx(0.3194238845483295, rel=1e-10)
    np.testing.assert_allclose(article.answers(model, task), ANSWERS, atol=6e-9)
    np.testing.assert_allclose(article.r_squared(model, task), [0.995, 0.540, 0.532], atol=5e-4)
    errors = article.gradient_errors(model, task.x, task.y)
    np.testing.assert_allclose(errors[:4], 1, atol=0.05)
    assert article.dead_units(model, task.x).sum() == 2


def test_the_hand_written_gradient_is_right_for_half_the_squares(task: article.Task) -> None:
    weights, biases = as_written.draw(task.random, article.SIZES)
    x, y = np.ascontiguousarray(task.x.T), np.ascontiguousarray(task.y.T)
    history = as_written.train(x, y, weights, biases, [1, 10, 100])
    assert history == pytest.approx({epoch: TRUE[epoch] for epoch in history}, rel=1e-10)


def test_it_is_wrong_for_the_printed_loss(task: article.Task) -> None:
    errors = article.gradient_errors(article.network(task.random), task.x, task.y)
    assert 0.055 < min(errors) < 0.065
    assert 0.355 < max(errors) < 0.365


def test_scalers_are_those_of_the_training_part(task: article.Task) -> None:
    assert task.x.shape == (7000, 2)
    assert task.y_test.shape == (3000, 3)
    np.testing.assert_allclose(task.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(task.x.std(axis=0), 1)
    assert np.all(np.abs(task.x_test.mean(axis=0)) > 1e-4)
    restored = task.x_scaler.inverse(task.x)
    assert (restored.min() >= 0) & (restored.max() < 100)


def test_parameters_are_counted(task: article.Task) -> None:
    model = article.network(task.random)
    assert article.check_parameters(model, article.SIZES, points=7000) == 47
    with pytest.raises(ValueError, match="47 parameters for 47 data points"):
        article.check_parameters(model, article.SIZES, points=47)
    with pytest.raises(ValueError, match="the formula gives 22 parameters, counting gives 47"):
        article.check_parameters(model, (2, 4, 2), points=7000)


def test_activations(task: article.Task) -> None:
    assert set(article.ACTIVATIONS) == {"relu", "linear", "sigmoid"}
    with pytest.raises(ValueError, match=r"'tanh'.*'linear', 'relu', 'sigmoid'"):
        article.network(task.random, activations=("relu", "tanh", "linear"))


def test_a_network_that_learns(task: article.Task) -> None:
    assert article.r_squared(article.learner(task), task).min() >= 0.999
