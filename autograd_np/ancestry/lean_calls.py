"""What lean nodes know of the calls that they stand for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from autograd_np.graph import Node
from autograd_np.program import Call, Ref
from autograd_np.rules.derivative import CONSTANT, Derivative

if TYPE_CHECKING:
    from autograd_np.rules.registry import Operation


class Unknown:
    """An operand or a setting that a lean node did not keep, for no rule reads it."""

    def __repr__(self) -> str:
        return "?"


UNKNOWN: Final = Unknown()
NOWHERE: Final = ("<unknown>", 0)


def lean_call(node: Node, outputs: tuple[Ref, ...]) -> Call:
    """The call that a node was made by, as far as the node knows it.

    Parameters
    ----------
    node : Node
        Of an operation.
    outputs : tuple of Ref
        Its results.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([[1.0, 2.0]], requires_grad=True)
    >>> call = lean_call(np.sum(x + 1.0, axis=1).node, ())
    >>> call.function.__name__, call.kwargs
    ('sum', {'axis': 1})
    """
    derivative: Any = node.derivative
    if not isinstance(derivative, Derivative):
        function = _Named(derivative.operation.name)
        operands = tuple(Ref(parent.index) for parent in node.parents)
        return Call(function, operands, {}, outputs, NOWHERE)
    operation = derivative.operation
    values: list[Any] = [UNKNOWN] * len(operation.parameters)
    kept = dict(zip(derivative.names, node.saved or (), strict=False))
    for name, (kind, _) in zip(derivative.names, derivative.sources, strict=True):
        if kind == CONSTANT and name in operation.parameters and name in kept:
            values[operation.parameters.index(name)] = kept[name]
    for wanted, numbers in _parents(derivative):
        refs = [Ref(node.parents[number].index) for number in numbers]
        if isinstance(wanted, int):
            values[wanted] = refs[0]
        else:
            position, elements = wanted
            name = operation.parameters[position]
            values[position] = _list(dict(zip(elements, refs, strict=True)), name, kept)
    args, kwargs = _split(operation, values)
    return Call(operation.function, args, kwargs, outputs, NOWHERE)


class _Named:
    """A function of which no more is known than its name."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __call__(self, *args: Any) -> Any:
        raise NotImplementedError(f"{self.__name__} is known by name only")


def _parents(derivative: Derivative) -> list[tuple[Any, list[int]]]:
    """Each argument that wants its gradient, and the numbers of its parents."""
    found, start = [], 0
    for item in derivative.wanted:
        count = 1 if isinstance(item, int) else len(item[1])
        found.append((item, list(range(start, start + count))))
        start += count
    return found


def _list(refs: dict[int, Ref], name: str, kept: dict[str, Any]) -> list[Any]:
    """An argument that is a list of arrays, of which some are values of the graph."""
    others = kept.get(name)
    length = len(others or kept.get(f"{name}_like", ())) or max(refs) + 1
    return [refs.get(i, UNKNOWN if others is None else others[i]) for i in range(length)]


def _split(operation: Operation, values: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Operands by position; settings by name, those that are not known or as usual left out."""
    settings = _settings(operation)
    by_name = dict(zip(operation.parameters, values, strict=True))
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    for position, (name, value) in enumerate(by_name.items()):
        usual = name in settings and (value is UNKNOWN or _same(value, settings[name]))
        # An operand with a default, such as a bias, stands with the others where it can.
        operand = name in operation.formulas and len(args) == position
        if name not in settings or (operand and not usual):
            args.append(value)
        elif not usual:
            kwargs[name] = value
    return tuple(args), kwargs


@lru_cache(maxsize=1024)
def _settings(operation: Operation) -> dict[str, Any]:
    return operation.settings()


def _same(value: Any, default: Any) -> bool:
    return value is default or (type(value) is type(default) and bool(value == default))
