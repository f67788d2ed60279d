"""The backends by name, each imported when it is first used."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from autograd_np.lowering.lowered import Lowered
from autograd_np.program import Program

BACKENDS = ("numpy", "numba")


def lower(
    backend: str, program: Program, names: Mapping[int, str], title: str, live: Collection[int]
) -> Lowered:
    """Lower a program.

    Raises
    ------
    CannotLowerError
        If the backend has no code for an operation.
    ImportError
        If it needs an extra that is not installed.
    """
    if backend == "numba":
        from autograd_np.lowering import numba_backend

        return numba_backend.lower(program, names, title)
    from autograd_np.lowering import numpy_backend

    return numpy_backend.lower(program, names, title, live)
