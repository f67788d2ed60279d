"""Full recordings: what a program holds, and that running it again is the same computation."""

import itertools

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.program import Ref
from nn.optim.adam import adam
from nn.optim.sgd import sgd
from tests.autograd_np.interpreter import replay

SIZES = [4, 6, 10, 8, 3]
STEPS = 50


def initial(dtype):
    rng = np.random.default_rng(0)
    params = {}
    for number, (n_in, n_out) in enumerate(itertools.pairwise(SIZES), 1):
        params[f"W{number}"] = rng.normal(size=(n_in, n_out)).astype(dtype)
        params[f"b{number}"] = np.zeros(n_out, dtype)
    x = rng.normal(size=(150, 4)).astype(dtype)
    return params, x, rng.integers(0, 3, 150)


def loss_of(params, x, y):
    h = x
    for number in range(1, len(SIZES)):
        h = h @ params[f"W{number}"] + params[f"b{number}"]
        if number < len(SIZES) - 1:
            h = ag.relu(h)
    return ag.cross_entropy(h, y)


def sgd_rule(p, g, state, step):
    hyper = {"lr": 0.05, "momentum": 0.9, "dampening": 0.0, "nesterov": False, "weight_decay": 0.0}
    return sgd(p, g, state, hyper, step)


def adam_rule(p, g, state, step):
    hyper = {"lr": 0.01, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
    return adam(p, g, state, hyper, step)


RULES = {
    "sgd": (sgd_rule, ("momentum_buffer",)),
    "adam": (adam_rule, ("exp_avg", "exp_avg_sq")),
}


def record_step(rule, names, params, x, y, dtype):
    """One whole step as a program: its inputs and outputs by name."""
    leaves = {k: ag.Tensor(v, requires_grad=True, name=k) for k, v in params.items()}
    state = {k: {n: ag.Tensor(np.zeros_like(v)) for n in names} for k, v in params.items()}
    step = ag.Tensor(np.array(1, dtype), name="step")
    with ag.record() as program:
        inputs = {("param", k): program.ref(t) for k, t in leaves.items()}
        inputs |= {(n, k): program.ref(t) for k, s in state.items() for n, t in s.items()}
        inputs["step"] = program.ref(step)
        loss, grads = ag.value_and_grad(loss_of)(leaves, ag.Tensor(x), ag.Tensor(y))
        outputs = {"loss": program.ref(loss)}
        with ag.no_grad():
            for k, p in leaves.items():
                new, new_state = rule(p, grads[k], state[k], step)
                outputs["param", k] = program.ref(new)
                outputs |= {(n, k): program.ref(t) for n, t in new_state.items()}
    return program, inputs, outputs


def eager_steps(rule, names, params, x, y, dtype):
    """The same steps with backward() and updates in place."""
    leaves = {k: ag.Tensor(v, requires_grad=True) for k, v in params.items()}
    state = {k: {n: np.zeros_like(v) for n in names} for k, v in params.items()}
    losses = []
    for step in range(1, STEPS + 1):
        loss = loss_of(leaves, x, y)
        loss.backward()
        losses.append(loss.item())
        for k, p in leaves.items():
            p.data, state[k] = rule(p.data, p.grad, state[k], np.array(step, dtype))
            p.grad = None
    return losses, {k: p.numpy() for k, p in leaves.items()}


@pytest.mark.parametrize("optimizer", RULES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_whole_step_replayed_equals_eager_bit_for_bit_over_50_steps(optimizer, dtype):
    rule, names = RULES[optimizer]
    params, x, y = initial(dtype)
    program, inputs, outputs = record_step(rule, names, params, x, y, dtype)
    expected_losses, expected = eager_steps(rule, names, params, x, y, dtype)
    values = {("param", k): v for k, v in params.items()}
    values |= {(n, k): np.zeros_like(v) for k, v in params.items() for n in names}
    losses = []
    for step in range(1, STEPS + 1):
        values["step"] = np.array(step, dtype)
        given = {ref: np.array(values[key]) for key, ref in inputs.items()}
        new = dict(zip(outputs, replay(program, given, list(outputs.values())), strict=True))
        losses.append(float(new.pop("loss")))
        values.update(new)
    assert losses == expected_losses
    assert losses[-1] < 0.7 * losses[0]
    for name, value in expected.items():
        np.testing.assert_array_equal(values["param", name], value)
        assert values["param", name].dtype == dtype


def test_the_listing_of_a_step_shows_names_shapes_and_lines():
    rule, names = RULES["adam"]
    params, x, y = initial(np.float64)
    program, _, _ = record_step(rule, names, params, x, y, np.float64)
    text = str(program)
    lines = text.splitlines()
    assert len(lines) == len(program.inputs) + len(program.calls)
    assert any(line.startswith("W1 ") and "float64[4,6]" in line for line in lines)
    assert any("matmul(" in line and "test_program.py:" in line for line in lines)
    assert any("cross_entropy(" in line for line in lines)
    assert any("sqrt(" in line and "adam.py:" in line for line in lines)


def test_nothing_of_a_step_is_a_hidden_constant():
    """Replayed with other data, labels and parameters, a program gives the other gradient."""
    params, x, y = initial(np.float64)
    leaves = {k: ag.Tensor(v, requires_grad=True, name=k) for k, v in params.items()}
    data, labels = ag.Tensor(x), ag.Tensor(y)
    with ag.record() as program:
        loss = loss_of(leaves, data, labels)
        loss.backward()
        gradients = {k: program.ref(t.grad) for k, t in leaves.items()}
    rng = np.random.default_rng(1)
    other = {k: rng.normal(size=v.shape) for k, v in params.items()}
    other_x, other_y = rng.normal(size=x.shape), rng.integers(0, 3, 150)
    given = {program.ref(leaves[k]): v for k, v in other.items()}
    given |= {program.ref(data): other_x, program.ref(labels): other_y}
    expected = ag.grad(loss_of)(other, other_x, other_y)
    for name, value in zip(
        gradients, replay(program, given, list(gradients.values())), strict=True
    ):
        np.testing.assert_array_equal(value, expected[name])


def test_operations_without_a_derivative_are_recorded():
    x = ag.Tensor([1.0, -2.0])
    with ag.record() as program:
        mask = x > 0
        y = np.where(mask, x, 0).astype(np.float32)
        place = np.argmax(x)
        assert isinstance(mask, ag.Tensor)
        assert isinstance(place, ag.Tensor)
    assert [call.function.__name__ for call in program.calls] == [
        "greater",
        "where",
        "cast",
        "argmax",
    ]
    assert replay(program, {}, [program.ref(y)])[0].dtype == np.float32


def test_a_call_keeps_operands_settings_value_and_line():
    x = ag.Tensor([[1.0, 2.0]], requires_grad=True, name="x")
    with ag.record() as program:
        y = np.sum(x, axis=1, keepdims=True)
    (call,) = program.calls
    assert call.function is np.sum
    assert call.args == (program.ref(x),)
    assert call.kwargs == {"axis": 1, "keepdims": True}
    assert call.outputs == (program.ref(y),)
    assert call.source[0].endswith("test_program.py")
    variable = program.variables[program.ref(y).index]
    assert (variable.shape, variable.dtype, variable.requires_grad) == ((1, 1), np.float64, True)
    np.testing.assert_array_equal(variable.value, [[3.0]])
    assert program.inputs == [program.ref(x)]


def test_gradients_are_tensors_while_recording_and_arrays_after():
    w = ag.Tensor(3.0, requires_grad=True)
    with ag.record() as program:
        (w * w).backward()
        assert isinstance(w.grad, ag.Tensor)
        assert program.ref(w.grad) in [call.outputs[0] for call in program.calls]
    assert isinstance(w.grad, np.ndarray)
    assert w.grad == 6


def test_a_recorded_graph_can_be_differentiated_after_the_recording():
    w = ag.Tensor([1.0, 2.0], requires_grad=True)
    c = ag.Tensor([3.0, 4.0])
    with ag.record():
        y = (w * c * w).sum()
    y.backward()
    np.testing.assert_array_equal(w.grad, [6, 16])


def test_lists_of_operands():
    a, b = ag.Tensor([1.0], requires_grad=True), ag.Tensor([2.0])
    with ag.record() as program:
        joined = np.concatenate([a, b, [5.0]])
        joined[0].backward()
    assert joined.shape == (3,)
    assert isinstance(program.calls[0].args[0][0], Ref)
    np.testing.assert_array_equal(a.grad, [1])


def test_ref_of_something_else():
    with ag.record() as program, pytest.raises(TypeError, match="program's values are Tensors"):
        program.ref(np.ones(2))


def test_constants_of_a_program_are_guarded():
    x, w = np.ones(3), ag.Tensor(np.ones(3), requires_grad=True)
    with ag.record() as program:
        y = w + x
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 1
    del program, y
    x[0] = 1


def test_an_update_in_place_within_a_recording_is_that_of_arrays():
    w = ag.Tensor([1.0, 2.0], requires_grad=True)
    with ag.record() as program:
        for _ in range(2):
            np.sum(w * w).backward()
            w.data -= 0.25 * w.grad
            w.grad = None
    np.testing.assert_array_equal(w.numpy(), [0.25, 0.5])
    met = [program.variables[ref.index].value for ref in program.inputs if ref.index]
    assert any(np.array_equal(value, [1.0, 2.0]) for value in met)
    assert any(np.array_equal(value, [0.5, 1.0]) for value in met)


def test_a_recorded_value_that_has_a_gradient_is_not_written_into_an_array():
    w = ag.Tensor([1.0, 2.0], requires_grad=True)
    total = np.zeros(2)
    with ag.record(), pytest.raises(TypeError, match="array = array \\+ t"):
        total += w * w
