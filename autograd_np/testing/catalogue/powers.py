"""Powers, exponentials, logarithms, circular and hyperbolic functions."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import Sample, Samples, binary, positive, real, unary

SAMPLES: Samples = {
    np.square: unary(),
    np.sqrt: unary(positive),
    np.exp: unary(),
    np.expm1: unary(),
    np.log: unary(positive),
    np.log2: unary(positive),
    np.log10: unary(positive),
    np.log1p: unary(positive),
    np.sin: unary(),
    np.cos: unary(),
    np.tanh: unary(),
    np.power: [
        *binary(positive),
        Sample("negative base", (real(4), 3.0), {}),
        Sample("zero exponent", (real(4), 0.0), {}),
        Sample("negative exponent", (real(4), -2.0), {}),
        Sample("zero base", (np.array([0.0, 1.5]), 2.0), {}),
    ],
    np.logaddexp: binary(),
}
