"""The reverse pass beside the forward one: recorded by the user, or run to be looked at."""

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry import program_of
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Ref
from tests.autograd_np.interpreter import replay


def with_reverse_pass(*tensors):
    """The program of Tensors and of the reverse pass from them."""
    return program_of(tensors, None, "draw", backward=True)


def leaf(*shape, name=None):
    rng = np.random.default_rng(len(shape))
    return ag.Tensor(rng.normal(size=shape), requires_grad=True, name=name)


def gradient_in(program, tensor):
    """The value of a Tensor's gradient in a program."""
    return program.variables[program.gradient_of[tensor.node.index]].value


def test_each_call_says_whose_derivative_it_is():
    w = leaf(3)
    h = np.tanh(w)
    y = (h * w).sum()
    program = with_reverse_pass(y)
    forward = {c.outputs[0].index: c for c in program.calls if c.derivative_of is None}
    assert [c.function.__name__ for c in forward.values()] == ["tanh", "multiply", "sum"]
    reverse = [c for c in program.calls if c.derivative_of is not None]
    assert reverse
    for call in reverse:
        assert forward[call.derivative_of].function.__name__ == call.rule
    # Gradients that come together are added where the last of them is from.
    assert [c.rule for c in reverse if c.function is np.add] == ["tanh"]
    assert {c.rule for c in reverse} == {"tanh", "multiply", "sum"}


def test_it_gives_the_gradient_and_leaves_no_trace():
    w = leaf(3)
    y = (np.tanh(w) * w).sum()
    program = with_reverse_pass(y)
    assert w.grad is None
    y.backward()
    np.testing.assert_allclose(gradient_in(program, w), w.grad, rtol=1e-14)


def test_a_gradient_that_is_there_is_left_alone():
    w = leaf(3)
    y = (w * w).sum()
    w.grad = before = np.full(3, 7.0)
    program = with_reverse_pass(y)
    assert w.grad is before
    np.testing.assert_array_equal(w.grad, 7.0)
    np.testing.assert_allclose(gradient_in(program, w), 2 * w.numpy())


def test_hooks_wait_for_the_users_own_pass():
    w, seen = leaf(3), []
    h = np.tanh(w)
    for tensor in (w, h):
        tensor.register_hook(lambda g: seen.append(1) or g * 2)
    y = h.sum()
    with_reverse_pass(y)
    assert not seen
    y.backward()
    assert len(seen) == 2


def test_the_seed_is_an_input_and_the_gradient_of_the_result():
    y = (leaf(3) * 2).sum()
    program = with_reverse_pass(y)
    seed = program.gradient_of[y.node.index]
    assert Ref(seed) in program.inputs
    assert program.gradients[seed] == y.node.index
    assert program.variables[seed].value == 1


def test_one_gradient_of_several_values_is_known_as_that_of_each():
    w, v = leaf(3), leaf(3)
    t = w + v
    program = with_reverse_pass(t.sum())
    assert len({program.gradient_of[x.node.index] for x in (t, w, v)}) == 1
    assert len(set(program.gradients.values())) == 2


def test_where_rules_pass_the_seed_on_as_it_is():
    w = leaf(3)
    with ag.record():
        y = w + 1
        y.backward(np.full(3, 2.0))
    program = with_reverse_pass(y)
    np.testing.assert_array_equal(gradient_in(program, w), [2, 2, 2])


def test_recorded_by_the_user():
    w = leaf(3)
    with ag.record() as recording:
        y = (np.tanh(w) * w).sum()
        y.backward()
    program = with_reverse_pass(y)
    # What the user recorded, not another pass.
    assert [c.outputs for c in program.calls] == [c.outputs for c in recording.calls]
    assert all(c.source[0] == __file__ for c in program.calls)
    np.testing.assert_array_equal(gradient_in(program, w), w.grad)
    forward = ag.trace(y)
    assert all(c.derivative_of is None for c in forward.calls)
    assert program.variables[w.node.index].value is not None


def test_after_backward_outside_of_a_recording():
    w = leaf(3)
    with ag.record():
        y = (w * w).sum()
    y.backward()
    with pytest.raises(RuntimeError, match=r"freed .* `with ag\.record\(\):"):
        with_reverse_pass(y)
    z = (w * w).sum()
    z.backward()
    with pytest.raises(RuntimeError, match="ask for it before backward"):
        with_reverse_pass(z)
    assert len(ag.trace(z).calls) == 2


def test_advice_on_what_is_not_wrong_is_not_given():
    w = leaf(3)
    compiled = ag.compile(lambda w: (w * w).sum())
    with pytest.raises(RuntimeError, match=r"of a compiled function") as raised:
        with_reverse_pass(compiled(w) * 2)
    assert "frees the graph" not in str(raised.value)
    y = (w * w).sum()
    w.data -= 1.0
    with pytest.raises(RuntimeError, match=r"was written after") as raised:
        with_reverse_pass(y)
    assert "frees the graph" not in str(raised.value)


def test_retained_it_can_be_looked_at():
    w = leaf(3)
    y = (w * w).sum()
    y.backward(retain_graph=True)
    before = w.grad.copy()
    program = with_reverse_pass(y)
    np.testing.assert_array_equal(gradient_in(program, w), before)
    y.backward()
    np.testing.assert_array_equal(w.grad, 2 * before)


def test_from_several_results():
    w = leaf(3)
    h = np.tanh(w)
    one, other = h.sum(), (h * 2).sum()
    program = with_reverse_pass(one, other)
    expected = 3 * (1 - np.tanh(w.numpy()) ** 2)
    np.testing.assert_allclose(gradient_in(program, w), expected)
    assert program.gradient_of.keys() >= {one.node.index, other.node.index, h.node.index}


def test_of_a_result_that_is_no_number():
    w = leaf(3)
    program = with_reverse_pass(w * w)
    np.testing.assert_allclose(gradient_in(program, w), 2 * w.numpy())


def test_second_order():
    w = leaf(3, name="w")
    g = ag.grad(lambda w: (w**3).sum())(w)
    y = (g * g).sum()
    program = with_reverse_pass(y)
    np.testing.assert_allclose(gradient_in(program, w), 36 * w.numpy() ** 3)
    with ag.record():
        z = (w**3).sum()
        z.backward(create_graph=True)
        penalty = (w.grad**2).sum()
        w.grad = None
        penalty.backward()
    program = with_reverse_pass(penalty)
    np.testing.assert_allclose(
        program.variables[program.gradient_of[w.node.index]].value, 36 * w.numpy() ** 3
    )


def test_multi_output_rules_that_read_what_the_user_was_not_given():
    a = ag.Tensor(np.diag([1.0, 2.0, 4.0]) + 0.1, requires_grad=True)
    values = np.linalg.eigvalsh(a)
    y = (values**2).sum()
    program = with_reverse_pass(y)
    y.backward()
    np.testing.assert_allclose(gradient_in(program, a), a.grad, atol=1e-12)
    known = {ref.index for ref in program.inputs}
    for call in program.calls:
        assert {ref.index for ref in operands(call)} <= known
        known |= {ref.index for ref in call.outputs}


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_a_checkpoint(recorded):
    w = leaf(3)

    def compute():
        return ag.checkpoint(lambda a: np.exp(a) * 2)(w).sum()

    if recorded:
        with ag.record():
            y = compute()
    else:
        y = compute()
    program = with_reverse_pass(y)
    np.testing.assert_allclose(gradient_in(program, w), 2 * np.exp(w.numpy()))
    assert w.grad is None


def test_replayed_on_other_inputs_it_is_the_gradient_there():
    model = nn.Sequential(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 3))
    x, labels = ag.Tensor(np.random.default_rng(0).normal(size=(6, 2))), np.arange(6) % 3
    with ag.record():
        loss = nn.CrossEntropyLoss()(model(x), labels)
    program = with_reverse_pass(loss)
    parameters = list(model.parameters())
    wanted = [Ref(program.gradient_of[p.node.index]) for p in parameters]
    other = np.random.default_rng(1).normal(size=(6, 2))
    found = replay(program, {Ref(x.node.index): other}, wanted)
    nn.CrossEntropyLoss()(model(other), labels).backward()
    for g, parameter in zip(found, parameters, strict=True):
        np.testing.assert_array_equal(g, parameter.grad)


def test_in_a_thread_of_its_own_modes():
    """What the caller's mode is makes no difference, and is not changed."""
    w = leaf(3)
    y = (w * w).sum()
    plain = str(with_reverse_pass(y))
    with ag.no_grad():
        assert str(with_reverse_pass(y)) == plain
        assert not ag.is_grad_enabled()
    with ag.record() as recording:
        assert str(with_reverse_pass(y)) == plain
    assert recording.calls == []
    with ag.detect_anomaly():
        assert str(with_reverse_pass(y)) == plain


def test_a_long_chain():
    y = leaf()
    for _ in range(10_000):
        y = y * 1.0
    program = with_reverse_pass(y)
    assert len(program.calls) == 20_000
