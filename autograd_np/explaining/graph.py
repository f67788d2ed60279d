"""The forward pass as a picture whose parts a page can find."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import graphviz

from autograd_np.drawing.build import Builder
from autograd_np.drawing.dot import write
from autograd_np.drawing.folding import fold
from autograd_np.drawing.options import Options
from autograd_np.drawing.picture import FOLDED, Vertex
from autograd_np.drawing.style import GREY
from autograd_np.lowering.rewriting import operands
from autograd_np.program import Call, Program

# Vertices that are drawn one by one: as many as `draw` has by default.
_MOST = 200

# Seconds that dot may take: where most vertices are joined to most, it takes minutes.
_PATIENCE = 10


@dataclass(slots=True)
class Graph:
    """A picture as SVG, and the ids of its elements: one for several things that are folded.

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
    is_folded : bool
    """

    svg: str
    inputs: dict[int, str] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    results: dict[int, str] = field(default_factory=dict)
    edges: list[tuple[str, int, int | None]] = field(default_factory=list)
    is_folded: bool = False


def graph_of(program: Program, forward: Sequence[Call], names: Mapping[int, str]) -> Graph | None:
    """The picture of the forward pass; None where it has too many edges to be laid out in time.

    Parameters
    ----------
    program : Program
    forward : sequence of Call
        Its operations that are drawn.
    names : mapping of int to str
        Of the values, by `Ref.index`.

    Raises
    ------
    FileNotFoundError
        If Graphviz's ``dot`` is not installed.
    """
    # The picture says what the page says.
    known = program.variables.items()
    named = {index: replace(each, name=names.get(index, each.name)) for index, each in known}
    builder = Builder(replace(program, variables=named), list(forward), Options())
    picture = replace(fold(builder.picture, None, _MOST), notes=[])
    ids = {each: vertex.id for vertex in picture.vertices for each in vertex.parts()}
    drawing = graphviz.Digraph(graph_attr={"rankdir": "TB"})
    write(drawing, picture, legend=False)
    svg = _laid_out(drawing.source)
    if svg is None:
        return None
    graph = Graph(_themed(svg, picture.vertices))
    graph.is_folded = any(vertex.role == FOLDED for vertex in picture.vertices)
    made = {ref.index for call in forward for ref in call.outputs}
    graph.inputs = {i: ids[vertex] for i, vertex in builder.made_by.items() if i not in made}
    graph.operations = [ids[builder.made_by[call.outputs[0].index]] for call in forward]
    graph.results = {index: ids[vertex] for index, vertex in builder.results.items()}
    drawn = Counter(f"{edge.tail.id}-{edge.head.id}" for edge in picture.edges)
    graph.edges = [*_edges(graph, forward, drawn)]
    return graph


def _laid_out(source: str) -> str | None:
    # Drawings wait for dot however long it takes.
    try:
        run = subprocess.run(
            ["dot", "-Tsvg"],
            input=source,
            capture_output=True,
            check=True,
            encoding="utf-8",
            timeout=_PATIENCE,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return run.stdout


def _edges(
    graph: Graph, forward: Sequence[Call], drawn: Mapping[str, int]
) -> Iterator[tuple[str, int, int | None]]:
    """What passes along the edges of a picture, in the order in which they were written."""
    made_by = dict(graph.inputs)
    flows: list[tuple[str, int, int | None]] = []
    for number, (head, call) in enumerate(zip(graph.operations, forward, strict=True)):
        flows += ((f"{made_by[ref.index]}-{head}", ref.index, number) for ref in operands(call))
        made_by.update({ref.index: head for ref in call.outputs})
    flows += ((f"{made_by[i]}-{head}", i, None) for i, head in graph.results.items())
    counts: Counter[str] = Counter()
    for id, index, reader in flows:
        counts[id] += 1
        if id in drawn:
            # Parallel edges are numbered; of what is folded there is one for all.
            place = min(counts[id], drawn[id])
            yield id if place == 1 else f"{id}-{place}", index, reader


def _themed(svg: str, vertices: Sequence[Vertex]) -> str:
    """The picture with roles as classes, which the page's styles colour."""
    roles = {vertex.id: vertex.role for vertex in vertices}
    # Names that mean nothing to readers would show under the mouse.
    svg = re.sub(r"<title>[^<]*</title>\n|<!--.*?-->\n", "", svg[svg.index("<svg") :])
    svg = re.sub(
        r'<g id="([^"]*)" class="node">',
        lambda found: f'<g id="{found[1]}" class="node {roles[found[1]]}">',
        svg,
    )
    return re.sub(rf'(<text [^>]*)fill="{GREY}"', r'\1class="soft"', svg)
