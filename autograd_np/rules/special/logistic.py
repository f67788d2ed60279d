"""The logistic function, its inverse and its logarithm."""

import numpy as np
from scipy import special as sp

from autograd_np.rules.registry import rule

rule(sp.expit, x=lambda g, out: g * (out * (1 - out)))
rule(sp.logit, x=lambda g, x: g / (x * (1 - x)))
# The logistic function of -x, as exactly as 1 minus an exponential can be.
rule(sp.log_expit, x=lambda g, out: g * -np.expm1(out))
