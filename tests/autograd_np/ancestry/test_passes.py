"""Several reverse passes: the gradients that are shown are those of what is asked for."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry import program_of


def leaf(*values, name=None):
    return ag.Tensor(np.array(values), requires_grad=True, name=name)


def shown(tensor, *roots, backward=False):
    """The gradient of a Tensor in the program of others."""
    program = program_of(roots, None, "draw", backward)
    index = program.gradient_of.get(tensor.node.index)
    return None if index is None else program.variables[index].value


@pytest.fixture(params=["one recording", "two recordings"])
def passes(request):
    """Two losses of one parameter, and the gradient of each, after a pass from each."""
    w = leaf(1.0, 2.0, name="w")
    if request.param == "one recording":
        with ag.record():
            a, b = np.sum(w**2), np.sum(np.sin(w))
            a.backward()
            b.backward()
    else:
        with ag.record():
            a = np.sum(w**2)
            a.backward()
        with ag.record():
            b = np.sum(np.sin(w))
            b.backward()
    return w, a, b, 2 * w.numpy(), np.cos(w.numpy())


@pytest.mark.parametrize("backward", [True, False])
def test_each_result_has_the_gradients_of_its_own_pass(passes, backward):
    w, a, b, of_a, of_b = passes
    np.testing.assert_allclose(shown(w, a, backward=backward), of_a)
    np.testing.assert_allclose(shown(w, b, backward=backward), of_b)
    np.testing.assert_allclose(shown(w, a, b, backward=backward), of_a + of_b)
    np.testing.assert_allclose(w.grad, of_a + of_b)


def test_operations_of_the_other_pass_are_left_out(passes):
    _, a, b, *_ = passes
    functions = {call.function for call in program_of((a,), None, "draw", backward=True).calls}
    assert np.square in functions
    assert not functions & {np.sin, np.cos}
    both = program_of((a, b), None, "draw", backward=True)
    assert {np.square, np.sin, np.cos} <= {call.function for call in both.calls}


def test_a_recording_as_a_whole_has_the_sum():
    w = leaf(1.0, 2.0, name="w")
    with ag.record() as program:
        for k in (2.0, 3.0, 4.0):
            (w * k).sum().backward()
    index = program.gradient_of[w.node.index]
    np.testing.assert_array_equal(program.variables[index].value, [9.0, 9.0])
    assert program.gradients[index] == w.node.index
    assert len(program.passes) == 3


def test_a_gradient_from_before_the_recording_is_no_part_of_it():
    w = leaf(1.0, 2.0, name="w")
    (w * 3.0).sum().backward()
    with ag.record() as program:
        y = (w * 5.0).sum()
        y.backward()
    np.testing.assert_array_equal(w.grad, [8.0, 8.0])
    np.testing.assert_array_equal(shown(w, y), [5.0, 5.0])
    index = program.gradient_of[w.node.index]
    np.testing.assert_array_equal(program.variables[index].value, [5.0, 5.0])


def test_a_result_without_a_pass_of_its_own_gets_one():
    w = leaf(1.0, 2.0)
    with ag.record():
        a, b = np.sum(w**2), np.sum(w**3)
        a.backward()
    np.testing.assert_allclose(shown(w, b, backward=True), 3 * w.numpy() ** 2)
    np.testing.assert_allclose(shown(w, a, b, backward=True), (2 + 3 * w.numpy()) * w.numpy())


def test_a_value_within_a_pass_has_the_gradients_of_that_pass():
    w = leaf(1.0, 2.0)
    with ag.record():
        h = w * 3.0
        y = np.sum(h * h)
        y.backward()
    np.testing.assert_allclose(shown(h, h), 6 * w.numpy())
    np.testing.assert_allclose(shown(w, h), 18 * w.numpy())


def test_of_two_passes_from_one_result_the_last_is_shown():
    w = leaf(1.0, 2.0)
    with ag.record():
        y = np.sum(w * w)
        y.backward(retain_graph=True)
        y.backward(ag.Tensor(10.0))
    np.testing.assert_allclose(shown(w, y), 20 * w.numpy())


def test_a_penalty_on_a_gradient():
    w = leaf(1.0, 2.0)
    with ag.record():
        y = np.sum(w**3)
        y.backward(create_graph=True)
        gradient, w.grad = w.grad, None
        penalty = np.sum(gradient**2)
        penalty.backward()
    np.testing.assert_allclose(shown(w, y), 3 * w.numpy() ** 2)
    np.testing.assert_allclose(shown(w, penalty), 36 * w.numpy() ** 3)


def test_a_parameter_that_was_updated_between_two_recordings_has_no_one_value():
    w, losses = leaf(1.0, np.nan, name="w"), []
    for step in range(2):
        with ag.record():
            losses.append(np.sum(w * w))
        one = program_of((losses[step],), None, "draw")
        np.testing.assert_array_equal(one.variables[w.node.index].value, w.numpy())
        w.data -= 0.5
    both = program_of(tuple(losses), None, "draw")
    assert both.variables[w.node.index].value is None
    with ag.record():
        again = np.sum(w)
    with ag.record():
        more = np.sum(w * 2.0)
    alike = program_of((again, more), None, "draw")
    np.testing.assert_array_equal(alike.variables[w.node.index].value, w.numpy())
