"""Programs as readable NumPy."""

from autograd_np.lowering.numpy_backend.backend import lower

__all__ = ["lower"]
