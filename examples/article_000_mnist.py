"""Article 000: MNIST with a 784-128-10 network, scaled ReLU and sigmoid.

The article's hand-written gradient is wrong in four ways. Both sides are shown: at the article's
own learning rate the wrong one, many times too long, ends with the better accuracy; best rate
against best rate the true one does. And the network that one would build today beats either.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_np as ag
import nn
from autograd_np.testing import Comparison, compare
from examples import pictures
from examples.as_written import article_000 as as_written
from examples.as_written.article_000 import FAULTS, batches
from examples.command import run
from examples.data import Digits, load_digits, one_hot
from examples.report import Row, aligned

NAME = "000 MNIST"
Array = NDArray[Any]


def scaled_relu(z: Any) -> Any:
    """Return the article's "scaled ReLU"; the max is over the whole batch-by-units matrix."""
    return z / (np.max(z) + 1) * (z > 0)


def network(seed: int | None = 0, hidden: int = 128) -> nn.Sequential:
    """Return the article's network; each layer draws from [-1, 1) at its first call."""
    draw = partial(nn.init.uniform, low=-1, high=1)
    random = np.random.RandomState(seed)
    dense = partial(nn.Dense, weight_init=draw, bias_init=draw, rng=random)
    return nn.Sequential(dense(hidden, scaled_relu), dense(10, "sigmoid"))


def batch_loss(outputs: Any, targets: Array) -> Any:
    """Return the squared error averaged over the outputs and summed over the batch."""
    return np.sum((outputs - targets) ** 2) / targets.shape[1]


class ProgressLine(nn.Callback):
    """The article's line on every batch of a terminal, on every epoch elsewhere.

    Attributes
    ----------
    error : the running error, e <- (e + loss) / 2, of the loss's mean over the batch
    """

    error = 0.0
    start = 0.0

    def on_epoch_begin(self, state: nn.TrainingState) -> None:
        """Start the clock."""
        self.start = time.perf_counter()

    def on_batch_end(self, state: nn.TrainingState) -> None:
        """Update the running error and print the line."""
        self.error = (self.error + state.loss / len(state.targets)) / 2
        if state.batch == state.batches or sys.stdout.isatty():
            right = accuracy(state.predictions, np.argmax(state.targets, axis=1))
            line = f"epoch {state.epoch}/{state.epochs}  batch {state.batch}/{state.batches}"
            line += f"  error {self.error:.5f}  accuracy {right:.3f}"
            print("\r" * sys.stdout.isatty() + line, end="", flush=True)

    def on_epoch_end(self, state: nn.TrainingState) -> None:
        """Print the time that the epoch took."""
        print(f"  {time.perf_counter() - self.start:.1f} s")


def fit(
    model: nn.Sequential, x: Array, y: Array, batch_size: int = 256, epochs: int = 5,
    learning_rate: float = 0.01,
) -> float:  # fmt: skip
    """Run the article's gradient descent and return its running error."""
    line = ProgressLine()
    nn.fit(
        model, batch_loss, nn.SGD(model, lr=learning_rate), x, y, epochs,
        batches=list(batches(len(x), batch_size)), callbacks=[line], progress=False,
    )  # fmt: skip
    return line.error


def accuracy(outputs: Array, labels: Array) -> float:
    """Return the share of rows whose largest output is at the label."""
    return float(np.mean(np.argmax(outputs, axis=1) == labels))


def loss_of(w1: Any, b1: Any, w2: Any, b2: Any, x: Array, y: Array) -> Any:
    """Return the network's loss on a batch as a function of its parameters."""
    return batch_loss(ag.sigmoid(scaled_relu(x @ w1 + b1) @ w2 + b2), y)


def comparison(x: Array, y: Array, mended: int = 0) -> Comparison:
    """Hold the article's gradient of a batch, at the first draw, against the automatic one."""

    def by_hand(w1: Array, b1: Array, w2: Array, b2: Array, x: Array, y: Array) -> Any:
        network = as_written.Network(w1, b1, w2, b2, mended)
        return tuple(network.gradients(x, y)[1].values())

    drawn = as_written.Network.draw(0, x.shape[1])
    parameters = (drawn.w1, drawn.b1, drawn.w2, drawn.b2)
    return compare(by_hand, loss_of, *parameters, x, y, argnums=range(4))


def compare_gradients(x: Array, y: Array) -> str:
    """Return how wrong the hand-written gradient is: as written, then as its faults are mended."""
    steps = [comparison(x, y, mended) for mended in range(len(FAULTS) + 1)]
    lines = [("faults mended", *(row.name for row in steps[0].rows))]
    for mended, step in enumerate(steps):
        numbers = ", ".join(map(str, range(1, mended + 1))) or "none"
        lines.append((numbers, *(f"{row.relative_error:.3g}" for row in step.rows)))
    faults = "\n".join(f"{i}: {fault}" for i, fault in enumerate(FAULTS, 1))
    table = aligned(lines, right=range(1, 5))
    return f"{steps[0]}\n\nIts relative error as the faults are mended:\n{table}\n{faults}"


def today(digits: Digits, epochs: int = 5) -> float:
    """Return the test accuracy of plain ReLU, softmax cross-entropy and Adam, in float32."""
    random = np.random.default_rng(0)
    x, single = digits.train_inputs(np.float32), np.float32
    model = nn.Sequential(
        nn.Dense(128, "relu", in_features=x.shape[1], rng=random, dtype=single),
        nn.Dense(10, in_features=128, rng=random, dtype=single),
    )
    optimizer = nn.Adam(model.parameters(), lr=0.003)
    schedule = nn.CosineLR(optimizer, epochs)
    nn.fit(
        model, nn.CrossEntropyLoss(), optimizer, x, digits.train_labels, epochs=epochs,
        batch_size=128, rng=random, schedule=schedule,
    )  # fmt: skip
    return accuracy(nn.predict(model, digits.test_inputs(single)), digits.test_labels)


def main(folder: Path = pictures.FOLDER, full: bool = False) -> list[Row]:
    """Run the article and return its figures."""
    digits = load_digits()
    x, y = digits.train_inputs(), one_hot(digits.train_labels)
    x_test, labels = digits.test_inputs(), digits.test_labels
    pictures.digits(folder / "000_digits.png", digits.train_images[:10], digits.train_labels[:10])
    first = next(batches(len(x), 256))
    print("\nThe first batch's gradient as written, beside the automatic one:")
    print(compare_gradients(x[first], y[first]), end="\n\n")

    found: dict[float, tuple[float, float]] = {}
    for ours, theirs in ((0.01, 0.01), (0.3, 1.0)):
        model, written = network(), as_written.Network.draw(0, x.shape[1])
        print(f"lr {ours}, automatic gradients:")
        print("running error", fit(model, x, y, learning_rate=ours))
        print(f"as written at lr {theirs} ...")
        written.train(x, y, learning_rate=theirs)
        found[ours] = (
            accuracy(written.predict(x_test), labels),
            accuracy(nn.predict(model, x_test), labels),
        )
        print(f"test accuracy {found[ours][0]} as written, {found[ours][1]} ours\n")
    for what, (hand, true) in zip(
        ("At the article's own rate", "Best of the tried rates against best"), found.values(),
        strict=True,
    ):  # fmt: skip
        better = "hand-written" if hand > true else "automatic"
        print(f"{what} the {better} gradient ends better: {hand:.4f} as written, {true:.4f} ours.")
    print("A gradient that is many times too long acts as a larger step; it is wrong all the same.")
    outputs = nn.predict(model, x_test[:15])
    pictures.predictions(
        folder / "000_predictions.png", digits.test_images[:15], labels[:15], outputs
    )
    modern = today(digits)
    where = "" if digits.name == "MNIST" else f" on {digits.name}"
    published = "-" if where else "0.9063"
    low, best = ([f"{value:.4f}" for value in pair] for pair in found.values())
    return [
        Row(f"test accuracy, lr 0.01{where}", published, *low),
        Row(f"test accuracy, lr 1.0 (as written), 0.3 (ours){where}", "-", *best),
        Row(f"test accuracy, ReLU, softmax, Adam{where}", ours=f"{modern:.4f}"),
    ]


if __name__ == "__main__":
    run({NAME: main})
