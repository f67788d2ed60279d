"""Every function that has a rule, traced at one set of values and called at others.

A value of the trace that decided something would show: each call must be that of eager mode, bit
for bit, or be refused.
"""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.failures import TraceError
from autograd_np.lowering.passes import PASSES
from autograd_np.testing.catalogue import label
from autograd_np.trees import flatten
from tests.autograd_np.samples import CASES, differentiable

# By function: why it cannot be traced.
REFUSED = {
    "np.polymul": "leading zeros are left out",
    "np.polydiv": "the length of the remainder depends on leading zeros",
    "np.trim_zeros": "the shape depends on values",
    "np.bincount": "the shape depends on values, without minlength",
    "np.piecewise": "indexes by a mask",
}
REFUSED_SAMPLES = {
    ("np.poly", "complex"): "real coefficients where the zeros come in pairs",
}

PARTLY_REFUSED = {"np.bincount", "np.piecewise"}

# They are traced, and raise at a call where the result has another shape or dtype.
CHECKED_AT_CALLS = {
    "np.roots", "roots_of", "np.linalg.eig", "np.linalg.eigvals", "np.linalg.lstsq",
    "np.real_if_close", "characteristic", "np.poly",
}  # fmt: skip


def step_of(call, count):
    """The outputs of a call, and the gradients of a weighted sum of them."""

    def loss(*arrays):
        outputs = [leaf for leaf in flatten(call(*arrays))[0] if hasattr(leaf, "dtype")]
        total = 0.0
        for leaf in outputs:
            if isinstance(leaf, ag.Tensor) and leaf.requires_grad:
                weights = np.linspace(0.5, 1.5, leaf.size).reshape(leaf.shape)
                part = np.sum(leaf * weights)
                total = total + (part.real + 0.3 * part.imag if leaf.dtype.kind == "c" else part)
        return total, outputs

    return ag.value_and_grad(loss, argnums=tuple(range(count)), has_aux=True)


def other_values(array, number):
    """Other values that a function of this one is likely to accept."""
    rng = np.random.default_rng(number)
    if number == 1:
        return np.asarray(array * rng.uniform(0.8, 1.25, array.shape))
    if number == 2:
        return np.asarray(rng.permutation(array.ravel()).reshape(array.shape))
    changed = np.array(array)
    changed.ravel()[:1] = 0
    return changed


def arrays_of(result):
    return [
        leaf.detach().numpy() if isinstance(leaf, ag.Tensor) else np.asarray(leaf)
        for leaf in flatten(result)[0]
    ]


def assert_equal(found, expected, exact):
    for mine, other in zip(arrays_of(found), arrays_of(expected), strict=True):
        assert (mine.dtype, mine.shape) == (other.dtype, other.shape)
        if exact:
            numbers = other.dtype.kind in "fc"
            assert np.array_equal(mine, other, equal_nan=numbers), abs(mine - other).max()
            assert not numbers or np.array_equal(np.signbit(mine.real), np.signbit(other.real))
        else:
            np.testing.assert_allclose(mine, other, rtol=1e-14)


def check(function, sample, disabled=()):
    call, arrays = differentiable(function, sample)
    assert arrays, "nothing to differentiate"
    eager = step_of(call, len(arrays))
    step = ag.compile(eager, disable=disabled)
    # NumPy rounds the product of two complex scalars otherwise than that of arrays, and eager
    # mode has both.
    exact = not any(each.ndim == 0 and each.dtype.kind == "c" for each in arrays)
    with np.errstate(all="ignore"):
        for number in range(4):
            given = [other_values(each, number) if number else each for each in arrays]
            try:
                expected = eager(*given)
            except (ValueError, TypeError, np.linalg.LinAlgError):
                # The trace, like eager mode, is for valid values.
                assert number, "the sample itself"
                continue
            try:
                found = step(*given)
            except ValueError:
                assert label(function) in CHECKED_AT_CALLS
                continue
            assert_equal(found, expected, exact)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("function", "sample"), CASES)
def test_traced_at_one_place_and_called_at_others(function, sample):
    name = label(function)
    if name in REFUSED or (name, sample.name) in REFUSED_SAMPLES:
        call, arrays = differentiable(function, sample)
        try:
            ag.compile(step_of(call, len(arrays)))(*arrays)
        except TraceError:
            return
        assert name in PARTLY_REFUSED
    check(function, sample)


TRACED = [case for case in CASES if label(case.values[0]) not in REFUSED]
SOME = [TRACED[i] for i in np.random.default_rng(0).choice(len(TRACED), 60, replace=False)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("disabled", PASSES)
@pytest.mark.parametrize("case", [case.values for case in SOME], ids=[case.id for case in SOME])
def test_no_pass_is_needed(case, disabled):
    function, sample = case
    check(function, sample, (disabled,))
