"""The logistic function, its inverse and its logarithm."""

from scipy import special as sp

from autograd_np.rules.registry import rule

rule(sp.expit, x=lambda g, out: g * (out * (1 - out)))
rule(sp.logit, x=lambda g, x: g / (x * (1 - x)))
rule(sp.log_expit, x=lambda g, x: g * sp.expit(-x))
