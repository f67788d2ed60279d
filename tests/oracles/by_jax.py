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
    theirs = found_in(jnp, label(function), jax.scipy.special)
    scalar, arrays = scalar_of(theirs, sample, jnp)
    try:
        found = jax.grad(scalar, tuple(range(len(arrays))))(*map(jnp.asarray, arrays))
    except Exception as error:
        raise Unsupported(f"{type(error).__name__}: {error}") from error
    # JAX hands out what the rules compute with, ours points uphill.
    return [np.conj(np.asarray(g)) for g in found]
