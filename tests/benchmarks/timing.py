"""Paired timing: contenders take turns in one process, so that they share the machine's mood."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Mapping, Sequence
from time import get_clock_info, perf_counter, process_time

Times = dict[str, list[float]]

FINE_PROCESS_TIME = get_clock_info("process_time").resolution < 1e-6


def seconds(call: Callable[[], object], count: int) -> float:
    """Time `count` calls by the clock on the wall, less what other processes took of the core.

    On a core of its own the two clocks agree; where they do not, the process was made to wait, or
    (with several cores) its threads ran at once.

    Examples
    --------
    >>> seconds(lambda: None, 3) >= 0
    True
    """
    start, start_of_process = perf_counter(), process_time()
    for _ in range(count):
        call()
    of_process, wall = process_time() - start_of_process, perf_counter() - start
    return min(wall, of_process) if FINE_PROCESS_TIME else wall


def calls_per_batch(call: Callable[[], object], target: float) -> int:
    """Find how many calls fill about `target` seconds (at least one), after a warm-up."""
    call()
    count = 1
    while (elapsed := seconds(call, count)) < target / 4:
        count *= 2
    return max(1, round(count * target / elapsed))


def paired(
    calls: Mapping[str, Callable[[], object]], *, rounds: int, batch_seconds: float = 0.01
) -> Times:
    """Time each contender, in seconds per call, in each of `rounds` rounds.

    A round times one batch of every contender. The order turns by one place each round, so that
    nobody always follows the same neighbour. The garbage collector is left as it is.

    Parameters
    ----------
    calls : mapping of str to callable
        What to time, by name.
    rounds : int
        Number of rounds.
    batch_seconds : float
        Length that each batch is sized to.

    Examples
    --------
    >>> times = paired({"a": int, "b": float}, rounds=3, batch_seconds=1e-4)
    >>> {name: len(row) for name, row in times.items()}
    {'a': 3, 'b': 3}
    """
    counts = {name: calls_per_batch(call, batch_seconds) for name, call in calls.items()}
    names = list(calls)
    times: Times = {name: [] for name in names}
    gc.collect()
    for turn in range(rounds):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            times[name].append(seconds(calls[name], counts[name]) / counts[name])
    return times


def ratio(ours: Sequence[float], peer: Sequence[float]) -> float:
    """Take the median over rounds of our time over the peer's in the same round.

    Examples
    --------
    >>> ratio([1.0, 2.0, 3.0], [2.0, 2.0, 2.0])
    1.0
    """
    return statistics.median(a / b for a, b in zip(ours, peer, strict=True))
