"""Growth of peak resident memory in training, each contender in a process of its own."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import peers
from tests.benchmarks.networks import LARGEST, NETWORKS, Network, problem
from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import Target, table

STEPS = 5


def _status(field: str) -> float:
    """Read a field of /proc/self/status, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))


def _peak() -> float:
    """Read the highest resident memory so far, in MiB."""
    if sys.platform == "linux":
        return _status("VmHWM")
    import resource

    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _lower_peak() -> None:
    """Set the kernel's high-water mark back to the present, where it allows that."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _return_free_memory() -> None:
    """Give back what building the problem freed: it would hide growth that fits into it."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def growth(label: str, network_name: str, dtype: str) -> float:
    """Measure by how many MiB the peak of `STEPS` steps exceeds the state before the first.

    Where the high-water mark cannot be set back, growth below an earlier peak stays hidden.
    """
    trainer = peers.find(label)(problem(Network.named(network_name), dtype))
    _return_free_memory()
    _lower_peak()
    before = _peak()
    for _ in range(STEPS):
        trainer.step()
    return _peak() - before


def run(names: Sequence[str], labels: Sequence[str], dtype: str = "float32") -> list[Target]:
    """Measure and print every contender on every chosen network; return the targets."""
    found, missing = peers.available(labels)
    print("## Growth of peak resident memory\n")
    print(f"MiB over the state before the first of {STEPS} steps, {dtype}, one process each.\n")
    for line in missing:
        print(f"- {line}")
    chosen = [network.name for network in NETWORKS if network.name in names]
    figures: dict[str, list[float]] = {}
    for label in found:
        print(f"measuring memory of {label}", file=sys.stderr, flush=True)
        figures[label] = [fresh(__spec__.name, label, name, dtype) for name in chosen]
    rows = [[label, *(f"{mib:.1f}" for mib in row)] for label, row in figures.items()]
    print("\n" + table(["contender", *chosen], rows))
    torches = [label for label in (peers.TORCH, peers.TORCH_NN) if label in figures]
    if LARGEST not in chosen or not torches:
        return []
    i = chosen.index(LARGEST)
    limit = round(min(figures[label][i] for label in torches), 1)
    return [
        Target(
            "peak memory, no more than PyTorch's",
            f"{LARGEST}, {mine}",
            figures[mine][i],
            limit,
            " MiB",
        )
        for mine in peers.OURS
        if mine in figures
    ]


if __name__ == "__main__":
    print(json.dumps(growth(*sys.argv[1:4])))
