"""Calls that nobody reads are left out, and no others."""

import numpy as np

import autograd_np as ag
from autograd_np.lowering.effects import callback
from autograd_np.lowering.passes.dead_code import dead_code
from autograd_np.program import Call
from tests.autograd_np.lowering.programs import assert_same, names_of, recorded, training_step
from tests.autograd_np.lowering.recordings import record

A = np.random.default_rng(0).normal(size=(6, 4))


def unread(x):
    np.exp(np.sin(x))
    return np.cos(x) * 2


def test_what_nobody_reads_is_left_out():
    program = recorded(unread, A)
    assert names_of(dead_code(program)) == ["cos", "multiply"]
    assert_same(dead_code(program), program)
    assert len(program.calls) == 4


def test_a_call_lives_if_one_of_its_results_is_read():
    program = recorded(lambda x: np.divmod(x, 2.0)[1], A)
    assert names_of(dead_code(program)) == ["divmod"]


def test_what_is_stored_is_read():
    program = recorded(unread, A)
    program.outputs, program.updates = [], {program.inputs[0].index: program.calls[0].outputs[0]}
    assert names_of(dead_code(program)) == ["sin"]


def test_what_stands_in_a_list_or_an_index_is_read():
    program = recorded(lambda x, i: np.concatenate([x[i * 1, :], np.exp(x)]), A, np.array([2, 0]))
    assert names_of(dead_code(program)) == names_of(program)


def test_effects_live_and_what_they_read():
    program = recorded(unread, A)
    exp = program.calls[1]
    program.calls[1] = Call(callback, (print, *exp.args), {}, exp.outputs, exp.source)
    assert names_of(dead_code(program)) == ["sin", "callback", "cos", "multiply"]


def test_inputs_stay():
    program = recorded(lambda x, y: y * 2, A, A)
    assert dead_code(program).inputs == program.inputs


def test_the_gradient_of_what_asks_for_none_is_left_out():
    x = ag.Tensor(A, requires_grad=True)
    with record() as program:
        loss = ag.cross_entropy(x, np.zeros(6, int))
        loss.backward()
        program.outputs = [program.ref(loss)]
    assert names_of(dead_code(program)) == ["cross_entropy"]


def test_a_whole_step_is_read():
    program = training_step("4-6-10-8-3")
    dead = len(program.calls) - len(dead_code(program).calls)
    assert dead <= 2
    assert_same(dead_code(program), program)
