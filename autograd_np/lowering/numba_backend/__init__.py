"""A whole program as one native call, compiled by numba."""

from autograd_np.lowering.numba_backend.backend import lower

__all__ = ["lower"]
