"""Where each stored value lives: in an argument, in another value's memory, or in the scratch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograd_np.lowering.numba_backend.constants import is_frozen
from autograd_np.lowering.numba_backend.form import Check, Form, Gather, Join, Reduce, read_by
from autograd_np.lowering.numba_backend.layout import View, broadcast
from autograd_np.lowering.numba_backend.schedule import Block, Nest, blocks_of

# Constants that are larger are read where they are.
_SMALL = 1 << 16


@dataclass(slots=True)
class Slot:
    """Memory of the scratch: its size in bytes, and from which block to which it is in use."""

    size: int
    first: int
    last: int
    start: int = 0


@dataclass(slots=True)
class Placement:
    """Where the stored values are.

    Attributes
    ----------
    inside : dict of int to (int, int)
        Values that lie in the memory of another one, and at which element of it.
    outputs : dict of int to int
        Values computed straight into the array that is returned, by its number.
    slots : dict of int to Slot
    results, writes : list of (int, int)
        What is left to be copied in the end: to outputs, by number, and to inputs.
    """

    inside: dict[int, tuple[int, int]] = field(default_factory=dict)
    outputs: dict[int, int] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    results: list[tuple[int, int]] = field(default_factory=list)
    writes: list[tuple[int, int]] = field(default_factory=list)

    def stored(self, root: int) -> bool:
        """Whether a computed value has memory."""
        return root in self.slots or root in self.inside or root in self.outputs

    def owner(self, root: int) -> int:
        """The value whose memory holds another one's."""
        while root in self.inside:
            root = self.inside[root][0]
        return root


class Liveness:
    """In which blocks the values of a form are made and read."""

    def __init__(self, form: Form, views: Mapping[int, View], blocks: list[Block]) -> None:
        self.made: dict[int, int] = {}
        self.last: dict[int, int] = {}
        self.readers: dict[int, set[int]] = {}
        for number, block in enumerate(blocks):
            local = {each.out for each in block.operations} if isinstance(block, Nest) else set()
            for operation in blocks_of(block):
                for each in read_by(operation):
                    view = views.get(each)
                    if view is None or each in local:
                        continue
                    self.last[view.root] = number
                    self.readers.setdefault(view.root, set()).add(number)
                out = getattr(operation, "out", None)
                if out is not None:
                    self.made.setdefault(views[out].root, number)


def place(form: Form, views: Mapping[int, View], blocks: list[Block]) -> Placement:
    """Find a place for each value that is read from memory."""
    placement = Placement()
    live = Liveness(form, views, blocks)
    _place_updates(form, views, blocks, live, placement)
    _place_outputs(form, views, placement)
    for block in blocks:
        for operation in blocks_of(block):
            if isinstance(operation, Join):
                _place_parts(form, views, operation, placement)
    copied = {
        views[each].root for _, each in (*placement.results, *placement.writes) if each in views
    }
    for root, first in live.made.items():
        single = not isinstance(blocks[first], Nest)
        needed = single or root in copied or root in live.last or placement.stored(root)
        owner = placement.owner(root)
        if not needed or owner in placement.outputs or form.values[owner].kind != "computed":
            continue
        value = form.values[owner]
        assert value.dtype is not None
        last = len(blocks) if root in copied else max(first, live.last.get(root, first))
        slot = placement.slots.get(owner)
        if slot is None:
            placement.slots[owner] = Slot(value.size * value.dtype.itemsize, first, last)
        else:
            slot.first, slot.last = min(slot.first, first), max(slot.last, last)
    for number, value in form.values.items():
        content = value.content
        if value.kind == "constant" and is_frozen(content) and content.nbytes <= _SMALL:
            placement.slots[number] = Slot(content.nbytes, 0, len(blocks))
    _reuse(form, views, blocks, placement)
    return placement


def _own(form: Form, views: Mapping[int, View], number: int, placement: Placement) -> bool:
    """Whether a value is computed, is its whole memory row by row, and has no place yet."""
    if form.values[number].kind != "computed" or placement.stored(number):
        return False
    view = views[number]
    return view.root == number and _is_rows(view)


def _is_rows(view: View) -> bool:
    expected = 1
    for length, stride in zip(reversed(view.shape), reversed(view.strides), strict=True):
        if length != 1 and stride != expected:
            return False
        expected *= length
    return True


def _place_updates(
    form: Form, views: Mapping[int, View], blocks: list[Block], live: Liveness, placement: Placement
) -> None:
    """Compute new values straight into the memory of the old, where nobody reads those later."""
    checks = [i for i, block in enumerate(blocks) for o in blocks_of(block) if isinstance(o, Check)]
    risky = max([*checks, *(_risky(blocks))], default=-1)
    for target, new in form.updates.items():
        memory = views[target].root
        fits = (
            _own(form, views, new, placement)
            and form.values[new].dtype == form.values[target].dtype
            and form.values[new].shape == form.values[target].shape
            and new not in form.outputs
            and not form.shared & {target, memory}
            and isinstance(blocks[live.made[new]], Nest)
        )
        made = live.made.get(new, -1)
        later = any(block > made for block in live.readers.get(memory, ()))
        old = any(views[each].root == memory for each in form.outputs if each in views)
        old = old or any(
            views[each].root == memory for each in form.updates.values() if each in views
        )
        if (
            fits
            and made > risky
            and not later
            and not old
            and _in_step(views, blocks[made], target, new)
        ):
            placement.inside[new] = (memory, views[target].offset)
        else:
            placement.writes.append((target, new))


def _risky(blocks: list[Block]) -> list[int]:
    """The blocks that may raise: those that read or write at places."""
    return [
        number
        for number, block in enumerate(blocks)
        for operation in blocks_of(block)
        if hasattr(operation, "places")
    ]


def _in_step(views: Mapping[int, View], block: Block, target: int, new: int) -> bool:
    """Whether a loop reads each old element only where it writes the new one."""
    memory = views[target].root
    mine = broadcast(views[new].shape, views[new].strides, views[new].shape)
    for operation in blocks_of(block):
        for each in read_by(operation):
            view = views.get(each)
            if view is None or view.root != memory:
                continue
            same = view.shape == views[new].shape and view.offset == views[target].offset
            if isinstance(operation, Gather) and each == operation.source:
                return False
            if not same or broadcast(view.shape, view.strides, view.shape) != mine:
                return False
    return True


def _place_outputs(form: Form, views: Mapping[int, View], placement: Placement) -> None:
    for number, output in enumerate(form.outputs):
        if _own(form, views, output, placement):
            placement.outputs[output] = number
        else:
            placement.results.append((number, output))


def _place_parts(form: Form, views: Mapping[int, View], join: Join, placement: Placement) -> None:
    start = 0
    for part in join.parts:
        if _own(form, views, part, placement):
            placement.inside[part] = (join.out, start)
        start += form.values[part].size


def _reuse(
    form: Form, views: Mapping[int, View], blocks: list[Block], placement: Placement
) -> None:
    """Let a loop write over what it is the last to read, element by element."""
    for number, block in enumerate(blocks):
        if not isinstance(block, Nest):
            continue
        sources = {o.source for o in block.operations if isinstance(o, Gather)}
        read = {each for operation in block.operations for each in read_by(operation)} - sources
        for operation in block.operations:
            slot = placement.slots.get(operation.out)
            if slot is None or isinstance(operation, Reduce) or slot.first != number:
                continue
            for each in read:
                dying = placement.slots.get(each)
                if dying is None or dying is slot or dying.last != number:
                    continue
                roots = [views[other].root for other in read | sources if other in views]
                alone = sum(root == each for root in roots) == 1
                same = views[each].strides == views[operation.out].strides
                if alone and same and dying.size == slot.size and dying.first < number:
                    slot.first = dying.first
                    dying.last = slot.last
                    placement.slots[operation.out] = dying
                    break
