"""Calls that are made once for several."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.effects import callback
from autograd_np.lowering.passes.arguments import key_of
from autograd_np.lowering.passes.common_subexpressions import common_subexpressions
from autograd_np.lowering.passes.inline import inline
from autograd_np.program import Call, Ref
from tests.autograd_np.lowering.programs import (
    NAMES,
    assert_same,
    names_of,
    recorded,
    training_step,
)
from tests.autograd_np.lowering.recordings import record

rng = np.random.default_rng(0)
A = rng.normal(size=(6, 4))
SQUARE = rng.normal(size=(70, 70))


def test_equal_calls_share_their_result():
    program = recorded(lambda x: (np.exp(x) + 1) * (np.exp(x) + 1) / (np.exp(x) + 2), A)
    shared = common_subexpressions(program)
    assert names_of(shared) == ["exp", "add", "multiply", "add", "divide"]
    assert_same(shared, program)


def test_transposes_are_shared():
    program = recorded(lambda x, y: x.T @ y + x.T @ (2 * y), A, A)
    shared = common_subexpressions(program)
    assert names_of(shared).count("transpose") == 1
    assert_same(shared, program)


DIFFERENT = {
    "operands": lambda x: np.exp(x) + np.exp(x * 2),
    "order of operands": lambda x: (x - 1.5) + (1.5 - x),
    "settings": lambda x: x.sum(axis=0) + x.sum(axis=0, keepdims=True),
    "type of a number": lambda x: (x * 2) + (x * 2.0),
    "sign of zero": lambda x: x * 0.0 + x * -0.0,
    "dtype of a number": lambda x: x * np.float32(2) + x * np.float64(2),
    "index": lambda x: x[1:] + x[:-1],
    "array": lambda x: x * np.ones(4) + x * np.ones(4),
    "shape": lambda x: x.reshape(24) + x.reshape(24, 1),
    "dtype": lambda x: x.astype("f4") + x.astype("c16"),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_calls_that_differ_in_anything_stay(name):
    program = recorded(DIFFERENT[name], A)
    assert names_of(common_subexpressions(program)) == names_of(program)


def test_one_array_is_one_constant():
    ones = np.ones(4)
    program = recorded(lambda x: x * ones + x * ones, A)
    assert names_of(common_subexpressions(program)) == ["multiply", "add"]


def test_outputs_have_memories_of_their_own():
    program = recorded(lambda x: (np.exp(x), np.exp(x)), A)
    assert names_of(common_subexpressions(program)) == ["exp", "exp"]


def test_what_is_handed_out_may_be_the_first_of_two():
    program = recorded(lambda x: (np.exp(x), np.exp(x) + 1), A)
    assert names_of(common_subexpressions(program)) == ["exp", "add"]


@pytest.mark.parametrize("product", [np.matmul, np.dot, np.inner])
def test_the_operands_of_a_product_stay_two_arrays(product):
    program = recorded(lambda x: product(np.tanh(x).T, np.tanh(x)), SQUARE)
    assert names_of(common_subexpressions(program)).count("tanh") == 2
    assert_same(common_subexpressions(program), program)


def test_the_operands_of_a_product_stay_one_array():
    def gram(x):
        y = np.tanh(x)
        return y.T @ y + np.exp(x.T) + np.exp(x.T)

    program = recorded(gram, SQUARE)
    assert names_of(common_subexpressions(program)).count("exp") == 1
    assert_same(common_subexpressions(program), program)


def test_a_product_of_looks_into_two_equal_arrays_keeps_both():
    program = recorded(lambda x: np.tanh(x)[1:].T @ np.tanh(x).reshape(70, 70)[1:], SQUARE)
    assert names_of(common_subexpressions(program)).count("tanh") == 2


def test_two_copies_of_rows_that_a_product_reads_stay_two():
    rows = np.arange(0, 70, 2)
    program = recorded(lambda x: x[rows].T @ x[rows], SQUARE)
    assert names_of(common_subexpressions(program)).count("getitem") == 2
    assert_same(common_subexpressions(program), program)


def test_what_functions_of_ours_look_into_stays_two_arrays():
    def turned(x):
        # The product of matrices in here is handed out transposed.
        return np.einsum("bij,bjk->ikb", x, x + 1)

    x = rng.normal(size=(5, 5, 5))
    program = inline(recorded(lambda x: turned(x) @ turned(x).transpose(0, 2, 1), x))
    shared = common_subexpressions(program)
    assert names_of(shared).count("matmul") == names_of(program).count("matmul") == 3
    assert_same(shared, program)


def test_a_call_of_several_results_is_shared_whole():
    program = recorded(lambda x: np.divmod(x, 2.0)[0] + np.divmod(x, 2.0)[1], A)
    assert names_of(common_subexpressions(program)) == ["divmod", "add"]
    assert_same(common_subexpressions(program), program)


def test_effects_are_never_shared():
    program = recorded(lambda x: np.exp(x) + np.exp(x), A)
    draw = np.random.default_rng(0).random
    for place in (0, 1):
        outputs = program.calls[place].outputs
        program.calls[place] = Call(callback, (draw,), {}, outputs, ("here", 1))
    assert names_of(common_subexpressions(program)) == ["callback", "callback", "add"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_step_of_each_network_stays_the_same(name, optimizer):
    program = training_step(name, optimizer)
    assert_same(common_subexpressions(program), program, seeds=[0])


def test_the_numbers_of_a_step_are_computed_once():
    program = training_step(NAMES[0], "adam")
    assert names_of(program).count("pow") > 3
    assert names_of(common_subexpressions(program)).count("pow") == 3


def test_keys_tell_apart_what_computes_something_else():
    same = [1, 1.0, True, np.float32(1), np.float64(1), "1", (1,), [1], None, slice(1), Ref(1)]
    assert len({key_of(value) for value in same}) == len(same)
    assert key_of(slice(1, Ref(2))) == key_of(slice(1, Ref(2)))
    assert key_of({"b": 1, "a": [2]}) == key_of({"a": [2], "b": 1})


def test_a_gradient_shares_what_the_loss_computed():
    x = ag.Tensor(A, requires_grad=True)
    with record() as program:
        (np.exp(x) * np.sin(x)).sum().backward()
        program.outputs = [program.ref(x.grad), program.ref(np.sin(x) + np.exp(x))]
    assert names_of(common_subexpressions(program)).count("exp") == 1
    assert_same(common_subexpressions(program), program)
