"""fit: what it computes, what it refuses, and what an interruption leaves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_np as ag
import nn

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 3))
Y = np.tanh(X @ RNG.normal(size=(3, 2)))
LABELS = (X[:, 0] > 0).astype(int)


def network(seed: int = 0, width: int = 2, dropout: float = 0.0) -> nn.Sequential:
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(3, 8, rng=rng),
        nn.Tanh(),
        nn.Dropout(dropout, rng=seed),
        nn.Linear(8, width, rng=rng),
    )


def fitted(epochs: int = 3, **settings: Any) -> tuple[nn.Sequential, nn.History]:
    model = network()
    history = nn.fit(
        model, nn.MSELoss(), nn.SGD(model, lr=0.1), X, Y, epochs, **{"rng": 0, **settings}
    )
    return model, history


def same(first: nn.Module, second: nn.Module) -> bool:
    one, two = first.state_dict(), second.state_dict()
    return one.keys() == two.keys() and all(np.array_equal(one[name], two[name]) for name in one)


def test_fit_is_the_loop_that_one_would_write() -> None:
    model, rng = network(), np.random.default_rng(7)
    optimizer, loss = nn.SGD(model, lr=0.1), nn.MSELoss()
    expected = []
    for _ in range(3):
        order, total = rng.permutation(50), 0.0
        for start in range(0, 50, 16):
            rows = order[start : start + 16]
            optimizer.zero_grad()
            value = loss(model(X[rows]), Y[rows])
            value.backward()
            optimizer.step()
            total += value.item() * len(rows)
        expected.append(total / 50)
    other, history = fitted(3, batch_size=16, rng=np.random.default_rng(7))
    assert same(model, other)
    assert history["loss"] == expected


def test_without_shuffling_the_rows_come_in_order() -> None:
    seen: list[Any] = []

    class Spy(nn.Module):
        def __init__(self) -> None:
            self.w = nn.Parameter(1.0)

        def forward(self, x: Any) -> Any:
            seen.append(x[:, 0].tolist())
            return x * self.w

    model = Spy()
    x = np.arange(7.0)[:, None]
    nn.fit(model, nn.MSELoss(), nn.SGD(model), x, x, 1, 3, shuffle=False)
    assert seen == [[0, 1, 2], [3, 4, 5], [6]]


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 20), st.integers(1, 25), st.integers(0, 2**32 - 1))
def test_every_row_is_used_once_an_epoch(rows: int, batch_size: int, seed: int) -> None:
    seen: list[int] = []

    class Spy(nn.Module):
        def __init__(self) -> None:
            self.w = nn.Parameter(1.0)

        def forward(self, x: Any) -> Any:
            assert 1 <= len(x) <= batch_size
            seen.extend(x[:, 0].astype(int).tolist())
            return x * self.w

    model = Spy()
    x = np.arange(float(rows))[:, None]
    nn.fit(model, nn.MSELoss(), nn.SGD(model, lr=0.0), x, x, 2, batch_size, rng=seed)
    assert sorted(seen[:rows]) == sorted(seen[rows:]) == list(range(rows))


def test_a_seed_gives_the_same_run() -> None:
    assert same(fitted(rng=3)[0], fitted(rng=np.random.default_rng(3))[0])
    assert not same(fitted(rng=3)[0], fitted(rng=4)[0])


def test_all_rows_at_once() -> None:
    model, history = fitted(2, batch_size=None, shuffle=False)
    other = network()
    optimizer = nn.SGD(other, lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        nn.MSELoss()(other(X), Y).backward()
        optimizer.step()
    assert same(model, other)
    assert len(history) == 2


def test_batches_of_ones_own() -> None:
    order = [slice(10, 50), np.arange(10)]
    first, _ = fitted(2, batches=order)
    second, _ = fitted(2, batches=lambda epoch: iter(order))
    assert same(first, second)
    epochs: list[int] = []

    def batches(epoch: int) -> list[slice]:
        epochs.append(epoch)
        return [slice(0, 5)]

    fitted(3, batches=batches)
    assert epochs == [0, 1, 2]


def test_the_loss_of_an_epoch_is_the_mean_over_rows() -> None:
    model = network()
    each = np.square(model(X).numpy() - Y).mean(axis=1)
    _, history = fitted(1, batch_size=16, batches=[slice(0, 16), slice(16, 50)])
    model = network()
    optimizer = nn.SGD(model, lr=0.0)
    history = nn.fit(model, nn.MSELoss(), optimizer, X, Y, 1, 16)
    assert history["loss"][0] == pytest.approx(each.mean(), rel=1e-12)
    history = nn.fit(model, nn.MSELoss("sum"), optimizer, X, Y, 1, 16)
    assert history["loss"][0] == pytest.approx(each.sum() * 2, rel=1e-12)
    history = nn.fit(model, lambda p, t: np.mean(np.square(p - t)), optimizer, X, Y, 1, 16)
    assert history["loss"][0] == pytest.approx(each.mean(), rel=1e-12)


def test_metrics_are_over_all_rows() -> None:
    model = network()
    optimizer = nn.SGD(model, lr=0.0)
    before = model(X).numpy()
    history = nn.fit(
        model, nn.MSELoss(), optimizer, X, Y, 2, 16, metrics=[nn.metrics.r2], validation_data=(X, Y)
    )
    expected = nn.metrics.r2(before, Y)
    assert history["r2"] == pytest.approx([expected] * 2, rel=1e-12)
    assert history["val_r2"] == pytest.approx([expected] * 2, rel=1e-12)
    assert history["val_loss"] == pytest.approx(history["loss"], rel=1e-12)


def test_validation_split_takes_the_last_rows() -> None:
    first, one = fitted(3, validation_split=0.2)
    second = network()
    two = nn.fit(
        second, nn.MSELoss(), nn.SGD(second, lr=0.1), X[:40], Y[:40], 3, rng=0,
        validation_data=(X[40:], Y[40:]),
    )  # fmt: skip
    assert same(first, second)
    assert one["val_loss"] == two["val_loss"]


def test_validation_runs_in_evaluation_mode_and_the_mode_comes_back() -> None:
    modes: list[bool] = []

    class Spy(nn.Module):
        def __init__(self) -> None:
            self.inner = nn.Linear(3, 2, rng=0)
            self.frozen = nn.Dropout(0.5).eval()

        def forward(self, x: Any) -> Any:
            modes.append(self.training)
            assert ag.is_grad_enabled() == self.training
            return self.inner(x)

    model = Spy()
    optimizer = nn.SGD(model)
    nn.fit(model, nn.MSELoss(), optimizer, X, Y, 1, None, validation_data=(X, Y))
    assert modes == [True, False]
    assert model.training
    assert not model.frozen.training


def test_an_unbuilt_model_is_built_and_trained() -> None:
    model = nn.Sequential(nn.Dense(8, "tanh", rng=0), nn.Dense(2, rng=1))
    history = nn.fit(model, nn.MSELoss(), nn.Adam(model, lr=0.05), X, Y, 100, rng=0)
    assert history["loss"][-1] < 0.01 < history["loss"][0]
    assert model[0].in_features == 3


def test_classification_learns() -> None:
    model = network()
    history = nn.fit(
        model, nn.CrossEntropyLoss(), nn.Adam(model, lr=0.05), X, LABELS, 50, rng=0,
        metrics=[nn.metrics.accuracy],
    )  # fmt: skip
    assert history["accuracy"][-1] > 0.95


def test_float32_stays_float32() -> None:
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(3, 2, rng=rng, dtype=np.float32), nn.ReLU())
    x, y = X.astype(np.float32), Y.astype(np.float32)
    nn.fit(model, nn.MSELoss(), nn.Adam(model), x, y, 2, clip_norm=1.0)
    assert {parameter.dtype for parameter in model.parameters()} == {np.dtype(np.float32)}
    assert {p.grad.dtype for p in model.parameters()} == {np.dtype(np.float32)}


def test_a_schedule_is_stepped_by_epoch_or_by_batch() -> None:
    for per, expected in (("epoch", [1.0, 0.5, 0.25]), ("batch", [0.25, 0.0625, 0.015625])):
        model = network()
        optimizer = nn.SGD(model, lr=1.0)
        schedule = nn.StepLR(optimizer, 1, 0.5)
        history = nn.fit(
            model, nn.MSELoss(), optimizer, X, Y, 3, 25, schedule=schedule, schedule_per=per, rng=0
        )
        assert history["lr"] == expected


def test_clipping_bounds_the_step() -> None:
    model = network()
    before = model.state_dict()
    nn.fit(model, nn.MSELoss("sum"), nn.SGD(model, lr=1.0), X, Y, 1, None, clip_norm=0.01)
    after = model.state_dict()
    moved = math.sqrt(sum(float(((after[k] - before[k]) ** 2).sum()) for k in before))
    assert moved == pytest.approx(0.01, rel=1e-3)


def test_a_history_is_continued() -> None:
    model = network()
    optimizer, rng = nn.Adam(model, lr=0.01), np.random.default_rng(0)
    seen: list[int] = []
    spy = nn.LambdaCallback(on_epoch_end=lambda state: seen.append(state.epoch))
    history = nn.fit(model, nn.MSELoss(), optimizer, X, Y, 2, rng=rng, callbacks=[spy])
    again = nn.fit(
        model, nn.MSELoss(), optimizer, X, Y, 3, rng=rng, callbacks=[spy], history=history
    )
    assert again is history
    assert seen == [1, 2, 3, 4, 5]
    whole = network()
    expected = nn.fit(whole, nn.MSELoss(), nn.Adam(whole, lr=0.01), X, Y, 5, rng=0)
    assert same(model, whole)
    assert history["loss"] == expected["loss"]


def test_no_epochs_is_no_training() -> None:
    model, history = fitted(0)
    assert same(model, network())
    assert len(history) == 0


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_loss_that_is_no_number_stops_before_its_update(bad: float) -> None:
    x = X.copy()
    x[37, 1] = bad
    model = network()
    states: list[dict[str, Any]] = []
    spy = nn.LambdaCallback(on_batch_end=lambda state: states.append(model.state_dict()))
    history = nn.History()

    def loss(p: Any, t: Any) -> Any:
        return np.sum(p) * bad if len(states) == 8 else nn.MSELoss()(p, t)

    with pytest.raises(
        FloatingPointError, match=r"at epoch 2, batch 4 of 5; the parameters are as"
    ):
        nn.fit(
            model, loss, nn.SGD(model, lr=0.1), X, Y, 3, 10, rng=0, callbacks=[spy], history=history
        )
    after = model.state_dict()
    assert all(np.array_equal(after[name], states[-1][name]) for name in after)
    assert len(history) == 1
    assert model.training


def test_a_gradient_that_is_no_number_stops_before_its_update_when_clipping() -> None:
    model = network()
    before = model.state_dict()

    def steep(p: Any, t: Any) -> Any:
        return np.sum(np.sqrt(p * 0.0))

    with (
        np.errstate(all="ignore"),
        pytest.raises(FloatingPointError, match=r"at epoch 1, batch 1 of 2: the norm of the grad"),
    ):
        nn.fit(model, steep, nn.SGD(model), X, Y, 1, clip_norm=1.0)
    after = model.state_dict()
    assert all(np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_nan_in_the_data_is_found() -> None:
    x = X.copy()
    x[37, 1] = math.nan
    model = network()
    with pytest.raises(FloatingPointError, match=r"loss is nan at epoch 1, batch 4 of 5"):
        nn.fit(model, nn.MSELoss(), nn.SGD(model), x, Y, 1, 10, shuffle=False)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"batch_size": 0}, "batch_size=0 must be a whole number"),
        ({"batch_size": 1.5}, r"batch_size=1\.5"),
        ({"epochs": -1}, "epochs=-1"),
        ({"epochs": 2.5}, r"epochs=2\.5"),
        ({"validation_split": 1.0}, r"must lie in \[0, 1\)"),
        ({"validation_split": 0.001}, "leaves no rows"),
        ({"validation_split": 0.1, "validation_data": (X, Y)}, "not both"),
        ({"validation_data": (X, Y[:3])}, "validation x has 50 rows and validation y has 3"),
        ({"schedule_per": "step"}, "schedule_per='step'"),
        ({"clip_norm": 0.0}, r"clip_norm=0\.0 must be positive"),
        ({"batches": [slice(50, 60)]}, "batch 1 of epoch 1 has no rows"),
        ({"batches": []}, "epoch 1 has no batches"),
    ],
)
def test_settings_are_checked(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fitted(**settings)


def test_batches_that_are_used_up_after_one_epoch_are_refused() -> None:
    with pytest.raises(TypeError, match=r"write batches=list\(\.\.\.\)"):
        fitted(batches=iter([slice(0, 5)]))


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (X, Y[:10], "x has 50 rows and y has 10; they must be equally long"),
        (X.T, Y, r"x has 3 rows and y has 50.*write x\.T"),
        (X[:0], Y[:0], r"x has shape \(0, 3\): there are no rows"),
        (X, np.array(1.0), r"y has shape \(\)"),
    ],
)
def test_data_is_checked(x: Any, y: Any, message: str) -> None:
    model = network()
    with pytest.raises(ValueError, match=message):
        nn.fit(model, nn.MSELoss(), nn.SGD(model), x, y)


def test_a_loss_of_many_numbers_is_refused() -> None:
    model = network()
    with pytest.raises(ValueError, match=r"loss has shape \(32, 2\), expected one number"):
        nn.fit(model, nn.MSELoss("none"), nn.SGD(model), X, Y)


def test_lists_and_tensors_are_data_too() -> None:
    model, other = network(), network()
    nn.fit(model, nn.MSELoss(), nn.SGD(model), X.tolist(), Y.tolist(), rng=0)
    nn.fit(other, nn.MSELoss(), nn.SGD(other), ag.Tensor(X), ag.Tensor(Y), rng=0)
    assert same(model, other)


def test_the_data_stays_writeable_and_unchanged() -> None:
    x, y = X.copy(), Y.copy()
    model = network()
    nn.fit(model, nn.MSELoss(), nn.SGD(model), x, y, 2, None, shuffle=False)
    assert x.flags.writeable
    assert y.flags.writeable
    assert np.array_equal(x, X)
    assert np.array_equal(y, Y)
