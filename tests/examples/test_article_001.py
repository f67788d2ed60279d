"""Article 001: the page's figures, and why its plateau is not convergence."""

from __future__ import annotations

import numpy as np
import pytest

from examples import article_001_random_regression as article
from examples.as_written import article_001 as as_written

TRUE = {
    0: 3722773.7440970475,
    10: 1850721.1352252676,
    100: 7695.781412660186,
    900: 51.30051131587025,
    1000: 41.0395837154603,
}


@pytest.fixture(scope="module")
def losses() -> list[float]:
    return article.Network.draw(0).train()


def test_figures(losses: list[float]) -> None:
    for step, loss in TRUE.items():
        assert losses[step] == pytest.approx(loss, rel=1e-10)


def test_the_hand_written_gradient_is_right(losses: list[float]) -> None:
    np.testing.assert_allclose(as_written.train(0, steps=200), losses[:200], rtol=1e-10)


def test_the_plateau_is_dead_samples() -> None:
    network = article.Network.draw(seed=2)
    loss = network.train()[-1]
    dead = network.dead()
    assert (dead.sum(), dead.size) == (66, 128)
    assert loss == pytest.approx(69.836, abs=5e-4)
    assert np.sum(network.y[dead] ** 2) == pytest.approx(69.836, abs=5e-4)


@pytest.mark.slow
def test_with_a_small_step_no_sample_dies() -> None:
    network = article.Network.draw(seed=2)
    loss = network.train(learning_rate=1e-7, steps=10_000)[-1]
    assert network.dead().sum() == 0
    assert 1e-22 < loss < 1e-20
