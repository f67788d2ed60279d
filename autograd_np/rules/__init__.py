"""Derivative rules: one table, one file per family of NumPy functions.

To add a function, write one `rule` here and one sample input in `autograd_np.testing.catalogue`.
The families imported here are what most programs use; `families` imports the others when needed.
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
from autograd_np.rules.registry import COMPOSITES, RULES, composite, constant, dispatched, rule

__all__ = [
    "COMPOSITES",
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
