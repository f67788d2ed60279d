"""What is written with other functions takes the arguments that NumPy's own takes."""

import inspect

import numpy as np
import pytest

from autograd_np.rules import COMPOSITES
from autograd_np.rules.families import load_all
from autograd_np.testing.catalogue import label

load_all()
# Deprecated in NumPy 2.2, gone since 2.4.
_GONE = {"interpolation"}
_GONE_FROM = {np.corrcoef: {"bias", "ddof"}}
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def parameters(function):
    """Name, kind and default of each parameter; None for functions that cannot be inspected."""
    try:
        return list(inspect.signature(function).parameters.values())
    except ValueError:
        return None


CASES = [
    pytest.param(function, implementation, id=label(function))
    for function, implementation in COMPOSITES.items()
    if (function.__module__ or "").startswith("numpy")
    and not isinstance(function, np.ufunc)
    and parameters(function) is not None
]


@pytest.mark.parametrize(("function", "implementation"), CASES)
def test_parameters_are_those_of_numpy(function, implementation):
    gone = _GONE | _GONE_FROM.get(function, set())
    theirs = [p for p in parameters(function) if p.kind not in _VARIADIC and p.name not in gone]
    ours = [p for p in parameters(implementation) if p.kind not in _VARIADIC]
    assert [p.name for p in ours] == [p.name for p in theirs]
    for mine, numpys in zip(ours, theirs, strict=True):
        positional = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD
        assert (mine.kind in positional) == (numpys.kind in positional), mine.name
        if numpys.default is inspect.Parameter.empty:
            assert mine.default is inspect.Parameter.empty, mine.name
        elif numpys.default is np._NoValue or mine.default is np._NoValue:
            assert mine.default is not inspect.Parameter.empty, mine.name
        else:
            assert mine.default == numpys.default, mine.name


def test_most_composites_are_looked_at():
    assert len(CASES) > 100
