"""Checking gradients: `gradcheck`, and the sample inputs of every rule."""

from autograd_np.testing.catalogue import CATALOGUE, Sample
from autograd_np.testing.checker import GradcheckError, gradcheck

__all__ = ["CATALOGUE", "GradcheckError", "Sample", "gradcheck"]
