"""Rounding, remainders and the parts of floating-point numbers."""

from __future__ import annotations

from autograd_np.testing.catalogue.sample import Samples

SAMPLES: Samples = {}
