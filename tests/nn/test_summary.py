"""The table of a model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn


def test_the_table() -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    assert model.summary(input_shape=(1, 28, 28)).split("\n") == [
        "layer  type        output    parameters",
        "---------------------------------------",
        "       Sequential  (1, 10)      101,770",
        "0      Flatten     (1, 784)           0",
        "1      Linear      (1, 128)     100,480",
        "2      ReLU        (1, 128)           0",
        "3      Linear      (1, 10)        1,290",
        "---------------------------------------",
        "101,770 parameters, 814,160 bytes",
    ]


def test_without_an_input_there_are_no_shapes() -> None:
    text = nn.Sequential(nn.Linear(4, 3), nn.Dense(2)).summary()
    assert "output" not in text
    assert "not built" in text
    assert text.endswith("15 parameters, 120 bytes, without the layers that are not built")


def test_an_input_builds_what_is_not_built() -> None:
    model = nn.Sequential(nn.Dense(3), nn.Dense(2))
    assert "not built" not in model.summary(np.ones((5, 4)))
    assert model[0].weight.shape == (4, 3)


def test_nothing_is_left_behind() -> None:
    drop = nn.Dropout(0.5, rng=0)
    model = nn.Sequential(nn.Linear(4, 3), drop)
    state = drop.random_state()
    model.summary(input_shape=(2, 4))
    assert all("forward" not in vars(module) for module in model.modules())
    assert all(module.training for module in model.modules())
    assert drop.random_state() == state
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_failing_forward_leaves_nothing_behind() -> None:
    model = nn.Sequential(nn.Linear(4, 3), nn.Linear(4, 3)).eval()
    with pytest.raises(ValueError, match=r"expected \(\.\.\., 4\)"):
        model.summary(input_shape=(2, 4))
    assert all("forward" not in vars(module) for module in model.modules())
    assert not model.training


def test_layers_that_are_not_called_and_shared_ones() -> None:
    class Odd(nn.Module):
        def __init__(self) -> None:
            self.used = nn.Linear(2, 2)
            self.again = self.used
            self.idle = nn.Linear(5, 5)

        def forward(self, x: Any) -> Any:
            return self.used(self.again(x)), 1

    lines = Odd().summary(input_shape=(3, 2)).split("\n")
    assert [line.split() for line in lines[2:5]] == [
        ["Odd", "tuple", "36"],
        ["used", "Linear", "(3,", "2)", "6"],
        ["idle", "Linear", "not", "called", "30"],
    ]


def test_one_input_only() -> None:
    with pytest.raises(ValueError, match="not both"):
        nn.Linear(2, 1).summary(np.ones((1, 2)), input_shape=(1, 2))


def test_float32_models_see_float32() -> None:
    seen: list[Any] = []

    def look(x: Any) -> Any:
        seen.append(x.dtype)
        return x

    model = nn.Sequential(nn.Linear(2, 1, dtype=np.float32), look)
    model.summary(input_shape=(3, 2))
    assert seen == [np.float32]
