"""What a backend makes of a program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd_np.lowering.failures import CannotLowerError
from autograd_np.program import Ref

__all__ = ["CannotLowerError", "Lowered"]


@dataclass(frozen=True, slots=True)
class Lowered:
    """A program as code that runs.

    Attributes
    ----------
    source : str
        What was written, for people.
    run : callable
        Called with the values of the inputs that it wants; writes the updates into their memory
        and returns a tuple of the outputs, arrays that no later call overwrites.
    wants : tuple of Ref
    """

    source: str
    run: Callable[..., tuple[Any, ...]]
    wants: tuple[Ref, ...]
