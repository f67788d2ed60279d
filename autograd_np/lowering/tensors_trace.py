"""What a traced function does to Tensors that it did not make, and how that is undone."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.frames import user_line
from autograd_np.full_recording import Recording
from autograd_np.graph import Leaf
from autograd_np.handle import Handle, unwrap, wrap
from autograd_np.lowering import failures
from autograd_np.lowering.comparing import Comparison
from autograd_np.memory import may_change
from autograd_np.program import Call, Ref
from autograd_np.rules.arithmetic import stop_gradient


@dataclass(slots=True)
class Cell:
    """A Tensor that the function reads or writes but did not make: what it held before."""

    tensor: Any
    value: Any
    node: Any
    grad: Any


@dataclass(frozen=True, slots=True)
class Final:
    """What a Tensor, or its gradient, is when the function ends."""

    tensor: Any
    value: Any
    ref: Ref


class TensorsTrace(Recording):
    """The program of a function, and the Tensors that it reads and writes.

    Attributes
    ----------
    cells : dict of int to Cell
        By id: the Tensors whose value or gradient the function changed.
    handles : dict of int to Handle
        By `Ref.index`: the Tensor behind each input.
    plain : set of int
        The inputs, by `Ref.index`, that are arrays of the caller.
    written : set of int
        The values, by `Ref.index`, that Tensors were given.
    copies : set of int
        The Tensors, by `Ref.index`, that the function makes of traced values.
    sources : dict of int to array
        By `Ref.index`: the arrays of which it makes Tensors.
    fresh : list of Tensor
        Those whose gradient was added to, and must be None when the function begins.
    comparison : Comparison or None
        In a second trace: where it stands in the first.
    """

    def __init__(self, comparison: Comparison | None) -> None:
        super().__init__()
        self.comparison = comparison
        self.cells: dict[int, Cell] = {}
        self.handles: dict[int, Handle] = {}
        self.plain: set[int] = set()
        self.written: set[int] = set()
        self.copies: set[int] = set()
        self.sources: dict[int, Any] = {}
        self.fresh: list[Any] = []
        # By id: what `Tensor.data` gave, weakly, and the Tensor whose memory it is.
        self._owners: dict[int, tuple[weakref.ref[Any], Any]] = {}
        # By id: how it is known that the gradient of a Tensor is the function's own.
        self._assigned: dict[int, str] = {}

    def seeded(self, g: Any) -> Any:
        """The gradient that a reverse pass starts from: a constant of the trace."""
        return g

    def _met(self, tensor: Handle, index: int) -> None:
        super()._met(tensor, index)
        self._note_input(tensor, index)

    def _note_input(self, tensor: Handle, index: int) -> None:
        self.handles[index] = tensor
        if self.comparison is not None:
            source = self.sources.get(index)
            self.comparison.met(tensor, index, self.variables[index].value, source)

    def write(self, tensor: Any, value: Any) -> None:
        """Give a Tensor another value from here on, and at the end of each call."""
        if self._owner(value) is tensor:
            # It was written in place already: `t.data -= ...` assigns what it got.
            return
        if np.shape(unwrap(value)) != tensor._value.shape:
            value = np.broadcast_to(value, tensor._value.shape)
        if not isinstance(value, Handle):
            value = wrap(np.asarray(value))
        if value.dtype != tensor._value.dtype:
            value = value.astype(tensor._value.dtype)
        value = _laid_out(value, tensor._value)
        old = tensor.node
        self._cell(tensor)
        source = self.ref(value)
        leaf = Leaf(tensor, old.shape, old.dtype, old.requires_grad)
        leaf.name = old.name
        self._alias(leaf, value._value, source)
        self.written.add(leaf.index)
        tensor._value, tensor._node, tensor._live = value._value, leaf, None
        for reference, owner in list(self._owners.values()):
            live = reference()
            if owner is tensor and live is not None:
                now = tensor.detach()
                live._value, live._node = now._value, now._node

    def copied(self, tensor: Any, value: Any) -> None:
        """Note that a new leaf holds a copy of a traced value, or of an array that may change."""
        leaf = tensor.node
        if not isinstance(value, Handle):
            if may_change(value) and value.strides == tensor._value.strides:
                self.sources[leaf.index] = value
            return
        self.copies.add(leaf.index)
        value = _laid_out(value, tensor._value)
        self._alias(leaf, value._value, self.ref(value))
        tensor._value = value._value

    def data(self, tensor: Any) -> Any:
        """The live memory of a Tensor, as a Tensor that writes through to it."""
        live = tensor.detach()
        self._owners[id(live)] = weakref.ref(live), tensor
        return live

    def _owner(self, live: Any) -> Any:
        """The Tensor whose live memory a Tensor stands for, None for all others."""
        reference, owner = self._owners.get(id(live), (None, None))
        return owner if reference is not None and reference() is live else None

    def in_place(self, tensor: Any, updated: Any) -> Any:
        """What ``tensor += ...`` leaves in the variable."""
        self._check_writeable(tensor)
        owner = self._owner(tensor)
        if owner is None:
            return updated
        self.write(owner, updated)
        return self.data(owner)

    def rebind(self, tensor: Any, updated: Any) -> None:
        """Have a Tensor stand for what assignment to its elements made of it."""
        self._check_writeable(tensor)
        owner = self._owner(tensor)
        if owner is not None or (tensor.requires_grad and tensor.is_leaf):
            self.write(tensor if owner is None else owner, updated)
            return
        self._cell(tensor)
        tensor._value, tensor._node = updated._value, updated._node

    def set_gradient(self, tensor: Any, gradient: Any) -> None:
        """Set the `grad` of a Tensor, which the end of the trace undoes."""
        self._cell(tensor)
        self._assigned.setdefault(id(tensor), "set")
        plain = gradient is not None and not isinstance(gradient, Handle)
        tensor._grad = wrap(np.asarray(gradient)) if plain else gradient

    def gradient(self, tensor: Any) -> Any:
        """The `grad` of a Tensor, as far as the function itself made it.

        Raises
        ------
        TraceError
            If there is one from before: whether there is would decide what is computed.
        """
        made_here = self.made(tensor) and id(tensor) not in self.cells
        if id(tensor) not in self._assigned and not made_here:
            self._cell(tensor)
            if tensor._grad is not None:
                raise failures.stale_gradient(tensor)
            self._assigned[id(tensor)] = "none before"
            self.fresh.append(tensor)
        return tensor._grad

    def _check_writeable(self, tensor: Any) -> None:
        """Raise TraceError for writing to an array that the caller passed."""
        if tensor.node.index in self.plain:
            raise failures.written_argument(tensor)

    def made(self, tensor: Any) -> bool:
        """Whether the value of a Tensor was computed by the function."""
        index = tensor.node.index
        return index in self.variables and index not in self.handles

    def _cell(self, tensor: Any) -> None:
        if id(tensor) not in self.cells:
            self.cells[id(tensor)] = Cell(tensor, tensor._value, tensor.node, tensor._grad)

    def _alias(self, leaf: Leaf, value: Any, source: Ref) -> None:
        holder = wrap(value, leaf)
        self._add(holder)
        self.calls.append(Call(stop_gradient, (source,), {}, (Ref(leaf.index),), user_line()))
        if self.comparison is not None:
            self.comparison.made(self.calls[-1])

    def changes(self) -> tuple[list[Final], list[Final], list[Any]]:
        """What Tensors have now and did not have before.

        Returns
        -------
        values, gradients : list of Final
        cleared : list of Tensor
            Those whose gradient is None now.
        """
        values, gradients, cleared = [], [], []
        for cell in list(self.cells.values()):
            tensor = cell.tensor
            if tensor._node is not cell.node:
                # Written without being read, it is an input all the same: its memory is.
                if cell.node.index not in self.variables:
                    super()._met(wrap(cell.value, cell.node), cell.node.index)
                    self._note_input(tensor, cell.node.index)
                ref = self.updates[cell.node.index] = self.ref(tensor)
                values.append(Final(tensor, tensor._value, ref))
            gradient = tensor._grad
            if isinstance(gradient, Handle) and gradient is not cell.grad:
                gradients.append(Final(tensor, gradient._value, self.ref(gradient)))
            elif gradient is None and self._assigned.get(id(tensor)) == "set":
                cleared.append(tensor)
        return values, gradients, cleared

    def restore(self) -> None:
        """Put back what the function changed."""
        for cell in self.cells.values():
            tensor = cell.tensor
            if tensor._node is not cell.node:
                tensor._value, tensor._node, tensor._live = cell.value, cell.node, None
            # Otherwise its memory may have been moved, by an optimizer, and is where it should be.
            tensor._grad = cell.grad


def _laid_out(value: Any, like: Any) -> Any:
    """A Tensor whose elements lie in memory as those of an array: sums go through them in order."""
    if value._value.strides == like.strides or like.size < 2:
        return value
    axes = sorted(range(like.ndim), key=lambda axis: -like.strides[axis])
    return np.copy(value.transpose(axes)).transpose(np.argsort(axes).tolist())
