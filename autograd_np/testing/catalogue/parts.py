"""Real and imaginary parts, angles, and what becomes of complex numbers."""

from __future__ import annotations

from autograd_np.testing.catalogue.sample import Samples

SAMPLES: Samples = {}
