"""The settings of a call as people write them: ``axis=0``, ``· ** 2``, ``[:, 0]``."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.ancestry.spelling import cut, index_text, value_text
from autograd_np.lowering.numpy_backend.functions import INFIX
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call
from autograd_np.rules.indexing import getitem, index_add, index_set
from autograd_np.rules.registry import RULES

_INDEXED = {getitem, index_add, index_set}

# What stands where a value of the program does.
_DOTS: defaultdict[int, str] = defaultdict(lambda: "·")

# Settings that are longer are cut: a picture is no listing.
_LONGEST = 40


def settings_of(call: Call) -> list[str]:
    """What a call was given besides values of the program.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([[1.0, 2.0]], requires_grad=True)
    >>> calls = ag.trace(np.sum((3.0 * x[:, 0]) ** 2.5, axis=0)).calls
    >>> [settings_of(call) for call in calls]
    [['[:, 0]'], ['3.0 * ·'], ['· ** 2.5'], ['axis=0']]
    """
    symbol = "**" if call.function is np.power else INFIX.get(call.function)
    if symbol is not None and len(call.args) == 2 and not call.kwargs:
        given = [None if _is_value(each) else each for each in call.args]
        if given == [None, None]:
            return []
        left, right = ("·" if each is None else value_text(each, _DOTS) for each in given)
        return [f"{left} {symbol} {right}"]
    found = []
    for name, value in _by_name(call):
        if value is UNKNOWN or _is_value(value):
            continue
        if call.function in _INDEXED and name == "index":
            found.append(index_text(value, _DOTS))
        else:
            text = value_text(value, _DOTS)
            found.append(cut(f"{name}={text}" if name else text, _LONGEST))
    return found


def _is_value(argument: Any) -> bool:
    return next(refs_in(argument), None) is not None and not isinstance(argument, tuple)


def _by_name(call: Call) -> list[tuple[str, Any]]:
    names = _parameters(call.function)
    named = [(names[i] if i < len(names) else "", value) for i, value in enumerate(call.args)]
    return [*named, *call.kwargs.items()]


@lru_cache(maxsize=512)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    operation = RULES.get(function)
    if operation is not None:
        return operation.parameters
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
