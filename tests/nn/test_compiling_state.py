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
    BACKENDS,
    BATCHES,
    TARGETS,
    Twins,
    X,
    assert_same,
    eager_step,
    network,
)

BOTH = pytest.mark.parametrize("backend", BACKENDS)
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


def test_it_is_traced_once_for_each_shape() -> None:
    traced: list[int] = []

    class Counted(nn.Module):
        def __init__(self) -> None:
            self.inner = network()

        def forward(self, x: Any) -> Any:
            traced.append(x.shape[0])
            return self.inner(x)

    model = Counted()
    optimizer = adam(model)
    step = nn.compile_step(model, LOSS, optimizer)
    for _ in range(4):
        for rows in (16, 16, 8):
            step(X[:rows], TARGETS[:rows])
            optimizer.lr *= 0.9
            nn.predict(model.inner, X)
    assert traced == [16, 16, 8, 8]
    step(X[:16].astype(np.float32), TARGETS[:16])
    assert traced[4:] == [16, 16]


def test_the_number_of_traces_is_bounded() -> None:
    model = network()
    step = nn.compile_step(model, LOSS, adam(model))
    for rows in range(1, 30):
        step(X[:rows], TARGETS[:rows])
    assert len(step.compiled._entries) == 16


@pytest.mark.parametrize("make", [nn.SGD, nn.Adam, partial(nn.RMSprop, momentum=0.9)])
def test_a_step_in_a_function_of_ones_own(make: Any) -> None:
    def train(model: nn.Module, optimizer: nn.optim.Optimizer, x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = LOSS(model(x), y) + 0.01 * sum(np.sum(p**2) for p in model.parameters())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    results = []
    for compiled in (False, True):
        model = network(dropout=0.3)
        optimizer = make(model, lr=0.01)
        function: Any = partial(train, model, optimizer)
        if compiled:
            function = ag.compile(function)
        losses = []
        for number in range(6):
            losses.append(function(X, TARGETS).numpy())
            if number == 2:
                optimizer.load_state_dict(optimizer.state_dict())
                optimizer.lr = 0.05
        results.append([losses, model.state_dict(), optimizer.state_dict()])
    assert_same(results[1], results[0])


def test_several_updates_in_one_function() -> None:
    """Two optimizers, one of them twice."""

    def train(models: Any, optimizers: Any, x: Any) -> None:
        for number in (0, 1, 0):
            for optimizer in optimizers:
                optimizer.zero_grad()
            LOSS(models[0](x), models[1](x).detach()).backward()
            LOSS(models[1](x), TARGETS).backward()
            optimizers[number].step()
        for optimizer in optimizers:
            optimizer.zero_grad()

    results = []
    for compiled in (False, True):
        models = [network(), network(activation="relu")]
        optimizers = [adam(models[0]), nn.SGD(models[1], lr=0.1, momentum=0.5)]
        function: Any = partial(train, models, optimizers)
        if compiled:
            function = ag.compile(function)
        for _ in range(4):
            function(X)
        states = [[each.state_dict() for each in both] for both in (models, optimizers)]
        results.append(states)
    assert_same(results[1], results[0])


class Own(nn.Module):
    """NumPy, a buffer, substituted parameters and a list of layers."""

    def __init__(self) -> None:
        self.scale = nn.Parameter(np.linspace(0.5, 1.5, 3))
        self.layers = [nn.Linear(3, 5, rng=0), nn.Linear(5, 4, rng=1)]
        self.mean = ag.Tensor(np.zeros(3), name="mean")

    def forward(self, x: Any) -> Any:
        self.mean.data = 0.9 * self.mean.data + 0.1 * np.mean(x, axis=0)
        h = np.einsum("ij,j->ij", x - self.mean, self.scale)
        h = np.where(h > 0, h, 0.1 * h)
        halved = {name: p * 0.5 for name, p in self.layers[0].named_parameters()}
        h = np.maximum(nn.functional_call(self.layers[0], halved, h), self.layers[0](h))
        return np.concatenate([self.layers[1](h)[:, :2], np.sin(self.layers[1](h))[:, 2:]], axis=1)


def test_a_module_of_ones_own() -> None:
    pair = Twins(Own, adam, LOSS)
    for _ in range(4):
        # In eager mode the mean is a Tensor's only if the input is one.
        pair.take(ag.Tensor(X), TARGETS)
        means = [model.mean.numpy() for model in (pair.compiled, pair.eager)]  # type: ignore[attr-defined]
        assert_same(*means)


def test_inputs_may_be_tensors() -> None:
    pair = twins()
    x = ag.Tensor(X, requires_grad=True)
    for _ in range(3):
        eager_step(pair.eager, LOSS, pair.eager_optimizer, x, ag.Tensor(TARGETS))
        expected, x.grad = x.grad, None
        pair.step(x, ag.Tensor(TARGETS))
        assert_same(x.grad, expected)
        x.grad = None
        pair.compare()


def test_names_in_the_source() -> None:
    def source(model: nn.Module, optimizer: Any = nn.SGD) -> str:
        step = nn.compile_step(model, LOSS, optimizer(model))
        with pytest.raises(RuntimeError, match="has not been called yet"):
            _ = step.source
        step(X, TARGETS)
        return step.source

    layered = source(network())
    assert all(f" {name}" in layered for name in ("W1", "b1", "W2", "b2", "dW1", "db2"))
    wide = source(network(width=6000), adam)
    assert "W1_exp_avg_sq" in wide
    own = source(Own())
    assert all(f" {name}" in own for name in ("scale", "mean", "layers_0_weight", "layers_1_bias"))
    named = network()
    first = next(iter(named.parameters()))
    assert isinstance(first, ag.Tensor)
    first.name = "weights"
    assert " dweights" in source(named)


def test_a_buffer_kept_as_an_attribute_is_refused() -> None:
    class Running(nn.Module):
        def __init__(self) -> None:
            self.inner = network()
            self.mean = np.zeros(3)

        def forward(self, x: Any) -> Any:
            self.mean = 0.9 * self.mean + 0.1 * np.mean(x, axis=0)
            return self.inner(x - self.mean)

    model = Running()
    step = nn.compile_step(model, LOSS, nn.SGD(model))
    with pytest.raises(TypeError, match="traced twice and did not do the same"):
        step(X, TARGETS)


def test_outside_of_training_nothing_was_recorded() -> None:
    model = network()
    step = nn.compile_step(model, LOSS, adam(model))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="nothing was recorded"), ag.no_grad():
            step(X, TARGETS)
        step(X, TARGETS)


class Idle(nn.Module):
    """Has a parameter that nothing reaches."""

    def __init__(self) -> None:
        self.inner = network(dropout=0.5)
        self.idle = nn.Parameter(np.ones(2))

    def forward(self, x: Any) -> Any:
        return self.inner(x)


class Unsteady(nn.Module):
    """Does something else at each call once it is told to."""

    def __init__(self) -> None:
        self.inner = Idle()
        self.calls = 0
        self.steady = True

    def forward(self, x: Any) -> Any:
        self.calls += not self.steady
        return self.inner(x) * (1.0 + self.calls)


@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("whole", [False, True])
def test_a_trace_that_fails_counts_no_step(before: int, whole: bool) -> None:
    models = [Unsteady(), Unsteady()]
    optimizers = [adam(each.inner.inner if whole else each) for each in models]
    step = nn.compile_step(models[1], LOSS, optimizers[1])
    for _ in range(before):
        eager_step(models[0], LOSS, optimizers[0], X, TARGETS)
        step(X, TARGETS)
    models[1].steady = False
    with pytest.raises(TypeError, match="traced twice and did not do the same"):
        step(X[:5], TARGETS[:5])
    models[1].steady, models[1].calls = True, 0
    assert_same(optimizers[1].state_dict(), optimizers[0].state_dict())
    for _ in range(2):
        eager_step(models[0], LOSS, optimizers[0], X, TARGETS)
        eager_step(models[1], LOSS, optimizers[1], X, TARGETS)
    assert_same(models[1].state_dict(), models[0].state_dict())
    assert_same(optimizers[1].state_dict(), optimizers[0].state_dict())


def test_a_loss_that_is_nan_counts_no_step_and_a_later_one_goes_on() -> None:
    pair = Twins(Idle, adam, LOSS)
    poisoned = X.copy()
    poisoned[3] = np.nan
    for _ in range(3):
        assert not pair.take(poisoned, TARGETS)
        assert pair.take(X, TARGETS)
    assert pair.traces == 1
