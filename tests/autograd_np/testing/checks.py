"""What several tests of the checker share."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import GradcheckError, gradcheck

X = np.array([0.5, -1.0, 2.0])


def half(x):
    """A square with half its gradient."""
    return x * ag.stop_gradient(x)


def report_of(function, *inputs, **settings):
    """The report of a check that must fail."""
    with pytest.raises(GradcheckError) as caught:
        gradcheck(function, *inputs, **settings)
    return caught.value.report
