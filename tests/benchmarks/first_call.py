"""What the first call of a compiled step takes longer than a later one: tracing and lowering."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence

from tests.benchmarks import peers
from tests.benchmarks.networks import ANOTHER, NETWORKS, Network, problem
from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import Target, table
from tests.benchmarks.timing import seconds

COMPILING = (
    *peers.COMPILED_NUMPY,
    *peers.COMPILED_NUMBA,
    peers.TORCH_COMPILED,
    peers.JAX,
    peers.KERAS,
)
LIMITS = {
    **dict.fromkeys(peers.COMPILED_NUMPY, 0.03),
    **dict.fromkeys(peers.COMPILED_NUMBA, 3.0),
}
LATER_CALLS = 5


def overhead(label: str, network_name: str, dtype: str) -> float:
    """Measure seconds of the first call less those of a later one.

    The NumPy backend has compiled another step before, so that its own modules are imported. The
    others have not: importing a compiler is a part of what it costs.
    """
    build = peers.find(label)
    if label in peers.COMPILED_NUMPY:
        build(problem(ANOTHER, dtype)).step()
    trainer = build(problem(Network.named(network_name), dtype))
    durations = [seconds(trainer.step, 1) for _ in range(1 + LATER_CALLS)]
    return durations[0] - statistics.median(durations[1:])


def run(
    names: Sequence[str], labels: Sequence[str], rounds: int, dtype: str = "float32"
) -> list[Target]:
    """Measure and print every compiled contender on every chosen network; return the targets."""
    found, missing = peers.available([label for label in COMPILING if label in labels])
    print("## The first call\n")
    print(
        f"Milliseconds of the first call over a later one, {dtype}, medians of {rounds} fresh "
        "processes, nothing kept on disk. The import of numba and of torch's compiler is in it; "
        "the NumPy backend has compiled another step before.\n"
    )
    for line in missing:
        print(f"- {line}")
    chosen = [network.name for network in NETWORKS if network.name in names]
    rows, targets = [], []
    for label in found:
        print(f"measuring first calls of {label}", file=sys.stderr, flush=True)
        row = [_median(label, name, dtype, rounds) for name in chosen]
        rows.append([label, *(f"{each * 1e3:,.0f}" for each in row)])
        if label in LIMITS:
            targets += [
                Target("tracing and lowering", f"{name}, {label}", each, LIMITS[label], " s")
                for name, each in zip(chosen, row, strict=True)
            ]
    print("\n" + table(["contender", *chosen], rows))
    return targets


def _median(label: str, name: str, dtype: str, rounds: int) -> float:
    times: list[float] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as empty:
            os.environ["TORCHINDUCTOR_CACHE_DIR"] = empty
            times.append(fresh(__spec__.name, label, name, dtype))
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps(overhead(*sys.argv[1:4])))
