"""Gradient clipping."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_np as ag
import nn
from nn.optim import grad_norm


def leaves(*gradients: list[float] | None, dtype: type = np.float64) -> list[ag.Tensor]:
    made = []
    for gradient in gradients:
        size = 1 if gradient is None else len(gradient)
        p = ag.Tensor(np.zeros(size, dtype), requires_grad=True)
        p.grad = None if gradient is None else np.array(gradient, dtype)
        made.append(p)
    return made


def test_the_norm_is_over_all_gradients_together() -> None:
    params = leaves([3.0], None, [4.0, 12.0])
    assert grad_norm(params) == pytest.approx(13.0, rel=1e-15)
    assert grad_norm(params, 1.0) == 19.0
    assert grad_norm(params, math.inf) == 12.0
    assert grad_norm([]) == 0.0
    assert grad_norm(params[0]) == 3.0


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=4),
    st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=4),
    st.floats(1e-3, 1e3),
    st.sampled_from([1.0, 2.0, 3.0, math.inf]),
)
def test_clipped_norms(a: list[float], b: list[float], bound: float, kind: float) -> None:
    params = leaves(a, b)
    before = np.concatenate([p.grad for p in params])
    norm = nn.clip_grad_norm(params, bound, kind)
    after = np.concatenate([p.grad for p in params])
    assert norm == pytest.approx(np.linalg.norm(before, kind), rel=1e-12, abs=1e-300)
    if norm + 1e-6 <= bound:
        assert np.array_equal(after, before)
    else:
        assert grad_norm(params, kind) <= bound * (1 + 1e-12)
        np.testing.assert_allclose(after, before * (bound / (norm + 1e-6)), rtol=1e-14)


def test_gradients_are_scaled_in_place_and_keep_their_dtype() -> None:
    (p,) = leaves([3.0, 4.0], dtype=np.float32)
    gradient = p.grad
    nn.clip_grad_norm([p], 1.0)
    assert p.grad.dtype == np.float32
    assert np.array_equal(p.grad, gradient)


def test_modules_are_clipped() -> None:
    model = nn.Linear(2, 1, weight_init=nn.init.ones, bias_init=nn.init.zeros)
    np.sum(model(np.array([[3.0, 4.0]])) * 10.0).backward()
    assert nn.clip_grad_norm(model, 1.0) == pytest.approx(10 * math.sqrt(26))
    assert grad_norm(model) == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_norm_that_is_no_number_is_refused(bad: float) -> None:
    params = leaves([1.0], [bad])
    with pytest.raises(FloatingPointError, match="norm of the gradients is"):
        nn.clip_grad_norm(params, 1.0)
    assert params[0].grad.tolist() == [1.0]


def test_unless_it_is_asked_for() -> None:
    params = leaves([1.0], [math.nan])
    assert math.isnan(nn.clip_grad_norm(params, 1.0, error_if_nonfinite=False))
    assert math.isnan(params[0].grad[0])


def test_clip_value() -> None:
    params = leaves([3.0, -0.5], None, [-4.0])
    gradient = params[0].grad
    nn.clip_grad_value(params, 1.0)
    assert params[0].grad.tolist() == [1.0, -0.5]
    assert params[2].grad.tolist() == [-1.0]
    assert np.array_equal(params[0].grad, gradient)


def test_recorded_gradients_are_clipped_too() -> None:
    p = ag.Tensor([3.0, 4.0], requires_grad=True)
    np.sum(0.5 * p * p).backward(create_graph=True)
    assert grad_norm(p) == 5.0
    assert isinstance(p.grad, ag.Tensor)
    assert nn.clip_grad_norm(p, 1.0) == 5.0
    assert grad_norm(p) == pytest.approx(1.0)


def test_settings_are_checked() -> None:
    with pytest.raises(ValueError, match="max_norm=0 must be positive"):
        nn.clip_grad_norm([], 0)
    with pytest.raises(ValueError, match="norm_type=0"):
        nn.clip_grad_norm([], 1.0, 0)
    with pytest.raises(ValueError, match="clip_value=-1"):
        nn.clip_grad_value([], -1)


def test_equal_to_pytorch() -> None:
    torch = pytest.importorskip("torch")
    params = leaves([1.0, -2.0, 3.0], [0.5])
    theirs = [torch.nn.Parameter(torch.zeros(p.size, dtype=torch.float64)) for p in params]
    for p, other in zip(params, theirs, strict=True):
        other.grad = torch.from_numpy(p.grad.copy())
    norm = torch.nn.utils.clip_grad_norm_(theirs, 0.7)
    assert nn.clip_grad_norm(params, 0.7) == pytest.approx(float(norm), rel=1e-14)
    for p, other in zip(params, theirs, strict=True):
        np.testing.assert_allclose(p.grad, other.grad.numpy(), rtol=1e-14)
