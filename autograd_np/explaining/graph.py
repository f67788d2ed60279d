"""The forward pass as a picture whose parts a page can find."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from autograd_np.ancestry.spelling import joined
from autograd_np.drawing.calls import visible
from autograd_np.drawing.facts import type_text
from autograd_np.drawing.settings import settings_of
from autograd_np.listing import role_of
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program, Variable
from autograd_np.recording import Scope
from autograd_np.rules.registry import name_of

# The page's styles colour them.
_SHAPES = {
    "input": "shape=box",
    "parameter": 'shape=box3d, margin="0.16,0.11"',
    "constant": "shape=note",
    "operation": "shape=box, style=rounded",
    "result": "shape=box, peripheries=2",
}

# Results of one operation that are named.
_OUTPUTS = 4


@dataclass(slots=True)
class Graph:
    """A picture as SVG, and the ids of its elements.

    Attributes
    ----------
    svg : str
    inputs : dict of int to str
        By `Ref.index`.
    operations : list of str
        By the number of the operation.
    results : dict of int to str
        By `Ref.index`.
    edges : list of (str, int, int or None)
        The id, the value that passes, and the operation that reads it; None for a result.
    """

    svg: str
    inputs: dict[int, str] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    results: dict[int, str] = field(default_factory=dict)
    edges: list[tuple[str, int, int | None]] = field(default_factory=list)


def graph_of(program: Program, forward: Sequence[Call], names: Mapping[int, str]) -> Graph | None:
    """The picture of the forward pass; None where Graphviz's ``dot`` cannot be run.

    Parameters
    ----------
    program : Program
    forward : sequence of Call
        Its operations that are drawn.
    names : mapping of int to str
        Of the values, by `Ref.index`.
    """
    import graphviz

    graph = Graph("")
    lines = [
        "digraph {",
        'graph [rankdir=TB, nodesep=0.25, ranksep=0.42, fontname="Helvetica", fontsize=11]',
        'node [fontname="Helvetica", fontsize=12, height=0.3, margin="0.12,0.06"]',
        'edge [fontname="Helvetica", fontsize=10, arrowsize=0.7]',
        *_vertices(graph, program, forward, names),
        *_edges(graph, program, forward),
        "}",
    ]
    source = graphviz.Source("\n".join(lines))
    try:
        text = source.pipe(format="svg", encoding="utf-8")
    except graphviz.ExecutableNotFound:
        return None
    # Names that mean nothing to readers would show under the mouse.
    graph.svg = re.sub(r"<title>[^<]*</title>\n|<!--.*?-->\n", "", text[text.index("<svg") :])
    return graph


def _vertices(
    graph: Graph, program: Program, forward: Sequence[Call], names: Mapping[int, str]
) -> Iterator[str]:
    read = {ref.index for call in forward for ref in operands(call)}
    outputs = dict.fromkeys(ref.index for ref in program.outputs)
    for ref in program.inputs:
        if ref.index in read or ref.index in outputs:
            id = graph.inputs[ref.index] = f"in{len(graph.inputs)}"
            variable = program.variables[ref.index]
            label = f"{names[ref.index]}\n{_type(variable)}"
            yield _vertex(id, label, role_of(variable))
    # Calls of one scope follow each other, but for those of the scopes within.
    open_scopes: list[Scope] = []
    numbers: dict[Scope, int] = {}
    for number, call in enumerate(forward):
        around = [] if call.scope is None else [*call.scope.outwards()][::-1]
        while open_scopes != around[: len(open_scopes)]:
            open_scopes.pop()
            yield "}"
        for scope in around[len(open_scopes) :]:
            open_scopes.append(scope)
            # One that was left and is entered again keeps its number, and so stays one box.
            yield f"subgraph cluster_{numbers.setdefault(scope, len(numbers))} {{"
            title = _quoted(f"{scope.name}  {scope.kind}".strip())
            yield f'graph [label={title}, class="module", labeljust=l, margin=8, style=rounded]'
        graph.operations.append(f"op{number}")
        made = joined([names[index] for index in visible(call)], _OUTPUTS)
        settings = "".join(f"\n{text}" for text in settings_of(call))
        label = f"{made} = {name_of(call.function)}{settings}"
        yield _vertex(f"op{number}", label, "operation")
    yield from "}" * len(open_scopes)
    for index in outputs:
        if index not in graph.inputs:
            id = graph.results[index] = f"out{len(graph.results)}"
            label = f"{names[index]}\n{_type(program.variables[index])}"
            yield _vertex(id, label, "result")


def _edges(graph: Graph, program: Program, forward: Sequence[Call]) -> Iterator[str]:
    made_by = dict(graph.inputs)
    for number, call in enumerate(forward):
        for ref in operands(call):
            yield _edge(graph, made_by[ref.index], f"op{number}", program, ref.index, number)
        made_by.update({ref.index: f"op{number}" for ref in call.outputs})
    for index, id in graph.results.items():
        yield _edge(graph, made_by[index], id, program, index, None)


def _edge(
    graph: Graph, tail: str, head: str, program: Program, index: int, number: int | None
) -> str:
    id = f"e{len(graph.edges)}"
    graph.edges.append((id, index, number))
    label = "" if tail.startswith("in") else _type(program.variables[index])
    return f'{tail} -> {head} [id={id}, class="edge", label={_quoted(f"  {label}")}]'


def _vertex(id: str, label: str, role: str) -> str:
    return f'{id} [id={id}, class="{role}", label={_quoted(label)}, {_SHAPES[role]}]'


def _type(variable: Variable) -> str:
    return type_text(variable.dtype, variable.shape)


def _quoted(text: str) -> str:
    """A text as a label of DOT: nothing in it means anything."""
    # Neither DOT nor XML has control characters or halves of characters.
    text = re.sub(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", "\ufffd", text)
    # Graphviz reads the entities of HTML.
    text = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n") + '"'
