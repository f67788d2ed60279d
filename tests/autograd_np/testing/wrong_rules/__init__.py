"""Deliberately wrong rules and functions, each with the diagnosis that it should get."""

from tests.autograd_np.testing.wrong_rules import (
    complex_numbers,
    faults,
    formulas,
    functions,
    layers,
)
from tests.autograd_np.testing.wrong_rules.case import Case, registered

__all__ = ["CASES", "Case", "registered"]

CASES = [
    *formulas.CASES,
    *layers.CASES,
    *complex_numbers.CASES,
    *faults.CASES,
    *functions.CASES,
]
