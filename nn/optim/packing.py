"""Parameters packed for their update: many small ones as one flat array, a large one in blocks.

A NumPy call costs about as much as a thousand elements of work. Small parameters of one dtype are
therefore moved into one `autograd_np.FlatBuffer` and updated in a handful of calls, whatever their
number; a large one is updated block by block, so that the temporaries of the formula stay in cache.
Both give the same bits: an update works on each element alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
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
    """A parameter, its optimizer state in its own shape, and how often it was updated.

    The state is kept in Tensors, so that a compiled step can read and update it like parameters.
    They are written, never replaced: that step holds on to them.
    """

    parameter: ag.Tensor
    state: dict[str, ag.Tensor] = field(default_factory=dict)
    steps: int = 0

    def tensor(self, name: str) -> ag.Tensor:
        """Return the state of this name, zeros where there has been none."""
        if name not in self.state:
            like = self.parameter
            label = f"{like.name or 'parameter'}_{name}"
            self.state[name] = ag.Tensor(np.zeros(like.shape, like.dtype), name=label)
        return self.state[name]

    def arrays(self, names: Iterable[str]) -> State:
        """Return copies of the state of these names."""
        return {name: self.tensor(name).numpy().copy() for name in names}

    def take(self, steps: int, arrays: Mapping[str, Array]) -> None:
        """Take over a state; what it does not name is zero."""
        self.steps = steps
        for name in {**self.state, **arrays}:
            tensor = self.tensor(name)
            tensor.data = arrays.get(name, np.zeros(tensor.shape))


class Pool:
    """Slots whose parameters share one flat buffer and are updated together."""

    def __init__(self, slots: list[Slot], names: tuple[str, ...]) -> None:
        self.slots = slots
        self.single = len(slots) == 1
        self.buffer = ag.FlatBuffer([slot.parameter for slot in slots])
        self.state = {
            name: ag.FlatBuffer([slot.tensor(name) for slot in slots]).data for name in names
        }
        self.parts: list[tuple[Slot, slice]] = []
        start = 0
        for slot in slots:
            part = slice(start, start + slot.parameter.size)
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

    def traced_step(
        self, update: Update, hyper: Mapping[str, Any], here: Callable[[], Pool]
    ) -> None:
        """`step` in a compiled function that is being traced: on Tensors, one by one.

        Parameters
        ----------
        update, hyper
        here : callable
            Returns, at each call, the pool that these slots are in by then.
        """

        def next_step(number: int | None = None) -> int:
            return here().next_step(number)

        updated = [s for s in enumerate(self.slots) if s[1].parameter.grad is not None]
        together = len(updated) == len(self.slots) and ag.guard(lambda: here().steps is not None)
        if together:
            ag.rollback(lambda: here().steps, lambda steps: setattr(here(), "steps", steps))
        else:
            ag.rollback(lambda: here().counts(), lambda counts: here().count_from(counts))
        count = ag.callback(next_step) if together else None
        for number, slot in updated:
            steps = ag.callback(next_step, number) if count is None else count
            parameter = slot.parameter
            state = {name: slot.tensor(name).detach() for name in self.state}
            parameter.data, state = update(parameter.data, parameter.grad, state, hyper, steps)
            for name in self.state:
                slot.tensor(name).data = state[name]

    def next_step(self, number: int | None = None) -> int:
        """Count one more update, of all parameters or of one; return how many there are now."""
        if number is None:
            # A compiled step asks for this only where all counts agree.
            assert self.steps is not None
            self.steps += 1
            return self.steps
        self.write_steps()
        self.steps = None
        slot = self.slots[number]
        slot.steps += 1
        return slot.steps

    def counts(self) -> list[int]:
        """How often each parameter has been updated."""
        self.write_steps()
        return [slot.steps for slot in self.slots]

    def count_from(self, counts: list[int]) -> None:
        """Go back to what `counts` returned."""
        for slot, steps in zip(self.slots, counts, strict=True):
            slot.steps = steps
        self._share_steps()

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


def check_parameter(parameter: Any, known: Collection[int]) -> None:
    """Raise for what cannot be optimized, or is already, by the ids that are `known`."""
    if not isinstance(parameter, ag.Tensor):
        raise TypeError(
            f"cannot optimize a {type(parameter).__name__}; expected Tensors: "
            "write ag.Tensor(value, requires_grad=True)"
        )
    if not parameter.requires_grad:
        raise ValueError(
            f"a Tensor of shape {parameter.shape} does not require a gradient: "
            "write ag.Tensor(value, requires_grad=True)"
        )
    if id(parameter) in known:
        raise ValueError(f"a parameter of shape {parameter.shape} is given twice")


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
