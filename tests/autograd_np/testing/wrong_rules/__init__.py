"""Deliberately wrong rules and functions, each with the diagnosis that it should get."""

from tests.autograd_np.testing.wrong_rules import faults, formulas, functions, layers
from tests.autograd_np.testing.wrong_rules.case import Case, registered

__all__ = ["CASES", "Case", "registered"]

CASES = [*formulas.CASES, *layers.CASES, *faults.CASES, *functions.CASES]
