"""Compiled steps: settings that change, groups, and which parameters are updated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from tests.nn.compiling_cases import (
    BATCHES,
    BOTH,
    LOSSES,
    TARGETS,
    Twins,
    X,
    network,
    optimizer_of,
    take,
)


def test_adam_with_a_warm_up() -> None:
    twins = Twins(network, optimizer_of("adam"), LOSSES["mse"][0])
    schedules: list[nn.optim.Schedule] = []
    twins.each(lambda model, optimizer: schedules.append(nn.WarmUp(optimizer, 10)))
    for step in range(50):
        rows = BATCHES[step % 3]
        twins.take(X[rows], TARGETS[rows])
        for schedule in schedules:
            schedule.step()
    assert twins.traces == 2


def test_a_learning_rate_that_is_set_by_hand() -> None:
    twins = Twins(network, optimizer_of("adam"), LOSSES["mse"][0])
    rates: list[Any] = [0.1, 0.01, 1, np.float32(0.3), np.float64(0.2), 0, 0.05]
    for rate in rates:
        twins.eager_optimizer.lr = twins.compiled_optimizer.lr = rate
        twins.take(X, TARGETS)
    for rate in rates:
        twins.set(lr=rate)
        twins.take(X, TARGETS)
    assert twins.traces == 1


@pytest.mark.parametrize(
    ("case", "setting", "values"),
    [
        ("sgd", "momentum", [0.0, 0.9, 0.9, 0.0, 0.9]),
        ("sgd", "weight_decay", [0.0, 0.1, 0.0]),
        ("sgd_momentum", "nesterov", [False, True, False]),
        ("sgd_momentum", "dampening", [0.0, 0.5, 0.0]),
        ("adam", "betas", [(0.9, 0.999), (0.5, 0.9), (0.9, 0.999)]),
        ("adamw", "weight_decay", [0.01, 0.5]),
        ("rmsprop", "centered", [False, True, False, True]),
        ("rmsprop", "alpha", [0.99, 0.5]),
    ],
)
def test_settings_that_change_are_traced_again(case: str, setting: str, values: list[Any]) -> None:
    twins = Twins(network, optimizer_of(case), LOSSES["mse"][0])
    for value in values:
        twins.set(**{setting: value})
        for _ in range(3):
            twins.take(X, TARGETS)
    assert twins.traces == len(set(values))


@BOTH
def test_groups_with_settings_of_their_own(backend: str) -> None:
    def groups(model: nn.Module) -> nn.optim.Optimizer:
        first, second, *others = model.parameters()
        given: list[dict[str, Any]] = [
            {"params": [first], "lr": 0.1, "weight_decay": 0.0},
            {"params": [second], "betas": (0.5, 0.7)},
            {"params": others, "eps": 1e-3},
        ]
        return nn.AdamW(given)

    twins = take(Twins(network, groups, LOSSES["mse"][0], backend), 4)
    twins.set(1, lr=0.5)
    take(twins, 3)
    assert twins.traces == 2


def test_a_group_that_is_added_later() -> None:
    def head(model: nn.Module) -> nn.optim.Optimizer:
        return nn.Adam(list(model.parameters())[2:], lr=0.02)

    twins = take(Twins(network, head, LOSSES["mse"][0]), 4)
    for parameter in twins.eager.parameters():
        # Of those that no optimizer was given, eager mode adds up the gradients.
        parameter.grad = None
    twins.each(
        lambda model, optimizer: optimizer.add_param_group(
            {"params": list(model.parameters())[:2], "lr": 0.1}
        )
    )
    take(twins, 4)


def test_parameters_that_the_optimizer_was_not_given() -> None:
    def head(model: nn.Module) -> nn.optim.Optimizer:
        return nn.Adam(list(model.parameters())[2:], lr=0.02)

    twins = Twins(network, head, LOSSES["mse"][0])
    before = twins.compiled.state_dict()
    take(twins, 5)
    after = twins.compiled.state_dict()
    assert [np.array_equal(after[key], before[key]) for key in before] == [True, True, False, False]
    assert all(parameter.grad is None for parameter in twins.compiled.parameters())


class Branches(nn.Module):
    """Reaches other parameters for other widths of its input."""

    def __init__(self) -> None:
        self.shared = nn.Parameter(np.full((3, 4), 0.5))
        self.wide = nn.Parameter(np.full((6, 4), 0.25))
        self.idle = nn.Parameter(np.ones(2))

    def forward(self, x: Any) -> Any:
        return np.tanh(x[:, :3] @ self.shared) + (x @ self.wide if x.shape[1] == 6 else 0.0)


@BOTH
@pytest.mark.parametrize("case", ["sgd_momentum", "adam"])
def test_parameters_that_the_loss_does_not_reach(case: str, backend: str) -> None:
    twins = Twins(Branches, optimizer_of(case), LOSSES["mse"][0], backend)
    for x in (X, X, np.hstack([X, X]), X, np.hstack([X, X])):
        twins.take(x, TARGETS)
    assert twins.traces <= 4


def test_layers_that_are_frozen_and_thawed() -> None:
    twins = Twins(network, optimizer_of("adam"), LOSSES["mse"][0])
    for frozen in (False, True, False, True):

        def change(model: nn.Module, _: Any, frozen: bool = frozen) -> None:
            for parameter in list(model.parameters())[:2]:
                parameter.requires_grad = not frozen

        twins.each(change)
        take(twins, 3)


class Shared(nn.Module):
    def __init__(self) -> None:
        self.weight = nn.Parameter(np.eye(3) * 0.5)
        self.out = nn.Linear(3, 4, rng=0)
        self.same = self.weight

    def forward(self, x: Any) -> Any:
        # Both products of one buffer, which BLAS computes in another way than of two.
        hidden = np.tanh(x @ self.weight) @ self.same.T
        return self.out(hidden @ (self.weight.T @ self.weight))


@BOTH
def test_a_parameter_that_is_used_several_times(backend: str) -> None:
    take(Twins(Shared, optimizer_of("adam"), LOSSES["mse"][0], backend), 4)
