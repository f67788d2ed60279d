"""Keras on JAX: a compiled `keras.Sequential` and its `train_on_batch`."""

from __future__ import annotations

import os
from typing import Any

os.environ["KERAS_BACKEND"] = "jax"

import jax
import keras
import numpy as np

from tests.benchmarks.networks import Array, Problem
from tests.benchmarks.peers import Trainer

ACTIVATIONS = {"binary_cross_entropy": "sigmoid"}
LOSSES = {
    "cross_entropy": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    "binary_cross_entropy": keras.losses.BinaryCrossentropy,
    "sum_of_squares": lambda: keras.losses.MeanSquaredError(reduction="sum"),
}


def build(problem: Problem) -> Trainer:
    """Train with `keras.optimizers.SGD`."""
    network, x, y = problem.network, problem.x, problem.y
    dtype = x.dtype.name
    jax.config.update("jax_enable_x64", dtype == "float64")
    keras.config.set_floatx(dtype)
    model = keras.Sequential([keras.Input((network.sizes[0],), dtype=dtype)])
    for width in network.sizes[1:-1]:
        model.add(keras.layers.Dense(width, activation="relu", use_bias=network.bias))
    last = ACTIVATIONS.get(network.loss)
    model.add(keras.layers.Dense(network.sizes[-1], activation=last, use_bias=network.bias))
    model.set_weights([p for layer in problem.initial for p in layer if p is not None])
    model.compile(keras.optimizers.SGD(network.lr), LOSSES[network.loss]())

    def step() -> Any:
        return np.asarray(model.train_on_batch(x, y))

    def parameters() -> list[Array]:
        return [np.asarray(p) for p in model.get_weights()]

    return Trainer(step, parameters)
