"""The operations that values were computed by, as a program: what pictures and listings read."""

from autograd_np.ancestry.programs import program_of, trace

__all__ = ["program_of", "trace"]
