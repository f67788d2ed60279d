"""Optimizers: equal to PyTorch and to a plain recomputation; groups; state; refusals."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_np as ag
import nn
from tests.nn.optimizer_cases import CASES, STEPS, gradient, start

REFERENCE = json.loads(Path(__file__).with_name("optimizer_reference.json").read_text())


def leaf(value: Any, dtype: Any = np.float64) -> ag.Tensor:
    return ag.Tensor(np.asarray(value, dtype), requires_grad=True)


def take_steps(optimizer: nn.optim.Optimizer, p: ag.Tensor, first: int, last: int) -> None:
    for step in range(first, last + 1):
        p.grad = gradient(p.numpy(), step).astype(p.dtype)
        optimizer.step()


def recomputed(kind: str, s: dict[str, Any]) -> np.ndarray[Any, Any]:
    """Apply the published formulas, one element at a time, in Python floats."""
    result = []
    for element, p in enumerate(start().tolist()):
        buffer, m, v, mean = None, 0.0, 0.0, 0.0
        for t in range(1, STEPS + 1):
            full = np.full(5, p)
            g = float(gradient(full, t)[element])
            decay = s.get("weight_decay", 0.01 if kind == "AdamW" else 0.0)
            if kind == "AdamW":
                p -= s["lr"] * decay * p
            else:
                g += decay * p
            if kind == "SGD":
                mu, damp = s.get("momentum", 0.0), s.get("dampening", 0.0)
                if mu:
                    buffer = g if buffer is None else mu * buffer + (1 - damp) * g
                    g = g + mu * buffer if s.get("nesterov") else buffer
                p -= s["lr"] * g
            elif kind == "RMSprop":
                a, mu = s.get("alpha", 0.99), s.get("momentum", 0.0)
                v = a * v + (1 - a) * g**2
                mean = a * mean + (1 - a) * g
                variance = v - mean**2 if s.get("centered") else v
                change = g / (variance**0.5 + s.get("eps", 1e-8))
                buffer = mu * (buffer or 0.0) + change
                p -= s["lr"] * buffer
            else:
                b1, b2 = s.get("betas", (0.9, 0.999))
                m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g**2
                m_hat, v_hat = m / (1 - b1**t), v / (1 - b2**t)
                p -= s["lr"] * m_hat / (v_hat**0.5 + s.get("eps", 1e-8))
        result.append(p)
    return np.array(result)


@pytest.mark.parametrize("case", CASES)
def test_equal_to_pytorch(case: str) -> None:
    kind, settings = CASES[case]
    p = leaf(start())
    optimizer = getattr(nn, kind)([p], **settings)
    done = 0
    for step, expected in REFERENCE["parameters"][case].items():
        take_steps(optimizer, p, done + 1, int(step))
        done = int(step)
        np.testing.assert_allclose(p.numpy(), expected, rtol=1e-12, atol=1e-14)
    assert done == STEPS


@pytest.mark.parametrize("case", CASES)
def test_equal_to_a_plain_recomputation(case: str) -> None:
    kind, settings = CASES[case]
    p = leaf(start())
    take_steps(getattr(nn, kind)([p], **settings), p, 1, STEPS)
    np.testing.assert_allclose(p.numpy(), recomputed(kind, settings), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", CASES)
def test_float32_stays_float32(case: str) -> None:
    kind, settings = CASES[case]
    single, double = leaf(start(), np.float32), leaf(start())
    optimizer = getattr(nn, kind)([single], **settings)
    take_steps(optimizer, single, 1, STEPS)
    take_steps(getattr(nn, kind)([double], **settings), double, 1, STEPS)
    assert single.dtype == np.float32
    state = optimizer.state_dict()["state"][0]
    assert {value.dtype for value in state.values() if hasattr(value, "dtype")} <= {single.dtype}
    np.testing.assert_allclose(single.numpy(), double.numpy(), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("case", CASES)
def test_the_formula_is_pure_on_tensors_and_equal_to_the_bit(case: str) -> None:
    kind, settings = CASES[case]
    optimizer = getattr(nn, kind)([leaf(start())], **settings)
    hyper = optimizer.param_groups[0]
    names = optimizer.state_names(hyper)
    p, state = start(), {name: np.zeros(5) for name in names}
    for step in range(1, 6):
        g = gradient(p, step)
        # `ones` requires a gradient, so the Tensors are recorded and must not be written to.
        one = leaf(1.0)
        lifted = {name: ag.Tensor(value) * one for name, value in state.items()}
        before = {name: value.numpy().copy() for name, value in lifted.items()}
        source = ag.Tensor(p) * one
        new_p, new_state = optimizer.update(source, ag.Tensor(g) * one, lifted, hyper, step)
        assert np.array_equal(source.numpy(), p)
        assert all(np.array_equal(lifted[name].numpy(), before[name]) for name in names)
        same_p, same_state = optimizer.update(p, g, state, hyper, step)
        assert same_p is p
        assert np.array_equal(new_p.numpy(), p)
        assert set(new_state) == set(same_state) == set(names)
        assert all(np.array_equal(new_state[name].numpy(), state[name]) for name in names)


def test_parameters_without_a_gradient_are_left_as_they_are() -> None:
    first, second = leaf([1.0]), leaf([1.0])
    optimizer = nn.Adam([first, second], lr=0.1)
    first.grad = np.ones(1)
    optimizer.step()
    assert first.numpy() != 1.0
    assert second.numpy() == 1.0
    assert list(optimizer.state_dict()["state"]) == [0]


def test_zero_grad() -> None:
    p = leaf([1.0])
    p.grad = np.ones(1)
    nn.SGD([p]).zero_grad()
    assert p.grad is None


def test_groups_have_their_own_settings() -> None:
    first, second, third = leaf([1.0]), leaf([1.0]), leaf([1.0])
    groups: list[dict[str, Any]] = [{"params": [first]}, {"params": second, "lr": 0.5}]
    optimizer = nn.SGD(groups, lr=0.1)
    optimizer.add_param_group({"params": [third], "weight_decay": 1.0})
    for p in (first, second, third):
        p.grad = np.ones(1)
    optimizer.step()
    assert [p.item() for p in (first, second, third)] == [0.9, 0.5, 0.8]


def test_lr_is_that_of_the_first_group_and_is_set_for_all() -> None:
    groups: list[dict[str, Any]] = [{"params": [leaf([1.0])]}, {"params": leaf([1.0]), "lr": 0.5}]
    optimizer = nn.SGD(groups, lr=0.1)
    assert optimizer.lr == 0.1
    optimizer.lr = 0.25
    assert [group["lr"] for group in optimizer.param_groups] == [0.25, 0.25]


def test_a_numpy_learning_rate_does_not_widen_float32() -> None:
    values = np.linspace(-3, 3, 101)
    plain, numpy = leaf(values, np.float32), leaf(values, np.float32)
    group = {"params": numpy, "weight_decay": np.float64(0.3)}
    optimizers = nn.SGD([plain], lr=0.1, weight_decay=0.3), nn.SGD([group], lr=0.1)
    optimizers[1].param_groups[0]["lr"] = np.float64(0.1)
    for p, optimizer in zip((plain, numpy), optimizers, strict=True):
        p.grad = np.sin(values * 7).astype(np.float32)
        optimizer.step()
    assert np.array_equal(plain.numpy(), numpy.numpy())


def test_momentum_can_be_switched_on_later() -> None:
    p = leaf([1.0])
    optimizer = nn.SGD([p], lr=0.1)
    p.grad = np.ones(1)
    optimizer.step()
    optimizer.param_groups[0]["momentum"] = 0.9
    p.grad = np.ones(1)
    optimizer.step()
    assert p.item() == pytest.approx(0.8)


def test_a_module_is_read_when_it_is_built() -> None:
    model = nn.Sequential(nn.Dense(3, "tanh", rng=0), nn.Dense(1, rng=1))
    optimizer = nn.SGD(model, lr=0.1)
    optimizer.zero_grad()
    np.sum(model(np.ones((2, 4)))).backward()
    before = model.state_dict()
    optimizer.step()
    after = model.state_dict()
    assert len(list(optimizer.parameters())) == 4
    assert all(not np.array_equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("case", CASES)
def test_a_resumed_run_equals_one_that_was_not_stopped(case: str, tmp_path: Path) -> None:
    kind, settings = CASES[case]
    whole, stopped = leaf(start()), leaf(start())
    take_steps(getattr(nn, kind)([whole], **settings), whole, 1, STEPS)
    optimizer = getattr(nn, kind)([stopped], **settings)
    take_steps(optimizer, stopped, 1, 20)
    optimizer.save(tmp_path / "state.safetensors")
    resumed = leaf(stopped.numpy())
    optimizer = getattr(nn, kind)([resumed])
    optimizer.load(tmp_path / "state.safetensors")
    take_steps(optimizer, resumed, 21, STEPS)
    assert np.array_equal(resumed.numpy(), whole.numpy())


def test_copies_train_on_alike() -> None:
    p = leaf(start())
    optimizer = nn.Adam([p], lr=0.1)
    take_steps(optimizer, p, 1, 5)
    other, twin = deepcopy((optimizer, p))
    take_steps(other, twin, 6, 9)
    assert not np.array_equal(twin.numpy(), p.numpy())
    take_steps(optimizer, p, 6, 9)
    assert np.array_equal(twin.numpy(), p.numpy())


def test_state_dict_copies() -> None:
    p = leaf(start())
    optimizer = nn.Adam([p], lr=0.1)
    take_steps(optimizer, p, 1, 1)
    state = optimizer.state_dict()
    before = state["state"][0]["exp_avg"].copy()
    take_steps(optimizer, p, 2, 2)
    assert np.array_equal(state["state"][0]["exp_avg"], before)
    optimizer.load_state_dict(state)
    state["state"][0]["exp_avg"] += 1
    assert np.array_equal(optimizer.state_dict()["state"][0]["exp_avg"], before)
    take_steps(optimizer, p, 3, 3)
    assert np.array_equal(state["state"][0]["exp_avg"], before + 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda s: s.update(type="SGD"), "one of SGD, expected Adam"),
        (lambda s: s["param_groups"].append({"params": []}), r"groups of \[2, 0\] parameters"),
        (lambda s: s["param_groups"][0]["params"].pop(), r"groups of \[1\] parameters, exp"),
        (lambda s: s["state"][1].pop("exp_avg"), "parameter 1 has state"),
        (lambda s: s["state"][1].update(other=np.ones(1)), "parameter 1 has state"),
        (lambda s: s["state"][1].update(exp_avg=np.ones(4)), "exp_avg of parameter 1"),
        (lambda s: s["param_groups"][0].update(eps=-1.0), "eps=-1.0 must be 0 or more"),
        (lambda s: s["state"][1].update(exp_avg=np.ones(5, np.float32)), "is float32 of shape"),
    ],
)  # fmt: skip
def test_a_state_that_does_not_fit_changes_nothing(change: Any, message: str) -> None:
    params = [leaf(start()), leaf(start())]
    optimizer = nn.Adam(params, lr=0.1)
    for p in params:
        p.grad = np.ones(5)
    optimizer.step()
    before = optimizer.state_dict()
    state = deepcopy(before)
    state["param_groups"][0]["lr"] = 7.0
    change(state)
    with pytest.raises(ValueError, match=message):
        optimizer.load_state_dict(state)
    after = optimizer.state_dict()
    assert after["param_groups"] == before["param_groups"]
    for number, entry in before["state"].items():
        for name, value in entry.items():
            assert np.array_equal(after["state"][number][name], value)


def test_files_that_are_no_optimizer_state(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    model = nn.Linear(2, 1)
    model.save(path)
    with pytest.raises(ValueError, match="holds a saved module, not a saved optimizer"):
        nn.SGD(model).load(path)
    nn.serialization.save_arrays(path, {"w": np.ones(1)})
    with pytest.raises(ValueError, match="no optimizer state"):
        nn.SGD(model).load(path)
    nn.Adam(model).save(path)
    with pytest.raises(ValueError, match="one of Adam, expected SGD"):
        nn.SGD(model).load(path)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: nn.SGD([p], lr=-1), "lr=-1.0 must be 0 or more"),
        (lambda p: nn.SGD([p], lr=float("nan")), "lr=nan must be"),
        (lambda p: nn.SGD([p], momentum=-0.1), "momentum=-0.1"),
        (lambda p: nn.SGD([p], weight_decay=-0.1), "weight_decay=-0.1"),
        (lambda p: nn.SGD([p], nesterov=True), "needs a momentum and no dampening"),
        (lambda p: nn.SGD([p], momentum=0.9, dampening=0.1, nesterov=True), "no dampening"),
        (lambda p: nn.Adam([p], betas=(0.9, 1.0)), "betas="),
        (lambda p: nn.Adam([p], eps=-1e-8), "eps="),
        (lambda p: nn.RMSprop([p], alpha=1.5), "alpha=1.5"),
        (lambda p: nn.SGD([]), r"no parameters to optimize.*SGD\(model\)"),
        (lambda p: nn.SGD(nn.ReLU()), "ReLU has no parameters"),
        (lambda p: nn.SGD([p, p]), "given twice"),
        (lambda p: nn.SGD([{"params": [p]}, {"params": [p]}]), "given twice"),
        (lambda p: nn.SGD([{"params": [p], "beta": 1}]), r"unknown settings \['beta'\]; SGD"),
        (lambda p: nn.SGD([ag.Tensor([1.0])]), "does not require a gradient"),
    ],
)  # fmt: skip
def test_settings_are_checked(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make(leaf([1.0]))


def test_what_is_no_tensor_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot optimize a ndarray"):
        nn.SGD([np.ones(2)])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"write \[tensor\]"):
        nn.SGD(leaf([1.0]))


def test_repr() -> None:
    assert repr(nn.Adam([leaf([1.0])])) == (
        "Adam(lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0.0)"
    )


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=5), st.floats(0.001, 1.0))
def test_sgd_is_the_textbook_step(values: list[float], lr: float) -> None:
    p = leaf(values)
    np.sum(p * p).backward()
    nn.SGD([p], lr=lr).step()
    expected = np.array(values) - lr * (2 * np.array(values))
    np.testing.assert_allclose(p.numpy(), expected, rtol=1e-14, atol=1e-300)
