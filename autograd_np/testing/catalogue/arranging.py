"""Repeating, rolling, padding and diagonals."""

from __future__ import annotations

from autograd_np.testing.catalogue.sample import Samples

SAMPLES: Samples = {}
