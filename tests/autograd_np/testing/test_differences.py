"""Slopes from values alone: how right they are, and how well they know it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_np.testing.differences import Differences

UNIT = np.ones(1)
EPSILON = float(np.finfo(np.float64).eps)


def around(function, x, seed=0, epsilon=EPSILON, rounded=lambda vector: vector):
    return Differences(
        function,
        np.atleast_1d(np.asarray(x, float)),
        rounded,
        epsilon,
        resolution=0.0,
        rng=np.random.default_rng(seed),
    )


SMOOTH = {
    "sine": (np.sin, np.cos, 0.7),
    "exponential": (np.exp, np.exp, 1.2),
    "fifth power": (lambda x: x**5, lambda x: 5 * x**4, 1.3),
    "logarithm": (np.log, np.reciprocal, 2.0),
    "reciprocal": (np.reciprocal, lambda x: -1 / x**2, -0.4),
    "bell": (lambda x: np.exp(-x * x), lambda x: -2 * x * np.exp(-x * x), 0.3),
}


@pytest.mark.parametrize(("function", "derivative", "x"), SMOOTH.values(), ids=SMOOTH)
def test_extrapolation_leaves_rounding_alone(function, derivative, x):
    differences = around(function, x)
    expected = derivative(np.array([x]))
    for slope in differences.looks(UNIT, max(1, abs(x))):
        assert abs(slope.value - expected) <= 1e-11 * abs(expected)
        assert abs(slope.value - expected) <= slope.error
        assert slope.error <= 1e-9 * abs(expected)


def test_extrapolation_is_exact_for_polynomials_of_degree_six():
    x, coefficients = 0.75, [1, -2, 3, 0, -1, 2, 1]
    slope = around(lambda v: np.polyval(coefficients, v), x).slope(UNIT, 64.0)
    assert slope.value == pytest.approx(np.polyval(np.polyder(coefficients), x), rel=1e-12)


@pytest.mark.parametrize("steep", [1e3, 1e6, 1e9])
def test_steep_functions_get_smaller_steps(steep):
    x = 0.3 / steep
    expected = steep / np.cosh(0.3) ** 2
    *_, slope = around(lambda v: np.tanh(steep * v), x).looks(UNIT)
    assert slope.value == pytest.approx(expected, rel=1e-7)
    assert abs(slope.value - expected) <= 10 * slope.error
    assert slope.step < 1 / steep


def test_each_result_gets_its_own_step():
    factors = np.array([1, 1e3, 1e6])
    slope = around(lambda v: np.sin(factors * v + 0.1), 0.0).refined(UNIT)
    np.testing.assert_allclose(slope.value, factors * np.cos(0.1), rtol=1e-7)
    assert (np.diff(slope.step) < 0).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("level", [1e-10, 1e-6, 1e-2])
def test_added_noise_is_measured(level, seed):
    def function(vector):
        """A deterministic hash of the bits, of standard deviation `level`, on top of a sine."""
        bits = vector.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        uniform = (bits ^ (bits >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) / 2.0**64
        return np.sin(vector) + level * np.sqrt(12) * (uniform - 0.5)

    noise = around(function, 0.7, seed).noise[0]
    assert level / 6 < noise < 6 * level


@pytest.mark.parametrize("seed", range(5))
def test_float32_inside_a_function_is_measured(seed):
    def function(vector):
        return np.sin(vector.astype(np.float32)).astype(float)

    differences = around(function, 0.7, seed)
    # Half a unit in the last place, evenly distributed.
    expected = np.spacing(np.float32(np.sin(0.7))) / np.sqrt(12)
    assert expected / 6 < differences.noise[0] < 6 * expected
    slope = differences.refined(UNIT)
    assert abs(slope.value - np.cos(0.7)) < 10 * slope.error
    assert slope.error < 1e-3


def test_rounding_within_a_function_is_measured_whatever_the_seed():
    """The argument of the sine is rounded to multiples of 2**-43."""
    expected = 2.0**-43 / np.sqrt(12)
    noise = [around(lambda x: np.sin(214.4793 * x), -3.896, seed).noise[0] for seed in range(50)]
    assert np.min(noise) > expected / 20
    assert np.max(noise) < expected * 20


def test_a_smooth_function_has_the_noise_of_rounding():
    differences = around(np.sin, 0.7)
    assert EPSILON * np.sin(0.7) <= differences.noise[0] < 10 * EPSILON


def test_a_kink_is_not_taken_for_noise():
    assert around(lambda x: np.abs(x - 1) + 1, 1.0).noise[0] < 1e-12


@pytest.mark.parametrize(("left", "right"), [(-1.0, 1.0), (0.0, 1.0), (-3.0, 2.0), (2.0, 2.5)])
@pytest.mark.parametrize("x", [0.0, 1.5])
def test_one_sided_slopes(left, right, x):
    def function(vector):
        apart = vector - x
        return np.where(apart < 0, left * apart, right * apart) + np.exp(vector)

    found = around(function, x).one_sided(UNIT, 0)
    expected = (left + np.exp(x), right + np.exp(x))
    assert found[:2] == pytest.approx(expected, abs=1e-9)
    assert found[2] < 1e-7
    assert np.abs(np.subtract(found[:2], expected)).max() <= found[2] + 1e-12


@pytest.mark.parametrize("height", [3.0, 1e-3, -0.5])
def test_a_jump_is_measured(height):
    differences = around(lambda x: np.where(x >= 1, height, 0.0) + np.sin(x), 1.0)
    assert differences.jump(UNIT, 0) == pytest.approx(abs(height), rel=1e-4)


@pytest.mark.parametrize("function", [np.sin, np.abs, np.sqrt, lambda x: 1e6 * x])
@pytest.mark.parametrize("x", [1.0, 0.5])
def test_what_is_continuous_does_not_jump(function, x):
    assert around(function, x).jump(UNIT, 0) == 0


@pytest.mark.parametrize("function", [np.log, np.sqrt])
def test_a_border_close_by_is_kept_away_from(function):
    with np.errstate(all="ignore"):
        differences = around(function, 1e-5)
        slope = differences.refined(UNIT)
        assert not np.isfinite(differences.slope(UNIT).value[0])
    assert slope.value == pytest.approx(1e5 if function is np.log else 0.5 / np.sqrt(1e-5))
    assert slope.step < 1e-5


def test_at_a_border_nothing_is_known():
    with np.errstate(all="ignore"):
        differences = around(np.sqrt, 0.0)
        assert differences.refined(UNIT).error[0] == np.inf
        assert not differences.finite_around()
        assert around(np.sqrt, 1.0).finite_around()


def test_a_direction_of_several_elements():
    x, direction = np.array([0.3, -1.2, 2.0]), np.array([0.6, 0.0, -0.8])
    slope = around(lambda v: np.array([np.sin(v).sum(), np.prod(v)]), x).slope(direction)
    expected = [np.cos(x) @ direction, 0.6 * -1.2 * 2.0 - 0.8 * 0.3 * -1.2]
    np.testing.assert_allclose(slope.value, expected, rtol=1e-10)


def test_slopes_along_a_longer_direction():
    slope = around(np.exp, 0.5).slope(UNIT)
    longer = slope.times(3.0)
    assert (longer.value, longer.error) == (3 * slope.value, 3 * slope.error)
    assert longer.step == slope.step


def test_a_function_that_is_flat_elsewhere():
    """At large steps the slope is zero without any error, and of another neighbourhood."""
    *_, slope = around(lambda v: np.exp(-((1e4 * v) ** 2)), 1e-4).looks(UNIT)
    assert slope.value == pytest.approx(-2e4 * np.exp(-1), rel=1e-6)


def test_inputs_of_float32_are_moved_by_what_they_can_hold():
    def rounded(vector):
        return vector.astype(np.float32).astype(float)

    def function(vector):
        np.testing.assert_array_equal(vector, rounded(vector))
        return np.exp(vector)

    x = float(np.float32(0.1))
    differences = around(function, x, epsilon=float(np.finfo(np.float32).eps), rounded=rounded)
    assert differences.slope(UNIT).value == pytest.approx(np.exp(x), rel=1e-7)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    frequency=st.floats(1e-3, 1e3),
    phase=st.floats(-3, 3),
    height=st.floats(1e-6, 1e6),
    offset=st.floats(-10, 10),
    x=st.floats(-5, 5),
)
def test_the_error_is_no_promise_too_good(frequency, phase, height, offset, x):
    """The true slope lies within ten times the error that is claimed, at every look."""

    def function(vector):
        return height * (np.sin(frequency * vector + phase) + offset)

    expected = height * frequency * np.cos(frequency * x + phase)
    *_, last = looks = list(around(function, x).looks(UNIT, max(1.0, abs(x))))
    for slope in looks:
        assert abs(slope.value[0] - expected) <= 10 * slope.error[0] + 1e-13 * abs(expected)
    assert last.error[0] <= 1e-6 * height * max(1, frequency)
