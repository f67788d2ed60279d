"""A program run as it stands, one call after the other: what all lowered code must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd_np.handle import as_array
from autograd_np.lowering.rewriting import map_refs
from autograd_np.program import Call, Program

Values = dict[int, Any]


def interpret(program: Program, values: Mapping[int, Any]) -> tuple[list[Any], Values]:
    """The outputs of a program and the new values of its inputs.

    Parameters
    ----------
    program : Program
    values : mapping of int to array or number
        By `Ref.index`: of the inputs. Those that are not given keep the value that they had in the
        recorded run; a flat one is made of the inputs that lie in it.

    Returns
    -------
    outputs : list of array or number
    updates : dict of int to array
        By `Ref.index` of the input; of a flat one, for each of the inputs that lie in it.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> x = ag.Tensor([1.0, 2.0])
    >>> with ag.record() as program:
    ...     program.outputs = [program.ref(np.sum(x * x))]
    >>> interpret(program, {program.ref(x).index: np.array([3.0, 4.0])})[0]
    [array(25.)]
    """
    known = {
        ref.index: values.get(ref.index, program.variables[ref.index].value)
        for ref in program.inputs
    }
    for flat, members in program.packs.items():
        known[flat] = np.concatenate([np.ravel(known[ref.index]) for ref in members])
    # What overflows inside a function of ours is meant to.
    with np.errstate(all="ignore"):
        for call in program.calls:
            _run(call, known)
    outputs = [_filled(ref, known) for ref in program.outputs]
    updates: Values = {}
    for index, ref in program.updates.items():
        new = _filled(ref, known)
        if index in program.packs:
            updates.update(_parts(program, index, new))
        else:
            updates[index] = new
    return outputs, updates


def _run(call: Call, known: Values) -> None:
    out = call.function(*_filled(call.args, known), **_filled(call.kwargs, known))
    results = out if len(call.outputs) > 1 else (out,)
    for ref, each in zip(call.outputs, results, strict=True):
        known[ref.index] = as_array(each) if hasattr(each, "dtype") else each


def _filled(value: Any, known: Values) -> Any:
    return map_refs(lambda ref: known[ref.index], value)


def _parts(program: Program, flat: int, value: Any) -> Values:
    """The pieces of a flat value, each in the shape of the input that lies there."""
    parts, start = {}, 0
    for ref in program.packs[flat]:
        shape = program.variables[ref.index].shape
        stop = start + int(np.prod(shape, dtype=int))
        parts[ref.index] = np.reshape(value[start:stop], shape)
        start = stop
    return parts
