"""JAX: loss, gradient and update in one jitted function, the old parameters' memory given to it."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from tests.benchmarks.networks import Problem
from tests.benchmarks.peers import Trainer

# Every step is waited for, so handing it to a thread only costs: 44 µs for the smallest network,
# and 35 without.
jax.config.update("jax_cpu_enable_async_dispatch", False)


def build(problem: Problem) -> Trainer:
    """Train a pytree of arrays; a step is over when its results are there."""
    # The flag holds for the whole process: one process measures one dtype.
    jax.config.update("jax_enable_x64", problem.x.dtype == np.float64)
    kind, lr = problem.network.loss, problem.network.lr
    x, y = jnp.array(problem.x), jnp.array(problem.y)
    layers: Any = [tuple(jnp.array(p) for p in layer if p is not None) for layer in problem.initial]

    def loss_of(layers: Any, x: Any, y: Any) -> Any:
        *hidden, last = layers
        for layer in hidden:
            x = jax.nn.relu(affine(x, *layer))
        z = affine(x, *last)
        if kind == "cross_entropy":
            return -jnp.take_along_axis(jax.nn.log_softmax(z), y[:, None], axis=1).mean()
        if kind == "binary_cross_entropy":
            p = jax.nn.sigmoid(z)
            return -(y * jnp.log(p) + (1 - y) * jnp.log(1 - p)).mean()
        return jnp.square(z - y).sum()

    def affine(h: Any, W: Any, b: Any = None) -> Any:
        return h @ W if b is None else h @ W + b

    def update(layers: Any, x: Any, y: Any) -> Any:
        loss, gradient = jax.value_and_grad(loss_of)(layers, x, y)
        return loss, jax.tree.map(lambda p, g: p - lr * g, layers, gradient)

    compiled = jax.jit(update, donate_argnums=0)

    def step() -> Any:
        nonlocal layers
        loss, layers = compiled(layers, x, y)
        return loss.block_until_ready()

    return Trainer(step, lambda: [np.array(p) for layer in layers for p in layer])
