"""The table of docs/conventions.md, line by line."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.registry import CACHES, RULES, Operation, dispatched, rule
from autograd_np.testing import GradcheckError, gradcheck


def slope(f, x):
    return ag.grad(lambda t: np.sum(f(t)))(np.asarray(x))


def test_relu_and_abs_at_zero():
    np.testing.assert_array_equal(slope(ag.relu, [-1.0, 0.0, 2.0]), [0, 0, 1])
    np.testing.assert_array_equal(slope(np.abs, [-1.0, 0.0, 2.0]), [-1, 0, 1])


def test_ties_share_evenly():
    np.testing.assert_array_equal(slope(np.max, [3.0, 1.0, 3.0]), [0.5, 0, 0.5])
    np.testing.assert_array_equal(slope(np.min, [1.0, 1.0, 1.0, 1.0]), [0.25] * 4)
    np.testing.assert_array_equal(
        slope(lambda t: np.max(t, axis=1), [[1.0, 1.0], [1.0, 2.0]]), [[0.5, 0.5], [0, 1]]
    )
    for f in (np.maximum, np.minimum):
        a, b = ag.grad(lambda a, b, f=f: np.sum(f(a, b)), (0, 1))(np.ones(2), np.ones(2))
        np.testing.assert_array_equal(a, [0.5, 0.5])
        np.testing.assert_array_equal(b, [0.5, 0.5])


def test_clip_passes_gradient_at_its_bounds():
    x = [-2.0, -1.0, 0.0, 1.0, 2.0]
    np.testing.assert_array_equal(slope(lambda t: np.clip(t, -1, 1), x), [0, 1, 1, 1, 0])
    np.testing.assert_array_equal(slope(lambda t: np.clip(t, None, 1), x), [1, 1, 1, 1, 0])
    np.testing.assert_array_equal(slope(lambda t: t.clip(min=-1), x), [0, 1, 1, 1, 1])
    np.testing.assert_array_equal(slope(lambda t: np.clip(t, min=0, max=0), x), [0, 0, 1, 0, 0])


def test_std_of_equal_values():
    np.testing.assert_array_equal(slope(np.std, [2.0, 2.0, 2.0]), [0, 0, 0])


def test_prod_through_zeros():
    np.testing.assert_array_equal(slope(np.prod, [0.0, 2.0, 3.0]), [6, 0, 0])
    np.testing.assert_array_equal(slope(np.prod, [0.0, 2.0, 0.0]), [0, 0, 0])
    hessian = ag.hessian(np.prod)(np.array([0.0, 2.0, 0.0]))
    np.testing.assert_array_equal(hessian, [[0, 0, 2], [0, 0, 0], [2, 0, 0]])


def test_powers_with_a_constant_exponent():
    np.testing.assert_array_equal(slope(lambda t: t**3, [-2.0, 0.0]), [12, 0])
    np.testing.assert_array_equal(slope(lambda t: t**0, [-2.0, 0.0]), [0, 0])
    np.testing.assert_array_equal(slope(lambda t: np.power(t, 1), [-2.0, 0.0]), [1, 1])
    np.testing.assert_array_equal(slope(lambda t: np.power(t, 0.0), [-2.0, 0.0]), [0, 0])


def test_powers_of_zero_with_a_variable_exponent():
    assert slope(lambda t: np.power(0.0, t), 2.0) == 0


def test_sqrt_at_zero_and_the_double_where():
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert slope(np.sqrt, 0.0) == np.inf

    def safe(x):
        inner = np.where(x > 0, x, 1.0)
        return np.where(x > 0, np.sqrt(inner), 0.0)

    np.testing.assert_array_equal(slope(safe, [0.0, 4.0]), [0, 0.25])


def test_where_gives_exactly_zero_to_the_other_side():
    a = ag.Tensor([1.0, 2.0], requires_grad=True)
    np.where([True, False], a, 0.0).backward(np.array([1.0, np.inf]))
    np.testing.assert_array_equal(a.grad, [1, 0])


@pytest.mark.parametrize("size", [1.0, 40.0, 1e3, 1e6])
def test_losses_never_leave_the_logits(size):
    logits = np.array([[size, -size], [size, -size]])
    gradient = ag.grad(lambda z: ag.cross_entropy(z, np.array([0, 1]), reduction="sum"))(logits)
    p = 1 / (1 + np.exp(-min(2 * size, 700)))
    np.testing.assert_allclose(gradient, [[p - 1, 1 - p], [p, -p]], atol=1e-15)
    for sign, target, expected in ((1, 0.0, 1.0), (-1, 1.0, -1.0)):
        z = np.array([sign * size])
        y = np.array([target])
        got = ag.grad(ag.binary_cross_entropy_with_logits)(z, y)
        np.testing.assert_allclose(got, [expected], atol=0.3 if size == 1 else 1e-15)
        loss = ag.binary_cross_entropy_with_logits(z, y)
        np.testing.assert_allclose(loss, size, rtol=0.32 if size == 1 else 1e-12)


def test_probabilities_of_zero_and_one_stay_finite():
    p, y = np.array([0.0, 1.0, 0.5]), np.array([1.0, 0.0, 1.0])
    assert np.isfinite(ag.binary_cross_entropy(p, y))
    assert np.isfinite(ag.grad(ag.binary_cross_entropy)(p, y)).all()


def test_python_numbers_are_weak_and_numpys_are_not():
    t = ag.Tensor(np.ones(2, np.float32), requires_grad=True)
    assert (t * 2.0 + 1).dtype == np.float32
    assert (np.float64(2) * t).dtype == np.float64


def test_losses_refuse_shapes_that_would_broadcast():
    column, row = np.ones((4, 1)), np.ones(4)
    for loss in (ag.binary_cross_entropy, ag.binary_cross_entropy_with_logits):
        with pytest.raises(ValueError, match=r"\(4, 1\) and targets \(4,\).*reshape"):
            loss(column, row)
    with pytest.raises(ValueError, match=r"integer labels \(4, 1\).*reshape\(\(4,\)\)"):
        ag.cross_entropy(np.ones((4, 3)), np.zeros((4, 1), int))
    with pytest.raises(ValueError, match="the same shape"):
        ag.cross_entropy(np.ones((4, 3)), np.ones((4, 1)))
    for labels in ([0, 3, 0, 0], [0, -1, 0, 0]):
        with pytest.raises(ValueError, match="outside 0 to 2"):
            ag.cross_entropy(np.ones((4, 3)), labels)
    with pytest.raises(ValueError, match="'mean', 'sum' or 'none'"):
        ag.cross_entropy(np.ones((4, 3)), [0, 1, 2, 0], reduction="average")


def test_second_derivatives_of_a_saturated_cross_entropy():
    """Where a probability is 1 to the last bit, or 0, the curvature is 0 and not something else."""
    logits, labels = np.array([[800.0, 0.0, -800.0], [0.0, 800.0, 0.0]]), np.array([0, 0])
    curvature = ag.hessian(lambda z: ag.cross_entropy(z, labels, reduction="sum"))(logits)
    np.testing.assert_array_equal(curvature, np.zeros((2, 3, 2, 3)))


@pytest.mark.parametrize("axis", [0, -1])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_cross_entropy_with_probabilities_for_labels(axis, reduction):
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(4, 3)), rng.dirichlet(np.ones(3), size=4)
    if axis == 0:
        logits, labels = logits.T.copy(), labels.T.copy()
    gradcheck(lambda z, y: ag.cross_entropy(z, y, axis, reduction), logits, labels, order=2)
    one_hot = np.eye(3)[[0, 2, 1, 1]]
    np.testing.assert_allclose(
        ag.cross_entropy(logits, one_hot if axis else one_hot.T, axis, reduction),
        ag.cross_entropy(logits, [0, 2, 1, 1], axis, reduction),
        rtol=1e-12,
    )


def test_linear_refuses_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="x @ weight"):
        ag.linear(np.ones((4, 3)), np.ones((3, 2)))
    with pytest.raises(ValueError, match="bias"):
        ag.linear(np.ones((4, 3)), np.ones((2, 3)), np.ones((1, 2)))


@pytest.mark.parametrize("classes", [3, 64, 65])
def test_narrow_and_wide_softmax_agree(classes):
    x = np.random.default_rng(0).normal(size=(5, classes)) * 10
    e = np.exp(x - x.max(1, keepdims=True))
    p = e / e.sum(1, keepdims=True)
    np.testing.assert_allclose(ag.softmax(x), p, rtol=1e-13)
    np.testing.assert_allclose(ag.log_softmax(x), np.log(p), rtol=1e-12, atol=1e-15)
    labels = np.arange(5) % 3
    np.testing.assert_allclose(
        ag.cross_entropy(x, labels), -np.log(p[np.arange(5), labels]).mean(), rtol=1e-12
    )
    np.testing.assert_allclose(ag.logsumexp(x, -1), np.log(np.exp(x).sum(1)), rtol=1e-12)


def test_logsumexp_of_infinities():
    x = np.array([[-np.inf, -np.inf], [np.inf, 0.0], [0.0, -np.inf]])
    np.testing.assert_array_equal(ag.logsumexp(x, 1), [-np.inf, np.inf, 0])


@dispatched
def angle_of(x):
    """A function without a rule but in these tests."""
    return np.arctan(x)


@pytest.fixture
def scratch_rule():
    """Register a rule for `angle_of` while a test runs."""

    def register(formula):
        rule(angle_of, x=formula)

    yield register
    RULES.pop(angle_of, None)
    for cache in CACHES:
        cache.pop(angle_of, None)


class TestWrongRules:
    def test_a_wrong_factor_is_caught_by_the_checker(self, scratch_rule):
        scratch_rule(lambda g, x: 123_456 * g / (1 + x * x))
        with pytest.raises(GradcheckError, match="constant factor 123456"):
            gradcheck(angle_of, np.array([0.3, 0.7]))

    @pytest.mark.parametrize(
        "formula", [lambda g, x: -g / (1 + x * x), lambda g, x: g * np.nan, lambda g, x: g * x]
    )
    def test_other_wrong_values_too(self, scratch_rule, formula):
        scratch_rule(formula)
        with pytest.raises(GradcheckError):
            gradcheck(angle_of, np.array([0.3, 0.7]))

    def test_a_wrong_second_derivative(self, scratch_rule):
        scratch_rule(lambda g, x: g / (1 + ag.stop_gradient(x) ** 2))
        gradcheck(angle_of, np.array([0.3]))
        with pytest.raises(GradcheckError, match="second derivative"):
            gradcheck(angle_of, np.array([0.3]), order=2)

    def test_a_wrong_shape_is_not_repaired_by_summing(self, scratch_rule):
        scratch_rule(lambda g, x: np.stack([g, g, g]).T)
        x = ag.Tensor(np.ones(2), requires_grad=True)
        with pytest.raises(TypeError, match=r"'angle_of' returned a gradient of shape \(2, 3\)"):
            angle_of(x).sum().backward()

    def test_a_right_rule_is_one_line(self, scratch_rule):
        scratch_rule(lambda g, x: g / (1 + x * x))
        gradcheck(angle_of, np.array([0.3, -2.0]), order=2)

    def test_a_rule_can_be_replaced(self, scratch_rule):
        scratch_rule(lambda g, x: -g / (1 + x * x))
        assert ag.grad(angle_of)(0.0) == -1
        scratch_rule(lambda g, x: g / (1 + x * x))
        assert ag.grad(angle_of)(0.0) == 1

    def test_formulas_that_read_what_is_not_there(self):
        with pytest.raises(TypeError, match="reads 'z', which is none of"):
            rule(angle_of, x=lambda g, z: g)
        with pytest.raises(TypeError, match="no argument 'a'"):
            rule(angle_of, a=lambda g: g)
        assert angle_of not in RULES

    def test_float32_is_refused_by_the_checker(self):
        with pytest.raises(TypeError, match=r"astype\(np\.float64\)"):
            gradcheck(np.exp, np.ones(2, np.float32))


def test_operations_describe_themselves():
    operation = RULES[np.sum]
    assert isinstance(operation, Operation)
    assert repr(operation).startswith("<Operation sum(a, axis")
    assert "Derivative of sum" in repr(operation.derivative((0,)))
