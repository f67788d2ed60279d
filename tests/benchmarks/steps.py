"""One training step of the five networks, side by side."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from tests.benchmarks import peers
from tests.benchmarks.networks import (
    LAST_THREE,
    NETWORKS,
    SMALLEST,
    Array,
    Network,
    Problem,
    flat,
    problem,
)
from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import Target, table
from tests.benchmarks.timing import Times, paired, ratio

TOLERANCE = {"float32": 1e-4, "float64": 1e-9}
UPDATE_TOLERANCE = {"float32": 1e-2, "float64": 1e-9}
CHECKED_STEPS = 3


def check_agreement(task: Problem, builds: Mapping[str, peers.Build], reference: str) -> None:
    """Train every contender three steps, and compare losses and updates with the reference's.

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
    >>> check_agreement(task, {peers.NUMPY: peers.find(peers.NUMPY)}, peers.NUMPY)
    """
    dtype = task.x.dtype.name
    losses, finals = _train(task, builds[reference])
    starts = flat(task.initial)
    for label, build in builds.items():
        other_losses, others = _train(task, build)
        _check(other_losses, losses, TOLERANCE[dtype], f"{label}: loss")
        for i, (start, final, other) in enumerate(zip(starts, finals, others, strict=True)):
            what = f"{label}: parameter {i}"
            assert other.dtype == start.dtype, f"{what} became {other.dtype}"
            _check(other, final, TOLERANCE[dtype], what)
            _check(other - start, final - start, UPDATE_TOLERANCE[dtype], f"{what}, its change")


def _check(
    actual: Array | list[float], expected: Array | list[float], rtol: float, what: str
) -> None:
    atol = rtol * float(np.abs(expected).max())
    np.testing.assert_allclose(actual, expected, rtol, atol, err_msg=f"{what} differs")


def _train(task: Problem, build: peers.Build) -> tuple[list[float], list[Array]]:
    trainer = build(task)
    losses = [float(trainer.step().item()) for _ in range(CHECKED_STEPS)]
    return losses, trainer.parameters()


def measure(network: Network, dtype: str, labels: Sequence[str], rounds: int) -> Times:
    """Time a step of every contender in every round, after checking that they agree."""
    task = problem(network, dtype)
    builds, _ = peers.available(labels)
    check_agreement(task, builds, reference=next(iter(builds)))
    trainers = {label: build(task) for label, build in builds.items()}
    times = paired({label: t.step for label, t in trainers.items()}, rounds=rounds)
    for label, trainer in trainers.items():
        if not all(np.isfinite(p).all() for p in trainer.parameters()):
            raise AssertionError(f"{label} diverged on {network.name}: its times mean nothing")
    return times


def times_table(times: Times) -> str:
    """Write median µs per step of every contender, its spread, and our two variants over it."""
    ours = [label for label in peers.OURS if label in times]
    rows = []
    for label, row in times.items():
        low, _, high = statistics.quantiles(row, n=4)
        rows.append(
            [
                label,
                f"{statistics.median(row) * 1e6:.1f}",
                f"{low * 1e6:.1f} to {high * 1e6:.1f}",
                *(f"{ratio(times[mine], row):.2f}" for mine in ours),
            ]
        )
    header = ["contender", "µs per step", "quartiles", *(f"{mine} over it" for mine in ours)]
    return table(header, rows)


def targets_of(network: Network, dtype: str, times: Times) -> list[Target]:
    """List the promises about one network, each for both of our variants.

    PyTorch's time is that of its faster variant.
    """
    limits: list[tuple[str, str, float]] = []
    torches = [label for label in (peers.TORCH, peers.TORCH_NN) if label in times]
    if torches:
        fastest = min(torches, key=lambda label: statistics.median(times[label]))
        limit = 0.6 if network.name == SMALLEST else 1.0
        limits.append(("time over PyTorch's", fastest, limit))
    if network.name == SMALLEST:
        limits.append(("time over HIPS autograd's", peers.HIPS, 0.25))
        limits.append(("time over MyGrad's (guard off)", peers.MYGRAD_UNGUARDED, 0.7))
    if network.name in LAST_THREE:
        limits.append(("time over hand-written NumPy's", peers.NUMPY, 1.15))
    return [
        Target(promise, f"{network.name}, {dtype}, {mine}", ratio(times[mine], times[peer]), limit)
        for promise, peer, limit in limits
        if peer in times
        for mine in peers.OURS
        if mine in times
    ]


def run(
    names: Sequence[str], dtypes: Sequence[str], labels: Sequence[str], rounds: int
) -> list[Target]:
    """Measure and print every chosen network in every chosen dtype; return the targets."""
    builds, missing = peers.available(labels)
    print("## One training step: forward, backward, SGD\n")
    print(
        f"Losses and updates of {CHECKED_STEPS} steps agree before anything is timed. Medians over "
        f"{rounds} paired rounds, in one process for each network and dtype; a ratio is the median "
        "of the rounds' ratios.\n"
    )
    for line in missing:
        print(f"- {line}")
    targets: list[Target] = []
    for network in NETWORKS:
        if network.name not in names:
            continue
        for dtype in dtypes:
            print(f"measuring {network.name} {dtype}", file=sys.stderr, flush=True)
            times = fresh(__spec__.name, network.name, dtype, str(rounds), *builds)
            print(f"\n### {network.name} on {network.rows} rows, {dtype}\n\n{times_table(times)}")
            targets += targets_of(network, dtype, times)
    return targets


if __name__ == "__main__":
    name, dtype, rounds, *labels = sys.argv[1:]
    print(json.dumps(measure(Network.named(name), dtype, labels, int(rounds))))
