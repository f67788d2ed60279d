"""Gradients by JAX, in double precision."""

import jax
import jax.numpy as jnp
import jax.scipy.special
import numpy as np

from autograd_np.testing.catalogue import label
from tests.oracles.scalars import Unsupported, found_in, scalar_of

jax.config.update("jax_enable_x64", True)


def gradients(function, sample):
    """The gradient of the sample's number with respect to each of its arrays."""
    theirs = _of_one_triangle(function, found_in(jnp, label(function), jax.scipy.special))
    scalar, arrays = scalar_of(theirs, sample, jnp)
    try:
        found = jax.grad(scalar, tuple(range(len(arrays))))(*map(jnp.asarray, arrays))
    except Exception as error:
        raise Unsupported(f"{type(error).__name__}: {error}") from error
    # JAX hands out what the rules compute with, ours points uphill.
    return [np.conj(np.asarray(g)) for g in found]


def _of_one_triangle(function, theirs):
    """LAPACK reads one triangle of a symmetric matrix, where JAX takes the mean of both."""
    symmetric = (np.linalg.eigh, np.linalg.eigvalsh, np.linalg.cholesky)
    if function not in (*symmetric, np.linalg.pinv, np.linalg.svd):
        return theirs

    def of_matrix(a, *args, **kwargs):
        if function in symmetric or kwargs.get("hermitian"):
            upper = kwargs.get("upper", False) or "U" in (*args, kwargs.get("UPLO"))
            half = jnp.triu(a) if upper else jnp.tril(a)
            other = jnp.triu(a, 1) if upper else jnp.tril(a, -1)
            a = half + jnp.conj(jnp.swapaxes(other, -1, -2))
        return theirs(a, *args, **kwargs)

    return of_matrix
