"""Names of values: the user's, those of variables, paths within modules, short numbers."""

import os
import re
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry.labels import LONGEST, display_names
from autograd_np.lowering.naming import value_names


def leaf(*shape, name=None):
    return ag.Tensor(np.ones(shape), requires_grad=True, name=name)


def names(program):
    """The names of a program's values, in order."""
    return list(display_names(program).values())


module_level = leaf(2)


def test_variables_of_the_module():
    assert names(ag.trace(module_level * 2)) == ["module_level", "t1"]


def test_variables_of_the_function_win_over_those_of_the_module():
    local = module_level
    assert names(ag.trace(local * 2))[0] == "local"


def test_variables_of_a_closure():
    outside = leaf(2)

    def inner():
        return names(ag.trace(outside * 2))

    assert inner() == ["outside", "t1"]


def test_variables_of_a_class_body():
    class Body:
        weight = leaf(2)
        result = weight * 2
        found = names(ag.trace(result))

    assert Body.found == ["weight", "result"]
    assert Body.weight.shape == (2,)


def test_a_parameter_of_a_function_names_what_it_holds():
    def f(data):
        return names(ag.trace(data * 2))

    assert f(leaf(2)) == ["data", "t1"]


def test_the_users_name_wins_over_the_variable():
    w = leaf(2, name="theta")
    y = w * 2
    y.name = "doubled"
    assert names(ag.trace(y)) == ["theta", "doubled"]


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_a_name_given_after_the_operation(recorded):
    if recorded:
        with ag.record():
            z = leaf(2) * 2
    else:
        z = leaf(2) * 2
    z.name = "late"
    assert names(ag.trace(z))[-1] == "late"


def test_private_variables_are_nobodys_names():
    _hidden = leaf(2)
    assert names(ag.trace(_hidden * 2)) == ["t1", "t2"]


def test_a_variable_of_a_loop_in_a_recording_numbers_its_values():
    x = leaf(2)
    with ag.record() as program:
        for _ in range(3):
            x = np.tanh(x)
        end = x * 2
    assert names(program) == ["x", "x_2", "x_3", "x_4", "end"]
    # A variable names what it holds now.
    assert names(ag.trace(end)) == ["t1", "t2", "t3", "x", "end"]


def test_a_result_goes_by_the_variable_that_holds_it():
    w = leaf(2)
    with ag.record():
        loss = (w * w).sum()
        loss = loss + 1
    assert names(ag.trace(loss)) == ["w", "t1", "t2", "loss"]


def test_plain_arrays_go_by_their_variables():
    w, rows = leaf(3), np.ones((4, 3))
    assert names(ag.trace(rows @ w)) == ["rows", "w", "t1"]
    with ag.record():
        y = rows @ w
    assert names(ag.trace(y)) == ["rows", "w", "y"]


def test_of_several_variables_the_first_names_the_value():
    w, v = leaf(2), leaf(2)
    # Leaves `p` holding v.
    for p in (w, v):
        assert p.shape == (2,)
    assert names(ag.trace(w * v)) == ["w", "v", "t1"]
    with ag.record():
        y = w * v
    assert names(ag.trace(y)) == ["w", "v", "y"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("0.weight", "0.weight"),
        ("layers.0.weight", "layers.0.weight"),
        ("learning rate", "learning rate"),
        ("Δθ", "Δθ"),
        ("重み", "重み"),
        ('a<b>&{c|d}\\"e"', 'a<b>&{c|d}\\"e"'),
        ("two\nlines\tand more", "two lines and more"),
        ("zero​width\x00", "zero width"),
        ("sum", "sum"),
        ("lambda", "lambda"),
        ("x" * 200, "x" * (LONGEST - 1) + "…"),
        ("t2", "t2"),
    ],
)
def test_names_are_shown_as_given_on_one_line(given, shown):
    program = ag.trace(leaf(2, name=given) * 2)
    assert names(program)[0] == shown
    assert len(set(names(program))) == 2


@pytest.mark.parametrize("given", ["", " ", "\n"])
def test_a_name_of_nothing_is_none(given):
    assert names(ag.trace(leaf(2, name=given) * 2))[0] in {"t1", "p"}


def test_the_same_name_twice():
    a, b, c = leaf(2, name="0.weight"), leaf(2, name="0.weight"), leaf(2, name="0.weight_2")
    assert names(ag.trace(a * b * c)) == ["0.weight", "0.weight_2", "0.weight_2_2", "t1", "t2"]


def test_the_users_names_go_first():
    x = leaf(2)
    y = x * 2
    y.name = "x"
    assert names(ag.trace(y)) == ["x_2", "x"]


def test_the_same_name_thousands_of_times():
    y = leaf(2)
    for _ in range(3000):
        y = y * 1.0
        y.name = "0.h"
    found = names(ag.trace(y))
    assert len(set(found)) == 3001
    assert found[-1] == "0.h_3000"


def test_built_in_names_are_names():
    input = leaf(2)
    max = input * 2
    assert names(ag.trace(max)) == ["input", "max"]
    assert list(value_names(ag.trace(max)).values()) == ["input_2", "max_2"]


def test_gradients_go_by_what_they_are_the_gradients_of():
    w, path, loss = leaf(2, name="w"), leaf(2, name="0.weight"), None
    with ag.record() as program:
        loss = (w * path * w).sum()
        loss.backward()
    found = names(program)
    assert {"dw", "0.weight.grad", "dloss"} <= set(found)
    assert loss.shape == ()


def test_of_two_values_each_may_be_the_gradient_of_the_other():
    w = leaf(2, name="w")
    with ag.record() as program:
        x, y = w * 2, w * 3
        x.backward(y, retain_graph=True)
        y.backward(x, retain_graph=True)
    assert len(set(names(program))) == len(program.variables)


def test_values_and_names_are_those_of_value_names():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with ag.record() as program:
        model(np.ones((4, 2))).sum().backward()
    shown, plain = display_names(program), value_names(program)
    assert list(shown) == list(plain)
    assert len(set(shown.values())) == len(shown)
    changed = {i for i in shown if shown[i] != plain[i]}
    assert {plain[i] for i in changed} == {
        f"{d}{p}_{n}" for d in ("", "d") for p in ("weight", "bias") for n in (0, 2)
    }


class Tied(nn.Module):
    """Two layers with one weight."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3)
        self.second.weight = self.first.weight

    def forward(self, x):
        return self.second(self.first(x))


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_a_parameter_of_two_modules_has_one_name(recorded):
    tied = Tied()
    if recorded:
        with ag.record():
            y = tied(np.ones((2, 3)))
    else:
        y = tied(np.ones((2, 3)))
    found = names(ag.trace(y))
    assert found.count("first.weight") == 1
    assert "second.weight" not in found
    assert {"first.bias", "second.bias"} <= set(found)


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_two_models_with_the_same_paths(recorded):
    generator = nn.Sequential(nn.Linear(2, 2), nn.Tanh())
    critic = nn.Sequential(nn.Linear(2, 1), nn.Tanh())
    if recorded:
        with ag.record():
            y = critic(generator(np.ones((3, 2))))
    else:
        y = critic(generator(np.ones((3, 2))))
    found = names(ag.trace(y))
    weights = {"0.weight", "0.weight_2", "0.bias", "0.bias_2"}
    assert weights <= set(found)
    assert len(set(found)) == len(found)


def test_no_address_anywhere():
    class Thing:
        pass

    thing = Thing()

    @ag.custom_op(x=lambda g, x, how: g)
    def op(x, how=None):
        return x + 0

    with ag.record() as program:
        y = op(leaf(2), how=thing) + np.where(leaf(2) > 0, 1.0, 2.0)
    for each in (program, ag.trace(y)):
        assert not re.search(r"0x[0-9a-fA-F]{4}", str(each))
        assert str(id(thing)) not in str(each)


SCRIPT = """
    import numpy as np, autograd_np as ag, nn
    from autograd_np.ancestry import program_of
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 2))
    x, y, scales = rng.normal(size=(5, 2)), np.arange(5) % 2, {"b": 1.0, "a": np.full(2, 2.0)}
    def run():
        h = model(x) * scales["a"]
        return nn.CrossEntropyLoss()(h, y) + sum((p**2).sum() for p in model.parameters())
    lean = run()
    print(ag.trace(lean))
    print(program_of((lean,), None, "draw", backward=True))
    with ag.record() as program:
        loss = run()
        loss.backward()
    print(program)
    print(ag.trace(loss))
"""


def test_two_processes_say_the_same():
    texts = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        code = textwrap.dedent(SCRIPT)
        run = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
        assert not run.returncode, run.stderr
        texts.append(run.stdout)
    assert texts[0] == texts[1]
    assert "0.weight" in texts[0]
