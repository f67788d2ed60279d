"""Two programs of the same computation, compared call by call."""

import numpy as np

from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.handle import unwrap
from autograd_np.program import Ref
from autograd_np.rules import RULES


def differences(less, more):
    """How `less` differs from `more`, which may have more calls, and know more of each.

    The calls of `less` must stand in `more` in the same order, with the same function, operands,
    settings, shapes and dtypes. Returns a text for each that does not, and what stands for what:
    by the index of a value of `less`, that of the value of `more`.
    """
    known, found, place = {}, [], 0
    for call in less.calls:
        for number in range(place, len(more.calls)):
            paired = _paired(call, more.calls[number], known, less, more)
            if paired is not None:
                known, place = paired, number + 1
                break
        else:
            found.append(f"{call.function.__name__}{call.args}{call.kwargs}")
    return found, known


def _paired(one, other, known, less, more):
    """What is known after two calls turned out to be the same, None where they are not."""
    if one.function is not other.function or (one.rule, one.derivative_of is None) != (
        other.rule,
        other.derivative_of is None,
    ):
        return None
    known, there = dict(known), _by_name(other)
    for name, value in _by_name(one).items():
        if not _same(value, there.get(name), known, less, more):
            return None
    # A lean call has those outputs that somebody reads.
    left = list(other.outputs)
    for ref in one.outputs:
        while left and _type(more, left[0]) != _type(less, ref):
            left.pop(0)
        if not left:
            return None
        known[ref.index] = left.pop(0).index
    return known


def _by_name(call):
    operation = RULES.get(call.function)
    names = range(len(call.args)) if operation is None else operation.parameters
    lists = () if operation is None else operation.lists
    given = {**dict(zip(names, call.args, strict=False)), **call.kwargs}
    return {
        name: list(value) if name in lists and not isinstance(value, Ref) else value
        for name, value in given.items()
    }


def _same(one, other, known, less, more):
    if one is UNKNOWN:
        return True
    if isinstance(one, Ref):
        return _same_value(one, other, known, less, more)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(
            _same(a, b, known, less, more) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, slice) or one is Ellipsis or isinstance(other, type(None)):
        return one == other
    return _equal(one, more.variables[other.index].value if isinstance(other, Ref) else other)


def _same_value(one, other, known, less, more):
    if one.index in known:
        return isinstance(other, Ref) and other.index == known[one.index]
    here = less.variables[one.index]
    if not isinstance(other, Ref):
        return here.constant and _equal(here.value, other)
    there = more.variables[other.index]
    if _type(less, one) != _type(more, other):
        return False
    if here.value is not None and not _equal(here.value, there.value):
        return False
    known[one.index] = other.index
    return True


def _equal(one, other):
    one, other = unwrap(one), unwrap(other)
    if callable(one) or callable(other) or isinstance(one, str):
        return one is other or one == other
    return np.array_equal(one, other) or (
        np.asarray(one).dtype.kind in "fc" and np.array_equal(one, other, equal_nan=True)
    )


def _type(program, ref):
    variable = program.variables[ref.index]
    return variable.shape, variable.dtype
