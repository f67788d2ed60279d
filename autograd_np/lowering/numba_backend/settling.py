"""Writing large updates as soon as they can be, so that their gradients need no memory any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from autograd_np.lowering.numba_backend.form import (
    Check,
    Form,
    Gather,
    Operation,
    Pointwise,
    Scatter,
    read_by,
)
from autograd_np.lowering.numba_backend.layout import Layout

# Bytes below which an update waits until it can be made together with others.
_LARGE = 1 << 20


@dataclass(frozen=True, slots=True)
class Settle:
    """The point from which on nobody reads what these updates overwrite."""

    values: tuple[int, ...]


Step: TypeAlias = Operation | Settle


def settled(form: Form, layout: Layout) -> list[Step]:
    """The operations, those of large updates as early as nothing that follows can raise."""
    operations = layout.operations
    risky = max(
        (i for i, each in enumerate(operations) if isinstance(each, (Check, Gather, Scatter))),
        default=-1,
    )
    moved: dict[int, int] = {}
    points: dict[int, list[int]] = {}
    for target, new in form.updates.items():
        value = form.values[target]
        if value.dtype is None or value.size * value.dtype.itemsize < _LARGE:
            continue
        chain = _chain(form, operations, new)
        if not chain or any(index in moved for index in chain):
            continue
        point = max(risky, _ready(form, layout, chain))
        moved |= dict.fromkeys(chain, point)
        points.setdefault(point, []).append(new)
    return _ordered(form, operations, moved, points)


def _chain(form: Form, operations: list[Operation], new: int) -> list[int]:
    """The places of the element-wise operations that serve this update alone, and its state's."""
    readers: dict[int, set[int]] = {}
    for index, operation in enumerate(operations):
        for each in read_by(operation):
            readers.setdefault(each, set()).add(index)
    chain: set[int] = set()
    for index in reversed(range(len(operations))):
        operation = operations[index]
        if not isinstance(operation, Pointwise) or operation.out in form.outputs:
            continue
        by = readers.get(operation.out, set())
        if operation.out == new or (by and by <= chain):
            chain.add(index)
    return sorted(chain) if any(getattr(operations[i], "out", 0) == new for i in chain) else []


def _ready(form: Form, layout: Layout, chain: list[int]) -> int:
    """The last operation that has to run before: it makes what is read, or reads the old values."""
    own = set(chain)
    made = {
        operation.out for i in chain if isinstance(operation := layout.operations[i], Pointwise)
    }
    read = {each for index in chain for each in read_by(layout.operations[index])}
    needed = {layout.views[each].root for each in read if each in layout.views}
    overwritten = {layout.views[old].root for old, new in form.updates.items() if new in made}
    last = -1
    for index, operation in enumerate(layout.operations):
        if index in own:
            continue
        roots = {layout.views[each].root for each in read_by(operation) if each in layout.views}
        out = getattr(operation, "out", None)
        makes = out is not None and layout.views[out].root in needed
        if makes or roots & overwritten:
            last = index
    return last


def _ordered(
    form: Form, operations: list[Operation], moved: dict[int, int], points: dict[int, list[int]]
) -> list[Step]:
    steps: list[Step] = []

    def settle(point: int) -> None:
        if point in points:
            own = [operations[index] for index, to in moved.items() if to == point]
            made = {getattr(operation, "out", None) for operation in own}
            steps.extend(own)
            steps.append(Settle(tuple(new for new in form.updates.values() if new in made)))

    settle(-1)
    for index, operation in enumerate(operations):
        if index not in moved:
            steps.append(operation)
        settle(index)
    return steps
