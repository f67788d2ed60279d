"""Circular and hyperbolic functions, and their inverses."""

from __future__ import annotations

from autograd_np.testing.catalogue.sample import Samples

SAMPLES: Samples = {}
