"""Gradients against JAX, which knows nothing of ours: ``python -m pytest -m oracle``."""

import warnings

import numpy as np
import pytest

from autograd_np.testing.catalogue import label
from tests.autograd_np.samples import CASES
from tests.oracles import by_ours
from tests.oracles.scalars import Unsupported

pytestmark = pytest.mark.oracle

# Where JAX is wrong or means something else; central differences side with us.
_OTHERWISE = {
    "np.sign": "JAX: no derivative of the direction of a complex number",
    "np.arccosh": "JAX: another branch than its own value, left of the imaginary axis",
    "np.partition": "JAX: the elements beside the k-th stand in another order",
    "np.polydiv": "JAX: the remainder keeps its leading zeros",
    "special.log_ndtr": "JAX: seven digits in the far tail",
    "special.i0": "JAX: not 0 at 0",
    "special.expn": "JAX: NaN for order 0",
    "special.spence": "JAX: NaN beyond 1",
}


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_gradient_is_that_of_jax(function, sample):
    pytest.importorskip("jax")
    from tests.oracles import by_jax

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            expected = by_jax.gradients(function, sample)
        except Unsupported as error:
            pytest.skip(f"JAX: {str(error)[:80]}")
        found = by_ours.gradients(function, sample)
    try:
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    except AssertionError:
        if label(function) not in _OTHERWISE:
            raise
        pytest.skip(_OTHERWISE[label(function)])
