"""A module's parameters from arrays by path: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from nn.module import Module, Parameter

__all__ = ["load_arrays_into"]

Array: TypeAlias = np.ndarray[Any, Any]


def load_arrays_into(module: Module, arrays: Mapping[str, Array]) -> None:
    """Copy `arrays` into the parameters of `module`; layers without a width yet take theirs.

    Raises
    ------
    ValueError
        If names, shapes or dtypes do not fit: all faults in one message, and nothing has changed.
    """
    built = _build(module, arrays)
    try:
        parameters = dict(module.named_parameters())
        faults = _faults(parameters, arrays)
        if not module.is_built():
            faults.append("a layer has no width yet: give in_features=, or call the model once")
        if faults:
            raise ValueError(
                f"state does not fit {type(module).__name__}; nothing was loaded:\n  "
                + "\n  ".join(faults)
            )
    except BaseException:
        for layer, attributes in built:
            vars(layer).update(dict.fromkeys(attributes))
        raise
    for name, parameter in parameters.items():
        parameter.data = arrays[name]


def _build(module: Module, arrays: Mapping[str, Array]) -> list[tuple[Module, dict[str, Any]]]:
    """Give layers without parameters those that the arrays ask for; return what was given."""
    built = []
    for path, layer in module.named_modules():
        if not layer._has_parameters():
            start = f"{path}." if path else ""
            local = {
                name.removeprefix(start): value
                for name, value in arrays.items()
                if name.startswith(start)
            }
            attributes = layer._parameters_from(local)
            if attributes is not None:
                vars(layer).update(attributes)
                built.append((layer, attributes))
    return built


def _faults(parameters: Mapping[str, Parameter], arrays: Mapping[str, Array]) -> list[str]:
    faults = [f"missing: {name}" for name in parameters if name not in arrays]
    faults += [f"unknown: {name}" for name in arrays if name not in parameters]
    for name, parameter in parameters.items():
        given = arrays.get(name)
        if given is None:
            continue
        if given.shape != parameter.shape:
            faults.append(f"{name}: given shape {given.shape}, expected {parameter.shape}")
        if given.dtype != parameter.dtype:
            faults.append(
                f"{name}: given dtype {given.dtype}, expected {parameter.dtype}; "
                f"write state[{name!r}].astype({str(parameter.dtype)!r})"
            )
    return faults
