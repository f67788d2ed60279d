"""Time of `import autograd_np` over `import numpy`, in fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from time import perf_counter

from tests.benchmarks.reporting import Target, table

LIMIT_MS = 40.0

# Bytecode may be written, as it is wherever a package is installed.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def process_seconds(code: str) -> float:
    """Time a fresh interpreter that runs `code`.

    Examples
    --------
    >>> process_seconds("pass") > 0
    True
    """
    start = perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, env=ENVIRONMENT)
    return perf_counter() - start


def run(rounds: int) -> list[Target]:
    """Measure and print pairs of fresh processes; return the target."""
    print("## Import\n")
    for code in ("import autograd_np", "import nn"):
        subprocess.run(
            [sys.executable, "-c", code], check=True, env=ENVIRONMENT
        )  # writes the bytecode
    numpy, engine, layers = [], [], []
    for _ in range(rounds):
        numpy.append(process_seconds("import numpy"))
        engine.append(process_seconds("import autograd_np"))
        layers.append(process_seconds("import nn"))
    rows = []
    for name, row in (("numpy", numpy), ("autograd_np", engine), ("nn", layers)):
        over = statistics.median(a - b for a, b in zip(row, numpy, strict=True))
        rows.append([name, f"{statistics.median(row) * 1e3:.1f}", f"{over * 1e3:.1f}"])
    print(f"Whole processes, medians of {rounds} pairs.\n")
    print(table(["import", "ms", "ms over numpy"], rows))
    over = statistics.median(a - b for a, b in zip(engine, numpy, strict=True))
    return [
        Target("`import autograd_np` over `import numpy`", "median", over * 1e3, LIMIT_MS, " ms")
    ]
