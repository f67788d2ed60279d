"""Time per step as the batch, the depth or the width grows, the other two held."""

from __future__ import annotations

import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

from tests.benchmarks import peers, pictures
from tests.benchmarks.networks import Network, problem
from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import table
from tests.benchmarks.timing import Times, paired, ratio

CONTENDERS = (peers.TENSORS, peers.TENSORS_NUMPY, peers.TENSORS_NUMBA, peers.NUMPY, peers.JAX)
COMPILED = (peers.TENSORS_NUMPY, peers.TENSORS_NUMBA)
SIZES: Mapping[str, tuple[int, ...]] = {
    "batch": tuple(2**i for i in range(4, 17)),
    "depth": tuple(2**i for i in range(1, 9)),
    "width": tuple(2**i for i in range(4, 13)),
}
FIXED = {
    "batch": "64-64-64-10",
    "depth": "32 wide, 128 rows",
    "width": "64-width-width-10, 128 rows",
}
DTYPE = "float32"
LR = 1e-4
MOST_BYTES = 2 * 2**30
# A first call may take this long; compilers whose time grows with the program are cut off by it.
LONGEST_FIRST_CALL = 20.0
LONGEST_POINT = 120.0
SECONDS_OF_A_POINT = 1.5
LEAST_ROUNDS, MOST_ROUNDS = 3, 25


def network(what: str, size: int) -> Network:
    """Return the network of one point.

    Examples
    --------
    >>> network("depth", 4).name, network("width", 128).name, network("batch", 16).rows
    ('32-32-32-32-10', '64-128-128-10', 16)
    """
    if what == "batch":
        return Network((64, 64, 64, 10), size, "cross_entropy", LR)
    if what == "depth":
        return Network((*[32] * size, 10), 128, "cross_entropy", LR)
    return Network((64, size, size, 10), 128, "cross_entropy", LR)


def bytes_needed(net: Network) -> int:
    """Estimate what a point needs: each contender's parameters, gradients and layers.

    Examples
    --------
    >>> bytes_needed(network("width", 4096)) < MOST_BYTES < bytes_needed(network("batch", 2**21))
    True
    """
    parameters = sum(a * b for a, b in zip(net.sizes[:-1], net.sizes[1:], strict=True))
    layers = net.rows * sum(net.sizes)
    return 4 * len(CONTENDERS) * (3 * parameters + 3 * layers)


def measure(what: str, size: int, labels: Sequence[str]) -> dict[str, dict[str, list[float]]]:
    """Time each contender's first call, then all of them in turns."""
    task = problem(network(what, size), DTYPE)
    calls: dict[str, Callable[[], peers.HasItem]] = {}
    first = {}
    for label in labels:
        calls[label] = peers.find(label)(task).step
        start = perf_counter()
        calls[label]()
        first[label] = perf_counter() - start
    later = paired(calls, rounds=1, batch_seconds=0)
    round_seconds = sum(max(row[0], 0.005) for row in later.values())
    rounds = min(MOST_ROUNDS, max(LEAST_ROUNDS, round(SECONDS_OF_A_POINT / round_seconds)))
    times = paired(calls, rounds=rounds, batch_seconds=0.005)
    for label, call in calls.items():
        if not math.isfinite(call().item()):
            raise AssertionError(f"{label} diverged at {what} {size}: its times mean nothing")
    return {"first": {label: [seconds] for label, seconds in first.items()}, "steps": times}


def along(what: str, labels: Sequence[str]) -> dict[int, Times]:
    """Measure every size of one axis, smallest first, leaving out who takes too long."""
    left = list(labels)
    points: dict[int, Times] = {}
    for size in SIZES[what]:
        if bytes_needed(network(what, size)) > MOST_BYTES:
            print(f"- {what} {size}: left out, it would take more than 2 GiB")
            continue
        print(f"measuring {what} {size}", file=sys.stderr, flush=True)
        try:
            found = fresh(__spec__.name, what, str(size), *left, timeout=LONGEST_POINT)
        except subprocess.TimeoutExpired:
            print(f"- {what} {size} and above: left out, it takes over {LONGEST_POINT:.0f} s")
            break
        points[size] = found["steps"]
        for label, [seconds] in found["first"].items():
            # The next size takes at least twice as long.
            if 2 * seconds > LONGEST_FIRST_CALL and size < SIZES[what][-1]:
                left.remove(label)
                print(f"- {label}: left out above {what} {size}: first call {seconds:.0f} s")
    return points


def slower(axes: Mapping[str, Mapping[int, Times]]) -> list[str]:
    """List every point at which a compiled step takes longer than the eager one.

    Examples
    --------
    >>> slower({"batch": {16: {peers.TENSORS: [1.0], peers.TENSORS_NUMPY: [1.1]}}})
    ['batch 16: ours, Tensors, compiled (NumPy) takes 1.10 of eager']
    """
    return [
        f"{what} {size}: {label} takes {over:.2f} of eager"
        for what, points in axes.items()
        for size, times in points.items()
        for label in COMPILED
        if label in times and (over := ratio(times[label], times[peers.TENSORS])) > 1
    ]


def run(labels: Sequence[str], picture: Path | None = None) -> None:
    """Measure and print the three axes; nothing is promised but that all is told."""
    found, missing = peers.available([label for label in CONTENDERS if label in labels])
    print(f"## Growth, {DTYPE}\n")
    for line in missing:
        print(f"- {line}")
    axes = {what: along(what, list(found)) for what in SIZES}
    for what, points in axes.items():
        print(f"\n### µs per step by {what} ({FIXED[what]})\n")
        rows = [
            [str(size), *(_cell(times.get(label)) for label in found)]
            for size, times in points.items()
        ]
        print(table([what, *found], rows))
    if peers.TENSORS in found:
        regimes = slower(axes)
        print("\n### Where compiled is slower than eager\n")
        print("\n".join(f"- {line}" for line in regimes) or "Nowhere.")
    if picture is not None:
        pictures.growth(axes, FIXED, picture)


def _cell(row: Sequence[float] | None) -> str:
    return "-" if row is None else f"{statistics.median(row) * 1e6:,.0f}"


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
