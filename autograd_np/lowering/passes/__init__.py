"""What is done to a program before code is written for it, one step at a time.

A pass may change where results are stored and what is skipped, never the operations, the order in
which their operands lie in memory or the order of sums: the bits stay the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from autograd_np.lowering.passes.common_subexpressions import common_subexpressions
from autograd_np.lowering.passes.constants import constants
from autograd_np.lowering.passes.copies import copies
from autograd_np.lowering.passes.dead_code import dead_code
from autograd_np.lowering.passes.flat_updates import flat_updates
from autograd_np.lowering.passes.inline import inline
from autograd_np.program import Program

Pass: TypeAlias = Callable[[Program], Program]

#: By name, in the order in which they run.
PASSES: dict[str, Pass] = {
    each.__name__: each
    for each in (inline, copies, constants, flat_updates, dead_code, common_subexpressions)
}


def check_names(names: Collection[str]) -> None:
    """Raise ValueError if there is no pass of one of these names."""
    unknown = sorted(set(names) - set(PASSES))
    if unknown:
        raise ValueError(
            f"there is no pass called {unknown[0]!r}; expected some of {', '.join(PASSES)}. "
            f"Write ['flat_updates']."
        )


def run_passes(program: Program, without: Collection[str] = ()) -> Program:
    """The program after all passes but those named in `without`; what is given stays as it is.

    Raises
    ------
    ValueError
        If `without` names no pass.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> with ag.record() as program:
    ...     y, unread = ag.relu(x), np.exp(x)
    ...     program.outputs = [program.ref(y)]
    >>> [call.function.__name__ for call in run_passes(program).calls]
    ['maximum']
    >>> [call.function.__name__ for call in run_passes(program, without=["inline"]).calls]
    ['relu']
    """
    check_names(without)
    for name, each in PASSES.items():
        if name not in without:
            program = each(program)
    return program
