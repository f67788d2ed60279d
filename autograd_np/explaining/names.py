"""Names for the values on a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from autograd_np.explaining.steps import Walk
from autograd_np.lowering.naming import unique, value_names
from autograd_np.program import Program


def page_names(program: Program, walk: Walk) -> dict[int, str]:
    """The names of `value_names`, but that every gradient is called after what it belongs to.

    Examples
    --------
    >>> import autograd_np as ag
    >>> from autograd_np.ancestry import program_of
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record():
    ...     y = (w * 3).sum()
    >>> program = program_of((y,), None, "explain", backward=True)
    >>> names = page_names(program, Walk(program)).values()
    >>> [name for name in names if name.startswith("d")]
    ['dy', 'dt1', 'dw']
    """
    names = value_names(_with_ones(program, walk))
    # A leaf's gradient that was there already is no value of a call.
    missing = [index for index in walk.gradients.values() if index not in names]
    taken = set(names.values())
    owners = {gradient: value for value, gradient in reversed(walk.gradients.items())}
    shown = {index for step in walk.steps for index in step.writes}
    for index in (*missing, *(index for index in names if index in shown)):
        whole = walk.part_of.get(index, index)
        owner = names.get(owners.get(whole, -1), "")
        if owner and (index not in names or _is_number(names[index])):
            names[index] = unique(f"d{owner}" if whole == index else f"d{owner}_part", taken)
    return names


def _with_ones(program: Program, walk: Walk) -> Program:
    """The program with a label for the ones of rules: sums over rows are products with them."""
    variables = dict(program.variables)
    given = set(walk.steps[0].writes)
    for ref in program.inputs:
        known = variables[ref.index]
        unnamed = known.constant and known.name is None and known.label is None
        if unnamed and ref.index not in given and known.value is not None and _is_one(known.value):
            variables[ref.index] = replace(known, label="ones")
    return replace(program, variables=variables)


def _is_one(value: Any) -> bool:
    return value.dtype.kind == "f" and bool((value == 1).all())


def _is_number(name: str) -> bool:
    return re.fullmatch(r"t\d+", name) is not None
