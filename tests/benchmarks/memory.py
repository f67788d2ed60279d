"""Growth of peak resident memory in training, each contender in a process of its own."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks import peers
from tests.benchmarks.networks import ANOTHER, LARGEST, NETWORKS, Network, problem
from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import Target, table

STEPS = 5
COMPILED_SHARE = 0.7
NOTEWORTHY = 1.0  # MiB


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


class Growth(NamedTuple):
    """MiB by which the peak exceeded the state before.

    Attributes
    ----------
    loading : float
        Of a step of another, tiny network: what a library and its compiler take in any case.
    first, later : float
        Of the first step of the network, and of `STEPS` more.
    """

    loading: float
    first: float
    later: float


def growth(label: str, network_name: str, dtype: str) -> Growth:
    """Measure the peak of another network's step, of the first step, and of `STEPS` more.

    The first step of a compiled contender traces, which records every value; what it keeps for
    later steps counts in both. Where the high-water mark cannot be set back, growth below an
    earlier peak stays hidden.
    """
    build = peers.find(label)
    before = _settled_peak()
    build(problem(ANOTHER, dtype)).step()
    loading = _peak() - before
    trainer = build(problem(Network.named(network_name), dtype))
    before = _settled_peak()
    trainer.step()
    first = _peak() - before
    _settled_peak()
    for _ in range(STEPS):
        trainer.step()
    return Growth(loading, first, _peak() - before)


def _settled_peak() -> float:
    """Make the present the highest mark, all that is free given back, and read it."""
    _return_free_memory()
    _lower_peak()
    return _peak()


def run(names: Sequence[str], labels: Sequence[str], dtype: str = "float32") -> list[Target]:
    """Measure and print every contender on every chosen network; return the targets."""
    found, missing = peers.available(labels)
    print("## Growth of peak resident memory\n")
    print(
        f"MiB over the state before the first step, in {STEPS} later ones (in the first, where it "
        f"took more), {dtype}, one process each. Loading is what a step of a tiny network took "
        "before: a library's and its compiler's own.\n"
    )
    for line in missing:
        print(f"- {line}")
    chosen = [network.name for network in NETWORKS if network.name in names]
    figures: dict[str, list[Growth]] = {}
    for label in found:
        print(f"measuring memory of {label}", file=sys.stderr, flush=True)
        figures[label] = [Growth(*fresh(__spec__.name, label, name, dtype)) for name in chosen]
    rows = [
        [label, f"{statistics.median(each.loading for each in row):.1f}", *map(_cell, row)]
        for label, row in figures.items()
    ]
    print("\n" + table(["contender", "loading", *chosen], rows))
    if LARGEST not in chosen:
        return []
    i = chosen.index(LARGEST)
    return _targets({label: row[i].later for label, row in figures.items()})


def _cell(grown: Growth) -> str:
    first = f" ({grown.first:.1f})" if grown.first > grown.later + NOTEWORTHY else ""
    return f"{grown.later:.1f}{first}"


def _targets(mebibytes: Mapping[str, float]) -> list[Target]:
    """List the promises about the largest network."""
    torches = [mebibytes[label] for label in (peers.TORCH, peers.TORCH_NN) if label in mebibytes]
    targets = [
        Target(
            "peak memory, no more than PyTorch's",
            f"{LARGEST}, {mine}",
            mebibytes[mine],
            round(min(torches), 1),
            " MiB",
        )
        for mine in peers.EAGER
        if mine in mebibytes and torches
    ]
    for eager, *compiled in zip(
        peers.EAGER, peers.COMPILED_NUMPY, peers.COMPILED_NUMBA, strict=True
    ):
        targets += [
            Target("peak memory over eager's", f"{LARGEST}, {mine}", share, COMPILED_SHARE)
            for mine in compiled
            if mine in mebibytes and eager in mebibytes
            for share in [mebibytes[mine] / mebibytes[eager]]
        ]
    return targets


if __name__ == "__main__":
    print(json.dumps(growth(*sys.argv[1:4])))
