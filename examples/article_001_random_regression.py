"""Article 001: random regression, 1000-100-1, on bare tensors.

The published loss levels off, which looks like convergence. It is not: with this step, on most
seeds, about half of the samples lose every active hidden unit. Their prediction is 0 for good, and
the plateau is the sum of their squared targets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_np as ag
from examples import pictures
from examples.as_written import article_001 as as_written
from examples.command import run
from examples.report import Row

NAME = "001 random regression"
Array = NDArray[Any]
PRINTED = [*range(0, 100, 10), *range(100, 1000, 100)]


@dataclass
class Network:
    """``relu(x @ w1) @ w2`` and its data, drawn in the article's order.

    Attributes
    ----------
    x, y : the data, shapes (128, 1000) and (128, 1)
    w1, w2 : the weights, shapes (1000, 100) and (100, 1)
    """

    x: Array
    y: Array
    w1: ag.Tensor
    w2: ag.Tensor

    @classmethod
    def draw(cls, seed: int = 0) -> Network:
        """Draw x, y, w1 and w2 from the standard normal distribution."""
        randn = np.random.RandomState(seed).randn
        x, y, w1, w2 = randn(128, 1000), randn(128, 1), randn(1000, 100), randn(100, 1)
        return cls(x, y, ag.Tensor(w1, requires_grad=True), ag.Tensor(w2, requires_grad=True))

    def residuals(self) -> ag.Tensor:
        """Return prediction minus target, shape (128, 1)."""
        prediction: ag.Tensor = ag.relu(self.x @ self.w1) @ self.w2
        return prediction - self.y

    def train(self, learning_rate: float = 1e-6, steps: int = 1000) -> list[float]:
        """Run full-batch gradient descent; return the loss before every step and after the last."""
        losses = []
        for _ in range(steps):
            loss = np.sum(self.residuals() ** 2)
            losses.append(loss.item())
            loss.backward()
            for w in (self.w1, self.w2):
                w.data -= learning_rate * w.grad
                w.grad = None
        with ag.no_grad():
            return [*losses, np.sum(self.residuals() ** 2).item()]

    def dead(self) -> NDArray[np.bool_]:
        """Return which samples have no active hidden unit, shape (128,)."""
        return np.asarray(np.all(self.x @ self.w1.data <= 0, axis=1))


def main(folder: Path = pictures.FOLDER, full: bool = False) -> list[Row]:
    """Run the article; with `full` also the slow run that does converge. Return its figures."""
    network = Network.draw()
    before = network.residuals().numpy().ravel()[:5]
    losses = network.train()
    hand = as_written.train()
    for step in PRINTED:
        print(step, losses[step])
    print("first five residuals before:", before.round(4))
    print("first five residuals after: ", network.residuals().numpy().ravel()[:5].round(4))

    other = Network.draw(seed=2)
    plateau = other.train()
    dead = other.dead()
    print(
        f"The plateau, on seed 2: {dead.sum()} of {dead.size} samples have no active hidden unit "
        f"left;\nthe sum of their y² is {np.sum(other.y[dead] ** 2):.4f}, "
        f"the loss {plateau[-1]:.4f}."
    )
    if full:
        print("10,000 steps with lr 1e-7 ...")
        slow = Network.draw(seed=2)
        end = slow.train(learning_rate=1e-7, steps=10_000)[-1]
        dead = slow.dead()
        print(f"With lr 1e-7 and 10,000 steps: {dead.sum()} dead samples, loss {end:.1e}.")

    x = np.linspace(-5, 10)
    pictures.panels(
        folder / "001_relu_and_loss.png",
        pictures.curves("ReLU", x, {"relu": ag.relu(x)}, "x", "relu(x)"),
        pictures.curves(
            "Loss", range(1001), {"seed 0": losses, "seed 2, with its plateau": plateau},
            "step", "sum of squared residuals", yscale="log",
        ),
    )  # fmt: skip
    return [
        Row(f"loss at step {step}" + " (published: no seed)" * (step == 0), published,
            f"{hand[step]:.10g}", f"{losses[step]:.10g}")
        for step, published in ((0, "3107119.88"), (100, "3218.36"), (900, "58.49744"))
    ]  # fmt: skip


if __name__ == "__main__":
    run({NAME: main})
