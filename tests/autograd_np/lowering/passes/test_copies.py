"""Copies that are left out, and those that somebody would miss."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.passes.copies import copies
from tests.autograd_np.lowering.programs import assert_same, names_of, recorded
from tests.autograd_np.lowering.recordings import record

rng = np.random.default_rng(0)
A = rng.normal(size=(5, 4))

COPIES = {
    "positive": lambda x: +x,
    "copy": np.copy,
    "astype": lambda x: x.astype(float),
    "detach": lambda x: x.detach(),
    "real": np.real,
    "reshape": lambda x: x.reshape(5, 4),
    "squeeze": np.squeeze,
    "broadcast_to": lambda x: np.broadcast_to(x, (5, 4)),
    "whole": lambda x: x[...],
    "conjugate": np.conjugate,
    "twice": lambda x: +np.copy(x),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_gives_way_to_what_it_is_a_copy_of(name):
    program = recorded(lambda x: np.exp(COPIES[name](x)) * 2, A)
    without = copies(program)
    assert names_of(without) == ["exp", "multiply"]
    assert_same(without, program)


CHANGES = {
    "another dtype": lambda x: x.astype("f4"),
    "another dtype of the same size": lambda x: x.astype("i8"),
    "another shape": lambda x: x.reshape(4, 5),
    "another order": lambda x: np.copy(x.T),
    "part": lambda x: x[1:],
    "negative": lambda x: -x,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_no_copy_stays(name):
    program = recorded(lambda x: np.exp(CHANGES[name](x)), A)
    assert names_of(copies(program)) == names_of(program)


def test_the_conjugate_of_complex_numbers_stays():
    program = recorded(lambda x: np.exp(np.conjugate(x)), A + 1j)
    assert names_of(copies(program)) == ["conjugate", "exp"]


def test_an_output_has_a_memory_of_its_own():
    program = recorded(lambda x: (+x, np.exp(+x)), A)
    assert names_of(copies(program)) == ["positive", "exp"]


def test_a_look_into_a_copy_that_is_handed_out_keeps_the_copy():
    program = recorded(lambda x: (+x).T, A)
    assert names_of(copies(program)) == ["positive", "transpose"]


def test_two_outputs_have_two_memories():
    program = recorded(lambda x: (y := np.exp(x), +y), A)
    assert names_of(copies(program)) == ["exp", "positive"]


def update(function):
    """A program that writes what a function of an input makes into the input."""
    program = recorded(function, A, A * 2)
    (new,) = program.outputs
    program.outputs, program.updates = [], {program.inputs[0].index: new}
    return program


def test_what_is_stored_is_copied_anyway():
    program = update(lambda x, y: (x * 2).detach())
    assert names_of(copies(program)) == ["multiply"]
    assert_same(copies(program), program)


def test_an_input_that_is_stored_in_another_is_copied():
    assert names_of(copies(update(lambda x, y: +y))) == ["positive"]


def test_what_is_stored_and_handed_out_is_copied():
    program = update(lambda x, y: +(x * 2))
    program.outputs = [program.calls[0].outputs[0]]
    assert names_of(copies(program)) == ["multiply", "positive"]


def test_what_two_inputs_store_stays_two_values():
    program = recorded(lambda x, y: (q := x * 2, q.detach()), A, A)
    program.updates = dict(zip((r.index for r in program.inputs), program.outputs, strict=True))
    program.outputs = []
    assert names_of(copies(program)) == ["multiply", "stop_gradient"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("product", [np.matmul, np.dot, lambda a, b: np.einsum("ij,jk", a, b)])
def test_a_product_of_two_copies_keeps_two_memories(product, dtype):
    # OpenBLAS computes half of A.T @ A, and rounds otherwise, where both are one array.
    program = recorded(lambda a: product((+a).T, a), rng.normal(size=(70, 70)).astype(dtype))
    assert names_of(copies(program)) == names_of(program)
    assert_same(copies(program), program)


def test_one_of_two_copies_may_go_where_a_product_reads_both():
    program = recorded(lambda a: (+a).T @ (+a), rng.normal(size=(70, 70)))
    assert names_of(copies(program)) == ["transpose", "positive", "matmul"]
    assert_same(copies(program), program)


def test_a_product_with_a_look_into_the_same_memory_counts():
    program = recorded(lambda a: (+a)[1:].T @ a.reshape(70, 70)[1:], rng.normal(size=(70, 70)))
    assert "positive" in names_of(copies(program))


def test_inputs_that_are_one_array_count_as_one():
    x = rng.normal(size=(70, 70))
    with ag.mutation_guard(False):
        one, other = ag.Tensor(0.0), ag.Tensor(0.0)
        one._value, other._value = x, x[...]
        with record() as program:
            program.outputs = [program.ref((+one).T @ other)]
    assert "positive" in names_of(copies(program))


def test_an_element_wise_operation_reads_both_without_a_difference():
    program = recorded(lambda a: (+a) * a, A)
    assert names_of(copies(program)) == ["multiply"]
    assert_same(copies(program), program)
