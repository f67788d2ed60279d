"""Checking gradients: `gradcheck`, `compare`, and the sample inputs of every rule."""

from autograd_np.testing.catalogue import CATALOGUE, Sample
from autograd_np.testing.checker import gradcheck
from autograd_np.testing.comparison import Comparison, compare
from autograd_np.testing.report import Diagnosis, GradcheckError, Report

__all__ = [
    "CATALOGUE",
    "Comparison",
    "Diagnosis",
    "GradcheckError",
    "Report",
    "Sample",
    "compare",
    "gradcheck",
]
