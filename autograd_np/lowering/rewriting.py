"""What passes share: the values that a program's arguments refer to, and others in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograd_np.program import Call, Program, Ref


def refs_in(value: Any) -> Iterator[Ref]:
    """Every `Ref` in an argument, however deep in lists, tuples, dicts and slices.

    Examples
    --------
    >>> [ref.index for ref in refs_in((Ref(1), [Ref(2), 3.0], slice(None, Ref(4))))]
    [1, 2, 4]
    """
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from refs_in(item)
    elif isinstance(value, dict):
        yield from refs_in(tuple(value.values()))
    elif isinstance(value, slice):
        yield from refs_in((value.start, value.stop, value.step))


def map_refs(change: Callable[[Ref], Any], value: Any) -> Any:
    """An argument with ``change(ref)`` in the place of every `Ref` in it.

    Examples
    --------
    >>> map_refs(lambda ref: Ref(ref.index + 10), [Ref(1), "same"])
    [Ref(index=11), 'same']
    """
    return map_leaves(lambda leaf: change(leaf) if isinstance(leaf, Ref) else leaf, value)


def map_leaves(change: Callable[[Any], Any], value: Any) -> Any:
    """An argument with ``change(leaf)`` for all that is not a list, tuple, dict or slice.

    Examples
    --------
    >>> map_leaves(str, [1, (slice(2, None), {"a": 3})])
    ['1', (slice('2', 'None', 'None'), {'a': '3'})]
    """
    if isinstance(value, (list, tuple)):
        items = [map_leaves(change, item) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    if isinstance(value, dict):
        return {key: map_leaves(change, item) for key, item in value.items()}
    if isinstance(value, slice):
        return slice(*(map_leaves(change, p) for p in (value.start, value.stop, value.step)))
    return change(value)


def operands(call: Call) -> tuple[Ref, ...]:
    """The values that a call reads, in order, repeated where it reads them twice."""
    return tuple(refs_in((call.args, call.kwargs)))


def rewritten(call: Call, change: Callable[[Ref], Any]) -> Call:
    """The call with other operands."""
    return replace(call, args=map_refs(change, call.args), kwargs=map_refs(change, call.kwargs))


def with_calls(
    program: Program, calls: Iterable[Call], instead: Mapping[int, Any] | None = None
) -> Program:
    """The program with other calls.

    Parameters
    ----------
    calls : iterable of Call
    instead : mapping of int to Ref or constant, optional
        By `Ref.index`: what stands for a value from now on, in the calls, outputs and updates.
        Chains are followed.
    """
    instead = instead or {}

    def change(ref: Ref) -> Any:
        while isinstance(ref, Ref) and ref.index in instead:
            ref = instead[ref.index]
        return ref

    return replace(
        program,
        calls=[rewritten(call, change) if instead else call for call in calls],
        outputs=[change(ref) for ref in program.outputs],
        updates={index: change(ref) for index, ref in program.updates.items()},
    )
