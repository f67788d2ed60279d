"""The arrays that a lowered trace reads and writes: where they are at each call."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np import writes
from autograd_np.handle import Handle, as_array
from autograd_np.lowering.signature import Signature
from autograd_np.lowering.traced import Traced
from autograd_np.program import Program, Ref


class Memory:
    """What the inputs of a program are bound to.

    Attributes
    ----------
    bound : list
        The values of the inputs that are no arguments, in the order in which they are wanted.
    plain : bool
        Whether the arguments are wanted just as they are, before all else.
    updates : bool
        Whether memory is written.
    """

    def __init__(
        self, program: Program, trace: Traced, wants: tuple[Ref, ...], signature: Signature
    ) -> None:
        self.tensors = list(trace.tensors.values())
        self._layouts = [_layout(tensor) for tensor in self.tensors]
        self._packs = {
            flat: [list(trace.tensors).index(ref.index) for ref in refs]
            for flat, refs in program.packs.items()
        }
        self._place = {index: i for i, index in enumerate(trace.tensors)}
        self._wants = wants
        self._argument = trace.argument_places
        updated = set(program.updates) | {
            ref.index for flat in program.packs if flat in program.updates
            for ref in program.packs[flat]
        }  # fmt: skip
        self._updated = [trace.tensors[index] for index in trace.tensors if index in updated]
        self._leaves = [tensor.node for tensor in self._updated]
        self._unguarded = [t for t in self._updated if not t.requires_grad]
        self._updated_arguments = [
            place
            for index, place in self._argument.items()
            if index in updated and isinstance(signature.inputs[place], Handle)
        ]
        self.updates = bool(self._updated or self._updated_arguments)
        plain = all(type(v) in (np.ndarray, int, float, complex) for v in signature.inputs)
        places = [self._argument.get(ref.index) for ref in wants]
        count = len(signature.inputs)
        self.plain = plain and places[:count] == list(range(count)) and None not in places[:count]
        self._first = count if self.plain else 0
        self.arrays: list[Any] = []
        self.bound: list[Any] = []
        if not self.bind():
            raise AssertionError("the memory of a trace is not as it was traced")

    def moved(self) -> bool:
        """Whether a Tensor has got other memory."""
        # A generator would take twice as long, at every step.
        for tensor, array in zip(self.tensors, self.arrays):  # noqa: B905, SIM110
            if tensor._value is not array:
                return True
        return False

    def bind(self) -> bool:
        """Take the memory that the Tensors have now; False if the trace does not hold for it."""
        arrays = [tensor._value for tensor in self.tensors]
        if [_layout(tensor) for tensor in self.tensors] != self._layouts:
            return False
        flats = {flat: joined([arrays[i] for i in places]) for flat, places in self._packs.items()}
        if any(flat is None for flat in flats.values()):
            return False
        self.arrays = arrays
        self.bound = [
            flats[ref.index] if ref.index in flats else arrays[self._place[ref.index]]
            for ref in self._wants[self._first :]
            if ref.index not in self._argument
        ]
        return True

    def arguments(self, inputs: list[Any]) -> list[Any]:
        """The values of all inputs that are wanted."""
        bound = iter(self.bound)
        return [
            next(bound)
            if ref.index not in self._argument
            else _value(inputs[self._argument[ref.index]])
            for ref in self._wants
        ]

    def prepare(self, inputs: list[Any]) -> None:
        """See that writing changes the Tensors that are updated, and no other."""
        if writes.state.views:
            for tensor in self._updated:
                writes.before_write(tensor._value)
        for tensor in self._unguarded:
            if not tensor._value.flags.writeable:
                # A live graph reads the old value.
                tensor._value = tensor._value.copy()
        if self._unguarded and self.moved():
            self.bind()
        for place in self._updated_arguments:
            inputs[place]._prepare_write()

    def written(self, inputs: list[Any]) -> None:
        """Note that memory was written, so that graphs that read the old values refuse to."""
        writes.all_written(self._leaves)
        for place in self._updated_arguments:
            writes.written(inputs[place].node)


def joined(arrays: list[Any]) -> Any:
    """The memory of arrays that lie back to back, as one; None if they do not.

    Examples
    --------
    >>> import numpy as np
    >>> whole = np.arange(6.0)
    >>> joined([whole[:4].reshape(2, 2), whole[4:]])
    array([0., 1., 2., 3., 4., 5.])
    >>> joined([whole[4:], whole[:4]]) is None
    True
    """
    base = arrays[0].base
    if base is None or base.ndim != 1 or not base.flags.c_contiguous:
        return None
    begin = (arrays[0].ctypes.data - base.ctypes.data) // base.itemsize
    end = begin
    for array in arrays:
        place = (array.ctypes.data - base.ctypes.data) // base.itemsize
        if array.base is not base or place != end or not array.flags.c_contiguous:
            return None
        end += array.size
    return base[begin:end]


def _layout(tensor: Any) -> tuple[Any, ...]:
    array = tensor._value
    return array.shape, array.strides, array.dtype, tensor.requires_grad


def _value(value: Any) -> Any:
    if isinstance(value, Handle):
        return value._value
    return as_array(value) if isinstance(value, np.generic) else value
