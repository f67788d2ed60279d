"""Time of a training step in this checkout, over that in another one of an earlier commit."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks.reporting import table
from tests.benchmarks.timing import ratio

STEP = """
import sys
from tests.benchmarks.networks import Network, problem
from tests.benchmarks.peers.ours import build_tensors
from tests.benchmarks.timing import paired
step = build_tensors(problem(Network.named(sys.argv[1]), sys.argv[2])).step
print(min(paired({"step": step}, rounds=20)["step"]))
"""


def seconds(checkout: Path, name: str, dtype: str) -> float:
    """Time a step in a process of its own, with the code of a checkout."""
    command = [sys.executable, "-c", STEP, name, dtype]
    printed = subprocess.run(command, cwd=checkout, stdout=subprocess.PIPE, text=True, check=True)
    return float(printed.stdout)


def run(other: Path, names: Sequence[str], dtypes: Sequence[str], rounds: int) -> None:
    """Measure and print the chosen networks, the two checkouts in turns."""
    print(f"## A step here, over one in {other}\n")
    here = Path.cwd()
    rows = []
    for name in names:
        for dtype in dtypes:
            times: dict[Path, list[float]] = {here: [], other: []}
            for turn in range(rounds):
                for checkout in (here, other) if turn % 2 else (other, here):
                    times[checkout].append(seconds(checkout, name, dtype))
            cells = [f"{statistics.median(times[each]) * 1e6:.1f}" for each in (here, other)]
            rows.append([f"{name}, {dtype}", *cells, f"{ratio(times[here], times[other]):.3f}"])
    print(f"µs per step, medians of {rounds} pairs of processes.\n")
    print(table(["network", "here", "there", "here over there"], rows))
