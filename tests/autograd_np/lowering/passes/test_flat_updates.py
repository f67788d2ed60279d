"""Parameters that lie back to back are updated as one, with the same bits."""

import itertools

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.packed import packed
from autograd_np.lowering.passes.copies import copies
from autograd_np.lowering.passes.dead_code import dead_code
from autograd_np.lowering.passes.flat_updates import flat_updates
from autograd_np.lowering.passes.runs import LARGEST
from tests.autograd_np.lowering.programs import (
    OPTIMIZERS,
    SMALL,
    assert_same,
    names_of,
    training_step,
)
from tests.autograd_np.lowering.recordings import record

# What one update of a parameter takes, beside numbers and the joining of the gradients.
CALLS = {
    "sgd": 2,
    "momentum": 4,
    "nesterov": 6,
    "decay": 4,
    "adam": 13,
    "adam_decay": 15,
    "adamw": 14,
    "rmsprop": 15,
}
KINDS = {"sgd": 1, "momentum": 2, "nesterov": 2, "decay": 1, "adam": 3, "adam_decay": 3}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_optimizer_updates_all_parameters_as_one(optimizer, dtype):
    program = training_step(SMALL[0], optimizer, dtype)
    flat = dead_code(flat_updates(program))
    assert_same(flat, program)
    new = flat.calls[next(i for i, call in enumerate(flat.calls) if call.function is packed) :]
    assert len(flat.packs) == KINDS.get(optimizer, 3)
    assert len(flat.updates) == len(flat.packs)
    assert names_of(flat).count("packed") == 1
    on_arrays = [call for call in flat.calls if _is_flat(flat, call)]
    assert len(on_arrays) == CALLS[optimizer] + 1
    assert set(map(id, new)) <= set(map(id, on_arrays))


def _is_flat(program, call):
    return program.variables[call.outputs[0].index].shape == (215,)


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("optimizer", ["momentum", "adam"])
def test_a_step_of_each_network_stays_the_same(name, optimizer):
    program = training_step(name, optimizer)
    assert_same(flat_updates(program), program)


def test_steps_one_after_the_other_stay_the_same():
    program = training_step(SMALL[0], "adam")
    flat = dead_code(flat_updates(program))
    (step,) = [r for r in program.inputs if program.variables[r.index].name == "step"]
    given, other = {}, {}
    for number in range(1, 11):
        given[step.index] = other[step.index] = number
        (loss,), updates = interpret(program, given)
        (same,), flattened = interpret(flat, other)
        assert loss.tobytes() == same.tobytes()
        given.update(updates)
        other.update(flattened)
    for index in program.updates:
        assert given[index].tobytes() == other[index].tobytes()


def test_a_flat_input_is_a_look_at_the_memory_of_its_inputs():
    program = training_step(SMALL[0], "momentum")
    flat = flat_updates(program)
    assert flat.inputs[: len(program.inputs)] == program.inputs
    assert {ref.index for ref in flat.inputs[len(program.inputs) :]} == set(flat.packs)
    for index, members in flat.packs.items():
        memory = flat.variables[index].value
        values = [flat.variables[ref.index].value for ref in members]
        assert all(np.shares_memory(memory, value) for value in values)
        np.testing.assert_array_equal(memory, packed(*values))
        assert memory.shape == flat.variables[flat.updates[index].index].shape


def test_the_joined_gradient_is_known_as_that_of_the_flat_input():
    flat = flat_updates(training_step(SMALL[0], "adam"))
    (call,) = [call for call in flat.calls if call.function is packed]
    of = flat.gradients[call.outputs[0].index]
    assert [flat.variables[ref.index].name for ref in flat.packs[of]] == [
        f"{letter}{layer}" for layer, letter in itertools.product(range(1, 5), "Wb")
    ]


def test_a_gradient_is_joined_whole():
    """However much of its last steps is the same for all parameters."""
    tensors = [ag.Tensor(np.ones(shape), requires_grad=True) for shape in ((3,), (2, 2))]
    ag.FlatBuffer(tensors)
    with record() as program:
        np.sum(np.stack([np.sum(np.exp(-p) * 0.5) for p in tensors])).backward()
        for p in tensors:
            program.updates[program.ref(p).index] = program.ref(descent(0, p.detach(), p.grad))
    flat = dead_code(flat_updates(copies(program)))
    assert_same(flat, program)
    assert names_of(flat)[-3:] == ["packed", "multiply", "subtract"]


def step_of(tensors, update, hand_out=False):
    """A program that updates tensors by a function of each and of a gradient of its shape."""
    with record() as program:
        for number, p in enumerate(tensors):
            g = np.cumsum(p).reshape(p.shape)
            new = update(number, p, g)
            program.updates[program.ref(p).index] = program.ref(new)
            if hand_out:
                program.outputs.append(program.ref(new))
    return program


def adjoining(*shapes, dtype=float):
    tensors = [ag.Tensor(np.random.default_rng(len(s)).random(s).astype(dtype)) for s in shapes]
    ag.FlatBuffer(tensors)
    return tensors


def descent(number, p, g):
    return p - 0.1 * g


def packs_of(program):
    flat = flat_updates(program)
    assert_same(flat, program)
    return [len(members) for members in flat.packs.values()]


def test_scalars_and_matrices_are_joined_alike():
    assert packs_of(step_of(adjoining((), (2, 3), (), (4,)), descent)) == [4]


def test_what_does_not_adjoin_stays_apart():
    separate = [ag.Tensor(np.ones(3)), ag.Tensor(np.ones(4))]
    assert packs_of(step_of(separate, descent)) == []


def test_a_gap_divides():
    tensors = adjoining((3,), (2,), (4,), (5,), (6,))
    assert packs_of(step_of([*tensors[:2], *tensors[3:]], descent)) == [2, 2]


def test_the_order_is_that_in_memory():
    first, second, third = adjoining((3,), (2,), (4,))
    program = step_of([third, first, second], descent)
    assert packs_of(program) == [3]


def test_two_buffers_are_two_groups():
    tensors = [*adjoining((3,), (2,)), *adjoining((4,), (5,), dtype="f4")]
    assert packs_of(step_of(tensors, descent)) == [2, 2]


def test_an_input_in_another_order_stays_apart():
    memory = np.arange(16.0)
    parts = [memory[:4], memory[4:10].reshape(3, 2).T, memory[10:16].reshape(2, 3)]
    tensors = [ag.Tensor(0.0) for _ in parts]
    for tensor, part in zip(tensors, parts, strict=True):
        tensor._value = part
    program = step_of(tensors, descent)
    assert packs_of(program) == []


def test_a_large_input_stays_apart():
    program = step_of(adjoining((3,), (LARGEST + 1,), (4,), (5,)), descent)
    assert packs_of(program) == [2]


DIFFERENT = {
    "operation": lambda n, p, g: p - g if n < 2 else p + g,
    "number": lambda n, p, g: p - (0.1 if n < 2 else 0.2) * g,
    "order": lambda n, p, g: p - (0.1 * g if n < 2 else g * 0.1),
    "more": lambda n, p, g: p - g if n < 2 else p - 0.1 * g,
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_another_formula_divides(name):
    program = step_of(adjoining((3,), (2,), (4,), (5,), (6,)), DIFFERENT[name])
    assert packs_of(program) == [2, 3]


APART = {
    "another function of each element": lambda n, p, g: np.exp(p) - g,
    "a power": lambda n, p, g: p**3.0 - np.exp(g),
    "the whole": lambda n, p, g: np.cumsum(p),
    "broadcasting": lambda n, p, g: p - g * np.ones(p.shape),
}


@pytest.mark.parametrize("name", ["the whole"])
def test_an_update_that_is_no_formula_of_elements_stays_apart(name):
    assert packs_of(step_of(adjoining((3,), (2,)), APART[name])) == []


@pytest.mark.parametrize("name", sorted(set(APART) - {"the whole"}))
def test_what_is_no_exact_operation_is_joined_when_it_is_computed(name):
    program = step_of(adjoining((3,), (2,)), APART[name])
    assert packs_of(program) == [2]
    flat = dead_code(flat_updates(program))
    for call in flat.calls:
        if flat.variables[call.outputs[0].index].shape == (5,):
            assert call.function in (packed, np.subtract)


def test_a_scale_for_all_is_read_by_the_flat_update():
    tensors = adjoining((3,), (2, 2))
    scale = ag.Tensor(0.25)
    program = step_of(tensors, lambda n, p, g: p - scale * g)
    assert packs_of(program) == [2]
    assert names_of(dead_code(flat_updates(program)))[-3:] == ["packed", "multiply", "subtract"]


def test_a_scale_of_its_own_divides():
    scales = [ag.Tensor(0.25), ag.Tensor(0.5), ag.Tensor(0.75)]
    program = step_of(adjoining((3,), (2,), (4,)), lambda n, p, g: p - scales[n] * g)
    assert packs_of(program) == []


def test_one_gradient_for_two_parameters_counts_twice():
    tensors = adjoining((3,), (3,))
    g = ag.Tensor(np.arange(3.0))
    assert packs_of(step_of(tensors, lambda n, p, _: p - g)) == [2]


def test_an_input_that_is_only_read_is_joined_too():
    tensors, anchors = adjoining((3,), (2,)), adjoining((3,), (2,))
    program = step_of(tensors, lambda n, p, g: p - 0.1 * (p - anchors[n]) - g)
    assert packs_of(program) == [2]


def test_what_is_handed_out_besides_is_computed_in_its_own_shape():
    assert packs_of(step_of(adjoining((3,), (2,)), descent, hand_out=True)) == []


def test_a_long_chain_is_no_formula():
    def chain(number, p, g):
        for _ in range(5000):
            g = g + 1
        return p - g

    assert packs_of(step_of(adjoining((3,), (2,)), chain)) == [2]


def test_nothing_to_join_leaves_the_program_alone():
    program = step_of([ag.Tensor(np.ones(3))], descent)
    assert flat_updates(program) is program
