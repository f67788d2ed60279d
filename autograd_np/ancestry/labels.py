"""Names for values from where they are seen: the user's variables, the paths within modules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_np.ancestry.gathering import by_use
from autograd_np.ancestry.holders import is_module
from autograd_np.graph import tick
from autograd_np.handle import Handle
from autograd_np.lowering.naming import RESERVED, value_names
from autograd_np.lowering.rewriting import map_leaves
from autograd_np.program import Program, Ref, Variable

#: What the user's variables hold, as `holders.held` yields it.
Places = Sequence[tuple[str, Any]]

#: How long a name may be where people read it.
LONGEST = 48


def label(program: Program, places: Places) -> None:
    """Name values by the variables that hold them, and parameters by their paths in modules.

    A variable goes before a list, dict or object that the value is in. What a variable held in the
    recording, and holds no more, does not go by its name.
    """
    paths: dict[int, list[str]] = {}
    for path, value in places:
        if isinstance(value, Handle) and value._node is not None:
            if value._node.index in program.variables:
                paths.setdefault(value._node.index, []).append(path)
        elif is_module(value):
            for name, parameter in value.named_parameters():
                node = getattr(parameter, "_node", None)
                variable = program.variables.get(getattr(node, "index", 0))
                if variable is not None and variable.name is None:
                    variable.name = name
    taken = {path: index for index, found in paths.items() for path in found}
    for index, variable in program.variables.items():
        if taken.get(variable.label or "", index) != index:
            variable.label = None
        _go_by(variable, paths.get(index, []))


def _go_by(variable: Variable, paths: list[str]) -> None:
    """Name a value by the first variable that holds it, else by the first place where it is."""
    names = [path for path in paths if path.isidentifier()]
    if names and variable.label not in names:
        variable.label = names[0]
    elif paths and not names and variable.label is None and variable.name is None:
        variable.name = paths[0]


def with_named_arrays(program: Program, places: Places) -> Program:
    """The program with each plain array that calls were given as one input, and calls of its own.

    It is named by the variable that holds it.
    """
    paths: dict[int, list[str]] = {}
    for path, value in places:
        if isinstance(value, np.ndarray):
            paths.setdefault(id(value), []).append(path)
    found: dict[int, Ref] = {}
    variables = dict(program.variables)
    # Each recording has an input of its own for the same array.
    same: dict[Ref, Ref] = {}
    for ref in program.inputs:
        variable = variables[ref.index]
        if variable.constant and isinstance(variable.value, np.ndarray):
            same[ref] = found.setdefault(id(variable.value), ref)
            if variable.label is None:
                _go_by(variable, paths.get(id(variable.value), []))

    def named(value: Any) -> Any:
        if isinstance(value, Ref):
            return same.get(value, value)
        if not isinstance(value, np.ndarray) or not value.ndim:
            return value
        ref = found.get(id(value))
        if ref is None:
            ref = found[id(value)] = Ref(tick())
            variable = Variable(value.shape, value.dtype, value, False, None, constant=True)
            _go_by(variable, paths.get(id(value), []))
            variables[ref.index] = variable
        return ref

    calls = [
        replace(call, args=map_leaves(named, call.args), kwargs=map_leaves(named, call.kwargs))
        for call in program.calls
    ]
    inputs = {named(ref).index for ref in program.inputs} | {ref.index for ref in found.values()}
    return replace(program, calls=calls, inputs=by_use(calls, inputs), variables=variables)


def display_names(program: Program) -> dict[int, str]:
    """A name for each value, by `Ref.index`, for people: each used once, on one line.

    As `value_names`, but what the user named keeps that very name, be it an identifier or not, and
    the gradient of ``0.weight`` is ``0.weight.grad``.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="0.weight")
    >>> with ag.record() as program:
    ...     loss = (w * w).sum()
    ...     loss.backward()
    >>> [name for name in display_names(program).values() if not name.isidentifier()]
    ['0.weight', '0.weight.grad']
    """
    naming = _Display(program)
    # Names that the user gave go first, so that nothing else takes them.
    for index in sorted(naming.plain, key=lambda index: not program.variables[index].name):
        naming.name(index)
    return {index: naming.shown[index] for index in naming.plain}


class _Display:
    """The names shown so far, and what decides on the next."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.plain = value_names(program)
        self.shown: dict[int, str] = {}
        self.taken: set[str] = set()
        self.counts: Counter[str] = Counter()

    def name(self, index: int) -> None:
        """Name a value, after what it is the gradient of."""
        chain = [index]
        while (target := self.program.gradients.get(chain[-1], index)) in self.plain:
            if target in self.shown or target in chain:
                break
            chain.append(target)
        for each in reversed(chain):
            if each not in self.shown:
                self.shown[each] = self._unique(self._wanted(each))

    def _wanted(self, index: int) -> str:
        variable, plain = self.program.variables[index], self.plain[index]
        if variable.name:
            return _on_one_line(variable.name) or plain
        if variable.label in RESERVED and plain.startswith(f"{variable.label}_"):
            # A source must not call a value `input`.
            return str(variable.label)
        target = self.program.gradients.get(index, index)
        of = self.shown.get(target)
        if of is not None and plain.startswith(f"d{self.plain[target]}"):
            return f"d{of}" if of.isidentifier() else f"{of}.grad"
        return plain

    def _unique(self, wanted: str) -> str:
        name = wanted
        while name in self.taken:
            # Counted on: programs with loops want the same name thousands of times.
            self.counts[wanted] += 1
            name = f"{wanted}_{self.counts[wanted] + 1}"
        self.taken.add(name)
        return name


def _on_one_line(name: str) -> str:
    """A name as it is, but for characters that nobody sees and an end that nobody reads."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
