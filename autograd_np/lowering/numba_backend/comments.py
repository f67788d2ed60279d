"""What the source says of each block: the values it makes, how, and of which type."""

from __future__ import annotations

from autograd_np.lowering.numba_backend.form import (
    Check,
    FindExtreme,
    Gather,
    Join,
    Operation,
    Pointwise,
    Product,
    Reduce,
    Scatter,
    Value,
)
from autograd_np.lowering.numba_backend.names import Names
from autograd_np.lowering.numba_backend.schedule import Alone, Block

# A formula that is longer says less than the lines below it.
_LONGEST = 60


def comments(names: Names, block: Block) -> list[str]:
    """The lines above a block."""
    if isinstance(block, Alone):
        return [_line(names, block.operation, _formula(names, block.operation, {}))]
    local: dict[int, str] = {}
    lines = []
    for operation in block.operations:
        local[operation.out] = formula = _formula(names, operation, local)
        if names.stored(operation.out) or not names.values[operation.out].shape:
            lines.append(_line(names, operation, formula))
            local[operation.out] = names.values[operation.out].name
    return lines


def type_of(value: Value) -> str:
    """The dtype and shape of a value."""
    return f"{value.dtype}[{','.join(map(str, value.shape))}]"


def _line(names: Names, operation: Operation, formula: str) -> str:
    if isinstance(operation, Check):
        return f"# {formula}"
    value = names.values[operation.out]
    if len(formula) > _LONGEST:
        return f"# {value.name}: {type_of(value)}"
    return f"# {value.name} = {formula}: {type_of(value)}"


def _formula(names: Names, operation: Operation, local: dict[int, str]) -> str:
    def shown(number: int) -> str:
        return local.get(number) or _called(names, number)

    match operation:
        case Pointwise():
            operands = [shown(each) for each in operation.operands]
            if operation.template not in ("{0}",) and "(" not in operation.template:
                operands = [f"({each})" if " " in each else each for each in operands]
            return operation.template.format(*operands)
        case Reduce():
            axes = ", ".join(map(str, operation.axes))
            return f"{operation.how}({shown(operation.operand)}, axis={axes})"
        case Product():
            return f"{shown(operation.left)} @ {shown(operation.right)}"
        case Gather():
            return f"{shown(operation.source)}[{_places(operation.places, shown)}]"
        case Scatter():
            places = _places(operation.places, shown)
            sign = "+=" if operation.add else "="
            return f"{shown(operation.target)}[{places}] {sign} {shown(operation.value)}"
        case FindExtreme():
            how = "argmax" if operation.sign == ">" else "argmin"
            return f"{how}({shown(operation.operand)}, axis={operation.axis})"
        case Join():
            return f"joined({', '.join(map(shown, operation.parts))})"
        case Check():
            return f"check {shown(operation.value)}"
        case _:
            return ""


def _places(places: tuple[int | tuple[int], ...], shown: object) -> str:
    assert callable(shown)
    return ", ".join(shown(place) if isinstance(place, int) else ":" for place in places)


def _called(names: Names, number: int) -> str:
    """The name of a value; of a transpose that of what it is the transpose of."""
    value = names.values[number]
    if value.kind == "literal":
        return repr(value.content)
    if value.kind == "number":
        return value.name
    original = names.original(number)
    if original is not None:
        return f"{names.values[original].name}.T"
    return value.name
