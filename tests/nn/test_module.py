"""Modules: what they find, their modes, and their state."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn


class Nested(nn.Module):
    """A parameter, a list, a dict and a shared layer."""

    def __init__(self) -> None:
        self.scale = nn.Parameter(2.0)
        self.blocks = [nn.Linear(2, 2, rng=0), nn.Linear(2, 2, rng=1)]
        self.heads = {"left": nn.Linear(2, 1, bias=False, rng=2)}
        self.extra = (nn.Parameter([1.0]), nn.Parameter([2.0]))
        self.again = self.blocks[0]
        self.drop = nn.Dropout(0.5, rng=0)
        self.ignored = "text"

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = block(x)
        return self.heads["left"](self.drop(x)) * self.scale


PATHS = [
    "scale",
    "extra.0",
    "extra.1",
    "blocks.0.weight",
    "blocks.0.bias",
    "blocks.1.weight",
    "blocks.1.bias",
    "heads.left.weight",
]


def test_parameters_are_found_once_by_their_first_path() -> None:
    model = Nested()
    assert [path for path, _ in model.named_parameters()] == PATHS
    assert len(list(model.parameters())) == len(PATHS)
    assert model.scale is dict(model.named_parameters())["scale"]


def test_modules_are_found_once_from_the_outside_in() -> None:
    paths = [path for path, _ in Nested().named_modules()]
    assert paths == ["", "blocks.0", "blocks.1", "heads.left", "drop"]
    assert len(list(Nested().children())) == 5
    names = [name for name, _ in Nested().named_children()]
    assert names == ["blocks.0", "blocks.1", "heads.left", "again", "drop"]


def test_a_cycle_ends() -> None:
    model = Nested()
    model.again = model  # type: ignore[assignment]
    assert len(list(model.modules())) == 5


def test_a_deep_model_needs_no_recursion() -> None:
    model: nn.Module = nn.Linear(1, 1)
    for _ in range(5000):
        model = nn.Sequential(model)
    assert len(list(model.parameters())) == 2


def test_train_and_eval_reach_every_module() -> None:
    model = Nested()
    assert model.training
    assert model.eval() is model
    assert not any(module.training for module in model.modules())
    model.train()
    assert all(module.training for module in model.modules())
    assert Nested().drop.training


def test_a_module_without_forward_says_so() -> None:
    class Empty(nn.Module):
        pass

    with pytest.raises(NotImplementedError, match="Empty has no forward"):
        Empty()(1)


def test_zero_grad() -> None:
    model = Nested().eval()
    np.sum(model(np.ones((3, 2)))).backward()
    assert dict(model.named_parameters())["scale"].grad is not None
    model.zero_grad()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_parameter_is_a_tensor_whose_results_are_tensors() -> None:
    parameter = nn.Parameter([1.0, 2.0], name="w")
    assert isinstance(parameter, ag.Tensor)
    assert parameter.requires_grad
    assert parameter.name == "w"
    assert type(parameter * 2) is ag.Tensor
    with pytest.raises(TypeError):
        nn.Parameter([1, 2])


def test_state_dict_copies() -> None:
    model = nn.Linear(2, 1, rng=0)
    state = model.state_dict()
    before = state["weight"].copy()
    model.weight.data += 1
    assert np.array_equal(state["weight"], before)
    state["weight"] += 5
    assert not np.array_equal(model.weight.data, state["weight"])


def test_load_state_dict_copies() -> None:
    first, second = nn.Linear(2, 1, rng=0), nn.Linear(2, 1, rng=1)
    state = first.state_dict()
    second.load_state_dict(state)
    state["weight"] += 1
    assert np.array_equal(second.weight.data, first.weight.data)


def test_load_state_dict_keeps_the_parameters_themselves() -> None:
    model = nn.Linear(2, 1, rng=0)
    weight = model.weight
    model.load_state_dict(nn.Linear(2, 1, rng=1).state_dict())
    assert model.weight is weight


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda state: state.pop("0.bias"), "missing: 0.bias"),
        (lambda state: state.update(more=np.ones(1)), "unknown: more"),
        (
            lambda state: state.update({"0.weight": np.ones((2, 3))}),
            r"0.weight: given shape \(2, 3\), expected \(3, 2\)",
        ),
        (
            lambda state: state.update({"0.bias": np.ones(3, np.float32)}),
            r"0.bias: given dtype float32, expected float64; write state\['0.bias'\].astype",
        ),
    ],
)
def test_a_state_that_does_not_fit_changes_nothing(change: Any, message: str) -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Linear(3, 1, rng=1))
    before = model.state_dict()
    state = {name: value + 1 for name, value in before.items()}
    change(state)
    with pytest.raises(ValueError, match=message):
        model.load_state_dict(state)
    after = model.state_dict()
    assert all(np.array_equal(after[name], before[name]) for name in before)


def test_all_faults_come_in_one_message() -> None:
    model = nn.Linear(2, 3)
    with pytest.raises(ValueError, match=r"(?s)missing: bias.*unknown: other.*weight: given shape"):
        model.load_state_dict({"weight": np.ones((3, 3)), "other": np.ones(1)})


def test_an_unbuilt_model_is_built_from_a_state() -> None:
    trained = nn.Sequential(nn.Dense(3, "relu", in_features=5), nn.Dense(2, in_features=3))
    model = nn.Sequential(nn.Dense(3, "relu"), nn.Dense(2))
    model.load_state_dict(trained.state_dict())
    x = np.ones((4, 5))
    assert np.array_equal(model(x).numpy(), trained(x).numpy())
    assert model[0].in_features == 5


def test_an_unbuilt_model_stays_unbuilt_when_a_state_does_not_fit() -> None:
    model = nn.Sequential(nn.Dense(3), nn.Dense(2))
    state = nn.Sequential(nn.Dense(3, in_features=5), nn.Dense(4, in_features=3)).state_dict()
    with pytest.raises(ValueError, match="no width yet"):
        model.load_state_dict(state)
    assert model[0].weight is None
    assert model[0].in_features is None
    assert not list(model.named_parameters())
    with pytest.raises(ValueError, match=r"layer '0' \(Dense\) has no parameters before the fir"):
        model.parameters()


def test_repr_is_a_tree() -> None:
    text = repr(nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.ReLU())))
    assert text == (
        "Sequential(\n  (0): Linear(2, 3, bias=True)\n  (1): Sequential(\n    (0): ReLU()\n  )\n)"
    )
