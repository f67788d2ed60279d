"""Which operations run together: loops over one space, as few and as late as values are asked for.

An operation on elements waits until somebody needs its result in memory. It then runs in one loop
with all that it needs and that waits, too; with reductions of the same elements; and nothing of
what only this loop reads is ever stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from autograd_np.graph import Shape
from autograd_np.lowering.numba_backend.form import (
    Check,
    FindExtreme,
    Form,
    Gather,
    Join,
    Look,
    Pointwise,
    Product,
    Reduce,
    Scatter,
    read_by,
)
from autograd_np.lowering.numba_backend.layout import Layout, View
from autograd_np.lowering.numba_backend.settling import Settle, settled

Looped: TypeAlias = Pointwise | Gather | Reduce
Single: TypeAlias = Product | Scatter | Join | FindExtreme | Check


@dataclass(frozen=True, slots=True)
class Nest:
    """Operations on the elements of one space."""

    space: Shape
    operations: tuple[Looped, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """An operation by itself."""

    operation: Single


Block: TypeAlias = Nest | Alone


def blocks_of(block: Block) -> Iterable[Looped | Single]:
    """The operations of a block."""
    return block.operations if isinstance(block, Nest) else (block.operation,)


def schedule(form: Form, layout: Layout) -> list[Block]:
    """The operations of a form in blocks, in the order in which they run."""
    scheduler = _Scheduler(form, layout.views)
    for number, operation in enumerate(settled(form, layout)):
        match operation:
            case Settle():
                scheduler.settle(operation.values)
            case Pointwise() | Gather() | Reduce():
                scheduler.wait(number, operation)
            case Look():
                pass
            case Product() | Scatter() | Join() | FindExtreme() | Check():
                for each in read_by(operation):
                    scheduler.demand(each)
                scheduler.blocks.append(Alone(operation))
    # Nothing is overwritten before whatever may raise has run.
    scheduler.finish(form.outputs)
    scheduler.finish(form.updates.values())
    return scheduler.blocks


class _Scheduler:
    def __init__(self, form: Form, views: Mapping[int, View]) -> None:
        self.form = form
        self.views = views
        self.blocks: list[Block] = []
        self._waiting: dict[int, Looped] = {}
        self._order: dict[int, int] = {}
        self._last: set[int] = set()

    def wait(self, number: int, operation: Looped) -> None:
        """Note an operation that runs when somebody needs it."""
        self._waiting[operation.out] = operation
        self._order[operation.out] = number

    def demand(self, value: int) -> None:
        """Have what a value is read from in memory."""
        root = self._root(value)
        asked = [] if root is None else [root]
        while asked:
            wanted = asked[-1]
            if wanted not in self._waiting:
                asked.pop()
                continue
            members, missing = self._together(wanted, set())
            if missing:
                asked += missing
                continue
            self._run(members, self._space(self._waiting[wanted]))

    def settle(self, values: Iterable[int]) -> None:
        """Make updates now, after all that waits and may raise."""
        for each in self.form.outputs:
            self.demand(each)
        for each, operation in list(self._waiting.items()):
            if isinstance(operation, Gather):
                self.demand(each)
        self.finish(values)

    def finish(self, values: Iterable[int]) -> None:
        """Have the results in memory, those of one space in one loop."""
        wanted = list(values)
        self._last = {root for each in wanted if (root := self._root(each)) is not None}
        for each in wanted:
            self.demand(each)

    def _root(self, value: int) -> int | None:
        view = self.views.get(value)
        return None if view is None else view.root

    def _space(self, operation: Looped) -> Shape:
        number = operation.operand if isinstance(operation, Reduce) else operation.out
        return self.form.values[number].shape

    def _together(self, wanted: int, members: set[int]) -> tuple[set[int], list[int]]:
        """What waits and can run in one loop with `wanted`, and what has to run before."""
        space = self._space(self._waiting[wanted])
        found, missing = {*members, wanted}, []
        stack = [wanted]
        while stack:
            operation = self._waiting[stack.pop()]
            source = operation.source if isinstance(operation, Gather) else None
            for each in read_by(operation):
                root = self._root(each)
                if root is None or root not in self._waiting:
                    continue
                producer = self._waiting[root]
                fits = each == root and not isinstance(producer, Reduce) and each != source
                if fits and self._space(producer) == space:
                    if root not in found:
                        found.add(root)
                        stack.append(root)
                else:
                    missing.append(root)
        return found, missing

    def _run(self, members: set[int], space: Shape) -> None:
        """Add a loop over `space`, and what else waits for the same elements."""
        read = {each for member in members for each in read_by(self._waiting[member])} | members
        for out, operation in list(self._waiting.items()):
            last = out in self._last
            if out in members or not (last or isinstance(operation, Reduce)):
                continue
            if self._space(operation) != space:
                continue
            more, missing = self._together(out, members)
            theirs = {each for one in more - members for each in read_by(self._waiting[one])}
            if not missing and (last or theirs & read):
                members |= more
                read |= theirs | more
        ordered = sorted(members, key=self._order.__getitem__)
        operations = tuple(self._waiting.pop(member) for member in ordered)
        self.blocks.append(Nest(space, operations))
