"""Many vertices as one: modules to a depth, and what is too much to look at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import replace

from autograd_np.drawing.picture import (
    CONSTANT,
    FOLDED,
    INPUT,
    LEAVES,
    OPERATION,
    PARAMETER,
    TIE,
    Box,
    Edge,
    Picture,
    Vertex,
)

# Labels of edges that were many.
_SHOWN = 3


def fold(picture: Picture, depth: int | None, max_nodes: int | None) -> Picture:
    """The picture with modules at `depth` folded, and with no more than `max_nodes` vertices.

    Parameters
    ----------
    depth : int or None
        How many boxes may stand around a folded one; None folds as little as `max_nodes` asks.
    max_nodes : int or None
    """
    count = len(picture.vertices)
    if depth is not None:
        picture = _folded_to(picture, depth)
    elif max_nodes is not None and count > max_nodes:
        deepest = max((v.box.depth for v in picture.vertices if v.box is not None), default=-1)
        for depth in range(deepest, -1, -1):
            folded = _folded_to(picture, depth)
            if len(folded.vertices) <= max_nodes or depth == 0:
                say = f"{count:,} vertices: modules are folded at depth {depth}"
                hint = f"draw(..., depth={depth + 1}, max_nodes=None) shows more"
                picture = replace(folded, notes=[*folded.notes, f"{say}; {hint}"])
                break
    for fewer in (_with_leaves_together, _without_middle):
        if max_nodes is not None and len(picture.vertices) > max_nodes:
            picture = fewer(picture, max_nodes)
    return picture


def _folded_to(picture: Picture, depth: int) -> Picture:
    """The picture with each box that has `depth` boxes around it as one vertex."""

    def group(vertex: Vertex) -> Box | None:
        around = [] if vertex.box is None else [*vertex.box.outwards()][::-1]
        return around[depth] if len(around) > depth else None

    return _grouped(picture, group, _module, "f")


def _module(box: Hashable, inside: list[Vertex], id: str) -> Vertex:
    assert isinstance(box, Box)
    operations = sum(vertex.role == OPERATION for vertex in inside)
    parameters = sum(vertex.role == PARAMETER for vertex in inside)
    settings = [_counted(operations, "operation")]
    settings += [_counted(parameters, "parameter")] if parameters else []
    title = f"{box.path} {box.kind}".strip()
    return Vertex(id, FOLDED, title, settings=settings, box=box.outer)


def _with_leaves_together(picture: Picture, max_nodes: int) -> Picture:
    """The picture with leaves of one kind that belong to the same operations as one vertex."""
    others: dict[Vertex, list[Vertex]] = {}
    for edge in picture.edges:
        others.setdefault(edge.tail, []).append(edge.head)
    keys = {
        vertex: (vertex.role, vertex.box, tuple(dict.fromkeys(others.get(vertex, ()))))
        for vertex in picture.vertices
        if vertex.role in LEAVES
    }
    alike = Counter(keys.values())
    many = {vertex: key for vertex, key in keys.items() if alike[key] > _SHOWN}
    if not many:
        return picture
    picture = _grouped(picture, many.get, _leaves, "l")
    say = f"{len(many):,} values that the same operations read are folded"
    return replace(picture, notes=[*picture.notes, f"{say}: draw(..., max_nodes=None) shows all"])


def _leaves(_: Hashable, inside: list[Vertex], id: str) -> Vertex:
    return Vertex(id, FOLDED, _counted(len(inside), inside[0].role), box=inside[0].box)


def _without_middle(picture: Picture, max_nodes: int) -> Picture:
    """The picture with what lies in the middle as one vertex, and what only that reads."""
    steps = [vertex for vertex in picture.vertices if vertex.id[0] in "nf"]
    rules = {edge.tail: edge.head for edge in picture.edges if edge.kind == TIE}
    others: dict[Vertex, set[Vertex]] = {}
    for edge in picture.edges:
        if edge.tail.role in LEAVES:
            others.setdefault(edge.tail, set()).add(edge.head)
    ends = max(1, max_nodes // 6)
    while True:
        middle = set(steps[ends:-ends])
        folded = middle | {rules[each] for each in middle if each in rules}
        folded |= {leaf for leaf, heads in others.items() if heads <= folded}
        if ends == 1 or len(picture.vertices) - len(folded) < max_nodes:
            break
        ends = ends * 3 // 4
    if len(middle) < 2:
        return picture
    picture = _grouped(picture, lambda v: True if v in folded else None, _middle, "m")
    operations = [part for vertex in middle for part in vertex.parts() if part.role == OPERATION]
    say = f"{_counted(len(operations), 'operation')} in the middle are folded"
    note = f"{say}: draw(..., max_nodes=None) shows all"
    return replace(picture, notes=[*picture.notes, note])


def _middle(_: Hashable, inside: list[Vertex], id: str) -> Vertex:
    parts = [part for vertex in inside for part in vertex.parts()]
    operations = [part.title for part in parts if part.role == OPERATION]
    common = Counter(operations).most_common(_SHOWN + 1)
    settings = [f"{title}: {count:,}" for title, count in common[:_SHOWN]]
    settings += ["…"] if len(common) > _SHOWN else []
    inputs = sum(part.role in (INPUT, PARAMETER, CONSTANT) for part in parts)
    settings += [_counted(inputs, "input")] if inputs else []
    return Vertex(id, FOLDED, _counted(len(operations), "operation"), settings=settings)


def _grouped(
    picture: Picture,
    group: Callable[[Vertex], Hashable | None],
    make: Callable[[Hashable, list[Vertex], str], Vertex],
    prefix: str,
) -> Picture:
    """The picture with one vertex for those of each group; None is no group."""
    # What is folded stands where the first of its operations did.
    ordered = sorted(picture.vertices, key=lambda vertex: vertex.role in LEAVES)
    inside: dict[Hashable, list[Vertex]] = {}
    for vertex in ordered:
        key = group(vertex)
        if key is not None:
            inside.setdefault(key, []).append(vertex)
    instead: dict[Vertex, Vertex] = {}
    for number, (key, vertices) in enumerate(inside.items(), 1):
        folded = make(key, vertices, f"{prefix}{number}")
        folded.inside = vertices
        folded.reached = any(vertex.reached for vertex in vertices)
        folded.fault = next((v.fault for v in vertices if v.fault), "")
        instead.update(dict.fromkeys(vertices, folded))
    vertices = list(dict.fromkeys(instead.get(vertex, vertex) for vertex in ordered))
    return Picture(vertices, _edges(picture, instead), list(picture.notes))


def _edges(picture: Picture, instead: dict[Vertex, Vertex]) -> list[Edge]:
    """The edges between what is left, one for all that are alike."""
    kept: list[Edge] = []
    merged: dict[tuple[Vertex, Vertex, str], tuple[Edge, list[str]]] = {}
    for edge in picture.edges:
        tail, head = instead.get(edge.tail, edge.tail), instead.get(edge.head, edge.head)
        if tail is head:
            continue
        if tail is edge.tail and head is edge.head:
            kept.append(edge)
            continue
        key = (tail, head, edge.kind)
        if key not in merged:
            merged[key] = replace(edge, tail=tail, head=head), []
            kept.append(merged[key][0])
        one, labels = merged[key]
        one.reached = one.reached or edge.reached
        labels.append(edge.label)
    for one, labels in merged.values():
        unique = list(dict.fromkeys(label for label in labels if label))
        one.label = "\n".join(unique[:_SHOWN])
        if len(unique) > _SHOWN:
            one.label += f"\n… {len(unique) - _SHOWN:,} more"
    return kept


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
