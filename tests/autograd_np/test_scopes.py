"""Named scopes: what part of a program an operation of a recording is from."""

import threading
import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.recording import Scope


def leaf(*shape):
    return ag.Tensor(np.ones(shape), requires_grad=True)


def paths(program):
    """The path of each call's scope, None where it is in none."""
    return [call.scope and call.scope.path for call in program.calls]


def test_blocks_nest():
    w = leaf(2)
    with ag.record() as program:
        a = w * 2
        with ag.named_scope("encoder"):
            b = a * 2
            with ag.named_scope("attention"):
                c = b * 2
            d = c * 2
        e = d * 2
    assert paths(program) == [None, "encoder", "encoder.attention", "encoder", None]
    assert e.shape == (2,)
    inner = program.calls[2].scope
    assert [scope.name for scope in inner.outwards()] == ["attention", "encoder"]
    assert (inner.kind, inner.module) == ("", None)
    assert inner.outer is program.calls[1].scope is program.calls[3].scope


def test_each_block_is_a_scope_of_its_own():
    w = leaf(2)
    with ag.record() as program:
        for _ in range(2):
            with ag.named_scope("step"):
                w = w * 2
    first, second = (call.scope for call in program.calls)
    assert first.path == second.path == "step"
    assert first is not second
    assert first != second


def test_as_a_decorator():
    @ag.named_scope("penalty")
    def penalty(w):
        return (w * w).sum()

    with ag.record() as program:
        penalty(leaf(2))
        penalty(leaf(2))
    assert paths(program) == ["penalty"] * 4
    assert program.calls[1].scope is not program.calls[2].scope


def test_without_a_recording_nothing_happens():
    with ag.named_scope("a"), ag.module_scope(nn.Tanh()):
        y = leaf(2) * 2
    assert not ag.is_recording()
    assert ag.trace(y).calls[0].scope is None


def test_an_exception_leaves_the_scope():
    w = leaf(2)
    with ag.record() as program:
        with pytest.raises(ValueError, match="stop"), ag.named_scope("a"):
            raise ValueError("stop")
        with pytest.raises(ValueError, match="stop"), ag.module_scope(nn.Tanh()):
            raise ValueError("stop")
        w * 2
    assert paths(program) == [None]


def test_a_gradient_within_a_scope_has_it_too():
    w = leaf(2)
    with ag.record() as program, ag.named_scope("training"):
        (w * w).sum().backward()
    assert set(paths(program)) == {"training"}
    assert any(call.derivative_of for call in program.calls)


def test_no_grad_and_other_modes_keep_the_scope():
    w = leaf(2)
    with ag.record() as program, ag.named_scope("a"):
        with ag.no_grad():
            x = w * 2
        with ag.enable_grad():
            x * 2
    assert paths(program) == ["a", "a"]


def test_scopes_belong_to_their_thread():
    found = {}

    def work(name):
        with ag.record() as program, ag.named_scope(name):
            for _ in range(50):
                leaf(2) * 2
        found[name] = set(paths(program))

    threads = [threading.Thread(target=work, args=(f"thread {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {f"thread {n}": {f"thread {n}"} for n in range(4)}


def test_modules_are_named_by_their_path_in_the_one_around():
    block = nn.Sequential(nn.Tanh(), nn.Linear(3, 1))
    model = nn.Sequential(nn.Linear(2, 3), block)
    with ag.record() as program:
        model(np.ones((4, 2)))
    assert paths(program) == ["0", "1.0", "1.1"]
    scope = program.calls[2].scope
    assert [each.kind for each in scope.outwards()] == ["Linear", "Sequential", "Sequential"]
    assert [each.name for each in scope.outwards()] == ["1", "1", ""]
    assert [each.module for each in scope.outwards()] == [block[1], block, model]


def test_one_module_called_twice():
    layer = nn.Tanh()
    model = nn.Sequential(layer, layer)
    with ag.record() as program:
        model(leaf(2))
    first, second = (call.scope for call in program.calls)
    assert first.path == second.path == "0"
    assert first is not second
    assert first.module is second.module is layer


def test_a_module_that_is_no_part_of_the_one_around():
    class Outer(nn.Module):
        def forward(self, x):
            return nn.Tanh()(nn.Tanh()(x))

    with ag.record() as program:
        Outer()(leaf(2))
    assert [call.scope.name for call in program.calls] == ["", ""]
    assert [call.scope.kind for call in program.calls] == ["Tanh", "Tanh"]


def test_a_module_made_during_the_call_is_found():
    class Growing(nn.Module):
        def __init__(self):
            super().__init__()
            self.first = nn.Tanh()

        def forward(self, x):
            x = self.first(x)
            self.second = nn.Tanh()
            return self.second(x)

    with ag.record() as program:
        Growing()(leaf(2))
    assert paths(program) == ["first", "second"]


def test_a_block_between_modules():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Tanh()

        def forward(self, x):
            with ag.named_scope("branch"):
                return x + self.inner(x)

    with ag.record() as program:
        Residual()(leaf(2))
    assert paths(program) == ["branch.inner", "branch"]


def test_parameters_get_their_paths_unless_they_have_names():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    model[0].bias.name = "offset"
    with ag.record() as program:
        model(np.ones((4, 2)))
    names = {v.name for v in program.variables.values() if v.name}
    assert names == {"0.weight", "offset"}
    # Elsewhere it may be part of another model.
    assert model[0].weight.name is None


def test_a_scope_keeps_no_module_alive():
    with ag.record() as program:
        nn.Sequential(nn.Tanh())(leaf(2))
    scope = program.calls[0].scope
    assert [each.module for each in scope.outwards()] == [None, None]
    assert [each.paths for each in scope.outwards()] == [{}, {}]
    assert (scope.path, scope.kind) == ("0", "Tanh")


def test_thousands_of_layers_take_no_square_of_time():
    model = nn.Sequential(*[nn.Tanh() for _ in range(4000)])
    start = time.perf_counter()
    with ag.record() as program:
        model(leaf(2))
    assert time.perf_counter() - start < 4
    assert program.calls[-1].scope.path == "3999"


def test_the_path_leaves_out_what_has_no_name():
    scope = Scope("", "Model")
    for name in ("a", "", "b"):
        scope = Scope(name, outer=scope)
    assert scope.path == "a.b"
