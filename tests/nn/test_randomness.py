"""Generator states as plain numbers."""

# ruff: noqa: NPY002 (the legacy global state is what is tested)

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nn.randomness import generator_state, set_generator_state

KINDS = [
    lambda seed: np.random.Generator(np.random.PCG64(seed)),
    lambda seed: np.random.Generator(np.random.PCG64DXSM(seed)),
    lambda seed: np.random.Generator(np.random.MT19937(seed)),
    lambda seed: np.random.Generator(np.random.Philox(seed)),
    lambda seed: np.random.Generator(np.random.SFC64(seed)),
    np.random.RandomState,
]


@pytest.mark.parametrize("make", KINDS)
def test_a_state_goes_through_json(make: Any) -> None:
    rng, other = make(1), make(2)
    rng.normal(size=3)
    state = json.loads(json.dumps(generator_state(rng)))
    expected = rng.normal(size=5)
    set_generator_state(other, state)
    assert np.array_equal(other.normal(size=5), expected)


def test_the_global_state() -> None:
    np.random.seed(4)
    state = json.loads(json.dumps(generator_state(np.random)))
    expected = np.random.rand(3)
    set_generator_state(np.random, state)
    assert np.array_equal(np.random.rand(3), expected)


def test_another_kind_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="one of 'MT19937', but the generator is 'PCG64'"):
        set_generator_state(rng, generator_state(np.random.RandomState(0)))
    with pytest.raises(TypeError, match="cannot be saved"):
        generator_state(object())
