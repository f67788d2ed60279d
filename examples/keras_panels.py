"""The articles' Keras networks, for the pictures beside ours, where Keras is installed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def moons_network(x: Array, y: Array) -> tuple[Callable[[Array], Array], float] | None:
    """Train article 003's Keras network: the layers of ours, SGD 0.01, batch 32, 200 epochs.

    Parameters
    ----------
    x : points, shape (count, 2)
    y : their classes, 0 or 1, shape (count,)

    Returns
    -------
    From points to probabilities, and the seconds that training took; None without Keras.
    """
    layers = [(25, "relu"), (50, "relu"), (50, "relu"), (25, "relu"), (1, "sigmoid")]
    model = _compiled(layers, "binary_crossentropy")
    if model is None:
        return None
    start = time.perf_counter()
    model.fit(x, y, batch_size=32, epochs=200, verbose=0)
    seconds = time.perf_counter() - start
    return lambda points: np.asarray(model.predict(points, verbose=0)).ravel(), seconds


def iris_history(x: Array, y: Array) -> list[tuple[float, float]] | None:
    """Train article 004's Keras network: 6-10-8-3, SGD 0.01, batch 32, 30 epochs.

    Parameters
    ----------
    x : inputs, shape (count, 4)
    y : integer labels, shape (count,)

    Returns
    -------
    (accuracy, loss) of every epoch; None without Keras.
    """
    layers = [(6, "relu"), (10, "relu"), (8, "relu"), (3, "softmax")]
    model = _compiled(layers, "sparse_categorical_crossentropy")
    if model is None:
        return None
    history = model.fit(x, y, batch_size=32, epochs=30, verbose=0).history
    return list(zip(history["accuracy"], history["loss"], strict=True))


def _compiled(layers: Sequence[tuple[int, str]], loss: str) -> Any:
    try:
        import keras
    except ImportError:
        return None
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.layers.Dense(n, activation=name) for n, name in layers])
    model.compile(keras.optimizers.SGD(0.01), loss, metrics=["accuracy"])
    return model
