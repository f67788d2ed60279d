"""The settings of a call as people write them: ``axis=0``, ``· ** 2``, ``[:, 0]``."""

from __future__ import annotations

import inspect
from collections import defaultdict
from collections.abc import Callable, Mapping
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


def settings_of(call: Call, names: Mapping[int, str] | None = None) -> list[str]:
    """What a call was given besides values of the program.

    Parameters
    ----------
    call : Call
    names : mapping of int to str, optional
        By `Ref.index`: of the operands of ``a - b`` and the like, whose order a picture does not
        show. Without, such a call of two values has no settings.

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
        if names is None and all(map(_is_value, call.args)):
            return []
        left, right = (_operand_text(each, names) for each in call.args)
        return [f"{left} {symbol} {right}"]
    found = []
    for name, value in arguments_of(call):
        if value is UNKNOWN or _is_value(value):
            continue
        if call.function in _INDEXED and name == "index":
            found.append(cut(index_text(value, _DOTS), _LONGEST))
        else:
            text = value_text(value, _DOTS)
            found.append(cut(f"{name}={text}" if name else text, _LONGEST))
    return found


def arguments_of(call: Call) -> list[tuple[str, Any]]:
    """The arguments of a call with the names of their parameters; empty where these have none."""
    names = _parameters(call.function)
    named = [(names[i] if i < len(names) else "", value) for i, value in enumerate(call.args)]
    return [*named, *call.kwargs.items()]


def _operand_text(value: Any, names: Mapping[int, str] | None) -> str:
    return cut(value_text(value, _DOTS if names is None else names), _LONGEST // 2)


def _is_value(argument: Any) -> bool:
    return next(refs_in(argument), None) is not None and not isinstance(argument, tuple)


@lru_cache(maxsize=512)
def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    operation = RULES.get(function)
    if operation is not None:
        return operation.parameters
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()
