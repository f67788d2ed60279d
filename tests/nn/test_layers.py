"""Layers: values, shapes, exact draws, dtypes and refusals."""

# ruff: noqa: NPY002 (the legacy global state is what is tested)

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_np as ag
import nn
from nn.layers.dropout import dropout_mask

X = np.random.default_rng(5).normal(size=(7, 4))


def of(parameter: nn.Parameter | None) -> nn.Parameter:
    """Return a parameter that must be there."""
    assert parameter is not None
    return parameter


def test_linear_is_the_affine_map() -> None:
    layer = nn.Linear(4, 3, rng=0)
    assert of(layer.weight).shape == (3, 4)
    expected = X @ of(layer.weight).numpy().T + of(layer.bias).numpy()
    np.testing.assert_allclose(layer(X).numpy(), expected, rtol=1e-15, atol=1e-15)


def test_linear_gradients_are_those_of_the_affine_map() -> None:
    layer = nn.Linear(4, 3, rng=0)
    g = np.random.default_rng(1).normal(size=(7, 3))
    np.sum(layer(X) * g).backward()
    np.testing.assert_allclose(of(layer.weight).grad, g.T @ X, rtol=1e-13)
    np.testing.assert_allclose(of(layer.bias).grad, g.sum(axis=0), rtol=1e-13)


def test_linear_draws_weight_then_bias() -> None:
    weight, bias = partial(nn.init.normal, std=0.1), partial(nn.init.uniform, low=2, high=3)
    layer = nn.Linear(4, 3, weight_init=weight, bias_init=bias, rng=np.random.RandomState(2))
    rng = np.random.RandomState(2)
    assert np.array_equal(layer.weight.numpy(), rng.randn(3, 4) * 0.1)
    assert np.array_equal(of(layer.bias).numpy(), rng.uniform(2, 3, 3))


def test_linear_without_bias() -> None:
    layer = nn.Linear(4, 3, bias=False, rng=0)
    assert layer.bias is None
    assert list(layer.state_dict()) == ["weight"]
    np.testing.assert_allclose(layer(X).numpy(), X @ of(layer.weight).numpy().T, rtol=1e-14)


@pytest.mark.parametrize("shape", [(4,), (2, 4), (2, 3, 4)])
def test_leading_axes_are_kept(shape: tuple[int, ...]) -> None:
    assert nn.Linear(4, 3)(np.ones(shape)).shape == (*shape[:-1], 3)
    assert nn.Dense(3)(np.ones(shape)).shape == (*shape[:-1], 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(dtype: Any) -> None:
    model = nn.Sequential(
        nn.Linear(4, 5, dtype=dtype, rng=0),
        nn.ReLU(),
        nn.Dropout(0.3, rng=0),
        nn.Dense(3, "tanh", dtype=dtype, rng=0),
        nn.Softmax(),
    )
    out = model(X.astype(dtype))
    assert out.dtype == dtype
    np.sum(out).backward()
    assert all(parameter.grad.dtype == dtype for parameter in model.parameters())


def test_float32_and_float64_start_from_the_same_draws() -> None:
    single, double = nn.Linear(4, 3, dtype=np.float32, rng=0), nn.Linear(4, 3, rng=0)
    assert np.array_equal(single.weight.numpy(), double.weight.numpy().astype(np.float32))


def test_dense_draws_weight_then_bias_at_the_first_call() -> None:
    draw = partial(nn.init.uniform, low=-1, high=1)
    layer = nn.Dense(3, "sigmoid", weight_init=draw, bias_init=draw, rng=np.random)
    np.random.seed(0)
    weight, bias = np.random.rand(4, 3) * 2 - 1, np.random.rand(1, 3) * 2 - 1
    np.random.seed(0)
    assert layer.weight is None
    out = layer(X)
    assert np.array_equal(of(layer.weight).numpy(), weight)
    assert np.array_equal(of(layer.bias).numpy(), bias[0])
    np.testing.assert_allclose(out.numpy(), 1 / (1 + np.exp(-(X @ weight + bias))), rtol=1e-14)


def test_dense_defaults_follow_the_activation() -> None:
    wide = nn.Dense(400, "relu", in_features=600, rng=0)
    assert of(wide.weight).numpy().std() == pytest.approx(np.sqrt(2 / 600), rel=0.02)
    wide = nn.Dense(400, "tanh", in_features=600, rng=0)
    assert of(wide.weight).numpy().std() == pytest.approx(np.sqrt(2 / 1000), rel=0.02)
    assert not of(wide.bias).numpy().any()


def test_dense_with_its_width_is_built_at_once() -> None:
    layer = nn.Dense(3, in_features=4, bias=False)
    assert of(layer.weight).shape == (4, 3)
    assert layer.bias is None
    assert [path for path, _ in layer.named_parameters()] == ["weight"]


def test_dense_finds_parameters_of_an_activation_of_ones_own() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.scale = nn.Parameter(3.0)

        def forward(self, z: Any) -> Any:
            return z * self.scale

    layer = nn.Dense(2, Scaled(), in_features=4)
    assert "activation.scale" in layer.state_dict()
    assert [name for name, _ in nn.Dense(2, "relu").named_children()] == []


@pytest.mark.parametrize("make", [lambda: nn.Linear(4, 3), lambda: nn.Dense(3, in_features=4)])
def test_a_wrong_width_names_what_was_expected(make: Any) -> None:
    with pytest.raises(ValueError, match=r"shape \(4, 7\), expected \(\.\.\., 4\).*layer\(x\.T\)"):
        make()(X.T)


def test_dense_refuses_a_scalar() -> None:
    with pytest.raises(ValueError, match="0-d"):
        nn.Dense(3)(np.array(1.0))


@pytest.mark.parametrize("width", [0, -1, 2.0, True, "3"])
def test_widths_are_checked(width: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        nn.Linear(width, 3)
    with pytest.raises(ValueError, match="whole number"):
        nn.Dense(width)
    with pytest.raises(ValueError, match="whole number"):
        nn.Dense(3, in_features=width)


@given(st.floats(0, 0.95), st.integers(0, 2**31))
def test_dropout_scales_what_it_keeps(p: float, seed: int) -> None:
    out = nn.Dropout(p, rng=seed)(np.ones((20, 10)))
    kept = out != 0
    np.testing.assert_allclose(out[kept], 1 / (1 - p), rtol=1e-15)


def test_dropout_drops_a_fraction_p() -> None:
    mask = dropout_mask(np.random.default_rng(0), (1000, 200), 0.3, np.float64)
    assert (mask == 0).mean() == pytest.approx(0.3, abs=0.005)
    assert mask.mean() == pytest.approx(1.0, abs=0.005)


def test_dropout_masks_the_gradient_alike() -> None:
    x = ag.Tensor(np.ones((5, 4)), requires_grad=True)
    out = nn.Dropout(0.5, rng=0)(x)
    np.sum(out).backward()
    assert np.array_equal(x.grad, out.numpy())


def test_dropout_is_the_identity_in_evaluation() -> None:
    layer = nn.Dropout(0.5, rng=0).eval()
    assert layer(X) is X
    assert nn.Dropout(0.0)(X) is X
    assert not nn.Dropout(1.0)(X).any()


def test_dropout_draws_anew_at_each_call_and_its_state_can_be_put_back() -> None:
    layer = nn.Dropout(0.5, rng=0)
    state = layer.random_state()
    first, second = layer(np.ones((9, 9))), layer(np.ones((9, 9)))
    assert not np.array_equal(first, second)
    layer.set_random_state(state)
    assert np.array_equal(layer(np.ones((9, 9))), first)


@pytest.mark.parametrize("p", [-0.1, 1.1, np.nan])
def test_dropout_checks_p(p: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        nn.Dropout(p)


@pytest.mark.parametrize("shape", [(3,), (3, 4), (3, 4, 5), (0, 4, 5)])
def test_flatten(shape: tuple[int, ...]) -> None:
    expected = int(np.prod(shape[1:], dtype=int))
    assert nn.Flatten()(np.zeros(shape)).shape == (shape[0], expected)
    assert nn.Flatten()(ag.Tensor(np.zeros(shape))).shape == (shape[0], expected)


def test_sequential_without_layers_returns_its_input() -> None:
    assert nn.Sequential()(X) is X


def test_sequential_is_a_list_of_layers() -> None:
    layers = [nn.Linear(4, 3), np.tanh, nn.Linear(3, 2)]
    model = nn.Sequential(*layers)
    model.add(nn.ReLU())
    model.append(np.abs)
    assert len(model) == 5
    assert list(model)[:3] == layers
    assert model[0] is layers[0]
    assert isinstance(model[:2], nn.Sequential)
    assert len(model[1:]) == 4
    assert list(model.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert len(nn.Sequential(layers)) == 3


def test_sequential_applies_in_order() -> None:
    first, second = nn.Linear(4, 3, rng=0), nn.Linear(3, 2, rng=1)
    model = nn.Sequential(first, np.tanh, second)
    assert np.array_equal(model(X).numpy(), second(np.tanh(first(X))).numpy())


def test_sequential_refuses_what_is_no_layer() -> None:
    with pytest.raises(TypeError, match="must be callable, not 3"):
        nn.Sequential(3)
    with pytest.raises(TypeError, match=r"ReLU is a class, not a layer: write ReLU\(\)"):
        nn.Sequential(nn.ReLU)


def test_pytorch_weights_give_pytorch_outputs() -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Linear(4, 3).double()
    ours = nn.Linear(4, 3)
    ours.load_state_dict({name: value.numpy() for name, value in theirs.state_dict().items()})
    expected = theirs(torch.from_numpy(X)).detach().numpy()
    np.testing.assert_allclose(ours(X).numpy(), expected, rtol=1e-13, atol=1e-14)
