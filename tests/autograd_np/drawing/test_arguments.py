"""What `draw` is given: everything else than Tensors is refused, with the line to write instead."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.autograd_np.drawing.reading import read

W = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")


class Model:
    """No module of ours, but one all the same."""

    def named_parameters(self):
        return iter(())


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ((nn.Linear(2, 3, rng=0),), r"given the module Linear\. Write model\.draw\(x\)"),
        ((Model(),), r"given the module Model\. Write model\.draw\(x\)"),
        (((W, W),), r"given a tuple\. Write ag\.draw\(\*tensors\)"),
        (([W],), r"given a list\. Write ag\.draw\(\*tensors\)"),
        (({"loss": W},), r"given a dict\. Write ag\.draw\(loss\)"),
        ((np.ones(2),), r"given an array.*ag\.Tensor\(array, requires_grad=True\)"),
        ((3.0,), r"given a float\. Write ag\.draw\(loss\)"),
        ((3,), r"given an int\. Write ag\.draw\(loss\)"),
        ((None,), r"given a NoneType\. Write ag\.draw\(loss\)"),
        (("loss",), r"given a str\. Write ag\.draw\(loss\)"),
        ((np.exp,), r"given the function exp\. Write ag\.draw\(exp\(x\)\)"),
        ((lambda x: x,), r"given the function <lambda>"),
        ((int,), r"given the class int\b"),
        ((), r"given none\. Write ag\.draw\(loss\)"),
        ((W, 3.0), r"given a float"),
        ((ag.Tensor(1.0),), r"nothing was recorded.*requires_grad=True"),
        ((W.detach(),), r"nothing was recorded.*with ag\.record\(\):"),
        ((W, ag.Tensor(1.0) * 2.0), r"nothing was recorded"),
    ],
)
def test_wrong_arguments(given, message):
    with pytest.raises(TypeError, match=message):
        ag.draw(*given)


def test_two_programs_are_none():
    with ag.record() as program:
        W * 2.0
    with pytest.raises(TypeError, match="given a Program"):
        ag.draw(program, program)


@pytest.mark.parametrize("rankdir", ["lr", "left", "", None, 3, ["TB"]])
def test_wrong_directions(rankdir):
    with pytest.raises(ValueError, match=r"'TB', 'LR', 'BT', 'RL'"):
        ag.draw(W * 2.0, rankdir=rankdir)


def test_an_option_that_is_not_known():
    with pytest.raises(TypeError, match="colour"):
        ag.draw(W * 2.0, colour="red")


def test_an_empty_program():
    with ag.record() as program:
        pass
    assert not read(ag.draw(program)).vertices
    assert not read(ag.draw(program, backward=True)).vertices


def test_every_option_is_documented():
    for name in inspect.signature(ag.draw).parameters:
        assert f"{name} :" in ag.draw.__doc__ or f"{name}," in ag.draw.__doc__, name


def test_after_backward_the_structure_is_still_there():
    w = ag.Tensor(2.0, requires_grad=True)
    y = w * w
    y.backward()
    assert read(ag.draw(y)).titled("multiply")


def test_graphviz_is_imported_late():
    code = "import sys, autograd_np; assert 'graphviz' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
