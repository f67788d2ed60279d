"""The gradient of every function on large arrays, side by side.

The tables of calls are in `elementwise`, `arrays` and `algebra`, their arguments in `inputs`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np

from tests.benchmarks.functions.cases import TABLES, Case, cases, left_out
from tests.benchmarks.functions.measuring import HIPS, NUMPY, OURS, TORCH, Timed, measure
from tests.benchmarks.reporting import Target, table

LIMIT, INDEXING_LIMIT = 1.5, 2.0
# The largest block that glibc ever takes from its heap, and gives back to it: once one was freed,
# nobody's arrays are made of pages that the system has to clear first.
_LARGEST_BLOCK = 31 << 20


def run(
    families: Sequence[str],
    functions: Sequence[str],
    dtypes: Sequence[str],
    worst: int,
    budget: float,
) -> list[Target]:
    """Measure and print the chosen cases by family, then the worst; return the targets."""
    chosen = cases(families, functions)
    print("## Gradients of functions on large arrays\n")
    print(
        "The value of a call and the pullback of a fixed cotangent: 10^6 elements, or 512 x 512 "
        "for linear algebra. Milliseconds, each the shortest of paired rounds in one process. "
        "`owed` is our time over PyTorch's, each less what the call by itself takes (in NumPy and "
        "in PyTorch): where it is small and ours / PyTorch is not, NumPy's own call is the cause.\n"
    )
    if not (families or functions) and (names := left_out(chosen)):
        print(f"Listed, but not timed: {', '.join(names)}.\n")
    np.empty(_LARGEST_BLOCK, np.uint8).fill(0)
    targets: list[Target] = []
    for dtype in dtypes:
        timed = []
        for name in TABLES:
            rows = [_timed(case, dtype, budget) for case in chosen if case.family == name]
            if rows:
                print(f"### {name}, {dtype}\n\n{_times_table(rows)}\n", flush=True)
            timed += rows
        _print_notes(timed)
        compared = sorted(_compared(timed), key=_over_pytorch, reverse=True)
        print(f"### The {worst} worst, {dtype}\n\n{_times_table(compared[:worst], _cause)}\n")
        within = sum(_over_pytorch(row) <= LIMIT for row in compared)
        print(f"{within} of {len(compared)} within {LIMIT} of PyTorch's time.")
        targets += [
            Target("indexing over PyTorch's", f"{row.case.call}, {dtype}", ratio, INDEXING_LIMIT)
            for row in timed
            if row.case.family == "indexing" and (ratio := row.ratio(TORCH)) is not None
        ]
    return targets


def _timed(case: Case, dtype: str, budget: float) -> Timed:
    print(f"measuring {case.call}", file=sys.stderr, flush=True)
    with np.errstate(all="ignore"):
        return measure(case, dtype, budget)


def _compared(timed: Sequence[Timed]) -> list[Timed]:
    return [row for row in timed if row.ratio(TORCH) is not None]


def _over_pytorch(row: Timed) -> float:
    return row.ratio(TORCH) or 0.0


def _cause(row: Timed) -> str:
    """What makes a call slower than PyTorch's: NumPy's, if PyTorch's derivative would not help."""
    if _over_pytorch(row) <= LIMIT:
        return ""
    return "NumPy's call" if row.least > LIMIT or (row.owed or 0.0) <= LIMIT else "our rule"


def _times_table(timed: Sequence[Timed], comment: Callable[[Timed], str] | None = None) -> str:
    header = ["call", *(f"{label} ms" for label in (NUMPY, OURS, TORCH, HIPS))]
    header += ["ours / PyTorch", "owed", "ours / HIPS", *(["cause"] if comment else [])]
    rows = [
        [
            f"`{row.case.call}`",
            *(_number(row.times.get(label), 1e3) for label in (NUMPY, OURS, TORCH, HIPS)),
            _number(row.ratio(TORCH)),
            _number(row.owed),
            _number(row.ratio(HIPS)),
            *([comment(row)] if comment else []),
        ]
        for row in timed
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def padded(cells: list[str]) -> list[str]:
        first, *rest = zip(cells, widths, strict=True)
        return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)]

    return table(padded(header), map(padded, rows))


def _number(value: float | None, scale: float = 1.0) -> str:
    return "-" if value is None else f"{value * scale:.2f}"


def _print_notes(timed: Sequence[Timed]) -> None:
    for row in timed:
        for note in row.notes:
            print(f"- {note}")
    print()
