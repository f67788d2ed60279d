"""Functions of ours as the NumPy calls that they consist of.

What is traced is what eager mode runs, the path that a function takes on arrays, so the bits are
the same. A function whose path depends on the numbers cannot be traced and stays a call.
"""

from __future__ import annotations

import dis
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from autograd_np.lowering.passes.traced import WATCHED, Recorder, Traced
from autograd_np.lowering.rewriting import map_refs, rewritten
from autograd_np.program import Call, Program, Ref, Variable
from autograd_np.rules.indexing import getitem, index_add, index_set

# What every backend writes in its own way.
PRIMITIVES: frozenset[Callable[..., Any]] = frozenset({getitem, index_add, index_set})

# A loop in Python that is longer than this had better stay a call.
_LONGEST = 64

Variables = dict[int, Variable]


def inline(program: Program) -> Program:
    """The program with the NumPy calls of each function of ours in place of its call."""
    variables = dict(program.variables)
    calls: list[Call] = []
    for call in program.calls:
        calls += _expanded(call, variables)
    return replace(program, calls=calls, variables=variables)


def _expanded(call: Call, variables: Variables) -> list[Call]:
    """The calls that `call` consists of, whose results join `variables`; itself if unknown."""
    implementation = _implementation(call)
    made = None if implementation is None else _traced(call, implementation, variables)
    if made is None:
        return [call]
    calls, new = made
    variables.update(new)
    return [each for inner in calls for each in _expanded(inner, variables)]


def _implementation(call: Call) -> Callable[..., Any] | None:
    """What a function of this package does with arrays; None for all others.

    A user's own operation may draw random numbers, count or print, which no trace would repeat.
    """
    if call.function in PRIMITIVES:
        return None
    found: Callable[..., Any] | None = getattr(call.function, "implementation", None)
    ours = __name__.partition(".")[0] + "."
    if found is None or not found.__module__.startswith(ours) or _catches(found):
        return None
    return found


@lru_cache(maxsize=256)
def _catches(function: Callable[..., Any]) -> bool:
    """Whether a function catches exceptions, which decides by the numbers what it does."""
    return any(each.opname == "CHECK_EXC_MATCH" for each in dis.get_instructions(function))


def _traced(
    call: Call, implementation: Callable[..., Any], known: Mapping[int, Variable]
) -> tuple[list[Call], Variables] | None:
    """The calls that an implementation makes and their results; None if they do not repeat it."""
    recorder = Recorder(call)
    try:
        args = recorder.argument(call.args, known)
        kwargs = {name: recorder.argument(value, known) for name, value in call.kwargs.items()}
        with np.errstate(**WATCHED):
            result = implementation(*args, **kwargs)
    except Exception:
        # An UntraceableError, what NumPy made of it, or of what only arrays can do.
        return None
    results = result if isinstance(result, tuple) else (result,)
    if len(results) != len(call.outputs) or not 0 < len(recorder.calls) <= _LONGEST:
        return None
    renamed: dict[int, Ref] = {}
    for each, output in zip(results, call.outputs, strict=True):
        index = each.operand.index if type(each) is Traced and type(each.operand) is Ref else None
        if index not in recorder.variables or index in renamed:
            return None
        if not _same(recorder.variables[index].value, known[output.index].value):
            return None
        renamed[index] = output
    return _renamed(recorder.calls, renamed), {
        index: variable for index, variable in recorder.variables.items() if index not in renamed
    }


def _same(value: Any, expected: Any) -> bool:
    """Whether two arrays are the same to the last bit, and lie in memory in the same order."""
    if (value.shape, value.dtype, value.strides) != (
        expected.shape,
        expected.dtype,
        expected.strides,
    ):
        return False
    return np.array_equal(_bits(value), _bits(expected))


def _bits(array: Any) -> Any:
    """The elements, in the order in which they lie in memory, as integers."""
    return array.ravel(order="K").view(f"u{min(array.itemsize, 8)}")


def _renamed(calls: list[Call], names: Mapping[int, Ref]) -> list[Call]:
    def change(ref: Ref) -> Ref:
        return names.get(ref.index, ref)

    return [
        replace(rewritten(call, change), outputs=map_refs(change, call.outputs)) for call in calls
    ]
