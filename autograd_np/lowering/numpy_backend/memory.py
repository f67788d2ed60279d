"""Where each value of a program is stored: memory is used again after a value's last use.

Nothing here changes what is computed. A call either writes into a buffer, over an operand that
nobody reads after it, into an input that it updates, or makes an array of its own.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.numpy_backend.functions import is_elementwise, is_fresh, takes_out
from autograd_np.lowering.numpy_backend.places import (
    Buffer,
    Over,
    Plan,
    Room,
    Slice,
    arrange,
)
from autograd_np.lowering.packed import packed
from autograd_np.lowering.rewriting import operands, refs_in
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.indexing import index_set

_ALIGNMENT = 64


def plan_memory(program: Program) -> Plan:
    """Plan where the results of all calls go."""
    return _Planner(program).plan()


class _Planner:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.result = Plan()
        self.slices = _slices(program)
        # The memory that a value may share: the values that own it.
        self.owners: dict[int, frozenset[int]] = {}
        for flat, refs in program.packs.items():
            for ref in refs:
                self.owners[ref.index] = frozenset({flat})
        for ref in program.inputs:
            self.owners.setdefault(ref.index, frozenset({ref.index}))
        for call in program.calls:
            own = is_fresh(call) or call.function is packed
            for ref in call.outputs:
                inherited = [self.owners[each.index] for each in operands(call)]
                self.owners[ref.index] = (
                    frozenset({ref.index}) if own else frozenset().union(*inherited)
                )
                if ref.index in self.slices:
                    self.owners[ref.index] = frozenset({self.slices[ref.index].of})
        self.last: dict[int, int] = {}
        for position, call in enumerate(program.calls):
            self._use(operands(call), position)
        self._use(refs_in(program.outputs), len(program.calls))
        self.effects = max(
            (i for i, call in enumerate(program.calls) if call.function in EFFECTS), default=-1
        )
        self.targets = {ref.index: index for index, ref in program.updates.items()}
        self.returned = {ref.index for ref in refs_in(program.outputs)}
        self.rooms: list[Room] = []
        # The memory of values that are still read, which may pass to another.
        self.room_of: dict[int, Room] = {}
        self.allocated: dict[int, tuple[Room, str]] = {}

    def _use(self, refs: Any, position: int) -> None:
        for ref in refs:
            for owner in self.owners[ref.index]:
                self.last[owner] = max(position, self.last.get(owner, -1))

    def plan(self) -> Plan:
        program = self.program
        # A new value that is not computed into its place is copied there at the end, which may keep
        # another from being computed into what is read then.
        while refused := [
            ref
            for ref in program.updates.values()
            if ref.index in self.targets and not self._can_write(self.targets[ref.index], ref)
        ]:
            for ref in refused:
                self._use([ref], len(program.calls))
                del self.targets[ref.index]
        for position, call in enumerate(program.calls):
            for ref in call.outputs:
                self._place(call, ref, position)
            self._release(call, position)
        self.result.size = arrange(self.rooms)
        for index, (room, order) in self.allocated.items():
            self.result.destinations[index] = self._buffer(index, room, order)
        seen: set[int] = set()
        for number, ref in enumerate(program.outputs):
            if isinstance(ref, Ref):
                own = self.owners[ref.index] == {ref.index}
                made = own and ref not in program.inputs
                if not made or ref.index in seen or ref.index in self.room_of:
                    self.result.copied.add(number)
                seen.add(ref.index)
        return self.result

    def _can_write(self, target: int, ref: Ref) -> bool:
        """Whether the call that computes the new value of an input can write it there."""
        made_at = next(
            (i for i, call in enumerate(self.program.calls) if ref in call.outputs), None
        )
        if made_at is None or ref.index in self.returned or ref.index in self.slices:
            return False
        call = self.program.calls[made_at]
        new, old = self.program.variables[ref.index], self.program.variables[target]
        (owner,) = self.owners[target]
        flat_elsewhere = any(
            owner in self.owners[other] and other != target for other in self.program.updates
        )
        return (
            list(self.program.updates.values()).count(ref) == 1
            and is_elementwise(call.function)
            and takes_out(call)
            and (new.shape, new.dtype) == (old.shape, old.dtype)
            and made_at > self.effects
            and not flat_elsewhere
            and self.last.get(owner, -1) <= made_at
            and all(
                each.index == target or owner not in self.owners[each.index]
                for each in operands(call)
            )
        )

    def _place(self, call: Call, ref: Ref, position: int) -> None:
        destinations = self.result.destinations
        if ref.index in self.targets:
            target = self.targets[ref.index]
            destinations[ref.index] = Over(target)
            self.result.written.add(target)
            return
        order = _order(self.program.variables[ref.index].value)
        if call.function is packed:
            if ref.index not in self.room_of:
                self._allocate(ref.index, "C", position)
        elif ref.index in self.slices:
            part = self.slices[ref.index]
            if part.of not in self.room_of:
                self._allocate(part.of, "C", position)
            if takes_out(call) and order == "C":
                destinations[ref.index] = part
        elif call.function is index_set:
            self._assign(call, ref, position)
        elif takes_out(call) and order is not None and ref.index not in self.returned:
            over = self._dying(call, ref, position)
            if over is None:
                self._allocate(ref.index, order, position)
            else:
                destinations[ref.index] = Over(over)
                self.room_of[ref.index] = self.room_of.pop(over)

    def _dying(self, call: Call, ref: Ref, position: int) -> int | None:
        """An operand that the result can be written over."""
        if not is_elementwise(call.function):
            return None
        for each in operands(call):
            if self._fits(each, ref, position) and all(
                other == each or not self.owners[other.index] & self.owners[each.index]
                for other in operands(call)
            ):
                return each.index
        return None

    def _assign(self, call: Call, ref: Ref, position: int) -> None:
        """Write into an operand, or into what it is a view of, where nobody reads that again."""
        old = call.args[0]
        if not isinstance(old, Ref) or ref.index in self.returned:
            return
        owners = self.owners[old.index]
        owner = next(iter(owners), -1)
        flat = {part.of for part in self.slices.values()}
        read_too = any(each != old and self.owners[each.index] & owners for each in operands(call))
        if len(owners) > 1 or owner not in self.room_of or owner in flat or read_too:
            return
        orders = [_order(self.program.variables[each.index].value) for each in (old, ref)]
        if self.last[owner] == position and orders[0] == orders[1] is not None:
            self.result.destinations[ref.index] = Over(old.index)
            self.room_of[ref.index] = self.room_of.pop(owner)

    def _fits(self, each: Ref, ref: Ref, position: int) -> bool:
        old, new = self.program.variables[each.index], self.program.variables[ref.index]
        return (
            each.index in self.room_of
            and self.owners[each.index] == {each.index}
            and self.last[each.index] == position
            and not isinstance(self.result.destinations.get(each.index), Slice)
            and each.index not in {part.of for part in self.slices.values()}
            and (old.shape, old.dtype) == (new.shape, new.dtype)
            and _order(old.value) == _order(new.value)
        )

    def _allocate(self, index: int, order: str, position: int) -> None:
        size = _size(self.program.variables[index])
        room = Room(size, position, len(self.program.calls))
        self.rooms.append(room)
        self.room_of[index] = room
        self.allocated[index] = room, order

    def _buffer(self, index: int, room: Room, order: str) -> Buffer:
        variable, buffers = self.program.variables[index], self.result.buffers
        end = room.place + math.prod(variable.shape) * variable.dtype.itemsize
        spec = (room.place, end, variable.shape, variable.dtype, order)
        for known in buffers:
            if (known.begin, known.end, known.shape, known.dtype, known.order) == spec:
                return known
        buffers.append(Buffer(len(buffers) + 1, *spec))
        return buffers[-1]

    def _release(self, call: Call, position: int) -> None:
        for owner in {
            o for ref in (*operands(call), *call.outputs) for o in self.owners[ref.index]
        }:
            if owner in self.room_of and self.last.get(owner, -1) <= position:
                self.room_of.pop(owner).last = position


def _slices(program: Program) -> dict[int, Slice]:
    """The values that are computed as parts of a flat one."""
    slices: dict[int, Slice] = {}
    made = {ref.index: call for call in program.calls for ref in call.outputs}
    returned = {ref.index for ref in refs_in(program.outputs)}
    for call in program.calls:
        if call.function is not packed:
            continue
        start = 0
        for ref in call.args:
            variable = program.variables[ref.index]
            stop = start + math.prod(variable.shape)
            maker = made.get(ref.index)
            if (
                maker is not None
                and takes_out(maker)
                and _order(variable.value) == "C"
                and ref.index not in returned
                and ref.index not in slices
            ):
                slices[ref.index] = Slice(call.outputs[0].index, start, stop, variable.shape)
            start = stop
    return slices


def _order(value: Any) -> str | None:
    """The memory order of an array, None where no buffer of one order is like it."""
    if not isinstance(value, np.ndarray) or not value.ndim or not value.size:
        return None
    if value.flags.c_contiguous:
        return "C"
    return "F" if value.flags.f_contiguous else None


def _size(variable: Any) -> int:
    size: int = math.prod(variable.shape) * variable.dtype.itemsize
    return -(-size // _ALIGNMENT) * _ALIGNMENT
