"""Schedules: closed forms, PyTorch's numbers, combinations and state."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from nn.optim import Schedule


def sgd(lr: float = 0.5) -> nn.SGD:
    return nn.SGD([ag.Tensor([1.0], requires_grad=True)], lr=lr)


def rates(schedule: Schedule, steps: int) -> list[float]:
    found = [schedule.optimizer.lr]
    for _ in range(steps):
        schedule.step()
        found.append(schedule.optimizer.lr)
    return found


def test_step() -> None:
    assert rates(nn.StepLR(sgd(1.0), 2, gamma=0.5), 5) == [1, 1, 0.5, 0.5, 0.25, 0.25]


def test_exponential() -> None:
    assert rates(nn.ExponentialLR(sgd(1.0), 0.5), 3) == [1, 0.5, 0.25, 0.125]


def test_cosine() -> None:
    found = rates(nn.CosineLR(sgd(2.0), 4, final=0.5), 6)
    expected = [2.0, 2 * (0.5 + 0.25 * (1 + math.sqrt(0.5))), 1.5]
    assert found[:3] == pytest.approx(expected, rel=1e-15)
    assert found[4:] == [1.0, 1.0, 1.0]


def test_warm_up() -> None:
    found = rates(nn.WarmUp(sgd(1.0), 4, start=0.2), 6)
    assert found == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0, 1.0], rel=1e-15)


def test_lambda() -> None:
    assert rates(nn.LambdaLR(sgd(1.0), lambda count: 1 / (1 + count)), 3) == [
        1,
        1 / 2,
        1 / 3,
        1 / 4,
    ]


def test_sequence() -> None:
    optimizer = sgd(1.0)
    parts = [nn.WarmUp(optimizer, 2, start=0.0), nn.StepLR(optimizer, 1, 0.5)]
    assert rates(nn.SequentialLR(optimizer, parts, [2]), 4) == [0.0, 0.5, 1.0, 0.5, 0.25]


def test_product() -> None:
    optimizer = sgd(1.0)
    parts = [nn.WarmUp(optimizer, 2, start=0.0), nn.StepLR(optimizer, 1, 0.5)]
    assert rates(nn.ChainedLR(optimizer, parts), 3) == [0.0, 0.25, 0.25, 0.125]


def test_combinations_nest() -> None:
    optimizer = sgd(1.0)
    decay = nn.ChainedLR(optimizer, [nn.StepLR(optimizer, 1, 0.5), nn.CosineLR(optimizer, 2)])
    whole = nn.SequentialLR(optimizer, [nn.WarmUp(optimizer, 1, 0.5), decay], [1])
    assert rates(whole, 3) == pytest.approx([0.5, 1.0, 0.25, 0.0])


def test_groups_keep_their_ratio() -> None:
    leaves = [ag.Tensor([1.0], requires_grad=True) for _ in range(2)]
    groups: list[dict[str, Any]] = [{"params": leaves[0]}, {"params": leaves[1], "lr": 0.5}]
    optimizer = nn.SGD(groups, lr=1.0)
    nn.StepLR(optimizer, 1, 0.5).step()
    assert [group["lr"] for group in optimizer.param_groups] == [0.5, 0.25]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (
            lambda o: nn.StepLR(o, 3, 0.3),
            lambda s, o: s.StepLR(o, 3, 0.3),
        ),
        (
            lambda o: nn.CosineLR(o, 10, final=0.1),
            lambda s, o: s.CosineAnnealingLR(o, 10, eta_min=0.05),
        ),
        (
            lambda o: nn.WarmUp(o, 5, start=0.25),
            lambda s, o: s.LinearLR(o, 0.25, total_iters=5),
        ),
        (
            lambda o: nn.SequentialLR(o, [nn.WarmUp(o, 3, 0.1), nn.CosineLR(o, 7)], [3]),
            lambda s, o: s.SequentialLR(
                o, [s.LinearLR(o, 0.1, total_iters=3), s.CosineAnnealingLR(o, 7)], [3]
            ),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_equal_to_pytorch(ours: Any, theirs: Any) -> None:
    torch = pytest.importorskip("torch")
    mine = ours(sgd(0.5))
    other = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.5)
    scheduler = theirs(torch.optim.lr_scheduler, other)
    for _ in range(10):
        assert mine.optimizer.lr == pytest.approx(other.param_groups[0]["lr"], rel=1e-12, abs=1e-15)
        other.step()
        scheduler.step()
        mine.step()


def test_a_resumed_schedule_goes_on() -> None:
    whole = nn.CosineLR(sgd(0.3), 10)
    expected = rates(whole, 9)
    first = nn.CosineLR(sgd(0.3), 10)
    rates(first, 4)
    second = nn.CosineLR(sgd(0.7), 10)
    second.optimizer.load_state_dict(first.optimizer.state_dict())
    second.optimizer.lr = 123.0
    second.load_state_dict(first.state_dict())
    assert second.optimizer.lr == expected[4]
    assert rates(second, 5) == expected[4:]


def test_the_state_of_another_schedule_is_refused() -> None:
    optimizer = sgd()
    step, cosine = nn.StepLR(optimizer, 2), nn.CosineLR(optimizer, 3)
    with pytest.raises(ValueError, match="one of StepLR, expected CosineLR"):
        cosine.load_state_dict(step.state_dict())
    state = nn.ChainedLR(optimizer, [step]).state_dict()
    with pytest.raises(ValueError, match=r"combines \['StepLR'\], expected \['CosineLR'\]"):
        nn.ChainedLR(optimizer, [cosine]).load_state_dict(state)


def test_settings_are_checked() -> None:
    optimizer = sgd()
    with pytest.raises(ValueError, match="step_size=0 must be a whole number"):
        nn.StepLR(optimizer, 0)
    with pytest.raises(ValueError, match=r"steps=1\.5"):
        nn.CosineLR(optimizer, 1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no schedules"):
        nn.ChainedLR(optimizer, [])
    with pytest.raises(ValueError, match="another optimizer"):
        nn.ChainedLR(optimizer, [nn.StepLR(sgd(), 1)])
    parts = [nn.StepLR(optimizer, 1), nn.StepLR(optimizer, 1), nn.StepLR(optimizer, 1)]
    for milestones in ([1], [3, 3], [4, 2]):
        with pytest.raises(ValueError, match="must be 2 rising numbers"):
            nn.SequentialLR(optimizer, parts, milestones)


def test_the_rate_reaches_the_update() -> None:
    optimizer = sgd(1.0)
    (p,) = optimizer.parameters()
    schedule = nn.StepLR(optimizer, 1, 0.5)
    for _ in range(3):
        p.grad = np.ones(1)
        optimizer.step()
        schedule.step()
    assert p.item() == 1.0 - (1 + 0.5 + 0.25)
