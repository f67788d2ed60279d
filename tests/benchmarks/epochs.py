"""Article 003 in full: 10,000 epochs from the start of the process to its end."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks import peers
from tests.benchmarks.networks import SECOND, Network, Problem
from tests.benchmarks.processes import timed
from tests.benchmarks.reporting import Target, table

EPOCHS = 10_000
LR = 0.01
CONTENDERS = (
    peers.TENSORS,
    peers.NN,
    *peers.COMPILED_NUMPY,
    *peers.COMPILED_NUMBA,
    peers.NUMPY,
    peers.TORCH,
    peers.TORCH_NN,
    peers.JAX,
)
SAME_COST = 1e-6


def draw(path: Path) -> None:
    """Write the article's points, classes and initial parameters to a file.

    Drawn once, so that no contender's time contains the import of scikit-learn.
    """
    from examples import article_003_two_moons as article
    from examples.as_written import article_003 as as_written

    x, y, *_ = article.load()
    weights, biases = as_written.draw()
    arrays = {f"W{i}": np.ascontiguousarray(w.T) for i, w in enumerate(weights)}
    arrays |= {f"b{i}": b.ravel() for i, b in enumerate(biases)}
    np.savez(path, allow_pickle=False, x=x, y=y[:, None], **arrays)


def read(path: Path) -> Problem:
    """Read what `draw` wrote."""
    sizes, rows = Network.named(SECOND).sizes, Network.named(SECOND).rows
    network = Network(sizes, rows, "binary_cross_entropy", LR)
    with np.load(path) as found:
        layers = tuple((found[f"W{i}"], found[f"b{i}"]) for i in range(len(sizes) - 1))
        return Problem(network, found["x"], found["y"], layers)


def train(label: str, path: Path) -> float:
    """Train with a contender, the cost of each epoch read as a number; return the last."""
    step = peers.find(label)(read(path)).step
    costs = [float(step().item()) for _ in range(EPOCHS)]
    return costs[-1]


def run(labels: Sequence[str], rounds: int) -> list[Target]:
    """Measure and print the contenders in turns, each in a fresh process; return the targets.

    Raises
    ------
    AssertionError
        When two contenders end at costs that differ.
    """
    found, missing = peers.available([label for label in CONTENDERS if label in labels])
    print(f"## Article 003 in full: {EPOCHS:,} epochs, from the start of the process to its end\n")
    for line in missing:
        print(f"- {line}")
    seconds: dict[str, list[float]] = {label: [] for label in found}
    costs: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "moons.npz"
        draw(path)
        for turn in range(rounds):
            print(f"measuring epochs, round {turn + 1} of {rounds}", file=sys.stderr, flush=True)
            for label in found if turn % 2 else reversed(found):
                took, costs[label] = timed(__spec__.name, label, os.fspath(path))
                seconds[label].append(took)
    expected = next(iter(costs.values()))
    for label, cost in costs.items():
        assert abs(cost - expected) <= SAME_COST * expected, f"{label} ended at {cost}"
    print(
        f"float64, 900 points, medians of {rounds} fresh processes in turns, imports and compilers "
        "included; the cost of each epoch is read as a number.\n"
    )
    medians = {label: statistics.median(seconds[label]) for label in found}
    rows = [[label, f"{medians[label]:.2f}", f"{costs[label]:.12f}"] for label in found]
    print(table(["contender", "seconds", "cost of the last epoch"], rows))
    torches = [medians[label] for label in (peers.TORCH, peers.TORCH_NN) if label in medians]
    return [
        Target("10,000 epochs over PyTorch's", mine, medians[mine] / min(torches), 1.0)
        for mine in (*peers.COMPILED_NUMPY, *peers.COMPILED_NUMBA)
        if mine in medians and torches
    ]


if __name__ == "__main__":
    print(json.dumps(train(sys.argv[1], Path(sys.argv[2]))))
