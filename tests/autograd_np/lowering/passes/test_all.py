"""All passes one after the other, and each left out."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.passes import PASSES, check_names, run_passes
from tests.autograd_np.lowering.programs import (
    NAMES,
    OPTIMIZERS,
    SMALL,
    assert_same,
    names_of,
    recorded,
    training_step,
)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", SMALL)
def test_a_step_of_a_network_stays_the_same(name, optimizer):
    program = training_step(name, optimizer)
    assert_same(run_passes(program), program, seeds=[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_step_of_the_largest_network_stays_the_same(dtype):
    program = training_step(NAMES[-1], "adam", dtype)
    assert_same(run_passes(program), program, seeds=[0])


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_can_be_left_out(name):
    program = training_step(SMALL[0], "adamw")
    assert_same(run_passes(program, without=[name]), program, seeds=[0])


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_changes_nothing_that_it_is_given(name):
    program = training_step(SMALL[1], "adam")
    for earlier in list(PASSES)[: list(PASSES).index(name)]:
        program = PASSES[earlier](program)
    before = _contents(program)
    PASSES[name](program)
    assert _contents(program) == before


def _contents(program):
    return (
        str(program),
        [id(call) for call in program.calls],
        list(program.inputs),
        {index: id(variable) for index, variable in program.variables.items()},
        list(program.outputs),
        dict(program.updates),
        dict(program.packs),
        dict(program.gradients),
    )


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_does_all_of_its_work_at_once(name):
    program = run_passes(training_step(SMALL[0], "adam"))
    again = PASSES[name](program)
    assert names_of(again) == names_of(program)


def test_each_value_is_computed_before_it_is_read():
    program = run_passes(training_step(SMALL[0], "rmsprop"))
    interpret(program, {})
    made = [ref for call in program.calls for ref in call.outputs]
    assert len(set(made)) == len(made)


@pytest.mark.parametrize("function", [run_passes, None])
def test_a_name_that_is_no_pass_is_an_error(function):
    with pytest.raises(ValueError, match="no pass called 'fuse'; expected some of inline, copies"):
        run_passes(recorded(np.exp, np.ones(2)), ["fuse"]) if function else check_names(["fuse"])


def test_a_step_by_grad_equals_the_one_without_passes():
    """As `grad` has it: the arguments copied, the gradients copied again."""
    x = np.random.default_rng(0).normal(size=(8, 3))

    def step(w):
        value, g = ag.value_and_grad(lambda w: np.tanh(ag.Tensor(x) @ w).sum())(w)
        return value, w - 0.1 * g

    program = recorded(step, np.ones((3, 2)))
    shorter = run_passes(program)
    assert_same(shorter, program)
    assert "positive" not in names_of(shorter)
    assert len(shorter.calls) < len(program.calls)
