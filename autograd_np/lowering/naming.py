"""Names for the values of a program, as Python identifiers."""

from __future__ import annotations

import builtins
import inspect
import itertools
import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.lowering.rewriting import operands
from autograd_np.program import Program

#: Names that mean something else in the source.
RESERVED = frozenset({*dir(builtins), *keyword.kwlist, "np"})


def value_names(program: Program) -> dict[int, str]:
    """A name for each value, by `Ref.index`: identifiers, each used once.

    The user's own name; else for a gradient "d" and what it is the gradient of; else the user's
    variable; else, as in formulas, z1 for the product with W1 and h1 for what is made of it; else
    a short number in order of appearance.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     (w * w).sum().backward()
    >>> list(value_names(program).values())
    ['w', 't7', 't1', 't2', 't3', 't4', 't5', 't6', 'dw']
    """
    naming = _Naming(program)
    live = [ref.index for ref in program.inputs]
    live += [ref.index for call in program.calls for ref in call.outputs]
    # What only a reverse pass reads comes last: numbers are the same without one.
    forward = [call for call in program.calls if call.derivative_of is None]
    read = {ref.index for call in forward for ref in operands(call)}
    late = {ref.index for ref in program.inputs if ref.index not in read}
    for index in sorted(live, key=late.__contains__):
        naming.name(index)
    return {index: naming.names[index] for index in live}


class _Naming:
    """Names given so far, and what decides on the next."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.names: dict[int, str] = {}
        # Whose names are being found: of two values each may be the other's gradient.
        self.open: set[int] = set()
        self.taken = set(RESERVED)
        self.numbers = itertools.count(1)
        # How often a name was wanted: programs with loops want the same one thousands of times.
        self.wanted: Counter[str] = Counter()
        self.labels = {index: variable.label for index, variable in program.variables.items()}
        counts = Counter(self.labels.values())
        for index, formula in _as_in_formulas(program).items():
            # A variable of a loop has had many values.
            if self.labels[index] is None or counts[self.labels[index]] > 1:
                self.labels[index] = formula

    def name(self, index: int) -> str:
        """The name of a value, found at the first call."""
        if index not in self.names:
            self.open.add(index)
            wanted = identifier(self._wanted(index) or self.labels[index] or "")
            self.open.discard(index)
            self.names[index] = self._unique(wanted) if wanted else self._numbered()
        return self.names[index]

    def _wanted(self, index: int) -> str | None:
        """The user's name; else that of a gradient, after what it is the gradient of."""
        program = self.program
        if program.variables[index].name is not None:
            return program.variables[index].name
        target = program.gradients.get(index)
        if target is not None and target in program.variables and target not in self.open:
            of = self.name(target)
            # A gradient of an unnamed value tells nobody more than its number.
            return None if re.fullmatch(r"t\d+", of) else f"d{of}"
        if index in program.packs:
            return _common_end([program.variables[r.index].name for r in program.packs[index]])
        return None

    def _unique(self, wanted: str) -> str:
        self.wanted[wanted] += 1
        count = self.wanted[wanted]
        if count > 1 and f"{wanted}_{count}" not in self.taken:
            wanted = f"{wanted}_{count}"
        return unique(wanted, self.taken)

    def _numbered(self) -> str:
        name = next(name for n in self.numbers if (name := f"t{n}") not in self.taken)
        self.taken.add(name)
        return name


def _as_in_formulas(program: Program) -> dict[int, str]:
    """Names for the layers of a network whose parameters are numbered."""
    numbers: dict[int, str] = {}
    for ref in program.inputs:
        found = re.fullmatch(r"[A-Za-z]+_?(\d+)", program.variables[ref.index].name or "")
        if found:
            numbers[ref.index] = found[1]
    names: dict[int, str] = {}
    for call in program.calls:
        if call.derivative_of is not None:
            continue
        out = call.outputs[0].index
        read = [ref.index for ref in operands(call)]
        of = {numbers[index] for index in read if index in numbers}
        if len(of) == 1 and call.function is np.transpose:
            numbers[out] = of.pop()
        elif len(of) == 1 and call.function in (np.matmul, np.dot):
            names[out] = f"z{of.pop()}"
        elif call.function is np.add:
            for index in read:
                if names.get(index, "")[1:] in of:
                    # The bias makes it complete.
                    names[out] = names.pop(index)
        elif call.function in (np.maximum, np.tanh) and call.part_of in (None, "relu"):
            before = names.get(read[0], "")
            if before.startswith("z"):
                names[out] = f"h{before[1:]}"
    return names


def _common_end(names: list[str | None]) -> str:
    """A name for values that lie in one array, from theirs: W1_momentum, b1_momentum."""
    ends = {name.partition("_")[2] for name in names if name}
    return ends.pop() if len(ends) == 1 and "" not in ends else "parameters"


def identifier(name: str) -> str:
    """A name as an identifier: what cannot stand in one becomes an underscore.

    Examples
    --------
    >>> identifier("layers.0.weight"), identifier("0.1.bias")
    ('layers_0_weight', 'bias_0_1')
    """
    name = "".join(
        # Python takes some letters and digits for the same, and others for none.
        character if f"_{character}".isidentifier() else " "
        for character in unicodedata.normalize("NFKC", name)
    )
    parts = name.split()
    numbers = list(itertools.takewhile(lambda part: part[0].isdigit(), parts))
    if numbers:
        # A path that begins with numbers: the numbers at the end.
        parts = [*(parts[len(numbers) :] or ["p"]), *numbers]
    return "_".join(parts)


def unique(name: str, taken: set[str]) -> str:
    """The name, or one that begins with it and is not taken; it is taken from now on."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    taken.add(candidate)
    return candidate


def input_names(function: Callable[..., Any], paths: Sequence[str]) -> list[str]:
    """Names for inputs that are reached by `paths` from the arguments of a function.

    Examples
    --------
    >>> input_names(lambda x, layers: None, ["args[0]", "args[1][0]['W']", "args[1][0]['b']"])
    ['x', 'W', 'b']
    """
    try:
        parameters = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        parameters = []
    names = []
    for path in paths:
        keys = re.findall(r"'(\w+)'\]", path)
        if keys:
            names.append(keys[-1])
            continue
        first, *others = map(int, re.findall(r"\[(\d+)\]", path))
        name = parameters[first] if first < len(parameters) else f"argument_{first}"
        names.append("_".join([name, *map(str, others)]))
    return names
