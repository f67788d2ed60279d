"""Pictures in Graphviz's language."""

from __future__ import annotations

import html
import itertools
import unicodedata
from collections import Counter
from typing import Any

import graphviz

from autograd_np.drawing.picture import (
    FOLDED,
    LEAVES,
    OPERATION,
    RESULT,
    RULE,
    TIE,
    Box,
    Edge,
    Picture,
    Vertex,
)
from autograd_np.drawing.style import (
    BOX,
    EDGE,
    EDGES,
    FAULT,
    FAULTY,
    GRAPH,
    GREY,
    LEGEND,
    LEGEND_WIDTH,
    NODE,
    RED,
    SAMPLE,
    VERTICES,
)

Graph = Any


def write(graph: Graph, picture: Picture, legend: bool) -> None:
    """Write a picture into a `graphviz.Digraph`.

    Parameters
    ----------
    graph : graphviz.Digraph
    picture : Picture
    legend : bool
        Explain the shapes and colours that occur.
    """
    graph.attr("graph", **GRAPH)
    graph.attr("node", **NODE)
    graph.attr("edge", **EDGE)
    if picture.notes:
        lines = "".join(f'{_text(note)}<BR ALIGN="LEFT"/>' for note in picture.notes)
        note = f'<<FONT POINT-SIZE="10" COLOR="{GREY}">{lines}</FONT>>'
        graph.attr("graph", label=note, labeljust="l", labelloc="b")
    _write_boxes(graph, picture)
    ids: Counter[str] = Counter()
    for edge in picture.edges:
        id = f"{edge.tail.id}-{edge.head.id}"
        ids[id] += 1
        id = id if ids[id] == 1 else f"{id}-{ids[id]}"
        graph.edge(edge.tail.id, edge.head.id, id=id, **_edge(edge))
    if legend and picture.vertices:
        _write_legend(graph, picture)


def _write_boxes(graph: Graph, picture: Picture) -> None:
    """The vertices, each within its boxes; without recursion, as boxes may nest deeply."""
    numbers = itertools.count(1)
    inside: dict[Box | None, list[Vertex | Box]] = {None: []}
    # Leaves shall stand as operations take them: upright, what is written last is laid out first.
    leaves = [vertex for vertex in picture.vertices if vertex.role in LEAVES]
    others = [vertex for vertex in picture.vertices if vertex.role not in LEAVES]
    if graph.graph_attr.get("rankdir") in ("TB", "BT"):
        leaves.reverse()
    for vertex in (*leaves, *others):
        for box in [*(() if vertex.box is None else vertex.box.outwards())][::-1]:
            if box not in inside:
                inside[box] = []
                inside[box.outer].append(box)
        inside[vertex.box].append(vertex)
    # An operation and its rule lie side by side.
    beside = {edge.head: edge.tail for edge in picture.edges if edge.kind == TIE}
    # What is left to write in each box that was begun, the innermost last.
    open_boxes = [iter(inside[None])]
    while open_boxes:
        item = next(open_boxes[-1], None)
        if item is None:
            open_boxes.pop()
            if open_boxes:
                graph.body.append("\t" * len(open_boxes) + "}\n")
        elif isinstance(item, Vertex):
            graph.node(item.id, **_vertex(item))
            if item in beside:
                graph.body.append(f"\t{{ rank=same {beside[item].id} {item.id} }}\n")
        else:
            indent = "\t" * len(open_boxes)
            attributes = " ".join(f'{name}="{value}"' for name, value in BOX.items())
            graph.body.append(f"{indent}subgraph cluster_{next(numbers)} {{\n")
            graph.body.append(f"{indent}\tgraph [label=<{_text(item.title)}> {attributes}]\n")
            open_boxes.append(iter(inside[item]))


def _vertex(vertex: Vertex) -> dict[str, str]:
    style = dict(VERTICES[vertex.role])
    if vertex.reached or vertex.fault:
        style |= FAULT
    if vertex.tip:
        style["tooltip"] = _tooltip(vertex.tip)
    return {"label": _label(vertex), "id": vertex.id, **style}


def _label(vertex: Vertex) -> str:
    made = f'<FONT COLOR="{GREY}">{_text(vertex.made)} = </FONT>' if vertex.made else ""
    lines = [f"{made}<B>{_text(vertex.title)}</B>"]
    small = '<FONT POINT-SIZE="9">{}</FONT>'
    lines += [small.format(_text(each)) for each in vertex.settings]
    lines += [f'<FONT POINT-SIZE="9" COLOR="{GREY}">{_text(each)}</FONT>' for each in vertex.facts]
    if vertex.fault:
        verb = "enters" if vertex.role in LEAVES else "arises"
        lines.append(f'<FONT COLOR="{RED}"><B>{vertex.fault} {verb} here</B></FONT>')
    return f"<{'<BR/>'.join(lines)}>"


def _edge(edge: Edge) -> dict[str, str]:
    style = dict(EDGES[edge.kind])
    if edge.label:
        # The space keeps it off the line.
        lines = [f"&#160;{_text(line)}" for line in edge.label.splitlines()]
        style["label"] = f"<{'<BR/>'.join(lines)}>"
    if edge.reached:
        style |= {**FAULT, "fontcolor": RED}
    if edge.tail.role in (OPERATION, FOLDED, RULE):
        # What flows through stands in a column, and what joins it at the side.
        style["weight"] = "8"
    if edge.kind != TIE and edge.head.box is not None and edge.tail.box is not edge.head.box:
        # Boxes that share a rank would have to stand side by side.
        style["minlen"] = "2"
    return style


def _write_legend(graph: Graph, picture: Picture) -> None:
    """Rows of samples below the picture."""
    roles = [role for role in LEGEND if any(vertex.role == role for vertex in picture.vertices)]
    samples = [(f"legend_{role}", LEGEND[role], VERTICES[role]) for role in roles]
    if any(vertex.reached or vertex.fault for vertex in picture.vertices):
        samples.append(("legend_fault", "NaN or inf", FAULTY))
    with graph.subgraph(name="cluster_legend") as legend:
        legend.attr(label="legend", **BOX)
        for key, label, style in samples:
            legend.node(key, label=label, **(style | SAMPLE))
        keys = [key for key, _, _ in samples]
        for above, below in zip(keys, keys[LEGEND_WIDTH:], strict=False):
            legend.edge(above, below, style="invis")
    last = next((v for v in picture.vertices if v.role == RESULT), picture.vertices[-1])
    for key in keys[:LEGEND_WIDTH]:
        graph.edge(last.id, key, style="invis", weight="0")


def _tooltip(text: str) -> str:
    """Text as it may stand in a tooltip: a string of DOT in which `&lt;` means something."""
    lines = [html.escape(_plain(line), quote=False) for line in text.splitlines()]
    # Graphviz takes off two layers of backslashes here, and one elsewhere.
    return str(graphviz.escape("\n".join(lines).replace("\\", "\\\\")))


def _text(text: str) -> str:
    """Text as it may stand in an HTML-like label; backslashes mean something there, too."""
    return html.escape(_plain(text)).replace("\\", "\\\\") or "&#160;"


def _plain(text: str) -> str:
    """Text without what is no character of XML."""
    shown = ("\N{REPLACEMENT CHARACTER}" if _is_control(each) else each for each in text)
    return "".join(shown)


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn")
