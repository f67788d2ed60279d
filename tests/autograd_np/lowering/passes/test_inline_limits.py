"""What stays a call, because it is not certain that NumPy calls in its place are the same."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.passes.inline import inline
from autograd_np.lowering.weak import number
from autograd_np.rules.activations import relu
from autograd_np.rules.registry import constant, dispatched
from tests.autograd_np.lowering.passes.test_inline import floats, ours
from tests.autograd_np.lowering.programs import assert_same, names_of, recorded
from tests.autograd_np.lowering.recordings import record


def made(body):
    """A function of ours, for all that `inline` knows, with this body."""
    body.__module__ = "autograd_np.made_by_a_test"
    function = dispatched(body)
    constant(function)
    return function


def branches(x):
    return x * 2 if (x > 0).all() else x * 3


def reads_a_number(x):
    return x * float(x[0, 0])


def fills_an_array(x):
    out = np.empty(x.shape)
    out[:] = x
    return out


def writes_with_out(x):
    out = np.empty(x.shape)
    return np.exp(x, out=out)


def looks_in_while_it_writes(x):
    z = x.copy()
    view = z.ravel()
    z *= x
    return view * 2


def writes_its_argument(x):
    x += 0
    return x * 2


def returns_its_argument(x):
    return x


def returns_a_constant(x):
    return np.ones(x.shape)


def counts_for_long(x):
    for _ in range(100):
        x = x + 1
    return x


def changes_the_dtype_in_place(x):
    z = x.astype(np.float32)
    z += x
    return z.astype(float)


KEPT = [
    branches,
    reads_a_number,
    fills_an_array,
    writes_with_out,
    looks_in_while_it_writes,
    writes_its_argument,
    returns_its_argument,
    returns_a_constant,
    counts_for_long,
    changes_the_dtype_in_place,
]


@pytest.mark.parametrize("body", KEPT, ids=lambda body: body.__name__)
def test_what_cannot_be_traced_for_certain_stays_a_call(body):
    # At ones, where it could not be told by the numbers that a path is wrong.
    program = recorded(made(body), np.ones((3, 2)))
    assert names_of(inline(program)) == [body.__name__]


def adds_in_place(x):
    z = x.copy()
    z += 1
    np.exp(z, out=z)
    z = z.ravel()
    z[np.arange(2)] -= x[0, 0]
    return z / z.sum()


def nests(x):
    return relu(x) + made(adds_in_place)(x)[0]


def test_what_a_function_does_in_place_becomes_new_values():
    program = recorded(made(adds_in_place), floats(3, 2))
    assert names_of(inline(program))[:3] == ["copy", "add", "exp"]
    assert_same(inline(program), program)


def test_a_function_of_ours_inside_another_is_expanded_in_turn():
    program = recorded(made(nests), floats(3, 2))
    assert not ours(inline(program))
    assert_same(inline(program), program)


def test_a_path_that_rounds_otherwise_is_not_taken():
    def adds(x):
        # Pairs of a real array, one after the other of what only passes for one.
        return np.sum(x) if type(x) is np.ndarray else np.cumsum(x)[-1]

    program = recorded(made(adds), np.sqrt(np.arange(1000, dtype="f4")))
    assert names_of(inline(program)) == ["adds"]


def test_a_users_own_operation_which_may_read_a_setting_stays_a_call():
    settings = {"slope": 2.0}

    @ag.custom_op(x=lambda g: g)
    def scaled(x):
        return x * settings["slope"]

    program = recorded(scaled, floats(3))
    assert [call.function for call in inline(program).calls] == [scaled]


def test_numbers_that_overflow_are_no_reason_to_stay():
    with np.errstate(invalid="ignore"):
        program = recorded(ag.softmax, np.array([[np.inf, 1.0], [np.inf, np.inf]]))
    assert not ours(inline(program))


def test_a_call_that_is_given_a_traced_number_stays():
    x, bound = ag.Tensor(floats(3)), number(0.5)
    with record() as program:
        np.clip(x, None, bound)
    assert names_of(inline(program)) == names_of(program) == ["clamp"]
