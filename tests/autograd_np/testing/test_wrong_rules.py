"""Every deliberate mistake is caught, nearly all are named, and the mended code passes."""

import numpy as np
import pytest

from autograd_np.rules import RULES
from autograd_np.testing import GradcheckError, gradcheck
from tests.autograd_np.testing.wrong_rules import CASES, registered
from tests.autograd_np.testing.wrong_rules.case import wrong
from tests.autograd_np.testing.wrong_rules.operations import RIGHT, quotient

# Mistakes that are caught, and given another name than the right one.
MISNAMED: dict[str, str | None] = {}

each_case = pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name.replace(" ", "-")) for case in CASES]
)


def error_of(case):
    with registered(case), pytest.raises(GradcheckError) as caught:
        gradcheck(case.function, *case.inputs, order=case.order)
    return caught.value


def diagnosed(case):
    """The kind of the diagnosis, None for none."""
    diagnosis = error_of(case).diagnosis
    return None if diagnosis is None else diagnosis.kind


def test_the_corpus_is_large_and_leaves_no_rule_behind():
    assert len(CASES) >= 40
    assert len({case.name for case in CASES}) == len(CASES)
    assert not set(RULES) & set(RIGHT)


@each_case
def test_is_caught(case):
    report = error_of(case).report
    assert report.what
    assert report.reason or report.diagnosis


def test_diagnosis_is_right():
    found = {case.name: diagnosed(case) for case in CASES}
    named = [case for case in CASES if case.kind is not None and found[case.name] == case.kind]
    assert len(named) >= 35
    wrong = {case.name: found[case.name] for case in CASES if found[case.name] != case.kind}
    assert wrong == MISNAMED


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name.replace(" ", "-"))
        for case in CASES
        if case.right is not None or any(case.wrong.values())
    ],
)
def test_the_right_formula_passes(case):
    with registered(case, mended=True):
        gradcheck(case.right or case.function, *case.inputs, order=2)


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name.replace(" ", "-")) for case in CASES if case.order == 2],
)
def test_a_second_order_mistake_passes_at_first_order(case):
    with registered(case):
        gradcheck(case.function, *case.inputs)


def test_an_argument_without_a_formula_is_named():
    case = wrong("", None, quotient, np.array([1.0, 2.0]), np.array([3.0, 4.0]), y=None)
    with registered(case), pytest.raises(TypeError, match="with respect to its argument 'y'"):
        gradcheck(case.function, *case.inputs)
