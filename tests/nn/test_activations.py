"""Activations as modules and by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn

X = np.array([[-2.0, 0.0, 3.0], [1.0, -1.0, 0.5]])
EXP = np.exp(X) / np.exp(X).sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("relu", nn.ReLU, np.maximum(X, 0)),
        ("sigmoid", nn.Sigmoid, 1 / (1 + np.exp(-X))),
        ("tanh", nn.Tanh, np.tanh(X)),
        ("softmax", nn.Softmax, EXP),
        ("log_softmax", nn.LogSoftmax, np.log(EXP)),
        ("identity", nn.Identity, X),
        ("linear", nn.Identity, X),
    ],
)
def test_values_and_names(name: str, kind: type[nn.Module], expected: Any) -> None:
    module = nn.activation(name)
    assert type(module) is kind
    np.testing.assert_allclose(module(X), expected, rtol=1e-14)
    recorded = module(ag.Tensor(X, requires_grad=True))
    np.testing.assert_allclose(recorded.numpy(), expected, rtol=1e-14)


def test_the_axis_is_kept() -> None:
    np.testing.assert_allclose(nn.Softmax(axis=0)(X).sum(axis=0), 1, rtol=1e-15)
    np.testing.assert_allclose(np.exp(nn.LogSoftmax(axis=0)(X)).sum(axis=0), 1, rtol=1e-15)
    assert repr(nn.Softmax(0)) == "Softmax(axis=0)"
    assert repr(nn.LogSoftmax(1)) == "LogSoftmax(axis=1)"


def test_functions_and_modules_are_returned_as_they_are() -> None:
    module = nn.ReLU()
    assert nn.activation(module) is module
    assert nn.activation(np.tanh) is np.tanh
    assert isinstance(nn.activation(None), nn.Identity)


def test_refusals() -> None:
    with pytest.raises(ValueError, match="unknown activation 'rellu'; expected one of identity"):
        nn.activation("rellu")
    with pytest.raises(TypeError, match=r"is a class, not a module: write ReLU\(\)"):
        nn.activation(nn.ReLU)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="neither a name nor a function"):
        nn.activation(3)  # type: ignore[arg-type]
