"""What is known of a computation that was recorded in full, in whole or in part."""

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.program import Ref
from tests.autograd_np.interpreter import replay


def functions(program):
    """The names of the functions that a program calls, in order."""
    return [call.function.__name__ for call in program.calls]


def leaf(*shape, name=None):
    rng = np.random.default_rng(len(shape))
    return ag.Tensor(rng.normal(size=shape), requires_grad=True, name=name)


def value_of(program, tensor):
    """The value that a program has for a Tensor."""
    return program.variables[tensor.node.index].value


def test_values_settings_lines_and_time():
    w, c = leaf(2, 3, name="w"), np.full(3, 5.0)
    with ag.record() as program:
        y = np.sum(w + c, axis=0)
        z = y * 2
    found = ag.trace(z)
    assert functions(found) == functions(program) == ["add", "sum", "multiply"]
    add, total, double = found.calls
    assert all(call.source[0] == __file__ for call in found.calls)
    assert add.source[1] == total.source[1] == double.source[1] - 1
    assert all(call.seconds > 0 for call in found.calls)
    constant = found.variables[add.args[1].index]
    assert (constant.value is c, constant.constant, constant.label) == (True, True, "c")
    for call in found.calls:
        for ref in call.outputs:
            assert found.variables[ref.index].value is program.variables[ref.index].value
    np.testing.assert_array_equal(value_of(found, z), z.numpy())
    assert found.outputs == [Ref(z.node.index)]


def test_the_recording_needs_no_name():
    with ag.record():
        y = np.tanh(leaf(2)).sum()
    np.testing.assert_array_equal(value_of(ag.trace(y), y), y.numpy())


def test_only_what_the_result_depends_on():
    w = leaf(2)
    with ag.record() as program:
        unused = np.exp(w)
        y = np.tanh(w).sum()
        later = y * unused
    assert functions(program) == ["exp", "tanh", "sum", "multiply"]
    assert functions(ag.trace(y)) == ["tanh", "sum"]
    assert functions(ag.trace(later)) == functions(program)


def test_what_is_found_is_a_copy():
    w = leaf(2)
    with ag.record() as program:
        y = w * 2
    found = ag.trace(y)
    found.calls[0].source = ("elsewhere", 1)
    found.variables[w.node.index].name = "other"
    assert program.calls[0].source[0] == __file__
    assert program.variables[w.node.index].name is None


def test_without_a_gradient():
    x = ag.Tensor(np.ones(3))
    with ag.record(), ag.no_grad():
        y = np.where(x > 0, x, 0).astype(np.float32)
    program = ag.trace(y)
    assert functions(program) == ["greater", "where", "cast"]
    assert program.inputs[0] == Ref(x.node.index)
    assert not any(v.requires_grad for v in program.variables.values())


def test_two_recordings_one_after_the_other():
    w = leaf(2)
    with ag.record():
        h = np.tanh(w)
    with ag.record() as second:
        y = (h * h).sum()
    assert functions(second) == ["multiply", "sum"]
    program = ag.trace(y)
    assert functions(program) == ["tanh", "multiply", "sum"]
    assert program.inputs == [Ref(w.node.index)]
    np.testing.assert_array_equal(value_of(program, h), h.numpy())
    assert replay(program, {}, program.outputs)[0] == y.numpy()


def test_one_recording_within_another():
    w = leaf(2)
    with ag.record():
        h = np.tanh(w)
        with ag.record():
            h = h * 2
        y = h.sum()
    assert functions(ag.trace(y)) == ["tanh", "multiply", "sum"]


def test_recorded_then_lean():
    w = leaf(2)
    with ag.record():
        h = np.tanh(w)
    y = (h + 1.0).sum()
    program = ag.trace(y)
    assert functions(program) == ["tanh", "add", "sum"]
    tanh, add, total = program.calls
    assert tanh.source[1]
    assert not add.source[1]
    assert add.args == (Ref(h.node.index), UNKNOWN)
    np.testing.assert_array_equal(value_of(program, h), h.numpy())
    assert value_of(program, y) is None
    assert total.seconds is None


def test_lean_then_recorded():
    w = leaf(2)
    h = np.tanh(w)
    with ag.record():
        y = (h + 1.0).sum()
    program = ag.trace(y)
    assert functions(program) == ["tanh", "add", "sum"]
    assert program.calls[1].args == (Ref(h.node.index), 1.0)
    # The recording met it, so its value is known.
    np.testing.assert_array_equal(value_of(program, h), h.numpy())
    assert program.inputs == [Ref(w.node.index)]


def test_several_outputs_of_which_some_are_read():
    a = ag.Tensor(np.diag([1.0, 2.0, 3.0]), requires_grad=True)
    with ag.record():
        _, s, _ = np.linalg.svd(a)
        y = s.sum()
    (svd, _) = ag.trace(y).calls
    assert len(svd.outputs) == 3
    assert svd.outputs[1] == Ref(s.node.index)


def test_a_result_computed_after_the_block_reads_outputs_of_a_call_in_it():
    a = ag.Tensor(np.diag([1.0, 2.0, 3.0]), requires_grad=True)
    with ag.record():
        u, s, _ = np.linalg.svd(a)
    program = ag.trace((u * s).sum())
    assert functions(program) == ["singular_system", "multiply", "sum"]
    assert program.calls[1].args == (Ref(u.node.index), Ref(s.node.index))


def test_a_checkpoint_is_recorded_as_what_it_runs():
    w = leaf(2)
    with ag.record():
        y = ag.checkpoint(lambda a: np.exp(a) * 2)(w).sum()
    assert functions(ag.trace(y)) == ["exp", "multiply", "sum"]


def test_a_loop_of_updates_in_one_recording():
    w = ag.Tensor([2.0], requires_grad=True, name="w")
    losses, met = [], []
    with ag.record():
        for _ in range(3):
            w.grad = None
            loss = (w * w).sum()
            loss.backward()
            losses.append(loss)
            met.append(w.numpy().copy())
            w.data = w.numpy() * 0.5
    for loss, value in zip(losses, met, strict=True):
        program = ag.trace(loss)
        (ref,) = program.inputs
        np.testing.assert_array_equal(program.variables[ref.index].value, value)
        assert program.variables[ref.index].name == "w"
        assert replay(program, {}, program.outputs)[0] == loss.numpy()


@pytest.mark.parametrize("inside", [True, False], ids=["inside", "after"])
def test_values_are_those_of_the_run_whatever_an_optimizer_writes_later(inside):
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    before = {name: p.numpy().copy() for name, p in model.named_parameters()}
    for _ in range(2):
        optimizer.zero_grad()
    x = ag.Tensor(np.ones((4, 2)))
    with ag.record():
        loss = (model(x) ** 2).mean()
        loss.backward()
        if inside:
            optimizer.step()
    if not inside:
        optimizer.step()
    x.data[:] = 7
    program = ag.trace(loss)
    found = {v.name: v.value for v in program.variables.values() if v.name}
    assert found.keys() == before.keys()
    for name, value in before.items():
        np.testing.assert_array_equal(found[name], value)
        assert not np.array_equal(found[name], dict(model.named_parameters())[name].numpy())
    np.testing.assert_array_equal(value_of(program, x), np.ones((4, 2)))
    assert replay(program, {}, program.outputs)[0] == loss.numpy()


def test_a_recording_does_not_keep_a_parameter_from_being_updated():
    w = leaf(2)
    with ag.record() as program:
        y = (w * w).sum()
    w.data -= 1.0
    assert program.outputs == []
    with pytest.raises(RuntimeError, match="was written after"):
        y.backward()


def test_gradients_read_after_a_recording_belong_to_their_leaves():
    w, v = leaf(2), leaf(2)
    with ag.record():
        (w + v).sum().backward()
    w.grad *= 0.5
    np.testing.assert_array_equal(v.grad, [1, 1])
    np.testing.assert_array_equal(w.grad, [0.5, 0.5])


def test_scopes_of_modules():
    model = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Tanh(), nn.Linear(3, 1)))
    with ag.record():
        y = model(np.ones((4, 2))).sum()
    program = ag.trace(y)
    paths = [call.scope.path if call.scope else None for call in program.calls]
    assert paths == ["0", "1.0", "1.1", None]
    assert program.calls[2].scope.outer.kind == "Sequential"
