"""Article 002: learn a + b, a - b and |a - b| with a 2-4-4-3 network; and with one that does learn.

What is minimised (half the sum of squared residuals) is not what is printed (the norm of the halved
squares), and the network does not learn the task: two of its units are dead on every point. A wider
one with Adam does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import nn
from examples import pictures
from examples.as_written import article_002 as as_written
from examples.command import run
from examples.report import Row, aligned, relative_error

NAME = "002 sum, difference, distance"
SIZES = (2, 4, 4, 3)
OUTPUTS = ("a + b", "a - b", "|a - b|")
QUESTIONS = np.array([(30.0, 70.0), (70.0, 30.0), (3.0, 5.0), (888.0, 122.0)])
ACTIVATIONS = {"relu": nn.ReLU, "linear": nn.Identity, "sigmoid": nn.Sigmoid}
Array = NDArray[Any]


@dataclass
class Scaler:
    """Standardisation by the mean and the population standard deviation of training data.

    Examples
    --------
    >>> scaler = Scaler.fit(np.array([[0.0], [2.0]]))
    >>> scaler.transform(np.array([[3.0]])), scaler.inverse(np.array([[2.0]]))
    (array([[2.]]), array([[3.]]))
    """

    mean: Array
    deviation: Array

    @classmethod
    def fit(cls, x: Array) -> Scaler:
        """Measure every column of `x`."""
        return cls(x.mean(axis=0), x.std(axis=0))

    def transform(self, x: Array) -> Array:
        """Standardise."""
        return np.asarray((x - self.mean) / self.deviation)

    def inverse(self, x: Array) -> Array:
        """Undo `transform`."""
        return np.asarray(x * self.deviation + self.mean)


@dataclass
class Task:
    """10,000 standardised points, the first 7,000 for training, and the state of what drew them.

    The article's samples are columns; here they are rows.
    """

    x: Array
    y: Array
    x_test: Array
    y_test: Array
    x_scaler: Scaler
    y_scaler: Scaler
    random: np.random.RandomState

    @classmethod
    def draw(cls, seed: int = 42) -> Task:
        """Draw pairs (a, b) uniformly from [0, 100) and compute the three targets."""
        random = np.random.RandomState(seed)
        x = (random.rand(2, 10_000) * 100).T
        a, b = x.T
        y = np.stack([a + b, a - b, np.abs(a - b)], axis=1)
        x_scaler, y_scaler = Scaler.fit(x[:7000]), Scaler.fit(y[:7000])
        x, y = x_scaler.transform(x), y_scaler.transform(y)
        return cls(x[:7000], y[:7000], x[7000:], y[7000:], x_scaler, y_scaler, random)


def network(
    random: np.random.RandomState | np.random.Generator,
    sizes: Sequence[int] = SIZES,
    activations: Sequence[str] = ("relu", "relu", "linear"),
) -> nn.Sequential:
    """Return linear layers, weights and biases with He's initial values, drawn layer by layer.

    Raises
    ------
    ValueError
        If an activation is not one of relu, linear and sigmoid.
    """
    he = nn.init.he_normal
    model = nn.Sequential()
    for into, out, name in zip(sizes, sizes[1:], activations, strict=False):
        if name not in ACTIVATIONS:
            raise ValueError(f"activation {name!r} is unknown; write one of {sorted(ACTIVATIONS)}")
        model.add(nn.Linear(into, out, weight_init=he, bias_init=he, rng=random))
        model.add(ACTIVATIONS[name]())
    return model


def check_parameters(model: nn.Sequential, sizes: Sequence[int], points: int) -> int:
    """Return the number of parameters, by formula and by counting.

    Raises
    ------
    ValueError
        If the two differ, or if there are not fewer parameters than data points.
    """
    formula = sum((into + 1) * out for into, out in pairwise(sizes))
    counted = sum(parameter.size for parameter in model.parameters())
    if formula != counted:
        raise ValueError(f"the formula gives {formula} parameters, counting gives {counted}")
    if counted >= points:
        raise ValueError(
            f"{counted} parameters for {points} data points; expected fewer parameters than "
            "points: give more points or narrower layers"
        )
    return counted


def minimised(residuals: Any) -> Any:
    """Return the mean over the points of half the sum of squared residuals."""
    return np.sum(residuals**2) * (0.5 / residuals.shape[0])


def printed(residuals: Any) -> Any:
    """Return what the article prints: the mean over the points of the norm of ``r**2 / 2``."""
    return np.mean(np.sqrt(np.sum((residuals**2 / 2) ** 2, axis=1)))


def train(
    model: nn.Sequential, x: Array, y: Array, epochs: Sequence[int], learning_rate: float = 0.01
) -> dict[int, float]:
    """Train to the last of `epochs`; return and show the printed loss before each one's update."""
    optimizer = nn.SGD(model.parameters(), lr=learning_rate)
    wanted, history = set(epochs), {}
    for epoch in range(1, max(epochs) + 1):
        residuals = model(x) - y
        if epoch in wanted:
            history[epoch] = float(printed(residuals.numpy()))
            print(f"epoch {epoch}: loss {history[epoch]}")
        optimizer.zero_grad()
        minimised(residuals).backward()
        optimizer.step()
    return history


def learner(task: Task, epochs: int = 30) -> nn.Sequential:
    """Return a network that learns the task: 2-32-3, trained with Adam in batches of 50."""
    random = np.random.default_rng(0)
    model = network(random, (2, 32, 3), ("relu", "linear"))
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    schedule = nn.CosineLR(optimizer, epochs)
    nn.fit(
        model, nn.MSELoss(), optimizer, task.x, task.y, epochs=epochs, batch_size=50,
        rng=random, schedule=schedule,
    )  # fmt: skip
    return model


def r_squared(model: nn.Sequential, task: Task) -> Array:
    """Return the test R² of each of the three outputs."""
    outputs = nn.predict(model, task.x_test)
    return np.array([nn.metrics.r2(p, y) for p, y in zip(outputs.T, task.y_test.T, strict=True)])


def dead_units(model: nn.Sequential, x: Array) -> NDArray[np.bool_]:
    """Return which units of the last hidden layer are 0 on every point."""
    return np.asarray(np.all(nn.predict(model[:-2], x) == 0, axis=0))


def answers(model: nn.Sequential, task: Task) -> Array:
    """Return the predictions for `QUESTIONS`: rows the three outputs, columns the questions."""
    outputs = nn.predict(model, task.x_scaler.transform(QUESTIONS))
    return task.y_scaler.inverse(outputs).T


def gradient_errors(model: nn.Sequential, x: Array, y: Array) -> list[float]:
    """Return the relative error of the minimised loss's gradient, taken for the printed one's."""
    found = []
    for loss in (minimised, printed):
        model.zero_grad()
        loss(model(x) - y).backward()
        found.append([np.asarray(parameter.grad) for parameter in model.parameters()])
    model.zero_grad()
    return [relative_error(a, b) for a, b in zip(*found, strict=True)]


def compare_losses(model: nn.Sequential, task: Task) -> None:
    """Print how far the gradient that is followed is from that of the loss that is printed."""
    errors = ", ".join(f"{error:.2g}" for error in gradient_errors(model, task.x, task.y))
    print(f"relative error of the followed gradient as the printed loss's, by parameter: {errors}")


def draw(path: Path, networks: Mapping[str, nn.Sequential], task: Task) -> None:
    """Save, per network a row, the test predictions of the three outputs against the truth."""
    true = task.y_scaler.inverse(task.y_test)
    panels = []
    for name, net in networks.items():
        predicted = task.y_scaler.inverse(nn.predict(net, task.x_test))
        for k, (output, score) in enumerate(zip(OUTPUTS, r_squared(net, task), strict=True)):
            title = f"{output}, {name}: R² {score:.3f}"
            panels.append(pictures.scatter(title, true[:, k], predicted[:, k], "true", "predicted"))
    pictures.panels(path, *panels, size=(4.2, 3.5), columns=3)


def main(folder: Path = pictures.FOLDER, full: bool = False) -> list[Row]:
    """Run the article, for 1,000,000 epochs with `full`, else for 10,000; return its figures."""
    epochs = [1, 10, 100, 1000, 10_000, *(range(100_000, 1_000_001, 100_000) if full else ())]
    task = Task.draw()
    model = network(task.random)
    print(f"{check_parameters(model, SIZES, task.x.size)} parameters")
    compare_losses(model, task)
    history = train(model, task.x, task.y, epochs)
    compare_losses(model, task)
    residuals = nn.predict(model, task.x_test) - task.y_test
    print(f"test loss: {printed(residuals)}")
    dead = dead_units(model, task.x)
    print(f"{dead.sum()} of {dead.size} units of the second layer are dead on every point")

    random = Task.draw().random
    hand = as_written.train(
        np.ascontiguousarray(task.x.T), np.ascontiguousarray(task.y.T),
        *as_written.draw(random, SIZES), epochs,
    )  # fmt: skip
    able = learner(task)
    networks = {"the article's": model, "2-32-3 with Adam": able}
    scores = {name: r_squared(net, task) for name, net in networks.items()}
    for name, score in scores.items():
        print(f"{name}: test R² {score.round(5)}")
    a, b = QUESTIONS.T.astype(int)
    truth = np.stack([a + b, a - b, np.abs(a - b)])
    lines = [("(a, b)", *(f"({i}, {j})" for i, j in zip(a, b, strict=True)))]
    for k, output in enumerate(OUTPUTS):
        lines.append((output, *map(str, truth[k])))
        lines.append(("  the article's", *(f"{v:.8f}" for v in answers(model, task)[k])))
        lines.append(("  the learner's", *(f"{v:.8f}" for v in answers(able, task)[k])))
    print(aligned(lines, right=range(1, 5)))
    print("(888, 122) lies far outside of the training data, which end at 100.")

    draw(folder / "002_predictions.png", networks, task)
    last = epochs[-1]
    return [
        Row(
            f"printed loss at epoch {last:,}",
            as_written=f"{hand[last]:.10g}",
            ours=f"{history[last]:.10g}",
        ),
        Row("least test R² of the three outputs", ours=f"{scores['2-32-3 with Adam'].min():.5f}"),
    ]


if __name__ == "__main__":
    run({NAME: main})
