"""Results that are known before the program runs."""

import numpy as np

import autograd_np as ag
from autograd_np.lowering.effects import callback
from autograd_np.lowering.passes.constants import constants
from autograd_np.program import Call, Program, Ref, Variable
from autograd_np.rules.creation import arange_like, eye_like
from tests.autograd_np.lowering.programs import assert_same, names_of, recorded
from tests.autograd_np.lowering.recordings import record

A = np.random.default_rng(0).normal(size=(5, 4))


def test_what_depends_on_a_shape_alone_is_a_constant():
    program = recorded(lambda x: np.zeros_like(x) + x * np.ones_like(x), A)
    known = constants(program)
    assert names_of(program) == ["zeros_like", "ones_like", "multiply", "add"]
    assert names_of(known) == ["multiply", "add"]
    assert_same(known, program)
    ones = known.calls[0].args[1]
    assert not ones.flags.writeable


def test_arrays_made_like_another_are_constants():
    program = recorded(lambda x: x + arange_like(x, 4) + eye_like(x, 5, 4), A)
    assert names_of(constants(program)) == ["add", "add"]
    assert_same(constants(program), program)


def test_the_order_in_memory_stays():
    program = recorded(lambda x: np.zeros_like(x.T) @ x, A)
    call = constants(program).calls[-1]
    assert call.args[0].strides == np.zeros_like(A.T).strides


def test_what_is_computed_of_constants_is_one():
    program = recorded(lambda x: x * np.exp(np.zeros_like(x) + 1.0), A)
    assert names_of(constants(program)) == ["multiply"]
    assert_same(constants(program), program)


def test_an_output_may_be_a_constant():
    program = recorded(lambda x: (np.zeros_like(x), x * 2), A)
    (zero, _) = constants(program).outputs
    np.testing.assert_array_equal(zero, np.zeros_like(A))


def test_what_is_stored_stays_a_value():
    program = recorded(np.zeros_like, A)
    program.outputs, program.updates = [], {program.inputs[0].index: program.outputs[0]}
    assert names_of(constants(program)) == ["zeros_like"]


def test_the_value_that_was_recorded_is_not_handed_on():
    program = recorded(lambda x: np.zeros_like(x) + x, A)
    recorded_value = program.variables[program.calls[0].outputs[0].index].value
    assert constants(program).calls[0].args[0] is not recorded_value


def call_of(function, *args):
    """A program that does nothing but call a function on constants."""
    value = np.asarray(function(*args))
    out = Ref(1)
    variables = {1: Variable(value.shape, value.dtype, value, False, None)}
    return Program(
        calls=[Call(function, args, {}, (out,), ("here", 1))], variables=variables, outputs=[out]
    )


def test_a_call_of_settings_alone_is_a_constant():
    assert not constants(call_of(np.arange, 5)).calls


def test_an_array_of_the_callers_is_no_constant():
    mine = np.ones(3)
    for array in (mine, mine[:2]):
        assert constants(call_of(np.exp, array)).calls
    mine.flags.writeable = False
    assert constants(call_of(np.exp, mine)).calls


def test_an_effect_is_no_constant():
    program = call_of(np.arange, 5)
    program.calls[0] = Call(
        callback, (np.random.default_rng(0).random,), {}, program.calls[0].outputs, ("here", 1)
    )
    assert constants(program).calls == program.calls


def test_zeros_times_something_stay_in_the_sum():
    program = recorded(lambda x: np.zeros_like(x) + x, np.array([-0.0, np.nan]))
    assert_same(constants(program), program)
    assert names_of(constants(program)) == ["add"]


def test_the_slope_of_a_step_function_is_a_constant():
    x = ag.Tensor(A, requires_grad=True)
    with record() as program:
        (np.floor_divide(x, 2.0) * x).sum().backward()
        program.outputs = [program.ref(x.grad)]
    assert "zeros_like" in names_of(program)
    assert "zeros_like" not in names_of(constants(program))
    assert_same(constants(program), program)
