"""Article 003: two moons with a 2-25-50-50-25-1 network.

The loss is taken from the logits: the article's product of two derivatives is NaN once a point lies
far on the wrong side, where the true derivative is 1 or -1.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_np as ag
import nn
from examples import keras_panels, pictures
from examples.as_written import article_003 as as_written
from examples.command import run
from examples.report import Row

NAME = "003 two moons"
Array = NDArray[Any]
ARCHITECTURE = (
    {"input_dim": 2, "output_dim": 25, "activation": "relu"},
    {"input_dim": 25, "output_dim": 50, "activation": "relu"},
    {"input_dim": 50, "output_dim": 50, "activation": "relu"},
    {"input_dim": 50, "output_dim": 25, "activation": "relu"},
    {"input_dim": 25, "output_dim": 1, "activation": "sigmoid"},
)
ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid}


def load() -> tuple[Array, Array, Array, Array]:
    """Return 900 training and 100 test points, each as (count, 2) points and (count,) classes."""
    try:
        from sklearn.datasets import make_moons
        from sklearn.model_selection import train_test_split
    except ImportError as error:
        raise ImportError(
            "the two moons need scikit-learn: pip install 'autograd-np[examples]'"
        ) from error
    x, y = make_moons(1000, noise=0.2, random_state=100)
    x, x_test, y, y_test = train_test_split(x, y, test_size=0.1, random_state=42)
    return x, y.astype(float), x_test, y_test.astype(float)


def network(
    seed: int = 2, architecture: Sequence[Mapping[str, Any]] = ARCHITECTURE
) -> nn.Sequential:
    """Return the network of a list of layers; all is drawn from N(0, 0.01), weight before bias.

    Raises
    ------
    ValueError
        If an activation is neither relu nor sigmoid.
    """
    small = partial(nn.init.normal, std=0.1)
    random = np.random.RandomState(seed)
    model = nn.Sequential()
    for layer in architecture:
        name = layer["activation"]
        if name not in ACTIVATIONS:
            raise ValueError(
                f"activation {name!r} is not supported; write one of {sorted(ACTIVATIONS)}"
            )
        model.add(
            nn.Linear(
                layer["input_dim"], layer["output_dim"],
                weight_init=small, bias_init=small, rng=random,
            )
        )  # fmt: skip
        model.add(ACTIVATIONS[name]())
    return model


def train(
    model: nn.Sequential,
    x: Array,
    y: Array,
    epochs: int = 10_000,
    every: int = 50,
    backend: str = "numpy",
) -> tuple[list[float], list[float]]:
    """Run full-batch gradient descent; return the costs and accuracies before each epoch's update.

    Each epoch is one compiled step. A line is printed each `every` epochs; 0 prints none.
    """
    logits, targets = model[:-1], y[:, None]
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    step = nn.compile_step(
        logits, nn.BCEWithLogitsLoss(), optimizer, backend=backend, predictions=True
    )
    costs, accuracies = [], []
    for epoch in range(epochs):
        cost, z = step(x, targets)
        costs.append(cost.item())
        accuracies.append(float(np.mean((z.data > 0) == targets)))
        if every and epoch % every == 0:
            line = f"cost: {costs[-1]:.5f} - accuracy: {accuracies[-1]:.5f}"
            print(f"Iteration: {epoch:05} - {line}")
    return costs, accuracies


def probability(model: nn.Sequential, x: Array) -> Array:
    """Return the probability of class 1, shape (count,), of points of shape (count, 2)."""
    return nn.predict(model, x).ravel()


def main(folder: Path = pictures.FOLDER, full: bool = False) -> list[Row]:
    """Run the article and return its figures."""
    x, y, x_test, y_test = load()
    model = network()
    start = time.perf_counter()
    costs, _ = train(model, x, y)
    seconds = time.perf_counter() - start
    p = probability(model, x_test)
    accuracy, cost = float(np.mean((p > 0.5) == y_test)), ag.binary_cross_entropy(p, y_test)
    print(f"test accuracy {accuracy}, test cost {cost}")

    print("the article's own program runs ...")
    weights, biases = as_written.draw()
    hand_costs, _ = as_written.train(np.ascontiguousarray(x.T), y[None], weights, biases)
    hand = as_written.forward(x_test.T, weights, biases)[-1].ravel()
    far, wrong = np.array([[40.0]]), np.array([[0.0]])
    with np.errstate(divide="ignore", invalid="ignore"):
        nan = as_written.output_gradient(far, wrong).item()
    ours = ag.grad(ag.binary_cross_entropy_with_logits)(far, wrong).item()
    print(f"the gradient at a logit of 40 on the wrong side: as written {nan}, ours {ours}")

    every = np.concatenate([x, x_test]), np.concatenate([y, y_test])
    pictures.panels(folder / "003_data.png", pictures.points("Two moons: 1,000 points", *every))
    panels = [
        pictures.contours(
            f"NumPy, test accuracy {accuracy}", partial(probability, model), x_test, y_test
        )
    ]
    keras = keras_panels.moons_network(x, y)
    if keras:
        predict, keras_seconds = keras
        keras_accuracy = np.mean((predict(x_test) > 0.5) == y_test)
        title = f"Keras, test accuracy {keras_accuracy}"
        panels.append(pictures.contours(title, predict, x_test, y_test))
        print(f"training took {seconds:.1f} s, Keras's {keras_seconds:.1f} s")
    pictures.panels(folder / "003_contours.png", *panels)
    return [
        Row("test accuracy", "0.95", f"{np.mean((hand > 0.5) == y_test):.4g}", f"{accuracy:.4g}"),
        Row("cost at epoch 9999", "-", f"{hand_costs[-1]:.10g}", f"{costs[-1]:.10g}"),
    ]


if __name__ == "__main__":
    run({NAME: main})
