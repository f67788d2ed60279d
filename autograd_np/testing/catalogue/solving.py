"""Inverses, determinants and linear systems."""

from __future__ import annotations

from autograd_np.testing.catalogue.sample import Samples

SAMPLES: Samples = {}
