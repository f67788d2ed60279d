"""What numbers alone say of a mistake."""

import numpy as np
import pytest

from autograd_np.testing.catalogue import real
from autograd_np.testing.diagnosis import diagnose
from autograd_np.testing.evidence import Evidence

MATRIX = real(3, 4)
SQUARE = real(3, 3)
ROW = real(5)


def evidence(analytic, numeric, ndim=None, others=(), shape=()):
    analytic, numeric = (np.asarray(each, float) for each in (analytic, numeric))
    known = np.where(np.isfinite(numeric), np.abs(numeric), 0)
    tolerance = np.full(numeric.shape, 1e-9 * known.max(initial=0))
    return Evidence(
        analytic, numeric, tolerance, analytic.ndim if ndim is None else ndim, shape, others
    )


def kind(*args, **settings):
    found = diagnose(evidence(*args, **settings))
    return None if found is None else found.kind


@pytest.mark.parametrize("values", [MATRIX, ROW, np.zeros(3), np.array(2.0), np.zeros((0, 3))])
def test_nothing_is_said_of_what_is_right(values):
    assert diagnose(evidence(values, values)) is None
    assert diagnose(evidence(values * (1 + 1e-11), values)) is None


FACTORS = {
    2: "2",
    -3: "-3",
    0.5: "1/2",
    1 / 3: "1/3",
    -2 / 7: "-2/7",
    123456: "123456",
    np.pi: "pi (3.14159)",
    1 / np.log(2): "1/(ln 2) (1.4427)",
    -np.log(10): "-ln 10 (-2.30259)",
    np.sqrt(2 * np.pi): "sqrt(2 pi) (2.50663)",
    1 + 1e-6: "1 + 1e-06",
    1 - 3e-5: "1 - 3e-05",
    np.sqrt(3): "1.73205081",
}


@pytest.mark.parametrize(("factor", "name"), FACTORS.items(), ids=FACTORS.values())
def test_factors_are_named_as_people_write_them(factor, name):
    found = diagnose(evidence(factor * ROW, ROW))
    assert (found.kind, found.text) == ("factor", f"off by the constant factor {name}.")


@pytest.mark.parametrize("scale", [1e-250, 1e-8, 1e8, 1e250])
def test_factors_at_any_scale(scale):
    assert kind(3 * scale * ROW, scale * ROW) == "factor"


def test_a_factor_at_some_elements():
    wrong = ROW.copy()
    wrong[[1, 3]] *= 2
    assert diagnose(evidence(wrong, ROW)).text.endswith("2, at 2 of the 5 elements looked at.")


def test_some_factor_explains_any_number():
    """So a single wrong number says nothing, unless the factor is simple."""
    wrong = ROW.copy()
    wrong[2] *= 1.2345678
    assert kind(wrong, ROW) is None
    assert kind(2 * ROW[:1], ROW[:1]) == "factor"


def test_noise_is_no_factor():
    assert kind(2 * ROW + 0.1 * real(5, seed=2), ROW) is None


@pytest.mark.parametrize("values", [MATRIX, ROW, real()])
def test_signs(values):
    assert kind(-values, values) == "sign"


@pytest.mark.parametrize(("factor", "text"), [(5, "is missing"), (1 / 5, "is one too many")])
def test_means_over_an_axis_of_the_result(factor, text):
    found = diagnose(evidence(factor * MATRIX, MATRIX, shape=(5, 2)))
    assert (found.kind, text in found.text) == ("mean", True)


def test_means_over_an_axis_of_the_input():
    assert kind(4 * MATRIX, MATRIX) == "mean"
    assert kind(12 * MATRIX, MATRIX) == "mean"
    assert kind(7 * MATRIX, MATRIX) == "factor"


def test_a_two_is_not_taken_for_a_batch_of_two():
    assert kind(2 * real(2, 3), real(2, 3)) == "factor"


def test_zeros():
    assert kind(0 * MATRIX, MATRIX) == "zero"
    assert kind(np.zeros(()), real()) == "zero"


def test_some_zeros():
    wrong = MATRIX.copy()
    wrong[1:] = 0
    assert diagnose(evidence(wrong, MATRIX)).text.startswith("zero at 8 of the 12 elements")


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_precision(dtype):
    found = diagnose(evidence(MATRIX.astype(dtype), MATRIX))
    assert (found.kind, dtype in found.text) == ("precision", True)


@pytest.mark.parametrize("rounding", [np.rint, np.trunc])
def test_integers(rounding):
    found = diagnose(evidence(rounding(5 * ROW), 5 * ROW))
    assert (found.kind, "integers" in found.text) == ("precision", True)


def test_ones_are_not_integers():
    """A missing factor of 1/n leaves ones."""
    assert kind(np.ones(4), np.full(4, 0.25)) == "mean"


def test_exchanged_gradients():
    assert kind(ROW, real(5, seed=1), others=[real(3), real(5, seed=1)]) == "swapped"
    assert kind(ROW, real(5, seed=1), others=[real(3), real(5, seed=2)]) is None


@pytest.mark.parametrize("axes", [0, 1, (0, 1)])
def test_reversals(axes):
    assert kind(np.flip(MATRIX, axes), MATRIX) == "reversed"


def test_transpositions():
    assert kind(SQUARE.T, SQUARE) == "transposed"
    cube = real(3, 3, 3)
    assert kind(cube.transpose(1, 2, 0), cube) == "transposed"


def test_transpositions_of_an_operand():
    jacobian = real(3, 3)
    assert "an operand" in diagnose(evidence(jacobian.T, jacobian, ndim=1)).text


@pytest.mark.parametrize("index", [0, 2])
def test_missing_sums(index):
    """A number was added to four elements, and one of them is counted."""
    right = np.ones(4)
    wrong = np.zeros(4)
    wrong[index] = 1
    found = diagnose(evidence(wrong, right, ndim=0))
    assert found.kind == "broadcast"
    assert f"only index ({index},) along axes (0,)" in found.text


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite(bad):
    wrong = ROW.copy()
    wrong[1] = bad
    found = diagnose(evidence(wrong, ROW))
    assert found.kind == "nan"


def test_elements_that_were_not_looked_at():
    numeric = MATRIX.copy()
    numeric[1:] = np.nan
    analytic = 7 * MATRIX
    analytic[2] = np.nan
    assert kind(analytic, numeric) == "factor"
    assert evidence(analytic, numeric).wrong.sum() == 4


def test_what_has_no_name():
    assert kind(ROW**2, ROW) is None


@pytest.mark.parametrize(
    "change", [np.transpose, np.flip, np.negative, lambda a: 2 * a], ids=["T", "flip", "sign", "2"]
)
def test_a_mistake_that_explains_nearly_all_is_not_named(change):
    assert kind(change(SQUARE), SQUARE) is not None
    assert kind(change(SQUARE) + 0.05 * real(3, 3, seed=4), SQUARE) is None
