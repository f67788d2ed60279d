"""The functions of ``autograd.scipy.special``."""

import numpy as np
import pytest
from scipy import special

import autograd_np as ag
import autograd_np.scipy.special

SPECIAL = {
    **dict.fromkeys(
        ["gamma", "gammaln", "rgamma", "psi", "digamma", "j0", "j1", "y0", "y1", "i0", "i1"], (0.4,)
    ),
    **dict.fromkeys(["erf", "erfc", "erfinv", "erfcinv", "expit", "logit", "gammasgn"], (0.4,)),
    **dict.fromkeys(["gammainc", "gammaincc", "beta", "betaln"], (1.2, 0.7)),
    **dict.fromkeys(["jn", "yn", "iv", "ive", "polygamma"], (2, 0.7)),
    "betainc": (1.2, 0.7, 0.3),
    "logsumexp": (np.array([0.5, -1.2]),),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_special_functions_of_hips_are_here(name):
    args = SPECIAL[name]
    last = len(args) - 1
    ours = ag.grad(getattr(autograd_np.scipy.special, name), last)(*args)
    step = np.eye(2) * 1e-5 if name == "logsumexp" else [1e-5]

    def value(x):
        return getattr(special, name)(*args[:last], x)

    slopes = [(value(args[last] + h) - value(args[last] - h)) / 2e-5 for h in step]
    np.testing.assert_allclose(ours, np.reshape(slopes, np.shape(ours)), rtol=1e-6, atol=1e-9)
    hips = pytest.importorskip("autograd.scipy.special")
    grad = pytest.importorskip("autograd").grad
    np.testing.assert_allclose(ours, grad(getattr(hips, name), last)(*args), rtol=1e-10)
