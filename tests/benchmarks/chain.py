"""A chain of operations recorded, differentiated and freed: time per operation by length."""

from __future__ import annotations

import gc
import json
import statistics
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from tests.benchmarks.processes import fresh
from tests.benchmarks.reporting import Target, table

LENGTHS = (10**3, 10**4, 10**5, 10**6)
COMPARED_LENGTH = 10**5
WIDTH = 10
FACTOR, SHIFT = 0.9999, 0.0001
FLATNESS = {"off": 1.5, "on": 2.0}


def ours(length: int) -> Any:
    """Record, differentiate and free a chain with `autograd_np`; return the leaf's gradient."""
    import autograd_np as ag

    x = ag.Tensor(np.ones(WIDTH), requires_grad=True)
    _chain(x, length).sum().backward()
    return x.grad


def pytorch(length: int) -> Any:
    """Record, differentiate and free a chain with PyTorch; return the leaf's gradient."""
    import torch

    torch.set_num_threads(1)
    x = torch.ones(WIDTH, dtype=torch.float64, requires_grad=True)
    _chain(x, length).sum().backward()
    return x.grad


def _chain(y: Any, length: int) -> Any:
    for _ in range(length // 2):
        y = y * FACTOR
        y = y + SHIFT
    return y


def measure(label: str, collector: str, rounds: int) -> list[float]:
    """Take the median time per operation at each length; every round visits every length.

    Shorter chains repeat until they make as many operations as a chain of 10^5.

    Parameters
    ----------
    label : str
        "ours" or "PyTorch".
    collector : str
        "on" or "off": whether Python's garbage collector runs.
    rounds : int
        Number of rounds.

    Raises
    ------
    AssertionError
        When a gradient is wrong.
    """
    chain = CHAINS[label]
    times: list[list[float]] = [[] for _ in LENGTHS]
    chain(2)
    gc.collect()
    if collector == "off":
        gc.disable()
    for _ in range(rounds):
        for length, row in zip(LENGTHS, times, strict=True):
            repeats = max(1, COMPARED_LENGTH // length)
            start = perf_counter()
            for _ in range(repeats):
                gradient = chain(length)
            row.append((perf_counter() - start) / (repeats * length))
            expected = FACTOR ** (length // 2)
            np.testing.assert_allclose(gradient, expected, rtol=1e-9, err_msg=label)
    return [statistics.median(row) for row in times]


CHAINS: dict[str, Callable[[int], Any]] = {"ours": ours, "PyTorch": pytorch}


def _available() -> list[str]:
    found = []
    for label, chain in CHAINS.items():
        try:
            chain(2)
        except ImportError as error:
            print(f"- {label}: left out ({error})")
        else:
            found.append(label)
    return found


def run(rounds: int) -> list[Target]:
    """Measure and print chains with the collector off and on; return the targets."""
    print("## A chain recorded, differentiated and freed\n")
    print(
        f"Multiply and add on {WIDTH} float64 numbers; µs per operation, medians of {rounds} "
        "rounds, each row in a process of its own: what the collector walks is that library's, "
        "and nobody else's.\n"
    )
    labels = _available()
    rows: list[list[str]] = []
    targets: list[Target] = []
    for collector, flatness in FLATNESS.items():
        print(f"measuring chains, collector {collector}", file=sys.stderr, flush=True)
        medians = {label: fresh(__spec__.name, label, collector, str(rounds)) for label in labels}
        for label, row in medians.items():
            cells = [f"{t * 1e6:.2f}" for t in row]
            rows.append([f"{label}, collector {collector}", *cells, f"{max(row) / min(row):.2f}"])
        case = f"collector {collector}"
        mine = medians["ours"]
        targets.append(
            Target("chain, longest over shortest time", case, max(mine) / min(mine), flatness)
        )
        if "PyTorch" in medians:
            i = LENGTHS.index(COMPARED_LENGTH)
            over = mine[i] / medians["PyTorch"][i]
            targets.append(Target("chain of 10^5 over PyTorch's", case, over, 1.0))
    lengths = [f"{length:,}" for length in LENGTHS]
    print(table(["chain", *lengths, "max / min"], rows))
    return targets


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
