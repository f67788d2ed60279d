"""Markdown tables, the list of targets, and what the machine is."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from autograd_np import info

PACKAGES = ("numpy", "numba", "scipy", "torch", "jax", "keras", "autograd", "mygrad")


class Target(NamedTuple):
    """One promise: what was measured must not exceed the limit.

    Examples
    --------
    >>> Target("time over PyTorch's", "4-6-10-8-3, float32", 0.55, 0.6).met
    True
    """

    promise: str
    case: str
    measured: float
    limit: float
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the measured figure is within the limit."""
        return self.measured <= self.limit


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a Markdown table; every column but the first is aligned to the right.

    Examples
    --------
    >>> print(table(["name", "µs"], [["a", "1.0"]]))
    | name | µs |
    |---|--:|
    | a | 1.0 |
    """
    rule = "|---|" + "--:|" * (len(header) - 1)
    return "\n".join([_row(header), rule, *map(_row, rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def targets_table(targets: Sequence[Target]) -> str:
    """Write every target with the measured figure and the verdict, then a count.

    Examples
    --------
    >>> print(targets_table([Target("import over numpy", "median", 41.0, 40.0, " ms")]))
    | target | case | measured | at most | verdict |
    |---|--:|--:|--:|--:|
    | import over numpy | median | 41.00 ms | 40 ms | **missed** |
    <BLANKLINE>
    0 of 1 targets met.
    """
    rows = [
        [
            t.promise,
            t.case,
            f"{t.measured:.2f}{t.unit}",
            f"{t.limit:g}{t.unit}",
            "met" if t.met else "**missed**",
        ]
        for t in targets
    ]
    met = sum(t.met for t in targets)
    text = table(["target", "case", "measured", "at most", "verdict"], rows)
    return f"{text}\n\n{met} of {len(targets)} targets met."


def machine() -> str:
    """List processor, versions, BLAS, its kernel and threads, as Markdown bullets."""
    packages = ", ".join(f"{name} {info.version(name) or 'not installed'}" for name in PACKAGES)
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else "all"
    return "\n".join(
        [
            f"- machine: {info.processor()}, {os.cpu_count()} cores, {platform.platform()}",
            f"- Python {platform.python_version()}, {packages}",
            f"- NumPy's BLAS: {info.blas()}",
            *_scipys_blas(),
            *_load(),
            f"- one BLAS thread, PyTorch at one thread; bound to cores {cores}",
            "- OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE unset: OpenBLAS chooses its own kernel",
        ]
    )


def _scipys_blas() -> list[str]:
    return (
        [f"- SciPy's BLAS, which numba calls: {info.blas('scipy')}"]
        if info.version("scipy")
        else []
    )


def _load() -> list[str]:
    if not hasattr(os, "getloadavg"):
        return []
    return [f"- load average {os.getloadavg()[0]:.1f}; near 0, nobody else was at work"]
