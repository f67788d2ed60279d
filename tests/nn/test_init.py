"""Initialisers: exact legacy draws, the published spreads, and refusals."""

# ruff: noqa: NPY002 (the legacy global state is what is tested)

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn import init
from nn.randomness import Draws


def test_uniform_repeats_the_legacy_rand_draws() -> None:
    np.random.seed(3)
    expected = np.random.rand(5, 4) * 2 - 1
    np.random.seed(3)
    drawn = init.uniform((5, 4), np.random, low=-1, high=1, fan_in=5, fan_out=4)
    assert np.array_equal(drawn, expected)


def test_uniform_repeats_the_legacy_uniform_draws() -> None:
    expected = np.random.RandomState(99).uniform(-1, 1, size=(6, 4))
    assert np.array_equal(init.uniform((6, 4), np.random.RandomState(99), low=-1, high=1), expected)


def test_he_normal_repeats_the_legacy_randn_draws() -> None:
    expected = np.random.RandomState(42).randn(4, 2) * np.sqrt(2 / 2)
    assert np.array_equal(init.he_normal((4, 2), np.random.RandomState(42)), expected)
    expected = np.random.RandomState(42).randn(4, 3) * np.sqrt(2 / 3)
    assert np.array_equal(init.he_normal((4, 3), np.random.RandomState(42)), expected)


def test_normal_repeats_the_legacy_randn_draws() -> None:
    expected = np.random.RandomState(2).randn(25, 2) * 0.1
    assert np.array_equal(init.normal((25, 2), np.random.RandomState(2), std=0.1), expected)


@pytest.mark.parametrize(
    ("draw", "variance"),
    [
        (init.xavier_uniform, 2 / (300 + 500)),
        (init.xavier_normal, 2 / (300 + 500)),
        (init.he_uniform, 2 / 300),
        (init.he_normal, 2 / 300),
        (init.fan_in_uniform, 1 / (3 * 300)),
        (partial(init.xavier_normal, gain=3.0), 9 * 2 / (300 + 500)),
        (partial(init.he_uniform, gain=1.0), 1 / 300),
        (partial(init.he_normal, gain=1.0), 1 / 300),
        (partial(init.uniform, low=-1, high=3), 16 / 12),
        (partial(init.normal, mean=5.0, std=0.5), 0.25),
    ],
)
def test_variance(draw: init.Initializer, variance: float) -> None:
    values = draw((500, 300), 0)
    assert values.var() == pytest.approx(variance, rel=0.02)


@pytest.mark.parametrize(
    ("draw", "bound"),
    [
        (init.xavier_uniform, np.sqrt(6 / 800)),
        (init.he_uniform, np.sqrt(6 / 300)),
        (init.fan_in_uniform, 1 / np.sqrt(300)),
    ],
)
def test_bounds(draw: init.Initializer, bound: float) -> None:
    values = draw((500, 300), 0)
    assert bound * 0.999 < np.abs(values).max() <= bound


def test_fans_can_be_given_for_another_layout() -> None:
    same = init.he_normal((300, 500), 0, fan_in=300, fan_out=500)
    assert same.std() == pytest.approx(np.sqrt(2 / 300), rel=0.02)


def test_fans_of_a_kernel_count_its_receptive_field() -> None:
    assert init.fans((8, 4, 3, 3)) == (36, 72)


def test_constants() -> None:
    assert init.zeros((2, 3)).tolist() == [[0, 0, 0]] * 2
    assert init.ones((2,)).tolist() == [1, 1]
    assert init.constant((2,), value=0.25).tolist() == [0.25, 0.25]


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_a_seed_draws_what_its_generator_draws(seed: int, rows: int, columns: int) -> None:
    for draw in (init.uniform, init.normal, init.he_normal, init.xavier_uniform):
        shape = (rows, columns)
        assert np.array_equal(draw(shape, seed), draw(shape, np.random.default_rng(seed)))


def test_a_generator_moves_on() -> None:
    rng = np.random.default_rng(0)
    assert not np.array_equal(init.normal((3,), rng), init.normal((3,), rng))


@pytest.mark.parametrize("source", ["seed", 1.5, True, object()])
def test_what_does_not_draw_is_refused(source: object) -> None:
    with pytest.raises(TypeError, match=r"default_rng\(0\)"):
        init.normal((2,), source)


def test_vectors_have_no_fans() -> None:
    with pytest.raises(ValueError, match="fan_in=4"):
        init.he_normal((3,), 0)
    assert init.he_normal((3,), 0, fan_in=2, fan_out=3).shape == (3,)


def test_fans_must_be_positive() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        init.he_normal((3, 0), 0)


def test_a_wrong_shape_is_refused() -> None:
    def scalar(shape: tuple[int, ...], rng: Draws, **fans: int) -> np.ndarray:
        return np.zeros(())

    with pytest.raises(ValueError, match=r"initialiser scalar returned shape \(\)"):
        init.checked_draw(scalar, (2,), np.random.default_rng(0), float, fan_in=1, fan_out=2)
