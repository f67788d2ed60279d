"""Calls as short texts, the way NumPy's users write them."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.program import Call, Ref
from autograd_np.rules.contract import contract
from autograd_np.rules.indexing import getitem
from autograd_np.rules.registry import RULES, name_of
from autograd_np.rules.shapes import cast

Names = Mapping[int, str]

# Items of a list, and characters of a constant, that are shown.
_ITEMS = 6
_CHARACTERS = 32
# Elements of an array that are shown in place of its shape.
_ELEMENTS = 4
_DIGITS = 12

_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]+")


def call_text(call: Call, names: Names) -> str:
    """A call on one line: its function, operands by their names, and settings.

    Parameters
    ----------
    call : Call
    names : mapping of int to str
        By `Ref.index`, as `display_names` returns them.

    Examples
    --------
    >>> call = Call(getitem, (Ref(1), (slice(None), 0)), {}, (Ref(2),), ("<unknown>", 0))
    >>> call_text(call, {1: "h"})
    'h[:, 0]'
    >>> call_text(Call(np.sum, (Ref(1), 0), {"keepdims": True}, (), ("", 0)), {1: "h"})
    'sum(h, axis=0, keepdims=True)'
    """
    special = _SPECIAL.get(call.function)
    if special is not None and len(call.args) == special[0] and not call.kwargs:
        return special[1](call.args, names)
    texts: list[str] = []
    operation = RULES.get(call.function)
    parameters = () if operation is None else operation.parameters
    operands = () if operation is None else operation.formulas
    named = False
    for number, value in enumerate(call.args):
        name = parameters[number] if number < len(parameters) else ""
        text = index_text(value, names) if name == "index" else value_text(value, names)
        # After a setting by name Python takes no operand without.
        setting = name not in (*operands, "index") and _is_plain(value)
        named = bool(name) and (named or setting)
        texts.append(f"{name}={text}" if named else text)
    texts += [f"{name}={value_text(value, names)}" for name, value in call.kwargs.items()]
    return f"{name_of(call.function)}({', '.join(texts)})"


def value_text(value: Any, names: Names) -> str:
    """An argument as it would be written, long ones abbreviated.

    Examples
    --------
    >>> value_text([Ref(1), 2 / 3, np.float32], {1: "x"})
    '[x, 0.666667, float32]'
    >>> value_text(np.ones((3, 4)), {})
    '<float64[3,4]>'
    """
    if isinstance(value, Ref):
        return names[value.index]
    if isinstance(value, (list, tuple)):
        inner = joined([value_text(item, names) for item in value])
        comma = "," if len(value) == 1 else ""
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{comma})"
    if isinstance(value, dict):
        return f"{{{joined([f'{key!r}: {value_text(v, names)}' for key, v in value.items()])}}}"
    if isinstance(value, slice):
        return f"slice({_slice_text(value, names)})"
    if value is Ellipsis:
        return "..."
    if _is_array(value):
        return _array_text(value)
    return _constant_text(value)


def index_text(index: Any, names: Names) -> str:
    """An index with its brackets: ``[1:, ..., None]``."""
    if isinstance(index, tuple) and index:
        parts = [_part_text(part, names) for part in index]
        return f"[{joined(parts)}{',' if len(parts) == 1 else ''}]"
    return f"[{_part_text(index, names)}]"


def type_text(dtype: np.dtype[Any], shape: Sequence[int]) -> str:
    """Dtype and shape: ``float64[2,3]``."""
    return f"{dtype.name}[{','.join(map(str, shape))}]"


def place_text(source: tuple[str, int]) -> str:
    """A file and line in short, of a notebook its cell; empty where they are not known.

    Examples
    --------
    >>> place_text(("/home/me/train.py", 12))
    'train.py:12'
    """
    file, line = source
    return f"{_cell(file) or os.path.basename(file)}:{line}" if line else ""


def _cell(file: str) -> str | None:
    """What IPython calls the cell that it knows by this file name, such as ``In[3]``."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    name_of_code = getattr(getattr(shell, "compile", None), "format_code_name", None)
    found = None if name_of_code is None else name_of_code(file)
    return None if found is None else str(found[1])


def joined(texts: Sequence[str], most: int = _ITEMS) -> str:
    """Texts with commas between them; of many, some of the first and the last.

    Examples
    --------
    >>> joined([str(n) for n in range(50)])
    '0, 1, 2, 3, … 45 more …, 49'
    """
    if len(texts) > most:
        left_out = len(texts) - most + 1
        texts = [*texts[: most - 2], f"… {left_out} more …", texts[-1]]
    return ", ".join(texts)


def cut(text: str, longest: int) -> str:
    """The beginning of a text that is longer than that."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def without_address(text: str) -> str:
    """A text without the places in memory that Python tells of objects.

    Examples
    --------
    >>> without_address("<function f at 0x7f1f00ba>")
    '<function f>'
    """
    return _ADDRESS.sub("", text)


def _is_array(value: Any) -> bool:
    return hasattr(value, "dtype") and hasattr(value, "shape") and not isinstance(value, type)


def _is_plain(value: Any) -> bool:
    """Whether an argument is known, and neither a value of the program nor an array."""
    return not (isinstance(value, Ref) or value is UNKNOWN or _is_array(value))


def _part_text(part: Any, names: Names) -> str:
    return _slice_text(part, names) if isinstance(part, slice) else value_text(part, names)


def _slice_text(part: slice, names: Names) -> str:
    ends = ["" if p is None else value_text(p, names) for p in (part.start, part.stop)]
    step = "" if part.step is None else f":{value_text(part.step, names)}"
    return ":".join(ends) + step


def _array_text(value: Any) -> str:
    if isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
        return _constant_text(value.item())
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.size <= _ELEMENTS:
        return f"[{', '.join(_constant_text(item) for item in value.tolist())}]"
    return f"<{type_text(value.dtype, value.shape)}>"


def _constant_text(value: Any) -> str:
    text = repr(value)
    if isinstance(value, (float, complex)) and len(text) > _DIGITS:
        return f"{value:.6g}"
    if isinstance(value, np.dtype):
        return value.name
    if callable(value) and hasattr(value, "__name__"):
        return name_of(value)
    return cut(" ".join(without_address(text).split()), _CHARACTERS)


def _item_text(args: Sequence[Any], names: Names) -> str:
    return value_text(args[0], names) + index_text(args[1], names)


def _cast_text(args: Sequence[Any], names: Names) -> str:
    return f"{value_text(args[0], names)}.astype({value_text(args[1], names)})"


def _einsum_text(args: Sequence[Any], names: Names) -> str:
    a, b, subscripts = (value_text(value, names) for value in args)
    return f"einsum({subscripts}, {a}, {b})"


# Functions of ours behind what users write otherwise: how many arguments, and the text of them.
_SPECIAL: dict[Any, tuple[int, Callable[[Sequence[Any], Names], str]]] = {
    getitem: (2, _item_text),
    cast: (2, _cast_text),
    contract: (3, _einsum_text),
}
