"""The Python side of the native call: what is computed before it, and the arrays it is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.lowering.numba_backend.compiling import remember
from autograd_np.lowering.numba_backend.form import Form
from autograd_np.lowering.numba_backend.source import Native
from autograd_np.program import Ref


def bound(
    form: Form, native: Native, function: Callable[..., None], scratch: Any, filename: str
) -> tuple[Callable[..., tuple[Any, ...]], tuple[Ref, ...], str]:
    """The function that is called at each step, what it wants, and its source."""
    wanted = [
        number
        for number in form.inputs
        if number in native.arrays or form.values[number].kind == "number"
    ]
    outputs = [f"output_{number}" for number in range(len(form.outputs))]
    scope: dict[str, Any] = {
        **form.scope,
        "native": function,
        "scratch": scratch,
        "empty": np.empty,
        "refitted": _refitted,
        "written": tuple(i for i, number in enumerate(native.arrays) if number in form.updates),
    }
    made = []
    for name, number in zip(outputs, form.outputs, strict=True):
        value = form.values[number]
        scope[f"{name}_dtype"] = value.dtype
        made.append(f"{name} = empty({value.shape}, {name}_dtype)")
    for number in native.arrays:
        if form.values[number].kind == "constant":
            scope[form.values[number].name] = form.values[number].content
    arguments = [form.values[number].name for number in native.arrays]
    rest = ["scratch", *(form.values[number].name for number in native.numbers), *outputs]
    arrays, others = "".join(f"{name}, " for name in arguments), ", ".join(rest)
    lines = [
        f"def run({', '.join(form.values[number].name for number in wanted)}):",
        *(f"    {line}" for line in (*form.before, *made)),
        "    try:",
        f"        native({arrays}{others})",
        "    except TypeError as error:",
        f"        refitted(native, error, ({arrays}), written, ({others},))",
        f"    return ({''.join(f'{name}, ' for name in outputs)})",
    ]
    source = "\n".join(lines) + "\n"
    remember(filename, source)
    exec(compile(source, filename, "exec"), scope)
    return scope["run"], tuple(Ref(number) for number in wanted), source


def _refitted(
    native: Any, error: TypeError, arrays: Any, written: tuple[int, ...], rest: tuple[Any, ...]
) -> None:
    """Call the native function with copies of the arrays that do not lie row by row."""
    fitted = [np.ascontiguousarray(each) for each in arrays]
    if all(given is each for given, each in zip(arrays, fitted, strict=True)):
        raise error
    native(*fitted, *rest)
    for place in written:
        if fitted[place] is not arrays[place]:
            arrays[place][...] = fitted[place]
