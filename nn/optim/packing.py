"""Parameters packed for their update: many small ones as one flat array, a large one in blocks.

A NumPy call costs about as much as a thousand elements of work. Small parameters of one dtype are
therefore moved into one `autograd_np.FlatBuffer` and updated in a handful of calls, whatever their
number; a large one is updated block by block, so that the temporaries of the formula stay in cache.
Both give the same bits: an update works on each element alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag

Array: TypeAlias = np.ndarray[Any, Any]
State: TypeAlias = dict[str, Array]
Update: TypeAlias = Callable[[Any, Any, dict[str, Any], Mapping[str, Any], Any], tuple[Any, Any]]

#: Elements up to which a parameter is packed with others.
SMALL = 16_384
#: Bytes of a parameter that are updated at a time.
BLOCK = 524_288


@dataclass(slots=True)
class Slot:
    """A parameter, its optimizer state in its own shape, and how often it was updated."""

    parameter: ag.Tensor
    state: State = field(default_factory=dict)
    steps: int = 0


class Pool:
    """Slots whose parameters share one flat buffer and are updated together."""

    def __init__(self, slots: list[Slot], names: tuple[str, ...]) -> None:
        self.slots = slots
        self.single = len(slots) == 1
        self.buffer = ag.FlatBuffer([slot.parameter for slot in slots])
        # Tensors, so that a compiled step can read and update them like the parameters.
        self.moments = {name: [_state_of(slot, name) for slot in slots] for name in names}
        self.buffers = {name: ag.FlatBuffer(tensors) for name, tensors in self.moments.items()}
        self.state = {name: buffer.data for name, buffer in self.buffers.items()}
        self.parts: list[tuple[Slot, slice]] = []
        start = 0
        for number, slot in enumerate(slots):
            part = slice(start, start + slot.parameter.size)
            slot.state = {name: tensors[number].data for name, tensors in self.moments.items()}
            self.parts.append((slot, part))
            start = part.stop
        self.steps: int | None = None
        self._share_steps()

    def step(self, update: Update, hyper: Mapping[str, Any]) -> None:
        """Update every parameter that has a gradient."""
        gradient = None if self.steps is None else self._gradient()
        if gradient is None or self.steps is None:
            self._step_each(update, hyper)
            return
        self.steps += 1
        _in_blocks(update, self.buffer.data, gradient, self.state, hyper, self.steps)
        self.buffer.written()

    def traced_step(self, update: Update, hyper: Mapping[str, Any]) -> None:
        """`step` in a compiled function that is being traced: on Tensors, one by one."""
        count = ag.callback(self.next_step)
        for number, slot in enumerate(self.slots):
            parameter, gradient = slot.parameter, slot.parameter.grad
            if gradient is None:
                raise ValueError(
                    f"parameter {number} of the optimizer ({parameter!r}) has no gradient in the "
                    "compiled step. Give the optimizer those parameters that the loss depends on."
                )
            state = {name: tensors[number] for name, tensors in self.moments.items()}
            values = {name: tensor.detach() for name, tensor in state.items()}
            parameter.data, values = update(parameter.data, gradient, values, hyper, count)
            for name, tensor in state.items():
                tensor.data = values[name]

    def next_step(self) -> int:
        """Count one more update of all parameters; return how many there are now."""
        if self.steps is None:
            raise ValueError(
                "the parameters of the optimizer have been updated different numbers of times, "
                "which a compiled step cannot express. Call optimizer.step() outside of it."
            )
        self.steps += 1
        return self.steps

    def write_steps(self) -> None:
        """Bring the slots' counts up to date."""
        if self.steps is not None:
            for slot in self.slots:
                slot.steps = self.steps

    def _gradient(self) -> Array | None:
        """All gradients as one flat array, or None where one is missing."""
        if self.single:
            return _flat_gradient(self.slots[0].parameter)
        try:
            return self.buffer.gather()
        except ValueError:
            return None

    def _step_each(self, update: Update, hyper: Mapping[str, Any]) -> None:
        self.write_steps()
        self.steps = None
        values = self.buffer.data
        for slot, part in self.parts:
            gradient = _flat_gradient(slot.parameter)
            if gradient is not None:
                slot.steps += 1
                state = {name: flat[part] for name, flat in self.state.items()}
                _in_blocks(update, values[part], gradient, state, hyper, slot.steps)
        self.buffer.written()
        self._share_steps()

    def _share_steps(self) -> None:
        counts = {slot.steps for slot in self.slots}
        self.steps = counts.pop() if len(counts) == 1 else None


def _state_of(slot: Slot, name: str) -> ag.Tensor:
    value = slot.state.get(name)
    like = slot.parameter
    state = ag.Tensor(np.zeros(like.shape, like.dtype) if value is None else value)
    label = like.name or "parameter"
    state.name = f"{label}_{name}"
    return state


def pack(slots: Iterable[Slot], names: tuple[str, ...]) -> list[Pool]:
    """Return pools for these slots: one per dtype for the small ones, one for each large one."""
    small: dict[np.dtype[Any], list[Slot]] = {}
    pools = []
    for slot in slots:
        if slot.parameter.size <= SMALL:
            small.setdefault(slot.parameter.dtype, []).append(slot)
        else:
            pools.append(Pool([slot], names))
    return [Pool(group, names) for group in small.values()] + pools


def _flat_gradient(parameter: ag.Tensor) -> Array | None:
    gradient = parameter.grad
    if gradient is None:
        return None
    array = gradient.data if isinstance(gradient, ag.Tensor) else gradient
    flat: Array = array.reshape(-1)
    return flat


def _in_blocks(
    update: Update,
    values: Array,
    gradient: Array,
    state: State,
    hyper: Mapping[str, Any],
    step: int,
) -> None:
    if values.nbytes <= BLOCK:
        update(values, gradient, state, hyper, step)
        return
    length = BLOCK // values.itemsize
    for start in range(0, values.size, length):
        part = slice(start, start + length)
        block = {name: flat[part] for name, flat in state.items()}
        update(values[part], gradient[part], block, hyper, step)
