"""Gradients against JAX, which knows nothing of ours: ``python -m pytest -m oracle``."""

import warnings

import numpy as np
import pytest

from autograd_np.testing.catalogue import label
from tests.autograd_np.samples import CASES
from tests.oracles import by_ours
from tests.oracles.scalars import Unsupported, one_triangle

pytestmark = pytest.mark.oracle

# Samples where JAX is wrong or another convention holds; central differences side with us.
_OTHERWISE = {
    ("np.polydiv", "remainder"): "JAX differentiates the quotient only",
}


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_gradient_is_that_of_jax(function, sample):
    pytest.importorskip("jax")
    from tests.oracles import by_jax

    if reason := _OTHERWISE.get((label(function), sample.name)):
        pytest.skip(reason)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = by_jax.gradients(function, sample)
        except Unsupported as error:
            pytest.skip(f"JAX: {str(error)[:80]}")
        found = by_ours.gradients(function, sample)
    for ours, theirs in zip(found, expected, strict=True):
        ours, theirs = one_triangle(function, ours), one_triangle(function, theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
