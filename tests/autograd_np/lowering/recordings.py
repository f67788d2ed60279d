"""Recordings that hold what a trace of `compile` holds, for tests of passes and backends."""

import contextlib

from autograd_np.full_recording import Recording
from autograd_np.recording import Mode, current, using


class AsTraced(Recording):
    """A recording that takes values in as a trace does.

    Plain arrays and seeds are constants, and the value of an input is its memory, not a copy: what
    decides in the lowering where values lie.
    """

    def taken_in(self, operation, args, kwargs):
        return args, kwargs

    def seeded(self, g):
        return g

    def _as_met(self, value):
        return value


@contextlib.contextmanager
def record():
    """Record as `autograd_np.record` does, in such a program."""
    program, mode = AsTraced(), current()
    with using(Mode(mode.grad, program, mode.watch, mode.rule)):
        yield program
