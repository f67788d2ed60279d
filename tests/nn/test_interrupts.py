"""Ctrl-C in the middle of everything."""

from __future__ import annotations

import os
import signal
import threading
from typing import Any

import numpy as np
import pytest

import nn
from nn.interrupts import Shield

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(40, 3)), RNG.normal(size=(40, 2))


def ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def network() -> nn.Sequential:
    rng = np.random.default_rng(0)
    return nn.Sequential(nn.Linear(3, 5, rng=rng), nn.Tanh(), nn.Linear(5, 2, rng=rng))


def run(model: nn.Module, optimizer: nn.optim.Optimizer, **settings: Any) -> nn.History:
    return nn.fit(model, nn.MSELoss(), optimizer, X, Y, 4, 10, shuffle=False, **settings)


def after_steps(number: int) -> dict[str, Any]:
    """Return the parameters after so many whole steps."""
    model = network()
    optimizer = nn.Adam(model, lr=0.1)
    for step in range(number):
        rows = slice(step % 4 * 10, step % 4 * 10 + 10)
        optimizer.zero_grad()
        nn.MSELoss()(model(X[rows]), Y[rows]).backward()
        optimizer.step()
    return model.state_dict()


@pytest.fixture(autouse=True)
def _handler_comes_back() -> Any:
    before = signal.getsignal(signal.SIGINT)
    yield
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("operation", range(1, 14))
def test_inside_the_update_it_waits_for_its_end(
    operation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adam's update, cut before each of its operations in the sixth step."""
    model = network()
    optimizer = nn.Adam(model, lr=0.1)
    steps = 0

    class Cut(np.ndarray):
        """An array that presses Ctrl-C before its n-th operation."""

        left = -1

        def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
            if Cut.left >= 0:
                Cut.left -= 1
                if Cut.left == 0:
                    ctrl_c()
            plain = [each.view(np.ndarray) if isinstance(each, Cut) else each for each in inputs]
            if "out" in kwargs:
                kwargs["out"] = tuple(each.view(np.ndarray) for each in kwargs["out"])
            result = getattr(ufunc, method)(*plain, **kwargs)
            return result.view(Cut) if "out" not in kwargs else inputs[0]

    formula = type(optimizer).update

    def update(p: Any, g: Any, state: Any, hyper: Any, step: Any) -> Any:
        nonlocal steps
        steps += 1
        if steps == 6:
            Cut.left = operation
        state = {name: value.view(Cut) for name, value in state.items()}
        formula(p.view(Cut), g.view(Cut), state, hyper, step)
        assert steps != 6 or Cut.left == 0
        Cut.left = -1

    monkeypatch.setattr(optimizer, "update", update)
    history = run(model, optimizer)
    assert history.interrupted
    assert len(history) == 1
    expected = after_steps(6)
    assert all(np.array_equal(value, expected[name]) for name, value in model.state_dict().items())
    assert optimizer.state_dict()["state"][0]["step"] == 6


@pytest.mark.parametrize("where", ["forward", "loss", "callback", "metric"])
def test_elsewhere_it_stops_at_once(where: str) -> None:
    model = network()
    optimizer = nn.Adam(model, lr=0.1)
    calls = 0

    def now(place: str) -> None:
        nonlocal calls
        if place == where:
            calls += 1
            if calls == 6 or where == "metric":
                ctrl_c()

    class Outer(nn.Module):
        def __init__(self) -> None:
            self.inner = model

        def forward(self, x: Any) -> Any:
            now("forward")
            return self.inner(x)

    def loss(p: Any, t: Any) -> Any:
        now("loss")
        return nn.MSELoss()(p, t)

    def metric(p: Any, t: Any) -> float:
        now("metric")
        return 0.0

    spy = nn.LambdaCallback(on_batch_end=lambda state: now("callback"))
    history = nn.fit(
        Outer(), loss, optimizer, X, Y, 4, 10, shuffle=False, callbacks=[spy], metrics=[metric]
    )
    assert history.interrupted
    finished = {"forward": 1, "loss": 1, "callback": 1, "metric": 0}[where]
    whole = {"forward": 5, "loss": 5, "callback": 6, "metric": 4}[where]
    assert len(history) == finished
    assert len(history["loss"]) == finished
    expected = after_steps(whole)
    assert all(np.array_equal(value, expected[name]) for name, value in model.state_dict().items())


def test_the_model_is_usable_and_trains_on() -> None:
    model = network()
    optimizer = nn.Adam(model, lr=0.1)
    spy = nn.LambdaCallback(on_batch_end=lambda state: ctrl_c() if state.epoch == 2 else None)
    history = run(model, optimizer, callbacks=[spy])
    assert history.interrupted
    assert all(parameter.grad is None for parameter in model.parameters())
    assert nn.predict(model, X).shape == (40, 2)
    again = run(model, optimizer, history=history)
    assert again is history
    assert not history.interrupted
    assert len(history) == 5


def test_callbacks_are_told_of_the_end() -> None:
    ended: list[int] = []
    spy = nn.LambdaCallback(
        on_epoch_begin=lambda state: ctrl_c() if state.epoch == 3 else None,
        on_train_end=lambda state: ended.append(state.epoch),
    )
    model = network()
    assert run(model, nn.SGD(model), callbacks=[spy]).interrupted
    assert ended == [3]


def test_a_shield_delays_and_then_delivers() -> None:
    order: list[str] = []

    def work(shield: Shield) -> None:
        with shield:
            with shield:
                ctrl_c()
                order.append("inside")
            order.append("between")
        order.append("after")

    with Shield().installed() as shield, pytest.raises(KeyboardInterrupt):
        work(shield)
    assert order == ["inside", "between"]


def test_a_shield_calls_the_handler_that_was_there() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        with Shield().installed() as shield:
            with shield:
                ctrl_c()
                assert heard == []
            assert heard == [signal.SIGINT]
            ctrl_c()
        assert heard == [signal.SIGINT] * 2
    finally:
        signal.signal(signal.SIGINT, before)


def test_fit_works_in_another_thread() -> None:
    histories: list[nn.History] = []

    def work() -> None:
        model = network()
        histories.append(run(model, nn.SGD(model)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert len(histories[0]) == 4
