"""The base of the optimizers: groups of parameters, the step, and the state that is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from os import PathLike
from typing import Any, TypeAlias

import numpy as np

import autograd_np as ag
from nn import serialization
from nn.module import Module
from nn.optim.packing import Pool, Slot, check_parameter, pack
from nn.optim.state import checked_state, flattened, unflattened

__all__ = ["Optimizer"]

Array: TypeAlias = np.ndarray[Any, Any]
Parameters: TypeAlias = Module | Iterable[ag.Tensor] | Iterable[Mapping[str, Any]]


class Optimizer:
    """Updates parameters from their gradients.

    A subclass gives `update`, the formula, written once for one array, and `state_names`.

    Parameters
    ----------
    params : Module, iterable of Tensors, or iterable of dicts
        A module whose layers find their width at the first call is read when it has parameters. A
        dict ``{"params": ..., "lr": 0.1}`` is a group with its own settings.
    defaults : dict
        The settings of groups that do not give their own.

    Attributes
    ----------
    param_groups : list of dict
        ``"params"`` and the settings of each group; change them between steps as you like.
    lr : float
        The learning rate of the first group; setting it sets that of all groups.
    """

    def __init__(self, params: Parameters, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self._slots: list[list[Slot]] = []
        self._pools: list[list[Pool]] = []
        self._names: list[tuple[str, ...]] = []
        self._module: Module | None = None
        if isinstance(params, Module):
            # The settings are there to be checked and scheduled before the parameters are.
            self.add_param_group({"params": []})
            self._module = params
            self._read_module()
            return
        if isinstance(params, ag.Tensor):
            raise TypeError("params is a single Tensor; expected several: write [tensor]")
        groups: list[Any] = list(params)
        if not groups:
            raise ValueError(
                "there are no parameters to optimize. If the layers find their width at the first "
                f"call, give the module itself: {type(self).__name__}(model)"
            )
        if not isinstance(groups[0], Mapping):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    @staticmethod
    def update(
        p: Any, g: Any, state: dict[str, Any], hyper: Mapping[str, Any], step: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Return the new value of `p` and the new state, given the gradient `g`.

        Written with augmented assignment and without a branch on values: on arrays it works in
        place, on Tensors the same lines return new values.
        """
        raise NotImplementedError

    def state_names(self, hyper: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the arrays that the formula keeps for each parameter."""
        return ()

    def check(self, hyper: Mapping[str, Any]) -> None:
        """Raise ValueError for settings that make no sense."""
        for name in ("lr", "weight_decay", "eps", "momentum"):
            if name in hyper and not hyper[name] >= 0.0:
                raise ValueError(f"{name}={hyper[name]!r} must be 0 or more")

    def step(self) -> None:
        """Update every parameter that has a gradient; the others are left as they are."""
        if ag.is_tracing():
            ag.guard(self._settings)
            for index, group in enumerate(self.param_groups):
                self._traced_step(index, group)
            return
        if self._module is not None:
            self._read_module()
        for index, group in enumerate(self.param_groups):
            if type(group["lr"]) is not float:
                # A NumPy scalar would turn a float32 update into a float64 one.
                group["lr"] = float(group["lr"])
            for pool in self._packed(index, group):
                pool.step(self.update, group)

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to None."""
        for slot in chain.from_iterable(self._slots):
            slot.parameter.grad = None

    def parameters(self) -> Iterator[ag.Tensor]:
        """Yield the parameters of all groups."""
        self._read_module()
        for slot in chain.from_iterable(self._slots):
            yield slot.parameter

    def named_state(self, names: Mapping[str, ag.Tensor]) -> dict[str, ag.Tensor]:
        """Return what is kept for parameters of these names, as ``W1_exp_avg``, ``b1_exp_avg``."""
        slots = {id(slot.parameter): slot for slot in chain.from_iterable(self._slots)}
        own = [(name, slots[id(p)]) for name, p in names.items() if id(p) in slots]
        return {f"{name}_{key}": state for name, s in own for key, state in s.state.items()}

    @property
    def lr(self) -> float:
        """The learning rate of the first group; setting it sets that of all groups."""
        rate: float = self.param_groups[0]["lr"]
        return rate

    @lr.setter
    def lr(self, value: float) -> None:
        for group in self.param_groups:
            group["lr"] = float(value)

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Add parameters with settings of their own; settings not given are the defaults.

        Raises
        ------
        TypeError, ValueError
            If something is no leaf that requires a gradient, is in a group already, or a setting is
            unknown or out of range.
        """
        params = group["params"]
        params = [params] if isinstance(params, ag.Tensor) else list(params)
        unknown = set(group) - {"params", "initial_lr"} - set(self.defaults)
        if unknown:
            raise ValueError(
                f"unknown settings {sorted(unknown)}; {type(self).__name__} has "
                f"{', '.join(self.defaults)}"
            )
        known = {id(parameter) for parameter in self.parameters()}
        for parameter in params:
            check_parameter(parameter, known)
            known.add(id(parameter))
        filled = {**self.defaults, **group, "params": params}
        for name, value in filled.items():
            if isinstance(value, np.generic):
                # Unlike Python's, NumPy's scalars would widen a float32 update to float64.
                filled[name] = value.item()
        self.check(filled)
        self.param_groups.append(filled)
        self._slots.append([Slot(parameter) for parameter in params])
        self._pools.append([])
        self._names.append(())

    def state_dict(self) -> dict[str, Any]:
        """Return copies of all state: ``type``, ``param_groups`` and ``state`` by number."""
        self._write_steps()
        groups, state, number = [], {}, 0
        for group, slots in zip(self.param_groups, self._slots, strict=True):
            names = self.state_names(group)
            settings = {key: value for key, value in group.items() if key != "params"}
            groups.append({**settings, "params": list(range(number, number + len(slots)))})
            for slot in slots:
                if slot.steps:
                    state[number] = {"step": slot.steps, **slot.arrays(names)}
                number += 1
        return {"type": type(self).__name__, "param_groups": groups, "state": state}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take over what `state_dict` returned; all of it, or nothing when anything does not fit.

        Raises
        ------
        ValueError
            If it is the state of another optimizer, or of other parameters.
        """
        self._read_module()
        plan = iter(checked_state(self, self._slots, state))
        for group, slots, given in zip(
            self.param_groups, self._slots, state["param_groups"], strict=True
        ):
            for name, value in given.items():
                if name != "params":
                    group[name] = tuple(value) if isinstance(value, list) else value
            for slot in slots:
                slot.take(*next(plan))
        self._pools = [[] for _ in self.param_groups]

    def snapshot(self) -> Callable[[], None]:
        """Return a function that puts everything back as it is now, settings and state."""
        self._write_steps()
        module = self._module
        groups = [dict(group) for group in self.param_groups]
        slots = [list(each) for each in self._slots]
        states = [(s, s.steps, s.arrays(s.state)) for each in slots for s in each]

        def restore() -> None:
            self._module = module
            self._slots = slots
            self._pools = [[] for _ in groups]
            for group, settings in zip(self.param_groups, groups, strict=True):
                group.clear()
                group.update(settings)
            for slot, steps, state in states:
                slot.take(steps, state)

        return restore

    def save(self, path: str | PathLike[str]) -> None:
        """Write the state to a safetensors file; an old file is replaced whole or not at all."""
        arrays, settings = flattened(self.state_dict())
        serialization.save_arrays(path, arrays, {"kind": "optimizer", **settings})

    def load(self, path: str | PathLike[str]) -> None:
        """Read the state that `save` wrote.

        Raises
        ------
        FileNotFoundError, ValueError
            If there is no such file, or it does not fit: the optimizer is as before.
        """
        arrays, settings = serialization.load_arrays(path, kind="optimizer")
        try:
            self.load_state_dict(unflattened(arrays, settings))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

    def __repr__(self) -> str:
        settings = ", ".join(
            f"{name}={self.param_groups[0][name]!r}" for name in self.defaults if self.param_groups
        )
        return f"{type(self).__name__}({settings})"

    def __getstate__(self) -> dict[str, Any]:
        self._write_steps()
        return {**vars(self), "_pools": [[] for _ in self.param_groups]}

    def _packed(self, index: int, group: dict[str, Any]) -> list[Pool]:
        """Return a group's pools, packed anew if memory moved or other state is asked for."""
        pools, names = self._pools[index], self.state_names(group)
        if pools and names == self._names[index]:
            # A generator would take twice as long, at every step.
            for pool in pools:
                if not pool.buffer.owns():
                    break
            else:
                return pools
        for pool in pools:
            pool.write_steps()
        self._names[index] = names
        self._pools[index] = pools = pack(self._slots[index], names)
        return pools

    def _traced_step(self, index: int, group: dict[str, Any]) -> None:
        """`step` in a compiled function: the learning rate and the count are read at each call."""

        def learning_rate() -> float:
            return float(self.param_groups[index]["lr"])

        rate = ag.callback(learning_rate)
        for number, pool in enumerate(self._pools[index]):

            def here(number: int = number) -> Pool:
                return self._pools[index][number]

            pool.traced_step(self.update, {**group, "lr": rate}, here)

    def _settings(self) -> list[dict[str, Any]]:
        """What decides what a compiled step does; memory is brought together before it runs."""
        self._read_module()
        for index, group in enumerate(self.param_groups):
            self._packed(index, group)
        live = ("params", "lr", "initial_lr")
        return [{k: v for k, v in group.items() if k not in live} for group in self.param_groups]

    def _write_steps(self) -> None:
        for pool in chain.from_iterable(self._pools):
            pool.write_steps()

    def _read_module(self) -> None:
        module = self._module
        if module is not None and module.is_built():
            params = list(module.parameters())
            if not params:
                raise ValueError(f"{type(module).__name__} has no parameters to optimize")
            for parameter in params:
                check_parameter(parameter, set())
            self.param_groups[0]["params"] = params
            self._slots[0] = [Slot(parameter) for parameter in params]
            self._module = None
