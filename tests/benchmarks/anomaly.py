"""Time of a training step under `detect_anomaly`, over that of one without."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import autograd_np as ag
from tests.benchmarks.networks import Network, problem
from tests.benchmarks.peers.ours import build_tensors
from tests.benchmarks.reporting import table
from tests.benchmarks.timing import paired, ratio


def run(names: Sequence[str], dtypes: Sequence[str], rounds: int) -> None:
    """Measure and print the chosen networks; nothing is promised but that off costs nothing."""
    print("## A step under detect_anomaly\n")
    rows = []
    for name in names:
        for dtype in dtypes:
            task = problem(Network.named(name), dtype)
            off = build_tensors(task).step
            on = ag.detect_anomaly()(build_tensors(task).step)
            times = paired({"off": off, "on": on}, rounds=rounds)
            cells = [f"{statistics.median(times[each]) * 1e6:.1f}" for each in ("off", "on")]
            rows.append([f"{name}, {dtype}", *cells, f"{ratio(times['on'], times['off']):.2f}"])
    print(f"µs per step, medians of {rounds} paired rounds.\n")
    print(table(["network", "off", "on", "on over off"], rows))
