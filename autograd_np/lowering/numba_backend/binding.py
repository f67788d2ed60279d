"""The Python side of the native call: what is computed before it, and the arrays it is given."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.lowering.numba_backend.assembly import Function, Native
from autograd_np.lowering.numba_backend.compiling import remember
from autograd_np.lowering.numba_backend.form import Form
from autograd_np.program import Ref


def bound(
    form: Form, native: Native, functions: Sequence[Any], scratch: Any, filename: str
) -> tuple[Callable[..., tuple[Any, ...]], tuple[Ref, ...], str]:
    """The function that is called at each step, what it wants, and its source."""
    values = form.values
    arrays = list(dict.fromkeys(each for one in native.functions for each in one.arrays))
    wanted = [
        number
        for number in form.inputs
        if number in arrays or (values[number].kind == "number" and number in form.asked)
    ]
    wanted += [
        number
        for number in form.inputs
        if number not in wanted and any(number in one.numbers for one in native.functions)
    ]
    scope: dict[str, Any] = {
        **form.scope,
        **{one.name: run for one, run in zip(native.functions, functions, strict=True)},
        "scratch": scratch,
        "empty": np.empty,
        "by_rows": _by_rows,
        "give_back": _give_back,
        "written": tuple(place for place, number in enumerate(arrays) if number in form.updates),
    }
    made = []
    for number, output in enumerate(form.outputs):
        scope[f"dtype_{number}"] = values[output].dtype
        made.append(f"output_{number} = empty({values[output].shape}, dtype_{number})")
    for number in arrays:
        if values[number].kind == "constant":
            scope[values[number].name] = values[number].content
    calls = _calls(form, native.functions, "".join(f"{values[each].name}, " for each in arrays))
    returned = "".join(f"output_{number}, " for number in range(len(form.outputs)))
    lines = [
        f"def run({', '.join(values[number].name for number in wanted)}):",
        *(f"    {line}" for line in (*form.before, *made, *calls)),
        f"    return ({returned})",
    ]
    source = "\n".join(lines) + "\n"
    remember(filename, source)
    exec(compile(source, filename, "exec"), scope)
    return scope["run"], tuple(Ref(number) for number in wanted), source


def _calls(form: Form, functions: Sequence[Function], arrays: str) -> list[str]:
    """The calls of the native functions, with copies of arrays that do not lie row by row.

    One function by itself finds out whether they do; the first of several may not be given all.
    """
    if len(functions) == 1:
        (only,) = functions
        return [
            "try:",
            f"    {_call(form, only)}",
            "except TypeError as error:",
            f"    given = ({arrays})",
            "    rows = by_rows(given, error)",
            f"    {only.name}(*rows, {_others(form, only)})",
            "    give_back(given, rows, written)",
        ]
    if not arrays:
        return [_call(form, each) for each in functions]
    return [
        f"given = ({arrays})",
        "rows = by_rows(given)",
        f"{arrays}= rows",
        *(_call(form, each) for each in functions),
        "give_back(given, rows, written)",
    ]


def _call(form: Form, function: Function) -> str:
    arrays = "".join(f"{form.values[number].name}, " for number in function.arrays)
    return f"{function.name}({arrays}{_others(form, function)})"


def _others(form: Form, function: Function) -> str:
    numbers = [form.values[number].name for number in function.numbers]
    return ", ".join(["scratch", *numbers, *(f"output_{each}" for each in function.outputs)])


def _by_rows(arrays: Sequence[Any], error: TypeError | None = None) -> list[Any]:
    """The arrays, copied where they do not lie row by row; raise `error` if all do."""
    rows = [each if each.flags.c_contiguous else each.copy(order="C") for each in arrays]
    if error is not None and all(map(operator.is_, arrays, rows)):
        raise error
    return rows


def _give_back(arrays: Sequence[Any], rows: Sequence[Any], written: Sequence[int]) -> None:
    """Put what was written to copies where it belongs."""
    for place in written:
        if rows[place] is not arrays[place]:
            arrays[place][...] = rows[place]
