"""What `draw` is asked for, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

DIRECTIONS = ("TB", "LR", "BT", "RL")


@dataclass(frozen=True, slots=True)
class Options:
    """What is shown besides structure, shapes and dtypes: see `draw`."""

    backward: bool = False
    values: bool = False
    gradients: bool = False
    norms: bool = False
    memory: bool = False
    time: bool = False

    @property
    def of_values(self) -> bool:
        """Whether something is asked for that only a value tells."""
        return self.values or self.norms


def check_size(name: str, value: Any, least: int) -> None:
    """Raise unless an option is None or a whole number that is not too small."""
    if value is None:
        return
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(
            f"draw() takes a whole number or None as {name}, and was given "
            f"{name}={value!r}. Write {name}={least}, or leave it out."
        )
    if value < least:
        raise ValueError(
            f"draw() takes {name} from {least} on, and was given {name}={value}. "
            f"Write {name}={least}, or leave it out."
        )


def check_direction(value: Any) -> None:
    """Raise unless Graphviz knows the direction."""
    if value not in DIRECTIONS:
        known = ", ".join(map(repr, DIRECTIONS))
        raise ValueError(f"draw() was given rankdir={value!r}. Write one of {known}.")
