"""How many of the listed functions a library differentiates rightly on the catalogue's samples."""

from __future__ import annotations

import importlib
import importlib.metadata
import warnings
from typing import Any

import numpy as np

from autograd_np.testing import CATALOGUE, GradcheckError, gradcheck
from tests.autograd_np.samples import differentiable
from tests.coverage.listed import listed
from tests.oracles import by_ours
from tests.oracles.scalars import Unsupported

LIBRARIES = {
    "hips": ("HIPS autograd", "autograd"),
    "mygrad": ("MyGrad", "mygrad"),
    "jax": ("JAX", "jax"),
    "ours": ("autograd_np", "autograd_np"),
}
_TOLERANCE = 1e-6


def count(library: str, progress: Any) -> dict[str, Any]:
    """By family: functions right in every sample, in the first, and all; and the version.

    Ours is held against central differences, to the order that a sample says; that of others
    against ours.
    """
    oracle = importlib.import_module(f"tests.oracles.by_{library}")
    right = _agrees_with_differences if library == "ours" else _agrees_with_ours
    families: dict[str, Any] = {}
    for family, names in listed().items():
        every = first = 0
        for functions in progress(names.values()):
            verdicts = [
                [right(oracle, function, sample) for sample in CATALOGUE[function]]
                for function in functions
            ]
            every += all(all(each) for each in verdicts)
            first += all(each[0] for each in verdicts)
        families[family] = {"every": every, "first": first, "all": len(names)}
    version = "" if library == "ours" else importlib.metadata.version(LIBRARIES[library][1])
    return {"version": version, "families": families}


def _agrees_with_differences(oracle: Any, function: Any, sample: Any) -> bool:
    call, arrays = differentiable(function, sample)
    try:
        gradcheck(call, *arrays, order=sample.order)
    except GradcheckError:
        return False
    return True


def _agrees_with_ours(oracle: Any, function: Any, sample: Any) -> bool:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found = oracle.gradients(function, sample)
        except Unsupported:
            return False
        expected = by_ours.gradients(function, sample)
    return all(
        ours.shape == theirs.shape and np.allclose(ours, theirs, _TOLERANCE, 1e-9)
        for ours, theirs in zip(expected, found, strict=True)
    )
