"""Packed, single and block-wise updates: the same bits, whatever happens to the memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from nn.optim import packing
from tests.nn.optimizer_cases import CASES

SHAPES = [(3, 4), (4,), (), (5, 1, 2), (70, 80)]


def make(dtype: Any = np.float64) -> list[ag.Tensor]:
    rng = np.random.default_rng(0)
    return [ag.Tensor(rng.normal(size=shape).astype(dtype), requires_grad=True) for shape in SHAPES]


def run(
    case: str, params: list[ag.Tensor], steps: int = 5, skip: tuple[int, ...] = ()
) -> nn.optim.Optimizer:
    kind, settings = CASES[case]
    optimizer: nn.optim.Optimizer = getattr(nn, kind)(params, **settings)
    rng = np.random.default_rng(1)
    for step in range(steps):
        for number, p in enumerate(params):
            g = rng.normal(size=p.shape).astype(p.dtype)
            p.grad = None if number in skip and step % 2 else g
        optimizer.step()
    return optimizer


def assert_same(first: list[ag.Tensor], second: list[ag.Tensor]) -> None:
    for a, b in zip(first, second, strict=True):
        assert a.dtype == b.dtype
        assert np.array_equal(a.numpy(), b.numpy())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_layout_gives_the_same_bits(
    case: str, dtype: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = make(dtype)
    run(case, packed)
    monkeypatch.setattr(packing, "SMALL", -1)
    single = make(dtype)
    run(case, single)
    assert_same(packed, single)
    monkeypatch.setattr(packing, "BLOCK", 56)
    blocks = make(dtype)
    run(case, blocks)
    assert_same(packed, blocks)


@pytest.mark.parametrize("case", CASES)
def test_missing_gradients_give_the_bits_of_single_parameters(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = make()
    optimizer = run(case, packed, 7, skip=(1, 3))
    monkeypatch.setattr(packing, "SMALL", -1)
    single = make()
    run(case, single, 7, skip=(1, 3))
    assert_same(packed, single)
    counts = [entry["step"] for entry in optimizer.state_dict()["state"].values()]
    assert counts == [7, 4, 7, 4, 7]


def test_small_parameters_share_a_pool_by_dtype() -> None:
    mixed = [
        ag.Tensor(np.ones(3), requires_grad=True),
        ag.Tensor(np.ones(3, np.float32), requires_grad=True),
        ag.Tensor(np.ones(packing.SMALL + 1), requires_grad=True),
        ag.Tensor(np.ones((2, 2)), requires_grad=True),
    ]
    pools = packing.pack([packing.Slot(p) for p in mixed], ())
    sizes = [[slot.parameter.size for slot in pool.slots] for pool in pools]
    assert sizes == [[3, 4], [3], [packing.SMALL + 1]]


@pytest.mark.parametrize("case", ["sgd_momentum", "adam", "rmsprop_all"])
def test_memory_that_moved_is_packed_anew(case: str) -> None:
    plain, moved = make(), make()
    kind, settings = CASES[case]
    optimizers = getattr(nn, kind)(plain, **settings), getattr(nn, kind)(moved, **settings)
    rng = np.random.default_rng(1)
    for _ in range(4):
        gradients = [rng.normal(size=shape) for shape in SHAPES]
        for params, optimizer in zip((plain, moved), optimizers, strict=True):
            for p, g in zip(params, gradients, strict=True):
                p.grad = np.array(g)
            optimizer.step()
        # Another buffer takes the memory away, as a second optimizer would.
        ag.FlatBuffer(moved[:2])
    assert_same(plain, moved)


def test_two_optimizers_of_the_same_parameters_both_work() -> None:
    params = make()
    before = [p.numpy().copy() for p in params]
    optimizers = [nn.SGD(params, lr=0.5), nn.SGD(params, lr=0.25)]
    for optimizer in [*optimizers, *optimizers]:
        for p in params:
            p.grad = np.ones(p.shape)
        optimizer.step()
    for p, old in zip(params, before, strict=True):
        np.testing.assert_allclose(p.numpy(), old - 1.5, rtol=1e-14, atol=1e-14)


def test_recorded_gradients_are_used() -> None:
    small = ag.Tensor([3.0], requires_grad=True)
    large = ag.Tensor(np.full(packing.SMALL + 1, 3.0), requires_grad=True)
    optimizer = nn.SGD([small, large], lr=0.5)
    for expected in (1.5, 0.75):
        optimizer.zero_grad()
        np.sum(0.5 * small * small).backward(create_graph=True)
        np.sum(0.5 * large * large).backward(create_graph=True)
        optimizer.step()
        assert small.item() == expected
        assert np.all(large.numpy() == expected)


def test_values_set_between_steps_are_kept() -> None:
    params = make()
    optimizer = run("adam", params, 1)
    params[0].data = np.zeros((3, 4))
    params[1].data[...] = 7.0
    params[2].data -= params[2].data
    for p in params:
        p.grad = np.zeros(p.shape)
    nn.SGD(params, lr=1.0).step()
    assert not params[0].numpy().any()
    assert (params[1].numpy() == 7.0).all()
    assert params[2].item() == 0.0
    optimizer.zero_grad()


def test_a_step_does_not_change_gradients() -> None:
    for case in CASES:
        params = make()
        run(case, params, 1)
        kept = [p.grad.copy() for p in params]
        optimizer = run(case, params, 0)
        for p, g in zip(params, kept, strict=True):
            p.grad = g
        optimizer.step()
        rng = np.random.default_rng(1)
        for p in params:
            assert np.array_equal(p.grad, rng.normal(size=p.shape))


@pytest.mark.parametrize("size", [2, packing.SMALL + 1])
@pytest.mark.parametrize("others", [0, 1])
def test_a_step_makes_an_older_graph_stale(size: int, others: int) -> None:
    p = ag.Tensor(np.full(size, 2.0), requires_grad=True)
    idle = [ag.Tensor(np.ones(3), requires_grad=True) for _ in range(others)]
    optimizer = nn.SGD([p, *idle], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        stale = np.sum(p * p)
        np.sum(p * p).backward()
        optimizer.step()
    with pytest.raises(RuntimeError):
        stale.backward()
