"""The formulas of rules as text, for people."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

from autograd_np.rules.registry import Operation


def formula_texts(operation: Operation) -> dict[str, str]:
    """The formula of each argument of an operation, as it stands in the table of rules.

    That of a function with a name is the one that its docstring begins with. An argument that has
    one per output has several, each after the name of its output, unless users see one output only.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.rules.registry import RULES
    >>> formula_texts(RULES[np.multiply])
    {'x': 'g * y', 'y': 'g * x'}
    """
    texts = {}
    for argument, formula in operation.formulas.items():
        if callable(formula):
            found = [_text(formula)]
        else:
            visible = operation.outputs[: operation.visible]
            several = {name: _text(formula[name]) for name in visible if name in formula}
            found = [
                text if operation.visible == 1 or text is None else f"{name}: {text}"
                for name, text in several.items()
            ]
        if None not in found:
            texts[argument] = "; ".join(filter(None, found))
    return texts


@lru_cache(maxsize=512)
def _text(formula: Any) -> str | None:
    code = getattr(formula, "__code__", None)
    if code is None:
        return None
    if code.co_name != "<lambda>":
        # The formula that a function with branches stands for leads its docstring.
        found = re.match(r"``(.+?)``", formula.__doc__ or "", re.DOTALL)
        return " ".join(found[1].split()) if found else None
    try:
        tree = _tree("".join(linecache.getlines(code.co_filename, formula.__globals__)))
    except SyntaxError:
        return None
    inside = [node for node in _lambdas(tree) if _is_body(node.body, code)]
    return ast.unparse(inside[-1].body) if inside else None


@lru_cache(maxsize=64)
def _tree(source: str) -> ast.Module:
    return ast.parse(source)


def _lambdas(tree: ast.Module) -> Iterator[ast.Lambda]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Lambda))


def _is_body(body: ast.expr, code: CodeType) -> bool:
    """Whether all that has a place in a lambda's code lies in an expression, and fills it."""
    places = [each for each in code.co_positions() if None not in each and each[2] != each[3]]
    if not places or body.end_lineno is None or body.end_col_offset is None:
        return False
    begin = min((line, column) for line, _, column, _ in places)
    end = max((line, column) for _, line, _, column in places)
    return begin == (body.lineno, body.col_offset) and end == (
        body.end_lineno,
        body.end_col_offset,
    )
