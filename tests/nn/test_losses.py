"""Losses: values and gradients by hand, reductions, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn

RNG = np.random.default_rng(0)
P, T = RNG.normal(size=(5, 3)), RNG.normal(size=(5, 3))
LABELS = RNG.integers(0, 3, 5)
LOGP = P - np.log(np.exp(P).sum(axis=1, keepdims=True))
PROB, BITS = 1 / (1 + np.exp(-P)), RNG.integers(0, 2, (5, 3)).astype(float)
BCE = -(BITS * np.log(PROB) + (1 - BITS) * np.log(1 - PROB))

CASES = [
    (nn.MSELoss, P, T, (P - T) ** 2),
    (nn.SumSquaredError, P, T, ((P - T) ** 2).sum(axis=1)),
    (nn.CrossEntropyLoss, P, LABELS, -LOGP[np.arange(5), LABELS]),
    (nn.CrossEntropyLoss, P, EYE := np.eye(3)[LABELS], -(EYE * LOGP).sum(axis=1)),
    (nn.BCELoss, PROB, BITS, BCE),
    (nn.BCEWithLogitsLoss, P, BITS, BCE),
]


@pytest.mark.parametrize(("kind", "p", "t", "each"), CASES)
def test_reductions(kind: Any, p: Any, t: Any, each: Any) -> None:
    np.testing.assert_allclose(kind(reduction="none")(p, t), each, rtol=1e-12)
    np.testing.assert_allclose(kind(reduction="sum")(p, t), each.sum(), rtol=1e-12)
    np.testing.assert_allclose(kind(reduction="mean")(p, t), each.mean(), rtol=1e-12)


@pytest.mark.parametrize(("kind", "p", "t", "each"), CASES)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_gradients(kind: Any, p: Any, t: Any, each: Any, reduction: str) -> None:
    x = ag.Tensor(p, requires_grad=True)
    loss = kind(reduction=reduction)
    loss(x, t).backward()
    step = 1e-6
    for index in np.ndindex(p.shape):
        up, down = p.copy(), p.copy()
        up[index] += step
        down[index] -= step
        slope = (float(loss(up, t)) - float(loss(down, t))) / (2 * step)
        assert x.grad[index] == pytest.approx(slope, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(("kind", "p", "t", "each"), CASES)
def test_float32_stays(kind: Any, p: Any, t: Any, each: Any) -> None:
    x = ag.Tensor(p.astype(np.float32), requires_grad=True)
    t = t if t.dtype.kind == "i" else t.astype(np.float32)
    value = kind()(x, t)
    assert value.dtype == np.float32
    value.backward()
    assert x.grad.dtype == np.float32


@pytest.mark.parametrize("kind", [nn.MSELoss, nn.SumSquaredError])
def test_broadcasting_is_refused_with_advice(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"\(5,\).*\(5, 1\).*write targets\.reshape\(\(5, 1\)\)"):
        kind()(P[:, :1], T[:, 0])
    with pytest.raises(ValueError, match="give targets of the predictions' shape"):
        kind()(P, T[:1])
    with pytest.raises(ValueError, match="do not match"):
        kind()(ag.Tensor(P, requires_grad=True), 1.0)


@pytest.mark.parametrize("kind", [nn.BCELoss, nn.BCEWithLogitsLoss, nn.CrossEntropyLoss])
def test_the_engines_losses_refuse_too(kind: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        kind()(PROB[:, :1], np.ones((4, 2)))


def test_lists_are_targets_too() -> None:
    assert float(nn.MSELoss()(np.array([1.0, 2.0]), [1.0, 4.0])) == 2.0


def test_sum_squared_error_of_vectors_and_scalars() -> None:
    assert float(nn.SumSquaredError()(np.array([1.0, 2.0]), np.zeros(2))) == 5.0
    assert float(nn.SumSquaredError("mean")(np.array([1.0, 2.0]), np.zeros(2))) == 2.5
    assert nn.SumSquaredError("none")(np.array([1.0, 2.0]), np.zeros(2)).tolist() == [1.0, 4.0]
    assert float(nn.SumSquaredError("mean")(np.array(3.0), np.array(1.0))) == 4.0


def test_cross_entropy_over_another_axis() -> None:
    loss = nn.CrossEntropyLoss(axis=0)
    np.testing.assert_allclose(loss(P.T, LABELS), nn.CrossEntropyLoss()(P, LABELS), rtol=1e-14)


def test_cross_entropy_never_leaves_the_logits() -> None:
    logits = ag.Tensor([[1000.0, 0.0], [-1000.0, 0.0]], requires_grad=True)
    loss = nn.CrossEntropyLoss("sum")(logits, np.array([1, 0]))
    loss.backward()
    assert loss.item() == 2000.0
    assert logits.grad.tolist() == [[1.0, -1.0], [-1.0, 1.0]]


@pytest.mark.parametrize("kind", [nn.MSELoss, nn.SumSquaredError, nn.BCELoss, nn.CrossEntropyLoss])
def test_an_unknown_reduction_is_refused(kind: Any) -> None:
    with pytest.raises(ValueError, match="reduction='average' is not known; write reduction=\"me"):
        kind(reduction="average")


def test_repr() -> None:
    assert repr(nn.MSELoss("sum")) == "MSELoss(reduction='sum')"
