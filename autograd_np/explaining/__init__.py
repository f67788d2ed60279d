"""A computation as a page that one steps through, forward and back."""

from autograd_np.explaining.explain import explain

__all__ = ["explain"]
