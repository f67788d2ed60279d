"""What a page says of an operation: its call, its place in the source, its rule."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import textwrap
from collections.abc import Mapping
from typing import Any

from autograd_np.ancestry.spelling import joined, place_text, value_text
from autograd_np.drawing.settings import arguments_of
from autograd_np.lowering.rewriting import refs_in
from autograd_np.program import Call, Program
from autograd_np.rules.derivative import reads
from autograd_np.rules.formulas import formula_texts
from autograd_np.rules.registry import RULES

# Lines of a rule of the user's that are shown.
_LONGEST = 12


def source_of(call: Call) -> dict[str, str]:
    """The user's file and line, and what stands there; nothing where it is not known."""
    file, line = call.source
    if not line:
        return {}
    return {"place": place_text(call.source), "text": linecache.getline(file, line).strip()}


def module_of(call: Call) -> str:
    """The modules around a call, from the outermost one: ``Sequential / 0 Linear``."""
    if call.scope is None:
        return ""
    scopes = [*call.scope.outwards()][::-1]
    return " / ".join(f"{scope.name} {scope.kind}".strip() for scope in scopes)


def formulas_of(
    program: Program, call: Call, names: Mapping[int, str], gradients: Mapping[int, int]
) -> list[dict[str, Any]]:
    """The formula of each operand that wants a gradient, and what its names stand for.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor(2.0, requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     y = w * w
    >>> names = {program.ref(w).index: "w", program.ref(y).index: "y"}
    >>> formulas_of(program, program.calls[0], names, {})[0]
    {'of': 'w', 'argument': 'x', 'text': 'g * y', 'where': [['y', 'w']]}
    """
    operation = RULES.get(call.function)
    if operation is None:
        return []
    texts = formula_texts(operation)
    given = dict(arguments_of(call))
    known = {name: value_text(value, names) for name, value in given.items()}
    known |= {f"{name}_like": f"the shape of {text}" for name, text in known.items()}
    outputs = [names[ref.index] for ref in call.outputs]
    known |= dict(zip(operation.outputs or ("out",), outputs, strict=False))
    arriving = [names[gradients[r.index]] for r in call.outputs if r.index in gradients]
    known |= {"g": joined(arriving)} if arriving else {}
    found = []
    for argument, formula in operation.formulas.items():
        wanted = [
            names[ref.index]
            for ref in refs_in(given.get(argument))
            if program.variables[ref.index].requires_grad
        ]
        if not wanted:
            continue
        text = texts.get(argument)
        if text is None and operation.checked:
            # Of ours the name says enough, and the user's own function is short.
            text = _as_body(formula)
        text = text or _as_call(formula)
        symbols = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", text))
        where = [[name, known[name]] for name in symbols if name in known and name != known[name]]
        of = joined([*dict.fromkeys(wanted)])
        found.append({"of": of, "argument": argument, "text": text, "where": where})
    return found


def _as_call(formula: Any) -> str:
    """A formula that is a function with a name, as a call of it; of several, one for each."""
    if not callable(formula):
        return "; ".join(_as_call(each) for each in formula.values())
    name = getattr(formula, "__name__", type(formula).__name__)
    return f"{name.strip('_<>')}({', '.join(reads(formula))})"


def _as_body(formula: Any) -> str | None:
    """What a function with a name does, as its lines; None where they are not known."""
    try:
        source = textwrap.dedent(inspect.getsource(formula))
        tree = ast.parse(source).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    if not isinstance(tree, ast.FunctionDef):
        return None
    told = int(ast.get_docstring(tree) is not None and len(tree.body) > 1)
    first, last = tree.body[told].lineno, tree.end_lineno
    if first == tree.lineno:
        # All of it stands on one line.
        return ast.unparse(ast.Module(tree.body[told:], []))
    lines = textwrap.dedent("\n".join(source.splitlines()[first - 1 : last])).splitlines()
    return "\n".join([*lines[:_LONGEST], *(["…"] if len(lines) > _LONGEST else [])])
