"""Gradients by autograd_np."""

import numpy as np

import autograd_np as ag
from tests.oracles.scalars import scalar_of


def gradients(function, sample):
    """The gradient of the sample's number with respect to each of its arrays."""
    scalar, arrays = scalar_of(function, sample, np)
    return list(ag.grad(scalar, tuple(range(len(arrays))))(*arrays))
