"""A rule specialised to the arguments whose gradient is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from autograd_np.graph import Like, Node
from autograd_np.rules.cotangents import parts_of

if TYPE_CHECKING:
    from autograd_np.rules.registry import Operation

Formula = Callable[..., Any]

# An argument by its position, or, for a list argument, its position and those of its elements.
Wanted = tuple["int | tuple[int, tuple[int, ...]]", ...]

# Where a saved value came from: a parent (its number), this node's result, one of its outputs (its
# number), a list (parent numbers by element), or a constant.
FROM_PARENT: Final = "parent"
FROM_RESULT: Final = "result"
FROM_OUTPUT: Final = "output"
FROM_LIST: Final = "list"
CONSTANT: Final = "constant"
Source = tuple[str, Any]


def reads(formula: Formula) -> tuple[str, ...]:
    """Names of the parameters of a formula."""
    code = formula.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


class Derivative:
    """How the gradient of one recorded call passes to the arguments that want it.

    Two functions are generated from the names that the formulas read: `save`, called when the
    operation is recorded, keeps just what will be read; `pull`, called by the reverse pass, hands
    it to the formulas. Neither inspects anything.

    Attributes
    ----------
    save : callable ``(out, *values) -> tuple``
        Values that are left out are the function's defaults.
    pull : callable ``(g, saved, parents) -> tuple`` of one gradient per parent
    names : tuple of str
        By which the formulas read each saved value.
    sources : tuple of Source
        Where each saved value came from.
    constants : tuple of int
        Places in `saved` that may hold arrays of the caller's.
    """

    __slots__ = ("constants", "names", "operation", "pull", "save", "sources", "wanted")

    save: Callable[..., tuple[Any, ...]]
    pull: Callable[[Any, tuple[Any, ...], tuple[Node, ...]], tuple[Any, ...]]

    def __init__(self, operation: Operation, wanted: Wanted) -> None:
        self.operation = operation
        self.wanted = wanted
        writer = _Writer(operation, wanted)
        self.pull, self.save = writer.functions()
        self.names = tuple(writer.saved_names)
        self.sources = tuple(writer.sources)
        self.constants = tuple(
            i for i, (kind, _) in enumerate(self.sources) if kind in (CONSTANT, FROM_LIST)
        )

    def __repr__(self) -> str:
        return f"<Derivative of {self.operation.name} for {self.wanted}>"


class _Writer:
    """Writes the source of `save` and `pull` for one Derivative."""

    def __init__(self, operation: Operation, wanted: Wanted) -> None:
        self.operation = operation
        self.wanted = wanted
        self.parent_number: dict[tuple[int, int | None], int] = {}
        for item in wanted:
            if isinstance(item, int):
                self.parent_number[item, None] = len(self.parent_number)
            else:
                for element in item[1]:
                    self.parent_number[item[0], element] = len(self.parent_number)
        self.kept: dict[str, int] = {}
        self.saved_names: list[str] = []
        self.sources: list[Source] = []
        self.names: dict[str, Any] = {"Like": Like, "likes": _likes, "parts_of": parts_of}

    def functions(self) -> tuple[Callable[..., Any], Callable[..., tuple[Any, ...]]]:
        lines, results = [], []
        for item in self.wanted:
            position = item if isinstance(item, int) else item[0]
            lines.append(self.gradient(position))
            if isinstance(item, int):
                results.append(f"d{position}")
            else:
                results += [f"d{position}[{element}]" for element in item[1]]
        self.names["defaults"] = self.operation.defaults()
        count = len(self.operation.parameters)
        values = "".join(f", v{i}=defaults[{i}]" for i in range(count))
        body = "".join(f"    {line}\n" for text in lines for line in text.splitlines())
        source = (
            f"def pull(g, s, p):\n{body}    return ({''.join(f'{d}, ' for d in results)})\n"
            f"def save(out{values}):\n    return ({''.join(f'{k}, ' for k in self.kept)})\n"
        )
        exec(compile(source, f"<derivative of {self.operation.name}>", "exec"), self.names)
        return self.names["pull"], self.names["save"]

    def gradient(self, position: int) -> str:
        """The lines that compute the gradient of one argument."""
        formula = self.operation.formulas[self.operation.parameters[position]]
        if callable(formula):
            return f"d{position} = {self.call(formula, f'f{position}', 'g')}"
        lines = [f"d{position} = None", "parts = parts_of(g)"]
        for number, output in enumerate(self.operation.outputs):
            if output in formula:
                call = self.call(formula[output], f"f{position}_{number}", f"parts[{number}]")
                lines += [
                    f"if {number} in parts:",
                    f"    d = {call}",
                    f"    d{position} = d if d{position} is None else d{position} + d",
                ]
        return "\n".join(lines)

    def call(self, formula: Formula, name: str, g: str) -> str:
        self.names[name] = formula
        arguments = [g if read == "g" else self.read(read) for read in reads(formula)]
        return f"{name}({', '.join(arguments)})"

    def read(self, name: str) -> str:
        """The expression by which `pull` reads `name`, kept by `save` where it must be."""
        operation = self.operation
        if name == "out":
            return self.keep("out", name, (FROM_RESULT, None))
        if name in operation.outputs:
            number = operation.outputs.index(name)
            return self.keep(f"out[{number}]", name, (FROM_OUTPUT, number))
        if name in operation.parameters:
            position = operation.parameters.index(name)
            if name in operation.lists:
                return self.keep(f"v{position}", name, (FROM_LIST, self.elements(position)))
            parent = self.parent_number.get((position, None))
            source = (CONSTANT, None) if parent is None else (FROM_PARENT, parent)
            return self.keep(f"v{position}", name, source)
        argument = name.removesuffix("_like")
        position = operation.parameters.index(argument)
        if argument in operation.lists:
            return self.keep(f"likes(v{position})", name, (CONSTANT, None))
        parent = self.parent_number.get((position, None))
        if parent is not None:
            return f"p[{parent}]"
        return self.keep(f"Like(v{position})", name, (CONSTANT, None))

    def elements(self, position: int) -> dict[int, int]:
        """Parent numbers of the wanted elements of a list argument."""
        return {
            element: number
            for (argument, element), number in self.parent_number.items()
            if argument == position and element is not None
        }

    def keep(self, expression: str, name: str, source: Source) -> str:
        if expression not in self.kept:
            self.kept[expression] = len(self.kept)
            self.saved_names.append(name)
            self.sources.append(source)
        return f"s[{self.kept[expression]}]"


def _likes(values: Iterable[Any]) -> tuple[Like, ...]:
    return tuple(map(Like, values))
