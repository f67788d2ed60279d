"""Modules in full recordings: each operation knows the calls of modules that it is from."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn

X = np.random.default_rng(0).normal(size=(5, 3))


class Block(nn.Module):
    """A layer and a function."""

    def __init__(self) -> None:
        self.inner = nn.Linear(3, 3, rng=0)

    def forward(self, x: Any) -> Any:
        return np.tanh(self.inner(x))


class Net(nn.Module):
    """A list that holds one block twice, a dict, functions, and a scope of its own."""

    def __init__(self) -> None:
        block = Block()
        self.blocks = [block, block, Block()]
        self.heads = {"left": nn.Linear(3, 1, rng=1)}
        self.chain = nn.Sequential(np.square, nn.Tanh())

    def forward(self, x: Any) -> Any:
        for block in self.blocks:
            x = block(x)
        with ag.named_scope("middle"):
            x = self.chain(x + 1.0)
        return self.heads["left"](x)


class Broken(nn.Module):
    """What raises inside of a layer."""

    def __init__(self) -> None:
        self.layer = nn.Linear(3, 3, rng=0)
        self.wrong = nn.Linear(4, 3, rng=0)

    def forward(self, x: Any) -> Any:
        try:
            return self.wrong(x)
        except ValueError:
            return self.layer(x)


def recorded(call: Callable[[], Any]) -> ag.Program:
    with ag.record() as program:
        call()
    return program


def scopes(program: ag.Program) -> list[tuple[str, list[tuple[str, str]]]]:
    """The calls, each with the names and kinds of its scopes from the outermost inwards."""
    found = []
    for call in program.calls:
        chain = [] if call.scope is None else [*call.scope.outwards()][::-1]
        found.append((call.function.__name__, [(each.name, each.kind) for each in chain]))
    return found


def test_modules_nest_by_their_paths() -> None:
    net = ("", "Net")
    first, last = ("blocks.0", "Block"), ("blocks.2", "Block")
    middle = ("middle", "")
    assert scopes(recorded(lambda: Net()(X))) == [
        ("linear", [net, first, ("inner", "Linear")]),
        ("tanh", [net, first]),
        ("linear", [net, first, ("inner", "Linear")]),
        ("tanh", [net, first]),
        ("linear", [net, last, ("inner", "Linear")]),
        ("tanh", [net, last]),
        ("add", [net, middle]),
        ("square", [net, middle, ("chain", "Sequential")]),
        ("tanh", [net, middle, ("chain", "Sequential"), ("1", "Tanh")]),
        ("linear", [net, ("heads.left", "Linear")]),
    ]


def test_each_call_of_a_module_has_a_scope_of_its_own() -> None:
    calls = recorded(lambda: Net()(X)).calls
    first, second = calls[1].scope, calls[3].scope
    assert first is not None
    assert second is not None
    assert first is not second
    assert first.module is second.module
    assert first.outer is second.outer, "both lie in one call of the model"
    assert calls[0].scope is not None
    assert calls[0].scope.outer is first
    assert calls[0].scope.path == "blocks.0.inner"


def test_parameters_are_named_by_their_paths_in_the_outermost_module() -> None:
    model = Net()
    model.blocks[2].inner.bias.name = "shift"
    program = recorded(lambda: model(X))
    names = [program.variables[ref.index].name for ref in program.inputs]
    assert names == [
        None,
        "blocks.0.inner.weight",
        "blocks.0.inner.bias",
        "blocks.2.inner.weight",
        "shift",
        "heads.left.weight",
        "heads.left.bias",
    ]
    assert model.blocks[0].inner.weight.name is None, "the parameter itself stays without a name"


def test_a_layer_that_is_built_by_the_call_is_named() -> None:
    model = nn.Sequential(nn.Dense(2, "tanh"))
    program = recorded(lambda: model(X))
    names = {variable.name for variable in program.variables.values()}
    assert {"0.weight", "0.bias"} < names
    assert scopes(program)[-1] == ("tanh", [("", "Sequential"), ("0", "Dense"), ("", "Tanh")])


def test_losses_are_modules_and_the_reverse_pass_is_in_none() -> None:
    model, loss = nn.Linear(3, 1, rng=0), nn.MSELoss()
    program = recorded(lambda: loss(model(X), np.zeros((5, 1))).backward())
    forward = [each for each in scopes(program) if each[1]]
    assert forward == [
        ("linear", [("", "Linear")]),
        ("subtract", [("", "MSELoss")]),
        ("square", [("", "MSELoss")]),
        ("mean", [("", "MSELoss")]),
    ]
    assert all(call.scope is None for call in program.calls if call.derivative_of is not None)


def test_values_in_place_of_parameters_are_named_by_path() -> None:
    model = nn.Sequential(nn.Linear(3, 2, rng=0))
    own = {"0.weight": ag.Tensor(np.ones((2, 3)), requires_grad=True)}
    program = recorded(lambda: nn.functional_call(model, own, X))
    assert program.variables[program.ref(own["0.weight"]).index].name == "0.weight"
    assert scopes(program) == [("linear", [("", "Sequential"), ("0", "Linear")])]


def test_a_module_of_another_model_has_no_path() -> None:
    class Holder(nn.Module):
        def forward(self, x: Any) -> Any:
            return other(x)

    other = nn.Linear(3, 2, rng=0)
    assert scopes(recorded(lambda: Holder()(X))) == [("linear", [("", "Holder"), ("", "Linear")])]


def test_a_call_method_of_its_own_has_no_box_unless_it_opens_one() -> None:
    class Plain(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(3, 3, rng=0)

        def __call__(self, x: Any) -> Any:
            return self.layer(x) * 2.0

    class Open(Plain):
        def __call__(self, x: Any) -> Any:
            with ag.module_scope(self):
                return super().__call__(x)

    assert scopes(recorded(lambda: nn.Sequential(Plain())(X))) == [
        ("linear", [("", "Sequential"), ("0.layer", "Linear")]),
        ("multiply", [("", "Sequential")]),
    ]
    assert scopes(recorded(lambda: nn.Sequential(Open())(X))) == [
        ("linear", [("", "Sequential"), ("0", "Open"), ("layer", "Linear")]),
        ("multiply", [("", "Sequential"), ("0", "Open")]),
    ]


def test_a_scope_is_left_when_forward_raises() -> None:
    model = Broken()
    program = recorded(lambda: model(ag.Tensor(X) * 2.0))
    assert scopes(program) == [
        ("multiply", []),
        ("linear", [("", "Broken"), ("layer", "Linear")]),
    ]

    def fails() -> None:
        with pytest.raises(ValueError, match="expected"):
            model.wrong(X)
        np.exp(ag.Tensor(X))

    assert scopes(recorded(fails)) == [("exp", [])]


def test_layers_called_from_a_generator() -> None:
    class Steps(nn.Module):
        def __init__(self) -> None:
            self.layers = [nn.Tanh(), nn.Sigmoid()]

        def states(self, x: Any) -> Iterator[Any]:
            for layer in self.layers:
                x = layer(x)
                yield x

        def forward(self, x: Any) -> Any:
            return sum(np.mean(state) for state in self.states(x))

    steps = ("", "Steps")
    assert scopes(recorded(lambda: Steps()(ag.Tensor(X)))) == [
        ("tanh", [steps, ("layers.0", "Tanh")]),
        ("mean", [steps]),
        ("add", [steps]),
        ("sigmoid", [steps, ("layers.1", "Sigmoid")]),
        ("mean", [steps]),
        ("add", [steps]),
    ]


def test_threads_record_on_their_own() -> None:
    model, programs = Net(), {}
    both = threading.Barrier(2, timeout=30)

    def work(name: str) -> None:
        with ag.record() as program:
            both.wait()
            for _ in range(3):
                model(X)
            both.wait()
        programs[name] = program

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    with ag.record() as program:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert program.calls == [], "other threads record nothing here"
    once = scopes(recorded(lambda: model(X)))
    assert scopes(programs["a"]) == scopes(programs["b"]) == 3 * once


def test_outside_of_a_recording_a_call_opens_no_scope(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(module: Any) -> Any:
        raise AssertionError("a scope was opened")

    monkeypatch.setattr(ag, "module_scope", fails)
    Net()(X)
    with pytest.raises(AssertionError, match="opened"), ag.record():
        Net()(X)


def test_paths_are_looked_up_once_for_all_layers() -> None:
    class Counting(nn.Sequential):
        met = 0

        def named_children(self) -> Iterator[tuple[str, nn.Module]]:
            for name, child in super().named_children():
                self.met += 1
                yield name, child

    model = Counting(*[nn.Tanh() for _ in range(100)])
    assert len(recorded(lambda: model(ag.Tensor(X))).calls) == 100
    assert model.met <= 300, "in a deep network the walk at every call would take minutes"


def test_parameters_that_a_step_wrote_keep_their_paths() -> None:
    model = nn.Linear(2, 1, rng=0)
    optimizer = nn.SGD(model, lr=0.1)
    with ag.record() as program:
        for _ in range(2):
            optimizer.zero_grad()
            np.mean(model(np.ones((3, 2))) ** 2).backward()
            optimizer.step()
    listed = [line.split()[0] for line in str(program).splitlines() if line.endswith("parameter")]
    assert listed == ["weight", "bias", "weight_2", "bias_2"]
