"""What parameters are called in the source of compiled functions."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np

import autograd_np as ag
import nn

X = np.random.default_rng(0).normal(size=(5, 3))


class Net(nn.Module):
    """Layers in a list and in a dict."""

    def __init__(self) -> None:
        self.blocks = [nn.Linear(3, 3, rng=0), nn.Linear(3, 3, rng=1)]
        self.heads = {"left": nn.Linear(3, 1, rng=2)}

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = np.tanh(block(x))
        return self.heads["left"](x)


def source_of(compiled: Any) -> Any:
    """The function that the source of a compiled one defines."""
    namespace: dict[str, Any] = {}
    exec(compiled.source, namespace)
    return next(each for each in namespace.values() if inspect.isfunction(each))


def test_a_compiled_function_names_parameters_by_path() -> None:
    model, loss = Net(), nn.MSELoss()
    model.blocks[1].bias.name = "shift"

    @ag.compile
    def objective(x: Any, y: Any) -> Any:
        return loss(model(x), y)

    y = np.zeros((5, 1))
    assert objective(X, y).item() == loss(model(X), y).item()
    assert list(inspect.signature(source_of(objective)).parameters) == [
        "x",
        "y",
        "blocks_0_weight",
        "blocks_0_bias",
        "blocks_1_weight",
        "shift",
        "heads_left_weight",
        "heads_left_bias",
    ]


def test_two_models_in_a_compiled_function_keep_their_parameters_apart() -> None:
    one, two = nn.Sequential(nn.Linear(3, 2, rng=0)), nn.Sequential(nn.Linear(2, 2, rng=1))
    both = ag.compile(lambda x: two(one(x)))
    np.testing.assert_array_equal(both(X).numpy(), two(one(X)).numpy())
    names = list(inspect.signature(source_of(both)).parameters)
    assert names == ["x", "weight_0", "bias_0", "weight_0_2", "bias_0_2"]


def test_a_compiled_step_is_as_before() -> None:
    losses, sources = [], []
    for compiled in (False, True):
        model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.ReLU(), nn.Linear(4, 1, rng=1))
        loss, optimizer = nn.MSELoss(), nn.SGD(model, lr=0.1)
        step = nn.compile_step(model, loss, optimizer)
        for _ in range(3):
            if compiled:
                value = step(X, X[:, :1])
            else:
                value = loss(model(X), X[:, :1])
                value.backward()
                optimizer.step()
                optimizer.zero_grad()
            losses.append(value.item())
        sources.append(step.source if compiled else "")
    assert losses[:3] == losses[3:]
    assert "def step(x, y, W1, b1, W2, b2, " in sources[1], "layers are numbered, as in formulas"
