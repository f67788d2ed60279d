"""Derivative rules: one table, one file per family of NumPy functions.

To add a function, write one `rule` here and one sample input in `autograd_np.testing.catalogue`.
"""

from autograd_np.rules import (
    activations,
    arithmetic,
    comparisons,
    indexing,
    joining,
    linear_algebra,
    losses,
    powers,
    reductions,
    selection,
    shapes,
)
from autograd_np.rules.registry import RULES, composite, constant, dispatched, rule

__all__ = [
    "RULES",
    "activations",
    "arithmetic",
    "comparisons",
    "composite",
    "constant",
    "dispatched",
    "indexing",
    "joining",
    "linear_algebra",
    "losses",
    "powers",
    "reductions",
    "rule",
    "selection",
    "shapes",
]
