"""What the tests of anomaly mode share."""

import inspect

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.registry import CACHES, RULES, dispatched, rule


def leaf(*values, name=None):
    return ag.Tensor(np.array(values, float), requires_grad=True, name=name)


def line():
    """The number of the caller's line."""
    return inspect.currentframe().f_back.f_lineno


def raised(function, *args):
    """The AnomalyError that `function` raises under the watch."""
    with pytest.raises(ag.AnomalyError) as caught, ag.detect_anomaly():
        function(*args)
    return caught.value


@pytest.fixture
def temporary():
    """`rule`, for functions that lose their rule when the test ends."""
    functions = []

    def register(function, **formulas):
        functions.append(function)
        rule(function, **formulas)

    yield register
    for function in functions:
        RULES.pop(function)
        for cache in CACHES:
            cache.pop(function, None)


@pytest.fixture
def halves(temporary):
    """A function with two outputs, whose first has no finite derivative at 0."""

    @dispatched
    def halves(x):
        """Square root and its square."""
        root = np.sqrt(x)
        return root, root * root

    temporary(
        halves,
        outputs=["root", "rest"],
        x={
            "root": lambda g, root: g * (0.5 / root),
            "rest": lambda g: g,
        },
    )
    return halves
