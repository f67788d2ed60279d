"""Which derivative each operation of a full recording belongs to."""

import numpy as np
import pytest

import autograd_np as ag


def leaf(*values):
    return ag.Tensor(np.array(values, float), requires_grad=True)


def table(program):
    """Name of each call, and of the operation whose derivative it belongs to."""
    made = {ref.index: call.function.__name__ for call in program.calls for ref in call.outputs}
    inputs = {ref.index: "input" for ref in program.inputs}
    return [
        (
            call.function.__name__,
            None if call.derivative_of is None else (made | inputs)[call.derivative_of],
        )
        for call in program.calls
    ]


def test_rules_edges_and_sums():
    x, c = leaf(1.0), ag.Tensor(np.ones(3))
    with ag.record() as program:
        y = np.exp(x * c)
        (y + np.sin(y)).sum().backward()
        np.multiply(x.grad, 2)
    forward = [(name, None) for name in ("multiply", "exp", "sin", "add", "sum")]
    rows = table(program)
    assert rows[:5] == forward
    assert rows[-1] == ("multiply", None)
    backward = rows[5:-1]
    assert None not in {of for _, of in backward}
    # The rule of exp, then that of multiply with the sum over the axis it was broadcast along.
    assert ("multiply", "exp") in backward
    assert ("multiply", "multiply") in backward
    assert backward[-1][1] == "multiply"
    # The two gradients that reach y meet when the rule of sin has run.
    assert ("add", "sin") in backward or ("add", "add") in backward


def test_a_second_backward_adds_to_the_gradient_of_a_leaf():
    x = leaf(1.0)
    with ag.record() as program:
        (x * x).backward([1.0])
        (x * x).backward([1.0])
    assert table(program)[-1] == ("add", "input")


def test_a_call_with_several_outputs_is_named_by_its_first():
    logits = ag.Tensor(np.zeros((2, 3)), requires_grad=True)
    with ag.record() as program:
        ag.cross_entropy(logits, np.array([0, 1])).backward()
    outputs = program.calls[0].outputs
    assert {call.derivative_of for call in program.calls[1:]} == {outputs[0].index}


def test_a_transform_inside_a_transform():
    with ag.record() as program:
        x = leaf(0.5)
        ag.grad(lambda x: np.sum(ag.grad(lambda y: np.sum(np.tanh(y)))(x) ** 2))(x)
        last = x * 2
    indices = {ref.index for call in program.calls for ref in call.outputs}
    indices |= {ref.index for ref in program.inputs}
    rows = table(program)
    # What follows the inner pass, inside the outer function, is the user's own again.
    assert ("square", None) in rows
    assert rows[-1] == ("multiply", None)
    assert program.calls[-1].outputs[0].index == last.node.index
    of = [call.derivative_of for call in program.calls if call.derivative_of is not None]
    assert set(of) <= indices
    # The outer pass goes through operations that the inner one recorded.
    inner = {
        ref.index
        for call in program.calls
        if call.derivative_of is not None
        for ref in call.outputs
    }
    assert inner & set(of)


def test_reset_when_a_pass_raises():
    x = leaf(1.0)
    y = x * 2

    def stop(g):
        raise KeyError("stop")

    with ag.record() as program:
        z = y * x
        y.register_hook(stop)
        with pytest.raises(KeyError):
            z.backward([1.0])
        x * 3
    assert program.calls[-1].derivative_of is None
    assert program.calls[-2].derivative_of is not None


def test_a_pass_started_by_a_hook_gives_the_outer_one_its_place_back():
    x, other = leaf(1.0), leaf(2.0)

    def hook(g):
        with ag.enable_grad():
            (other * other).backward([1.0])

    with ag.record() as program:
        y = x * 3
        y.register_hook(hook)
        (y * x).backward([1.0])
    # What the hook computes, in a mode of its own, belongs to the value that it hangs on.
    assert ("multiply", y.node.index) in [
        (call.function.__name__, call.derivative_of) for call in program.calls
    ]
    hooked = next(call for call in program.calls if call.derivative_of == y.node.index)
    assert hooked.args == (program.ref(other), program.ref(other))
    after = program.calls[-1]
    assert after.derivative_of is not None
    assert after.derivative_of in {y.node.index, x.node.index}


def test_the_users_operations_belong_to_none():
    x = leaf(1.0, 2.0)
    with ag.record() as program:
        np.sum(x * x)
    assert [call.derivative_of for call in program.calls] == [None, None]
