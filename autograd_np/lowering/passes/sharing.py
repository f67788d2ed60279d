"""Which values lie in the same memory, as far as it decides what a product computes.

A product of a matrix with its own transpose goes another way through BLAS than one of two equal
matrices, and rounds differently. So a pass that lets one value stand for another asks first whether
some product would then find one memory where it found two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import byte_bounds

from autograd_np.lowering.effects import EFFECTS
from autograd_np.lowering.packed import packed
from autograd_np.lowering.passes.arguments import arrays_in
from autograd_np.lowering.rewriting import map_refs, operands, refs_in
from autograd_np.program import Call, Program, Ref
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.indexing import getitem, index_add, index_set

# May return a look into their operand's memory; whether they do is found by calling them.
_VIEWS: frozenset[Callable[..., Any]] = frozenset(
    {
        getitem,
        stop_gradient,
        np.astype,
        np.atleast_1d,
        np.atleast_2d,
        np.atleast_3d,
        np.broadcast_to,
        np.diagonal,
        np.expand_dims,
        np.flip,
        np.imag,
        np.matrix_transpose,
        np.moveaxis,
        np.ravel,
        np.real,
        np.reshape,
        np.rollaxis,
        np.rot90,
        np.squeeze,
        np.swapaxes,
        np.transpose,
    }
)

# Read several operands, but do nothing else where two of them lie in the same memory.
_INDIFFERENT: frozenset[Callable[..., Any]] = frozenset(
    {np.where, np.clip, np.concatenate, np.stack, getitem, index_add, index_set, packed}
)


class Sharing:
    """The memory of a program's values, and who is handed it."""

    def __init__(self, program: Program) -> None:
        self._parents: dict[int, int] = {}
        self._memory: dict[int, int] = {}
        for call in program.calls:
            self._follow_view(call, program)
        self._join_overlapping(program)
        self._inputs = {self.memory(ref.index) for ref in program.inputs}
        # One operand, read as often as it may be, is one memory whatever stands in for it.
        self._products = [
            memories
            for call in program.calls
            if _is_product(call)
            and len(memories := {self.memory(index) for index in _indices(call)}) > 1
        ]
        effects = [operands(call) for call in program.calls if call.function in EFFECTS]
        handed, stored = refs_in((program.outputs, effects)), refs_in(program.updates)
        self._handed = {ref.index: self.memory(ref.index) for ref in handed}
        self._stored = {ref.index: self.memory(ref.index) for ref in stored}

    def memory(self, index: int) -> int:
        """What stands for the memory in which a value lies."""
        index = self._memory.get(index, index)
        while index in self._parents:
            index = self._parents[index]
        return index

    def stand_in(self, one: Ref, other: Ref) -> bool:
        """Let `one` stand for `other` from here on; False, and nothing changes, if it cannot."""
        return self.stand_in_each([(one, other)])

    def stand_in_each(self, pairs: Sequence[tuple[Ref, Ref]]) -> bool:
        """`stand_in` for the results of a call: for all of them or for none."""
        if any(self._is_needed(one, other) or self._is_noticed(one, other) for one, other in pairs):
            return False
        for one, other in pairs:
            self._join(self.memory(one.index), self.memory(other.index))
        return True

    def _join(self, kept: int, gone: int) -> None:
        if kept == gone:
            return
        self._parents[gone] = kept
        for product in self._products:
            if gone in product:
                product.remove(gone)
                product.add(kept)
        for index, memory in self._stored.items():
            if memory == gone:
                self._stored[index] = kept

    def _is_noticed(self, one: Ref, other: Ref) -> bool:
        """Whether a product reads both, from two memories."""
        kept, gone = self.memory(one.index), self.memory(other.index)
        return kept != gone and any(kept in each and gone in each for each in self._products)

    def _is_needed(self, one: Ref, other: Ref) -> bool:
        """Whether `other` is handed out, and needs a memory that is nobody else's."""
        kept, gone = self.memory(one.index), self.memory(other.index)
        handed, stored = self._handed.values(), list(self._stored.values())
        if gone not in handed and gone not in stored:
            return False
        if kept == gone and other.index not in self._handed and other.index not in self._stored:
            return False
        # What is stored is copied into an input's memory: any value will do that is nobody else's.
        if other.index not in self._stored or stored.count(gone) > 1:
            return True
        return kept in self._inputs or kept in handed or (kept != gone and kept in stored)

    def _follow_view(self, call: Call, program: Program) -> None:
        variables = program.variables
        if isinstance(call.function, np.ufunc):
            return
        for output in call.outputs:
            value = variables[output.index].value
            for ref in operands(call):
                if _looks_into(call, value, variables[ref.index].value, program):
                    self._memory[output.index] = self._memory.get(ref.index, ref.index)
                    break

    def _join_overlapping(self, program: Program) -> None:
        """One memory for inputs and constant arrays that overlap."""
        arrays = {ref.index: program.variables[ref.index].value for ref in program.inputs}
        for call in program.calls:
            arrays |= {_key(array): array for array in arrays_in((call.args, call.kwargs))}
        spans = sorted(
            (*byte_bounds(array), index)
            for index, array in arrays.items()
            if isinstance(array, np.ndarray) and array.size
        )
        end, last = 0, 0
        for start, stop, index in spans:
            if start < end:
                self._parents[index] = self.memory(last)
            else:
                last = index
            end = max(end, stop)


def _looks_into(call: Call, value: Any, operand: Any, program: Program) -> bool:
    """Whether a result of a call lies in the memory of an operand."""
    if not isinstance(operand, np.ndarray) or not isinstance(value, np.ndarray):
        return False
    # Others, a user's own operation perhaps, are known by what they did when they were recorded.
    if call.function in _VIEWS:
        args, kwargs = map_refs(
            lambda ref: program.variables[ref.index].value, (call.args, call.kwargs)
        )
        value = call.function(*args, **kwargs)
    return isinstance(value, np.ndarray) and np.may_share_memory(value, operand)


def _is_product(call: Call) -> bool:
    """Whether a call may do something else where two operands lie in the same memory."""
    elementwise = isinstance(call.function, np.ufunc) and call.function.signature is None
    return not elementwise and call.function not in _INDIFFERENT


def _indices(call: Call) -> Iterable[int]:
    yield from (ref.index for ref in operands(call))
    yield from map(_key, arrays_in((call.args, call.kwargs)))


def _key(array: Any) -> int:
    # Below zero, where no Ref.index is.
    return -id(array)
