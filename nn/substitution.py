"""Running a module with other values in place of its parameters."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import autograd_np as ag

if TYPE_CHECKING:
    from nn.module import Module, Parameter

__all__ = ["functional_call", "stands_in"]

# How many parameters a message names before it says how many more there are.
_NAMED = 8

# The Tensors that stand in for parameters in this context, by id.
_standing_in: ContextVar[Mapping[int, ag.Tensor]] = ContextVar(
    "nn.standing_in", default=MappingProxyType({})
)


def functional_call(
    module: Module, parameters: Mapping[str, Any], /, *args: Any, **kwargs: Any
) -> Any:
    """Call a module with the given values in place of its parameters.

    This makes the call a function of the parameters, so that all of `autograd_np`'s transforms
    apply. The module itself is as before afterwards, also when `forward` raises; `grad` of its own
    parameters is not touched. During the call the values are what `named_parameters` yields.

    The values are put where the parameters are, for the time of the call: meanwhile the module, and
    modules that share its parameters or layers, must not be called from another thread.

    Parameters
    ----------
    module : Module
    parameters : mapping of str to Tensor or array
        Values by path, as in `Module.named_parameters`: a shared parameter by its first path.
        Those left out keep their own. Arrays become constant Tensors.
    *args, **kwargs
        What the module is called with.

    Returns
    -------
    Any
        What `forward` returns.

    Raises
    ------
    TypeError
        If `parameters` is not a mapping.
    ValueError
        If a path is unknown, a value has another shape than the parameter, or a layer has no
        parameters before its first call.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> import nn
    >>> model = nn.Linear(2, 1, rng=0)
    >>> x = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> f = lambda p: np.sum(nn.functional_call(model, p, x))
    >>> ag.grad(f)({"weight": np.zeros((1, 2)), "bias": np.zeros(1)})
    {'weight': array([[4., 6.]]), 'bias': array([2.])}
    >>> model.weight.grad is None
    True
    """
    own = _parameters_of(module, parameters)
    values = _checked(module, own, parameters)
    replacements = {id(own[path]): value for path, value in values.items()}
    with _replaced(module, replacements):
        return module(*args, **kwargs)


def stands_in(value: Any) -> bool:
    """Whether `value` is in place of a parameter, during a `functional_call` in this context."""
    return isinstance(value, ag.Tensor) and id(value) in _standing_in.get()


def _parameters_of(module: Module, given: Any) -> dict[str, Parameter]:
    if not isinstance(given, Mapping):
        raise TypeError(
            f"functional_call takes a mapping from paths to values, and was given a "
            f"{type(given).__name__}. Write functional_call(module, "
            f"dict(module.named_parameters()), x)."
        )
    for path, layer in module.named_modules():
        if not layer._has_parameters():
            raise ValueError(
                f"layer {path!r} ({type(layer).__name__}) has no parameters before the first call. "
                f"Give in_features=, or call the module once: module(x)."
            )
    return dict(module.named_parameters())


def _checked(
    module: Module, own: Mapping[str, Parameter], given: Mapping[str, Any]
) -> dict[str, ag.Tensor]:
    values, faults = {}, []
    for path, value in given.items():
        if path not in own:
            close = difflib.get_close_matches(str(path), own, n=1)
            faults.append(f"unknown: {path!r}" + (f"; is it {close[0]!r}?" if close else ""))
            continue
        values[path] = value if isinstance(value, ag.Tensor) else ag.Tensor(value)
        if values[path].shape != own[path].shape:
            faults.append(_wrong_shape(path, values[path].shape, own[path].shape))
    if faults:
        there = [f"{path!r} {each.shape}" for path, each in islice(own.items(), _NAMED)]
        more = [f"and {len(own) - _NAMED} more"] if len(own) > _NAMED else []
        raise ValueError(
            "\n  ".join([f"the values do not fit {type(module).__name__}:", *faults])
            + f"\nIt has {', '.join(there + more) or 'no parameters'}."
        )
    return values


def _wrong_shape(path: str, given: tuple[int, ...], expected: tuple[int, ...]) -> str:
    fault = f"{path!r}: given shape {given}, expected {expected}"
    if given == expected[::-1]:
        return f"{fault}; write value.T"
    if math.prod(given) == math.prod(expected):
        return f"{fault}; write value.reshape({expected})"
    return fault


class _Slot(NamedTuple):
    """A place in a list, a dict or an instance's attributes, and what goes there and back."""

    container: Any
    key: Any
    own: Any
    value: Any


@contextmanager
def _replaced(module: Module, replacements: Mapping[int, ag.Tensor]) -> Iterator[None]:
    """Put Tensors in the places of the parameters with these ids, wherever those are held."""
    # All are found before the first is replaced: a container may be held twice, and a parameter
    # may be another one's replacement.
    slots = [slot for each in module.modules() for slot in _slots(vars(each), replacements)]
    standing_in = {id(value): value for value in replacements.values()}
    token = _standing_in.set({**_standing_in.get(), **standing_in})
    try:
        for slot in slots:
            slot.container[slot.key] = slot.value
        yield
    finally:
        for slot in slots:
            slot.container[slot.key] = slot.own
        _standing_in.reset(token)


def _slots(container: Any, replacements: Mapping[int, ag.Tensor]) -> Iterator[_Slot]:
    """Yield the places, through lists, tuples and dicts, whose content changes."""
    items = container.items() if isinstance(container, dict) else enumerate(container)
    for key, item in items:
        if isinstance(item, (dict, list, tuple)):
            yield from _slots(item, replacements)
        value = _with_replaced(item, replacements)
        if value is not item and not isinstance(container, tuple):
            yield _Slot(container, key, item, value)


def _with_replaced(item: Any, replacements: Mapping[int, ag.Tensor]) -> Any:
    """Return a Tensor's replacement; a tuple made anew if it holds a replaced one; else `item`."""
    if isinstance(item, ag.Tensor):
        return replacements.get(id(item), item)
    if not isinstance(item, tuple):
        return item
    values = [_with_replaced(each, replacements) for each in item]
    if all(value is each for value, each in zip(values, item, strict=True)):
        return item
    return type(item)(*values) if hasattr(item, "_fields") else type(item)(values)
