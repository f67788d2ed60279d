"""A computation as a page that one steps through, forward and back."""

from autograd_np.explaining.explain import explain
from autograd_np.explaining.explanation import Explanation

__all__ = ["Explanation", "explain"]
