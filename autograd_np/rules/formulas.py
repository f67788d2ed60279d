"""The formulas of rules as text, for people."""

from __future__ import annotations

import ast
import inspect
import textwrap
from functools import lru_cache
from typing import Any

from autograd_np.rules.registry import Operation


def formula_texts(operation: Operation) -> dict[str, str]:
    """The formula of each argument of an operation, as it stands in the table of rules.

    Arguments whose formula is a function with a name, or one per output, are left out.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.rules.registry import RULES
    >>> formula_texts(RULES[np.multiply])
    {'x': 'g * y', 'y': 'g * x'}
    """
    texts = {}
    for argument, formula in operation.formulas.items():
        text = _text(formula) if callable(formula) else None
        if text is not None:
            texts[argument] = text
    return texts


@lru_cache(maxsize=512)
def _text(formula: Any) -> str | None:
    code = getattr(formula, "__code__", None)
    if code is None or code.co_name != "<lambda>":
        return None
    try:
        lines, _ = inspect.getsourcelines(formula)
        tree = ast.parse(_statement("".join(lines)))
    except (OSError, SyntaxError):
        return None
    # Several stand in one statement: the one that compiles to the same.
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    same = [node for node in lambdas if _compiled(node) == _meaning(code)]
    found = same or (lambdas if len(lambdas) == 1 else [])
    return ast.unparse(found[0].body) if found else None


def _compiled(node: ast.Lambda) -> tuple[Any, ...]:
    expression = ast.fix_missing_locations(ast.Expression(node))
    return _meaning(eval(compile(expression, "<formula>", "eval")).__code__)


def _meaning(code: Any) -> tuple[Any, ...]:
    constants = tuple(_meaning(c) if hasattr(c, "co_code") else c for c in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, constants


def _statement(source: str) -> str:
    """The source of a lambda, which may be a line in the middle of a call, as a statement."""
    source = textwrap.dedent(source).strip()
    for text in (source, f"f({source.rstrip(',')})", f"f({source}"):
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        return text
    return source
