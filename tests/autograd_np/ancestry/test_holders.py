"""Names of values that lie within what variables hold: lists, dicts, objects, modules."""

import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry.holders import held
from autograd_np.ancestry.labels import display_names
from autograd_np.lowering.naming import value_names


def leaf(*shape):
    return ag.Tensor(np.ones(shape), requires_grad=True)


def names(program):
    """The names of a program's values, in order."""
    return list(display_names(program).values())


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_parameters_in_dicts_and_lists(recorded):
    params = {"W": leaf(2), "layers": [{"b": leaf(2)}, (leaf(2), leaf(2))], 3: leaf(2)}

    def run():
        first, second = params["layers"]
        return params["W"] * first["b"] * second[1] * params[3]

    if recorded:
        with ag.record():
            y = run()
    else:
        y = run()
    program = ag.trace(y)
    found = names(program)
    inside = ["params['layers'][0]['b']", "params['layers'][1][1]"]
    assert found[:4] == ["params['W']", *inside, "params[3]"]
    assert found[-1] == "y"
    assert all(name.isidentifier() for name in value_names(program).values())


def test_a_variable_of_the_recorded_function_goes_before():
    params = {"W": leaf(2)}

    def run():
        W = params["W"]
        return W * 2

    with ag.record():
        y = run()
    assert names(ag.trace(y)) == ["W", "y"]


def test_values_in_a_list():
    x, hs = leaf(2), []
    for _ in range(3):
        hs.append(np.tanh(hs[-1] if hs else x))
    assert names(ag.trace(hs[-1] * 2)) == ["x", "hs[0]", "hs[1]", "hs[2]", "t1"]


def test_the_losses_of_a_loop():
    w, rows, losses = leaf(2), np.ones((3, 2)), []
    for _ in range(3):
        with ag.record():
            loss = np.sum(rows @ w)
        losses.append(loss)
    found = names(ag.trace(*losses))
    assert [name for name in found if "loss" in name] == ["losses[0]", "losses[1]", "loss"]
    # One array is one input, in however many recordings.
    assert [name for name in found if "rows" in name] == ["rows"]


def test_one_array_recorded_and_not():
    w, rows = leaf(2), np.ones((3, 2))
    with ag.record():
        a = rows @ w
    b = rows @ w
    program = ag.trace(a * b)
    assert names(program)[:2] == ["rows", "w"]
    assert len(program.inputs) == 2
    assert "matmul(rows, w)" in str(program)


def test_equal_arrays_are_two():
    w, rows, others = leaf(2), np.ones((3, 2)), np.ones((3, 2))
    with ag.record():
        y = rows @ w + others @ w
    assert names(ag.trace(y))[:3] == ["rows", "w", "others"]


class Net:
    """A network of somebody who does not use `nn`."""

    def __init__(self):
        self.W = leaf(2)
        self.parts = [leaf(2)]

    def run(self):
        return self.W * self.parts[0]

    def traced(self):
        return names(ag.trace(self.run()))


def test_attributes():
    net = Net()
    assert net.traced() == ["self.W", "self.parts[0]", "t1"]
    assert names(ag.trace(net.run())) == ["net.W", "net.parts[0]", "t1"]
    held_by_a_variable = net.W
    assert names(ag.trace(net.run()))[0] == "held_by_a_variable"
    assert held_by_a_variable.shape == (2,)


def test_plain_arrays():
    w, batch = leaf(3), {"x": np.ones((4, 3))}
    assert names(ag.trace(batch["x"] @ w)) == ["batch['x']", "w", "t1"]
    with ag.record():
        y = batch["x"] @ w
    assert names(ag.trace(y)) == ["batch['x']", "w", "y"]


def test_a_module_within_an_object():
    class Trainer:
        def __init__(self):
            self.model = nn.Sequential(nn.Linear(2, 1, rng=0))

        def traced(self):
            return names(ag.trace(self.model(np.ones((3, 2)))))

    assert {"0.weight", "0.bias"} < {*Trainer().traced()}


def test_containers_that_hold_themselves():
    params = {"W": leaf(2)}
    params["again"] = [params]
    assert names(ag.trace(params["W"] * 2))[0] == "params['W']"


def test_variables_that_answer_to_any_attribute():
    class Lazy:
        def __getattr__(self, name):
            raise RuntimeError(f"{name}: not within a request")

    lazy = Lazy()
    w = leaf(2)
    assert names(ag.trace(w * 2)) == ["w", "t1"]
    assert isinstance(lazy, Lazy)


def test_recordings_and_trees_of_ours_name_nothing():
    with ag.record() as program:
        (leaf(2) * 2).sum()
    optimizer = nn.SGD([leaf(2)], lr=0.1)
    assert not [path for path, _ in held({"p": program, "o": optimizer}) if "." in path]


def test_large_data_takes_no_time():
    w = leaf(2)
    rows = [[float(i + j) for j in range(100)] for i in range(1000)]
    table = {i: i for i in range(1_000_000)}
    objects = [[Net() for _ in range(30)] for _ in range(300)]
    y = w * 2
    start = time.perf_counter()
    assert names(ag.trace(y)) == ["w", "y"]
    assert time.perf_counter() - start < 0.5
    assert len(rows) + len(table) + len(objects) > 0
