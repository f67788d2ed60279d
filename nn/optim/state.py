"""The state of an optimizer: checked before it is taken over, and split for a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from nn.optim.packing import Slot

if TYPE_CHECKING:
    from nn.optim.optimizer import Optimizer

__all__ = ["checked_state", "flattened", "unflattened"]

Array: TypeAlias = np.ndarray[Any, Any]


def checked_state(
    optimizer: Optimizer, slots_of_groups: list[list[Slot]], state: Mapping[str, Any]
) -> list[tuple[int, dict[str, Array]]]:
    """Return what each slot takes over: its number of updates, and its arrays, copied.

    Raises
    ------
    ValueError
        If the state does not fit the optimizer; nothing has changed then.
    """
    name = type(optimizer).__name__
    if state.get("type", name) != name:
        raise ValueError(f"the state is one of {state['type']}, expected {name}")
    given = [len(group["params"]) for group in state["param_groups"]]
    expected = [len(slots) for slots in slots_of_groups]
    if given != expected:
        raise ValueError(
            f"the state has groups of {given} parameters, expected {expected}: make the optimizer "
            "over the same model, load the model, then the optimizer"
        )
    for group, own in zip(state["param_groups"], optimizer.param_groups, strict=True):
        optimizer.check({**own, **group})
    plan: list[tuple[int, dict[str, Array]]] = []
    slots = [slot for group in slots_of_groups for slot in group]
    groups = [group for group in state["param_groups"] for _ in group["params"]]
    for number, (slot, group) in enumerate(zip(slots, groups, strict=True)):
        entry = dict(state["state"].get(number, {"step": 0}))
        steps = int(entry.pop("step"))
        names = optimizer.state_names(group) if steps else ()
        if set(entry) != set(names):
            raise ValueError(
                f"parameter {number} has state {sorted(entry)}, expected {sorted(names)}"
            )
        arrays = {key: np.array(value) for key, value in entry.items()}
        like = slot.parameter
        for key, value in arrays.items():
            if value.shape != like.shape or value.dtype != like.dtype:
                raise ValueError(
                    f"{key} of parameter {number} is {value.dtype} of shape {value.shape}, "
                    f"expected {like.dtype} of shape {like.shape}"
                )
        plan.append((steps, arrays))
    return plan


def flattened(state: Mapping[str, Any]) -> tuple[dict[str, Array], dict[str, Any]]:
    """Split an optimizer's state into arrays by name and settings that JSON can hold."""
    arrays, steps = {}, {}
    for number, entry in state["state"].items():
        steps[str(number)] = entry["step"]
        arrays.update({f"{number}.{key}": value for key, value in entry.items() if key != "step"})
    settings = {"type": state["type"], "param_groups": state["param_groups"], "steps": steps}
    return arrays, settings


def unflattened(arrays: Mapping[str, Array], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Put together what `flattened` split."""
    try:
        state: dict[int, dict[str, Any]] = {
            int(number): {"step": step} for number, step in settings["steps"].items()
        }
        for name, value in arrays.items():
            number, key = name.split(".", 1)
            state[int(number)][key] = value
        return {"type": settings["type"], "param_groups": settings["param_groups"], "state": state}
    except (KeyError, ValueError) as error:
        raise ValueError(
            f"there is no optimizer state here ({error!r} is not as expected)"
        ) from None
