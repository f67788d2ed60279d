"""What a failed check says to people and to programs."""

import dataclasses
import traceback

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import Diagnosis, GradcheckError, Report, gradcheck

X = np.array([[0.5, -1.0], [2.0, 0.25]])

FULL = Report(
    what="reverse gradient",
    function="loss",
    seed=7,
    input="input 1['w'][0]",
    index=(2, 0),
    output="result 1",
    output_index=(3,),
    analytic=-1.5,
    numeric=1.5,
    error=3.0,
    tolerance=1.5e-9,
    reason="float64; measured",
    disagreeing=(4, 12),
    diagnosis=Diagnosis("sign", "the sign is flipped."),
)

TEXT = """\
gradcheck of loss: the reverse gradient is wrong.

  with respect to  input 1['w'][0] at [2, 0]
                   of result 1 at [3]
  analytic         -1.5
  numeric           1.5  (central differences)
  error            3, tolerance 1.5e-09
  tolerance from   float64; measured
  disagree         4 of 12 elements looked at
  diagnosis        the sign is flipped.
  seed             7"""


def test_the_text():
    assert str(FULL) == TEXT
    assert str(GradcheckError(FULL)) == TEXT


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"index": ()}, "  with respect to  input 1['w'][0]\n"),
        ({"output_index": ()}, "                   of result 1\n"),
        (
            {"output": None, "output_index": None},
            "                   of a random combination of the results\n",
        ),
        ({"diagnosis": None}, "  diagnosis        none: no simple mistake explains the numbers\n"),
        ({"numeric": np.nan}, "  numeric           nan  (central differences)\n"),
        ({"error": np.inf}, "  error            inf, tolerance 1.5e-09\n"),
    ],
)
def test_what_is_not_known_is_left_out(changes, line):
    assert line in str(dataclasses.replace(FULL, **changes))


def test_lines_without_content_are_left_out():
    text = str(dataclasses.replace(FULL, reason="", disagreeing=None))
    assert "tolerance from" not in text
    assert "disagree" not in text


def test_a_fault_of_no_element_is_one_line():
    found = Diagnosis("random", "two runs differ.")
    assert str(Report("gradient", "f", 0, diagnosis=found)) == (
        "gradcheck of f, gradient: two runs differ."
    )


def test_the_fields_of_a_failed_check():
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda p: np.exp(p["x"]) + 3 * (p["x"] - ag.stop_gradient(p["x"])), {"x": X})
    report = caught.value.report
    assert report.what == "reverse gradient"
    assert report.function == "<lambda>"
    assert report.input == "input 0['x']"
    assert report.output == "the result"
    assert report.output_index == report.index
    assert report.numeric == pytest.approx(np.exp(X[report.index]))
    assert report.analytic == pytest.approx(np.exp(X[report.index]) + 3)
    assert report.error == pytest.approx(abs(report.analytic - report.numeric))
    assert 0 < report.tolerance < 1e-6
    assert report.reason.startswith("float64; ")
    assert report.disagreeing == (4, 16)
    assert report.seed == 0


def test_the_worst_element_is_named():
    slips = np.array([[0, 1e-6], [1e-3, 1e-5]])
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: np.exp(x) + slips * (x - ag.stop_gradient(x)), X)
    assert caught.value.report.index == (1, 0)
    assert caught.value.report.error == pytest.approx(1e-3, rel=1e-3)
    assert caught.value.report.disagreeing == (3, 16)


@pytest.mark.parametrize(
    ("function", "x", "kind", "words"),
    [
        (ag.relu, 0.0, "kink", ["0 from the left", "1 from the right"]),
        (lambda x: np.maximum(3 * x, -2 * x) * 1 + ag.relu(x), 0.0, "kink", ["-2 from", "4 from"]),
        (lambda x: np.where(x >= 1, x + 2, x), 1.0, "discontinuous", ["jumps by 2 at"]),
        (np.sqrt, 0.0, "nan", ["at the border of where it is defined"]),
        (lambda x: np.log(x), 0.0, "nan", ["not finite at this point"]),
        (lambda x: x * ag.stop_gradient(x), 2.0, "cut", [__file__, "1/2"]),
    ],
)
def test_points_where_nothing_can_be_checked(function, x, kind, words):
    with pytest.raises(GradcheckError) as caught:
        gradcheck(function, np.array([x]))
    assert caught.value.diagnosis.kind == kind
    assert all(word in str(caught.value) for word in words)


def test_the_exception_holds_the_report():
    with pytest.raises(AssertionError) as caught:
        gradcheck(lambda x: x * ag.stop_gradient(x), X)
    error = caught.value
    assert isinstance(error, GradcheckError)
    assert str(error) == str(error.report)
    assert error.diagnosis is error.report.diagnosis
    assert type(error).__module__ == "autograd_np.testing"


def test_the_traceback_ends_at_the_line_that_checks():
    with pytest.raises(GradcheckError) as caught:
        gradcheck(lambda x: x * ag.stop_gradient(x), X)
    shown = [entry for entry in caught.traceback if not entry.ishidden(caught)]
    assert [entry.name for entry in shown] == ["test_the_traceback_ends_at_the_line_that_checks"]
    assert "handling of the above" not in "".join(traceback.format_exception(caught.value))
