"""`ag.custom_op`: a function of the user's own with its rule."""

import math

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import RULES
from autograd_np.rules.families import load_all
from autograd_np.testing import GradcheckError, gradcheck

X = np.array([0.5, -1.0, 2.0])


@pytest.fixture(autouse=True)
def _registered():
    load_all()
    known = dict(RULES)
    yield
    for function in set(RULES) - set(known):
        del RULES[function]


def loop_cube(x):
    """What no tracer sees through: a loop over Python floats."""
    return np.array([math.pow(v, 3) for v in x.ravel()], x.dtype).reshape(x.shape)


def test_a_function_and_its_rule():
    cube = ag.custom_op(loop_cube, x=lambda g, x: g * 3 * x**2)
    np.testing.assert_array_equal(cube(X), X**3)
    np.testing.assert_allclose(ag.grad(lambda x: cube(x).sum())(X), 3 * X**2)
    np.testing.assert_allclose(ag.hvp(lambda x: cube(x).sum(), [X], [np.ones(3)])[1][0], 6 * X)
    np.testing.assert_allclose(ag.jvp(cube, [X], [np.ones(3)])[1], 3 * X**2)
    gradcheck(cube, X, order=2)
    assert cube.__name__ == "loop_cube"


def test_as_a_decorator_with_settings_and_several_outputs():
    @ag.custom_op(
        outputs=("low", "high"),
        x={"low": lambda g, scale: g * scale, "high": lambda g, x: g * 2 * x},
        check=(X,),
    )
    def both(x, scale=3.0):
        return scale * x, x * x

    t = ag.Tensor(X, requires_grad=True)
    low, high = both(t, scale=2.0)
    (low.sum() + high.sum()).backward()
    np.testing.assert_allclose(t.grad, 2 + 2 * X)


def test_lists_of_arrays():
    @ag.custom_op(lists=["parts"], parts=lambda g, parts_like: [g] * len(parts_like))
    def total(parts):
        return np.asarray(sum(parts))

    a, b = ag.Tensor(X, requires_grad=True), ag.Tensor(2 * X, requires_grad=True)
    total([a, b]).sum().backward()
    np.testing.assert_array_equal(a.grad, np.ones(3))
    np.testing.assert_array_equal(b.grad, np.ones(3))


def test_a_wrong_rule_is_caught_on_the_spot():
    with pytest.raises(GradcheckError, match="is wrong"):
        ag.custom_op(lambda x: x * x, x=lambda g, x: g * 4 * x, check=(X,))


def test_a_formula_that_reads_what_there_is_not():
    with pytest.raises(TypeError, match="reads 'y'"):
        ag.custom_op(lambda x: x, x=lambda g, y: g)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        (lambda g, x: [1, 2, 3], "'op' for its argument 'x' returned int"),
        (lambda g, x: None, "'op' for its argument 'x' returned NoneType"),
        (lambda g, x: np.array([1, 2, 3]), "'op' for its argument 'x' returned an array of dtype"),
        (lambda g, x: x > 0, "array of dtype bool"),
        (lambda g, x: np.ones(2), "its argument 'x' of shape"),
        (lambda g, x: np.ones((3, 3)), "its argument 'x' of shape"),
    ],
)
def test_a_gradient_of_a_wrong_type_or_shape_names_operation_and_argument(formula, message):
    def op(scale, x):
        return x * scale

    wrong = ag.custom_op(op, x=formula)
    with pytest.raises(TypeError, match=message):
        ag.grad(lambda x: wrong(2.0, x).sum())(X)


def test_a_result_that_is_no_array():
    with pytest.raises(TypeError, match=r"np\.asarray"):
        ag.custom_op(lambda x: [1, 2], x=lambda g: g)(X)
    with pytest.raises(TypeError, match="outputs low, high"):
        ag.custom_op(lambda x: x, outputs=("low", "high"), x={"low": lambda g: g})(X)


def test_python_numbers_are_results():
    norm = ag.custom_op(
        lambda x: math.fsum(x), x=lambda g, x_like: np.broadcast_to(g, x_like.shape)
    )
    np.testing.assert_array_equal(ag.grad(norm)(X), np.ones(3))
