"""A mistake that gradcheck must find, and the rules that it is made of."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograd_np.rules.registry import CACHES, RULES, rule
from tests.autograd_np.testing.wrong_rules.operations import MEMORY, RIGHT

Formulas = Mapping[str, Callable[..., Any] | None]


@dataclass(frozen=True)
class Case:
    """One mistake.

    Attributes
    ----------
    name : str
    kind : str or None
        Of the diagnosis; None where a formula is wrong in a way that has no name.
    function : callable
        What is checked.
    inputs : tuple
    wrong : mapping
        For each operation that `function` uses, the formulas to put in place of the right ones;
        None takes one away.
    right : callable or None
        `function` without the mistake, where that lies outside the formulas.
    order : int
        The first order at which the mistake shows.
    """

    name: str
    kind: str | None
    function: Callable[..., Any]
    inputs: tuple[Any, ...]
    wrong: Mapping[Callable[..., Any], Formulas] = field(default_factory=dict)
    right: Callable[..., Any] | None = None
    order: int = 1


@contextlib.contextmanager
def registered(case: Case, *, mended: bool = False) -> Iterator[None]:
    """Register all operations for a while, with the wrong rules of a case; mended, without."""
    MEMORY.clear()
    for operation, right in RIGHT.items():
        wrong = {} if mended else case.wrong.get(operation, {})
        formulas = {**right, **wrong}
        rule(operation, **{name: each for name, each in formulas.items() if each is not None})
    try:
        yield
    finally:
        for operation in RIGHT:
            del RULES[operation]
            for cache in CACHES:
                cache.pop(operation, None)


def wrong(
    name: str,
    kind: str | None,
    operation: Callable[..., Any],
    *inputs: Any,
    **formulas: Callable[..., Any] | None,
) -> Case:
    """A case that calls one operation, with the given formulas in place of the right ones."""
    return Case(name, kind, operation, inputs, {operation: formulas})
