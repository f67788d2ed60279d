"""One case timed in every library that has it."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from tests.benchmarks.functions import libraries
from tests.benchmarks.functions.cases import Case
from tests.benchmarks.functions.libraries import Problem
from tests.benchmarks.timing import paired, seconds

NUMPY, OURS, TORCH, HIPS = "NumPy's call", "ours", "PyTorch", "HIPS"
TORCH_CALL = "PyTorch's call"
LEAST_ROUNDS, MOST_ROUNDS = 3, 25
BATCH_SECONDS = 1e-3
# HIPS autograd takes some functions apart into single elements, which takes minutes.
PATIENCE = 10
TOLERANCE = {"float32": 1e-3, "float64": 1e-6}


class Timed(NamedTuple):
    """What was measured of a case.

    Attributes
    ----------
    case : Case
    times : dict
        Seconds by NUMPY, OURS, TORCH, HIPS and TORCH_CALL, where there are any: the shortest of the
        rounds, since on a shared machine whatever is longer was somebody else's.
    notes : list of str
        Who failed, and whose gradient is another one than ours.
    """

    case: Case
    times: dict[str, float]
    notes: list[str]

    def ratio(self, peer: str) -> float | None:
        """Our time over a peer's."""
        known = OURS in self.times and peer in self.times
        return self.times[OURS] / self.times[peer] if known else None

    @property
    def owed(self) -> float | None:
        """Our time over PyTorch's, each less what the call by itself takes.

        What is left is the derivative: small where the whole is large, NumPy's own call is slow.
        """
        if OURS not in self.times or TORCH not in self.times:
            return None
        theirs = max(self.times[TORCH] - self.times[TORCH_CALL], 0.05 * self.times[TORCH])
        return max(self.times[OURS] - self.times[NUMPY], 0.0) / theirs

    @property
    def least(self) -> float:
        """What our time over PyTorch's would be if our derivative took as long as PyTorch's."""
        theirs = self.times[TORCH]
        return (self.times[NUMPY] + theirs - self.times[TORCH_CALL]) / theirs


def measure(case: Case, dtype: str, budget: float) -> Timed:
    """Time a case in about `budget` seconds, and compare the gradients."""
    problem = Problem(case, dtype)
    calls: dict[str, Callable[[], Any]] = {NUMPY: lambda: problem.numpy(*problem.primals)}
    notes: list[str] = []
    found = {}
    builds: dict[str, Callable[[Problem], Any]] = {
        OURS: libraries.ours,
        TORCH: libraries.pytorch,
        HIPS: libraries.hips,
    }
    for label, build in builds.items():
        if label == TORCH and case.pytorch == "-":
            continue
        try:
            with limited(PATIENCE):
                made = build(problem)
                pull, alone = made if isinstance(made, tuple) else (made, None)
                found[label] = pull()
        except Exception as error:
            if label != HIPS:
                reason = f"{type(error).__name__}: {error}".splitlines()[0]
                notes.append(f"{label} has no gradient of {case.call} ({reason[:150]})")
            continue
        calls[label] = pull
        if alone is not None:
            calls[TORCH_CALL] = alone
    mine = found.pop(OURS, None)
    notes += [
        f"{label} differs from our gradient of {case.call}, or orders what it returns otherwise"
        for label, theirs in found.items()
        if mine is not None and not _agree(mine, theirs, TOLERANCE[dtype])
    ]
    del mine, found
    once = sum(seconds(call, 1) for call in calls.values())
    rounds = int(np.clip(budget / once, LEAST_ROUNDS, MOST_ROUNDS))
    times = paired(calls, rounds=rounds, batch_seconds=BATCH_SECONDS)
    return Timed(case, {label: min(row) for label, row in times.items()}, notes)


@contextlib.contextmanager
def limited(limit: float) -> Iterator[None]:
    """Raise TimeoutError in what takes longer than `limit` seconds, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    previous = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _give_up(*_: object) -> None:
    raise TimeoutError(f"more than {PATIENCE} seconds")


def _agree(ours: list[Any], theirs: list[Any], tolerance: float) -> bool:
    for a, b in zip(ours, theirs, strict=True):
        a, b = np.nan_to_num(np.asarray(a)), np.nan_to_num(np.asarray(b))
        if a.shape != b.shape or np.linalg.norm(a - b) > tolerance * np.linalg.norm(a):
            return False
    return True
