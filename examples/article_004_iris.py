"""Article 004: iris with a 4-6-8-10-3 network.

The article's hand-written gradient is wrong from the second epoch on. Both sides are shown: the
true gradient's loss never rises, and yet on the article's own seed the wrong one ends lower.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import autograd_np as ag
import nn
from autograd_np.testing import Comparison, compare
from examples import keras_panels, pictures
from examples.as_written import article_004 as as_written
from examples.command import run
from examples.report import Row, aligned

NAME = "004 iris"
SIZES = (4, 6, 8, 10, 3)
Array = NDArray[Any]
History = list[tuple[float, float]]


def load() -> tuple[Array, Array]:
    """Return iris: inputs (150, 4), unscaled, and integer labels (150,)."""
    try:
        from sklearn.datasets import load_iris
    except ImportError as error:
        raise ImportError("iris needs scikit-learn: pip install 'autograd-np[examples]'") from error
    x, y = load_iris(return_X_y=True)
    return np.asarray(x), np.asarray(y)


def network(seed: int = 99, sizes: Sequence[int] = SIZES) -> nn.Sequential:
    """Return linear layers with ReLU between them; the softmax is left to the loss.

    Weights are uniform in [-1, 1), drawn first layer first; biases are zero.
    """
    draw = partial(nn.init.uniform, low=-1, high=1)
    random = np.random.RandomState(seed)
    layers: list[nn.Module] = []
    for into, out in pairwise(sizes):
        layer = nn.Linear(into, out, weight_init=draw, bias_init=nn.init.zeros, rng=random)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(layers[:-1])


def train(model: nn.Sequential, x: Array, y: Array, epochs: int = 200) -> History:
    """Run full-batch gradient descent; return (accuracy, loss) before every epoch's update.

    A second call trains on from where the first stopped.
    """
    cross_entropy = nn.CrossEntropyLoss()
    optimizer = nn.SGD(model.parameters(), lr=0.01)
    history = []
    for _ in range(epochs):
        logits = model(x)
        loss = cross_entropy(logits, y)
        history.append((float(np.mean(np.argmax(logits, axis=1) == y)), loss.item()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return history


def loss_of(weights: Sequence[Any], biases: Sequence[Any], x: Any, y: Array) -> Any:
    """Return the network's loss as a function of its parameters."""
    for i, (w, b) in enumerate(zip(weights, biases, strict=True)):
        x = (ag.relu(x) if i else x) @ w.T + b
    return ag.cross_entropy(x, y)


def comparison(written: as_written.Network, x: Array, y: Array) -> Comparison:
    """Hold the article's gradient at this stage of its run against the automatic one."""

    def by_hand(weights: list[Array], biases: list[Array], x: Array, y: Array) -> Any:
        # The list that is never cleared must not grow by this look at it.
        look = replace(written, weights=weights, biases=biases, memory=[*written.memory])
        return look.backward(look.forward(x), y)

    return compare(by_hand, loss_of, written.weights, written.biases, x, y, argnums=(0, 1))


def compare_gradients(
    x: Array, y: Array, epochs: Sequence[int] = (0, 1, 120, 140)
) -> dict[int, Comparison]:
    """Return, along the article's own run, how wrong its gradient is."""
    written, found = as_written.Network.draw(), {}
    for epoch in range(max(epochs) + 1):
        if epoch in epochs:
            found[epoch] = comparison(written, x, y)
        written.step(x, y)
    return found


def along_the_run(found: Mapping[int, Comparison]) -> str:
    """Return a table of the relative errors by parameter, and of the whole's cosine."""
    names = [f"{kind}{i}" for kind in ("dW", "db") for i in range(1, len(SIZES))]
    lines = [("epoch", *names, "cosine")]
    for epoch, each in found.items():
        errors = (f"{row.relative_error:.3g}" for row in each.rows)
        lines.append((str(epoch), *errors, f"{each.total.cosine:.3f}"))
    return aligned(lines, right=range(len(lines[0])))


def draw(path: Path, true: History, hand: History, keras: History | None) -> None:
    """Save the curves of accuracy and loss; those of Keras below, where there are any."""
    panels = []
    for i, name in enumerate(("accuracy", "loss")):
        lines = {"automatic gradient": [h[i] for h in true], "as written": [h[i] for h in hand]}
        scale = "log" if name == "loss" else "linear"
        title = name.capitalize()
        panels.append(pictures.curves(title, range(200), lines, "epoch", name, yscale=scale))
    for i, name in enumerate(("accuracy", "loss") if keras else ()):
        lines = {"Keras": [h[i] for h in keras or ()]}
        title = f"{name.capitalize()}, Keras (6-10-8-3)"
        panels.append(pictures.curves(title, range(30), lines, "epoch", name))
    pictures.panels(path, *panels)


def main(folder: Path = pictures.FOLDER, full: bool = False) -> list[Row]:
    """Run the article and return its figures."""
    x, y = load()
    model = network()
    logits = model(x).numpy()
    print("first row's logits:", logits[0], "probabilities:", nn.Softmax()(logits)[0])
    print(model.summary())

    true, hand = train(model, x, y), as_written.Network.draw().train(x, y)
    for epoch in [*range(0, 200, 20), 199]:
        print(f"EPOCH: {epoch}, ACCURACY: {true[epoch][0]}, LOSS: {true[epoch][1]}")
    shallow = train(network(sizes=(4, 6, 8, 3)), x, y)[-1]
    print(f"without the layer of 10: accuracy {shallow[0]:.4f}, loss {shallow[1]:.6f}")
    print("\nThe hand-written gradient along its own run: relative error of each parameter's,")
    print("and cosine of the whole with the automatic one.")
    print(along_the_run(found := compare_gradients(x, y)))
    print("\nAt epoch 140, beside the automatic one:")
    print(found[140], end="\n\n")
    rises = [sum(b[1] > a[1] for a, b in pairwise(run)) for run in (hand, true)]
    print(
        f"The loss rises on {rises[0]} of 199 steps as written, with the true gradient on "
        f"{rises[1]}.\nYet at epoch 199 the wrong gradient is the luckier: {hand[-1][1]:.4f} to "
        f"{true[-1][1]:.4f}."
    )

    draw(folder / "004_accuracy_and_loss.png", true, hand, keras_panels.iris_history(x, y))
    return [
        Row("loss at epoch 20", "0.9217739286", f"{hand[20][1]:.10g}", f"{true[20][1]:.10g}"),
        Row("loss at epoch 199", "0.260835481", f"{hand[199][1]:.10g}", f"{true[199][1]:.10g}"),
        Row("accuracy at epoch 199", "0.9", f"{hand[199][0]:.4g}", f"{true[199][0]:.4g}"),
        Row("accuracy without the layer of 10", ours=f"{shallow[0]:.4g}"),
    ]


if __name__ == "__main__":
    run({NAME: main})
