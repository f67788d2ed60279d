"""Compiled steps beside everything else that is done with a model and its optimizer."""

from __future__ import annotations

import copy
import pickle
from functools import partial
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.nn.compiling_cases import (
    BATCHES,
    BOTH,
    TARGETS,
    Twins,
    X,
    assert_same,
    eager_step,
    network,
)

LOSS = nn.MSELoss()
adam = partial(nn.Adam, lr=0.02)


def twins(backend: str = "numpy", **settings: Any) -> Twins:
    return Twins(network, adam, LOSS, backend, **settings)


def several(pair: Twins, steps: int) -> None:
    for step in range(steps):
        pair.take(X[BATCHES[step % 2]], TARGETS[BATCHES[step % 2]])


def test_state_dicts_are_copies() -> None:
    pair = twins()
    kept, copies = [], []
    for _ in range(5):
        several(pair, 1)
        kept.append([pair.compiled.state_dict(), pair.compiled_optimizer.state_dict()])
        copies.append(copy.deepcopy(kept[-1]))
    assert_same(kept, copies)


@BOTH
def test_loaded_states_are_seen(backend: str) -> None:
    pair = twins(backend)
    several(pair, 2)
    model, optimizer = pair.eager.state_dict(), pair.eager_optimizer.state_dict()
    several(pair, 2)
    pair.each(lambda m, o: m.load_state_dict(model))
    several(pair, 1)
    pair.each(lambda m, o: o.load_state_dict(optimizer))
    several(pair, 2)
    fresh = adam(network()).state_dict()
    pair.each(lambda m, o: o.load_state_dict(fresh))
    several(pair, 1)
    pair.each(lambda m, o: m.load_state_dict(model))
    pair.each(lambda m, o: o.load_state_dict(optimizer))
    several(pair, 1)
    assert pair.traces == 1


def test_a_checkpoint_that_does_not_fit_changes_nothing(tmp_path: Any) -> None:
    pair = twins()
    several(pair, 3)
    other = nn.Sequential(nn.Linear(3, 2), nn.Dropout(), nn.Linear(2, 4))
    nn.save_checkpoint(tmp_path / "other", other, adam(other))

    def load(model: nn.Module, optimizer: nn.optim.Optimizer) -> None:
        with pytest.raises(ValueError, match="expected"):
            nn.load_checkpoint(tmp_path / "other", model, optimizer)

    pair.each(load)
    several(pair, 3)


def test_parameters_that_are_set_between_steps() -> None:
    pair = twins()

    def rebind(model: nn.Module, _: Any) -> None:
        first, second, third, _last = model.parameters()
        first.data = np.asfortranarray(first.data * 2.0)
        second.data[...] = 0.5
        third.data *= 1.5

    several(pair, 2)
    pair.each(rebind)
    several(pair, 2)
    # Another buffer takes the memory away, as a second optimizer would.
    pair.each(lambda m, o: ag.FlatBuffer(list(m.parameters())[::-1]))
    several(pair, 2)
    assert pair.traces == 1


def test_training_and_evaluation_between_steps() -> None:
    pair = Twins(partial(network, dropout=0.5), adam, LOSS)
    several(pair, 2)
    pair.each(lambda m, o: m.eval())
    several(pair, 2)
    pair.each(lambda m, o: m.train())
    several(pair, 2)
    # One layer alone.
    for model in (pair.eager, pair.compiled):
        dropouts = [module for module in model.modules() if isinstance(module, nn.Dropout)]
        dropouts[0].eval()
    several(pair, 2)
    assert pair.traces == 3


class Noisy(nn.Module):
    """Reads its mode without being asked to guard it."""

    def __init__(self) -> None:
        self.inner = network()

    def forward(self, x: Any) -> Any:
        return self.inner(x + 1.0) if self.training else self.inner(x)


def test_the_mode_of_a_module_of_ones_own() -> None:
    pair = Twins(lambda: nn.Sequential(Noisy(), nn.Tanh()), adam, LOSS)
    for mode in (True, False, True):
        for model in (pair.eager, pair.compiled):
            next(model.children()).train(mode)
        several(pair, 2)
    assert pair.traces == 2


def test_dropout_whose_settings_change() -> None:
    pair = Twins(partial(network, dropout=0.5), adam, LOSS)
    changes: list[Any] = [
        {"p": 0.25},
        {"rng": 7},
        {"rng": np.random.RandomState(1)},
        {"p": 0.0},
        {"p": 1.0},
    ]
    for change in changes:

        def apply(model: Any, _: Any, change: Any = change) -> None:
            for name, value in change.items():
                value = copy.deepcopy(value) if name == "p" else nn.Dropout(rng=value).rng
                setattr(model[2], name, copy.deepcopy(value))

        pair.each(apply)
        several(pair, 3)


def test_eager_and_compiled_steps_in_turn() -> None:
    pair = twins()
    for step in range(9):
        if step % 3:
            pair.take(X, TARGETS)
        else:
            pair.each(lambda m, o: eager_step(m, LOSS, o, X, TARGETS))
            pair.compare()
    assert pair.traces == 1


def test_two_compiled_steps_of_one_model() -> None:
    pair = twins()
    other = nn.SumSquaredError()
    step = nn.compile_step(pair.compiled, other, pair.compiled_optimizer)
    for _ in range(3):
        expected = eager_step(pair.eager, other, pair.eager_optimizer, X, TARGETS)
        assert_same(step(X, TARGETS).numpy(), expected)
        several(pair, 2)


@BOTH
def test_two_optimizers_of_one_model_in_turn(backend: str) -> None:
    models, runs = [network(), network()], []
    for compiled, model in zip((False, True), models, strict=True):
        optimizers = [adam(model), nn.SGD(model, lr=0.1, momentum=0.9)]
        steps = [nn.compile_step(model, LOSS, each, backend=backend) for each in optimizers]
        for _ in range(4):
            for optimizer, step in zip(optimizers, steps, strict=True):
                if compiled:
                    step(X, TARGETS)
                else:
                    eager_step(model, LOSS, optimizer, X, TARGETS)
        runs.append([model.state_dict(), *(each.state_dict() for each in optimizers)])
    assert_same(runs[1], runs[0], backend)


def test_two_models_do_not_touch_each_other() -> None:
    first, second = twins(), twins(clip_norm=0.5)
    for _ in range(3):
        several(first, 1)
        several(second, 1)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))])
def test_copies_of_model_and_optimizer_train_on(copied: Any) -> None:
    pair = twins()
    several(pair, 3)
    model, optimizer = copied((pair.compiled, pair.compiled_optimizer))
    several(pair, 2)
    step = nn.compile_step(model, LOSS, optimizer)
    for number in range(2):
        step(X[BATCHES[number]], TARGETS[BATCHES[number]])
    assert_same(model.state_dict(), pair.eager.state_dict())
    assert_same(optimizer.state_dict(), pair.eager_optimizer.state_dict())


def test_gradients_are_none_after_a_step() -> None:
    pair = twins()
    for _ in range(3):
        LOSS(pair.compiled(X), TARGETS).backward()
        several(pair, 1)
        assert all(parameter.grad is None for parameter in pair.compiled.parameters())


def test_predictions_are_those_before_the_update() -> None:
    model, other = network(), network()
    step = nn.compile_step(model, LOSS, adam(model), predictions=True)
    optimizer = adam(other)
    for _ in range(3):
        expected = nn.predict(other, X)
        loss, predictions = step(X, TARGETS)
        assert_same(predictions.numpy(), expected)
        assert_same(loss.numpy(), eager_step(other, LOSS, optimizer, X, TARGETS))
        assert not loss.requires_grad
        predictions.numpy()[...] = np.nan


def test_a_graph_from_before_a_step_is_stale_after_it() -> None:
    pair = twins()
    several(pair, 1)
    for _ in range(3):
        several(pair, 1)
        old = LOSS(pair.compiled(X), TARGETS)
        several(pair, 1)
        with pytest.raises(RuntimeError, match="was written after"):
            old.backward()


def test_values_taken_before_a_step_keep() -> None:
    pair = twins()
    several(pair, 1)
    view = next(iter(pair.compiled.parameters())).T
    before = view.numpy().copy()
    several(pair, 2)
    assert np.array_equal(view.numpy(), before)
