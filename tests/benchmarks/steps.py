"""One training step of the five networks, side by side."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from tests.benchmarks import peers, pictures, products
from tests.benchmarks.networks import NETWORKS, Array, Network, Problem, flat, problem
from tests.benchmarks.processes import fresh
from tests.benchmarks.promises import targets_of
from tests.benchmarks.reporting import Target, table
from tests.benchmarks.timing import Times, paired, ratio

TOLERANCE = {"float32": 1e-4, "float64": 1e-9}
UPDATE_TOLERANCE = {"float32": 1e-2, "float64": 1e-9}
# Keras holds probabilities 1e-7 away from 0 and 1, and rounds to float32 on its way.
KERAS_TOLERANCE = 1e-6
CHECKED_STEPS = 3


def check_agreement(task: Problem, trainers: Mapping[str, peers.Trainer], reference: str) -> None:
    """Take three steps with every contender, and compare losses and updates with the reference's.

    The change of each parameter is compared as well as its value: a small learning rate would
    hide a wrong gradient behind a value that hardly moved. In float32 the change is compared
    loosely, since a pre-activation that rounds to the other side of 0 drops a row's share.

    Raises
    ------
    AssertionError
        When a contender's figures differ, naming it and the parameter.

    Examples
    --------
    >>> task = problem(NETWORKS[0], "float64")
    >>> check_agreement(task, {peers.NUMPY: peers.find(peers.NUMPY)(task)}, peers.NUMPY)
    """
    dtype = task.x.dtype.name
    losses, finals = _train(trainers[reference])
    starts = flat(task.initial)
    for label, trainer in trainers.items():
        other_losses, others = (losses, finals) if label == reference else _train(trainer)
        least = KERAS_TOLERANCE if label == peers.KERAS else 0.0
        close, closely = max(TOLERANCE[dtype], least), max(UPDATE_TOLERANCE[dtype], least)
        _check(other_losses, losses, close, f"{label}: loss")
        for i, (start, final, other) in enumerate(zip(starts, finals, others, strict=True)):
            what = f"{label}: parameter {i}"
            assert other.dtype == start.dtype, f"{what} became {other.dtype}"
            _check(other, final, close, what)
            _check(other - start, final - start, closely, f"{what}, its change")


def _check(
    actual: Array | list[float], expected: Array | list[float], rtol: float, what: str
) -> None:
    atol = rtol * float(np.abs(expected).max())
    np.testing.assert_allclose(actual, expected, rtol, atol, err_msg=f"{what} differs")


def _train(trainer: peers.Trainer) -> tuple[list[float], list[Array]]:
    losses = [float(trainer.step().item()) for _ in range(CHECKED_STEPS)]
    return losses, trainer.parameters()


def measure(network: Network, dtype: str, labels: Sequence[str], rounds: int) -> Times:
    """Time a step of every contender in every round, after checking that they agree."""
    task = problem(network, dtype)
    builds, _ = peers.available(labels)
    trainers = {label: build(task) for label, build in builds.items()}
    check_agreement(task, trainers, reference=next(iter(builds)))
    steps = {label: trainer.step for label, trainer in trainers.items()}
    times = paired({**steps, products.LABEL: products.build(task)}, rounds=rounds)
    for label, trainer in trainers.items():
        if not all(np.isfinite(p).all() for p in trainer.parameters()):
            raise AssertionError(f"{label} diverged on {network.name}: its times mean nothing")
    return times


def times_table(times: Times) -> str:
    """Write median µs per step of every contender, its spread, and how far it is from two others.

    Examples
    --------
    >>> print(times_table({peers.NUMPY: [2e-6, 2e-6], products.LABEL: [1e-6, 1e-6]}))
    | contender | µs per step | quartiles | over NumPy by hand | over matrix products alone |
    |---|--:|--:|--:|--:|
    | NumPy by hand | 2.0 | 2.0 to 2.0 | 1.00 | 2.00 |
    | matrix products alone | 1.0 | 1.0 to 1.0 | 0.50 | 1.00 |
    """
    compared = [label for label in (peers.NUMPY, products.LABEL) if label in times]
    rows = []
    for label, row in times.items():
        low, _, high = statistics.quantiles(row, n=4)
        rows.append(
            [
                label,
                f"{statistics.median(row) * 1e6:.1f}",
                f"{low * 1e6:.1f} to {high * 1e6:.1f}",
                *(f"{ratio(row, times[other]):.2f}" for other in compared),
            ]
        )
    return table(["contender", "µs per step", "quartiles", *(f"over {o}" for o in compared)], rows)


def summary(results: Mapping[tuple[str, str], Times], dtype: str) -> str:
    """Write the median µs of every contender on every network, in one dtype."""
    columns = {name: times for (name, of), times in results.items() if of == dtype}
    labels = list(dict.fromkeys(label for times in columns.values() for label in times))
    rows = [[label, *(_median(times.get(label)) for times in columns.values())] for label in labels]
    return table([f"µs per step, {dtype}", *columns], rows)


def _median(row: Sequence[float] | None) -> str:
    if row is None:
        return "-"
    return f"{statistics.median(row) * 1e6:,.{1 if statistics.median(row) < 1e-4 else 0}f}"


def run(
    names: Sequence[str],
    dtypes: Sequence[str],
    labels: Sequence[str],
    rounds: int,
    picture: Path | None = None,
) -> Iterator[Target]:
    """Measure and print every chosen network in every chosen dtype; the targets as they come.

    Parameters
    ----------
    names, dtypes, labels : sequences of str
        Networks, dtypes and contenders.
    rounds : int
        Number of paired rounds.
    picture : Path, optional
        Where to draw all of it.
    """
    builds, missing = peers.available(labels)
    print("## One training step: forward, backward, SGD\n")
    print(
        f"Losses and updates of {CHECKED_STEPS} steps agree before anything is timed. Medians over "
        f"{rounds} paired rounds, in one process for each network and dtype; a ratio is the median "
        "of the rounds' ratios.\n"
    )
    for line in missing:
        print(f"- {line}")
    results: dict[tuple[str, str], Times] = {}
    for network in NETWORKS:
        if network.name not in names:
            continue
        for dtype in dtypes:
            print(f"measuring {network.name} {dtype}", file=sys.stderr, flush=True)
            times = fresh(__spec__.name, network.name, dtype, str(rounds), *builds)
            print(f"\n### {network.name} on {network.rows} rows, {dtype}\n\n{times_table(times)}")
            yield from targets_of(network, dtype, times)
            results[network.name, dtype] = times
    for dtype in dtypes:
        print(f"\n{summary(results, dtype)}")
    if picture is not None:
        pictures.steps(results, picture)


if __name__ == "__main__":
    name, dtype, rounds, *labels = sys.argv[1:]
    print(json.dumps(measure(Network.named(name), dtype, labels, int(rounds))))
