"""How many of the listed functions a library differentiates rightly on the catalogue's samples."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np

from autograd_np.testing import CATALOGUE
from tests.coverage.listed import listed
from tests.oracles import by_ours
from tests.oracles.scalars import Unsupported, one_triangle

LIBRARIES = {
    "hips": ("HIPS autograd", "autograd"),
    "mygrad": ("MyGrad", "mygrad"),
    "jax": ("JAX", "jax"),
    "ours": ("autograd_np", "numpy"),
}
# Where conventions differ (which triangle of a symmetric matrix is read) others count as right.
_TOLERANCE = 1e-6


def count(library: str, progress: Any) -> dict[str, Any]:
    """By family: functions right in every sample, in the first, and all; and the version.

    A gradient is right if it is ours, which the tests hold against central differences.
    """
    oracle = importlib.import_module(f"tests.oracles.by_{library}")
    families: dict[str, Any] = {}
    for family, names in listed().items():
        every = first = 0
        for functions in progress(names.values()):
            verdicts = [
                [_right(oracle, function, sample) for sample in CATALOGUE[function]]
                for function in functions
            ]
            every += all(all(each) for each in verdicts)
            first += all(each[0] for each in verdicts)
        families[family] = {"every": every, "first": first, "all": len(names)}
    module = importlib.import_module(LIBRARIES[library][1])
    version = importlib.metadata.version(module.__name__)
    return {"version": version, "families": families}


def _right(oracle: Any, function: Any, sample: Any) -> bool:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = oracle.gradients(function, sample)
        except Unsupported:
            return False
        expected = by_ours.gradients(function, sample)
    return all(
        ours.shape == theirs.shape
        and np.allclose(
            one_triangle(function, ours), one_triangle(function, theirs), _TOLERANCE, 1e-9
        )
        for ours, theirs in zip(expected, found, strict=True)
    )
