"""Measurements in a process of their own: no heap, cache or thread pool left by another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from time import perf_counter
from typing import Any


def fresh(module: str, *arguments: str, timeout: float | None = None) -> Any:
    """Run `python -m module arguments…` and return what it printed, read as JSON.

    The environment and the core are inherited; errors of the process go to stderr.

    Raises
    ------
    subprocess.CalledProcessError
        When the process fails.
    subprocess.TimeoutExpired
        When it takes more than `timeout` seconds.

    Examples
    --------
    >>> grown = fresh("tests.benchmarks.memory", "NumPy by hand", "4-6-10-8-3", "float32")
    >>> all(0 <= mebibytes < 100 for mebibytes in grown)
    True
    """
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=timeout)
    return json.loads(done.stdout)


def timed(module: str, *arguments: str) -> tuple[float, Any]:
    """Do as `fresh`, and time the process from its start to its end.

    As in `timing.seconds`, what other processes took of the core does not count.
    """
    start, before = perf_counter(), os.times()
    printed = fresh(module, *arguments)
    after, wall = os.times(), perf_counter() - start
    of_process = (after.children_user - before.children_user) + (
        after.children_system - before.children_system
    )
    return min(wall, of_process) if of_process else wall, printed
