"""Pictures of models: what they show, and that drawing changes nothing."""

# ruff: noqa: NPY002 (the legacy global state is among what is tested)

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from nn.randomness import generator_state, set_generator_state

X = np.random.default_rng(0).normal(size=(5, 4))


class Many(nn.Module):
    """Several inputs and outputs, a table that is indexed, and a layer that is called twice."""

    def __init__(self) -> None:
        self.layer = nn.Linear(4, 4, rng=0)
        self.table = nn.Parameter(np.ones((7, 4)))

    def forward(self, x: Any, ids: Any, *more: Any) -> Any:
        h = self.layer(self.layer(x)) + self.table[ids]
        for each in more:
            h = h * each["scale"][0]
        return {"x": x, "pair": (h, [np.argmax(h, axis=1), h]), "table": self.table, "n": 3}


class Statistics(nn.Module):
    """What sets attributes, and draws from generators in several places."""

    def __init__(self) -> None:
        self.mean = np.zeros(4)
        self.generators = {"one": [np.random.default_rng(1)], "two": np.random.RandomState(2)}

    def forward(self, x: Any) -> Any:
        self.mean = 0.9 * self.mean + 0.1
        self.calls = 1
        self.training = False
        noise = self.generators["one"][0].normal() + self.generators["two"].normal()
        return x * (noise + np.random.normal())


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(4, 6, rng=0), nn.ReLU(), nn.Dropout(0.5, rng=0), nn.Linear(6, 3, rng=1)
    )


def drawn(
    monkeypatch: pytest.MonkeyPatch, model: Any, *inputs: Any, **options: Any
) -> tuple[tuple[ag.Tensor, ...], ag.Program]:
    """The Tensors that `model.draw` has drawn, and the program that they are from."""
    given = []

    def draw(*tensors: ag.Tensor, **passed: Any) -> str:
        assert passed == options
        given.append((tensors, ag.trace(*tensors)))
        return "the picture"

    with monkeypatch.context() as patch:
        patch.setattr(ag, "draw", draw)
        assert model.draw(*inputs, **options) == "the picture"
    return given[0]


def roles(program: ag.Program) -> list[tuple[str, ...]]:
    """The first columns of the listing of a program's inputs: name, type and role."""
    return [tuple(line.split()[:3]) for line in str(program).split("\n")[: len(program.inputs)]]


def test_a_picture_shows_the_model() -> None:
    source = network().draw(X).source
    for text in ("Linear", "ReLU", "Dropout", "relu", "multiply", "(6, 4)", "(5, 3)", "output"):
        assert text in source, text
    assert source == network().draw(X).source, "the same text each time"


def test_options_are_those_of_draw() -> None:
    model = network()
    assert "rule" not in model.draw(X, legend=False).source
    assert "rule" in model.draw(X, legend=False, backward=True).source
    assert "rankdir=LR" in model.draw(X, rankdir="LR").source
    folded = model.draw(X, depth=0, legend=False).source
    assert "Sequential" in folded
    assert "relu" not in folded


def test_inputs_are_named_after_the_parameters_of_forward(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids, scale = np.arange(5), {"scale": [np.full(4, 2.0)]}
    _, program = drawn(monkeypatch, Many(), X, ids, scale)
    assert sorted(roles(program)) == [
        ("ids", "int64[5]", "input"),
        ("layer.bias", "float64[4]", "parameter"),
        ("layer.weight", "float64[4,4]", "parameter"),
        ("more.0.scale.0", "float64[4]", "input"),
        ("table", "float64[7,4]", "parameter"),
        ("x", "float64[5,4]", "input"),
    ]


def test_a_tensor_keeps_its_name_and_loses_its_past(monkeypatch: pytest.MonkeyPatch) -> None:
    model = nn.Linear(4, 2, rng=0)
    named = ag.Tensor(X, requires_grad=True, name="points")
    _, program = drawn(monkeypatch, model, named)
    assert ("points", "float64[5,4]", "parameter") in roles(program)
    unnamed = np.tanh(named * 2.0)
    _, program = drawn(monkeypatch, model, unnamed)
    assert ("x", "float64[5,4]", "parameter") in roles(program)
    assert [call.function.__name__ for call in program.calls] == ["linear"]
    assert unnamed.name is None
    unnamed.sum().backward()
    assert named.grad is not None, "the user's own graph is as it was"


def test_all_outputs_are_drawn_once_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs, program = drawn(monkeypatch, network(), X)
    assert [tensor.shape for tensor in outputs] == [(5, 3)]
    assert program.variables[program.outputs[0].index].name == "output"
    _, program = drawn(monkeypatch, Many(), X, np.arange(5))
    names = [program.variables[ref.index].name for ref in program.outputs]
    assert names == ["output.pair.0", "output.pair.1.0"], "what was computed, each once"


def test_numbers_stay_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    class Power(nn.Module):
        def forward(self, x: Any, exponent: int, axis: Any = None) -> Any:
            return np.sum(x**exponent, axis=axis)

    _, program = drawn(monkeypatch, Power(), X, 3, np.int64(1))
    assert [call.kwargs for call in program.calls][-1] == {"axis": 1}
    assert [name for name, *_ in roles(program)] == ["x"]


def test_an_instance_that_is_called_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class Own(nn.Module):
        def __init__(self) -> None:
            self.layers = [nn.Linear(4, 4, rng=0)]

        def __call__(self, points: Any) -> Any:
            return np.tanh(self.layers[0](points))

    _, program = drawn(monkeypatch, Own(), X)
    assert {name for name, *_ in roles(program)} == {"points", "layers.0.weight", "layers.0.bias"}
    kinds = [call.scope.kind for call in program.calls if call.scope is not None]
    assert kinds == ["Linear", "Own"]


def test_the_model_is_shown_in_its_mode() -> None:
    model = network()
    assert "Dropout" in model.draw(X).source
    model.eval()
    assert "Dropout" not in model.draw(X).source
    assert not any(module.training for module in model.modules())


def test_it_is_recorded_whatever_the_mode_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with ag.no_grad():
        outputs, _ = drawn(monkeypatch, network(), X)
    assert outputs[0].requires_grad
    with ag.record() as program:
        source = network().draw(X, backward=True).source
    assert "rule" in source
    assert program.calls == [], "it is no part of a recording that is going on"


@pytest.mark.parametrize("options", [{}, {"backward": True, "values": True, "gradients": True}])
def test_drawing_changes_nothing(options: dict[str, bool]) -> None:
    def trained(draws: bool) -> tuple[dict[str, Any], Any]:
        model, loss = network(), nn.CrossEntropyLoss()
        optimizer = nn.Adam(model)
        for _ in range(3):
            loss(model(X), np.arange(5) % 3).backward()
            gradients = [parameter.grad for parameter in model.parameters()]
            if draws:
                model.draw(X, **options)
            assert all(
                parameter.grad is gradient
                for parameter, gradient in zip(model.parameters(), gradients, strict=True)
            )
            optimizer.step()
            optimizer.zero_grad()
            if draws:
                model.draw(X, **options)
            assert all(parameter.grad is None for parameter in model.parameters())
        return model.state_dict(), optimizer.state_dict()

    np.testing.assert_equal(trained(draws=True), trained(draws=False))


def test_arrays_can_be_written_to_while_the_picture_lives() -> None:
    x, model = X.copy(), network()
    picture = model.draw(x, values=True)
    x += 1.0
    for parameter in model.parameters():
        parameter.data += 1.0
        assert parameter.name is None
    assert picture.source


def test_attributes_and_generators_are_as_before() -> None:
    def next_draws(model: Statistics) -> list[float]:
        own = model.generators["one"][0].normal(), model.generators["two"].normal()
        return [*own, np.random.normal()]

    before = generator_state(np.random)
    try:
        expected = next_draws(Statistics())
        set_generator_state(np.random, before)
        model = Statistics()
        attributes = dict(vars(model))
        model.draw(X)
        assert vars(model) == attributes
        assert model.training
        assert next_draws(model) == expected
    finally:
        set_generator_state(np.random, before)


def test_what_forward_writes_into_is_as_before() -> None:
    class Writes(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(4, 4, rng=0)
            self.mean = np.zeros(4)
            self.seen: list[Any] = []
            self.caches = ({"mean": self.mean, "last": None}, [self.seen])

        def forward(self, x: Any) -> Any:
            y = self.layer(x) * random.random()
            self.mean += y.numpy().mean(axis=0)
            self.seen.append(y)
            self.caches[0]["last"] = y
            assert self.caches[0]["mean"] is self.mean
            assert self.caches[1][0] is self.seen
            return y - self.mean

    model, state = Writes(), random.getstate()
    mean, seen = model.mean, model.seen
    picture = model.draw(X, values=True)
    assert model.mean is mean
    assert model.seen is seen
    assert not mean.any()
    assert seen == []
    assert model.caches[0] == {"mean": mean, "last": None}
    assert random.getstate() == state
    mean += 1.0
    assert "subtract" in picture.source


def test_all_is_as_before_when_forward_raises() -> None:
    class Fails(Statistics):
        def forward(self, x: Any) -> Any:
            super().forward(x)
            raise FloatingPointError("as told")

    model = Fails()
    attributes, state = dict(vars(model)), model.generators["two"].get_state()[2]
    with pytest.raises(FloatingPointError, match="as told"):
        model.draw(X)
    assert vars(model) == attributes
    assert model.generators["two"].get_state()[2] == state
    assert not ag.is_recording()


@pytest.mark.parametrize("legacy", [False, True])
def test_a_layer_without_parameters_is_built_as_by_any_first_call(legacy: bool) -> None:
    def model() -> nn.Sequential:
        rng: Any = np.random if legacy else np.random.default_rng(0)
        drop = nn.Dropout(0.5, rng=4)
        return nn.Sequential(nn.Dense(3, "relu", rng=rng), drop, nn.Dense(2, rng=rng))

    before = generator_state(np.random)
    try:
        called = model()
        called(X)
        next_of_called = called[0].rng.normal()
        set_generator_state(np.random, before)
        drawn = model()
        assert "Dense" in drawn.draw(X).source
        np.testing.assert_equal(drawn.state_dict(), called.state_dict())
        assert drawn[0].rng.normal() == next_of_called, "what built them is not put back"
        assert drawn[1].rng.random() == np.random.default_rng(4).random(), "what dropped is"
    finally:
        set_generator_state(np.random, before)


def test_gradients_that_parameters_have_are_shown() -> None:
    model = nn.Linear(4, 2, rng=0)
    model.bias.grad = np.array([0.25, -0.75])
    assert "-0.75" in model.draw(X, gradients=True).source
    assert "-0.75" not in model.draw(X).source
