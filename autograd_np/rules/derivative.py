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

    def argument(self, number: int) -> str:
        """Name of the argument that parent `number` of a node was given for."""
        names: list[str] = []
        for item in self.wanted:
            if isinstance(item, int):
                names.append(self.operation.parameters[item])
            else:
                name = self.operation.parameters[item[0]]
                names += [f"{name}[{element}]" for element in item[1]]
        return names[number]

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
        self.names["verified"] = verified
        self.shared: dict[str, str] = {}

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
        lines = [*self.shared.values(), *lines]
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
            return f"d{position} = {self.call(formula, f'f{position}', 'g', position)}"
        lines = [f"d{position} = None", "parts = parts_of(g)"]
        for number, output in enumerate(self.operation.outputs):
            if output in formula:
                name, part = f"f{position}_{number}", f"parts[{number}]"
                call = self.call(formula[output], name, part, position)
                lines += [
                    f"if {number} in parts:",
                    f"    d = {call}",
                    f"    d{position} = d if d{position} is None else d{position} + d",
                ]
        return "\n".join(lines)

    def call(self, formula: Formula, name: str, g: str, position: int | None) -> str:
        self.names[name] = formula
        arguments = [g if read == "g" else self.read(read) for read in reads(formula)]
        call = f"{name}({', '.join(arguments)})"
        if not self.operation.checked or position is None:
            return call
        where = f"{self.operation.name!r}, {self.operation.parameters[position]!r}"
        return f"verified({call}, {where})"

    def read(self, name: str) -> str:
        """The expression by which `pull` reads `name`, kept by `save` where it must be."""
        operation = self.operation
        if name in operation.shared:
            if name not in self.shared:
                value = self.call(operation.shared[name], f"h_{name}", "g", None)
                self.shared[name] = f"{name} = {value}"
            return name
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


def verified(gradient: Any, operation: str, argument: str) -> Any:
    """What a formula returned, if it is an array of floats or a list of them.

    Raises
    ------
    TypeError
        Naming the operation and the argument.
    """
    for each in gradient if isinstance(gradient, (list, tuple)) else (gradient,):
        dtype = getattr(each, "dtype", None)
        if dtype is None or dtype.kind not in "fc":
            given = type(each).__name__ if dtype is None else f"an array of dtype {dtype}"
            raise TypeError(
                f"the rule of {operation!r} for its argument {argument!r} returned {given}; "
                f"expected an array of floats. Write g times a coefficient: g * np.cos(x)."
            )
    return gradient


def _likes(values: Iterable[Any]) -> tuple[Like, ...]:
    return tuple(map(Like, values))
