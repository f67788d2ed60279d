"""The page: its data, and the files that it is made of."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

from autograd_np.drawing.notes import COMPLEX, has_complex_gradients
from autograd_np.drawing.shown import INSTALL
from autograd_np.explaining.data import Data
from autograd_np.explaining.explanation import Explanation
from autograd_np.explaining.graph import Graph, graph_of
from autograd_np.explaining.names import page_names
from autograd_np.explaining.steps import REVERSE, Walk
from autograd_np.explaining.subjects import Subject
from autograd_np.program import Program


def page_of(subject: Subject) -> Explanation:
    """The page that walks through a program."""
    program, notes = subject.program, [*subject.notes]
    walk = Walk(program)
    names = page_names(program, walk)
    graph, note = _drawn(program, walk, names)
    notes += [note] if note else []
    if has_complex_gradients(program):
        notes.append(f"{COMPLEX[0].upper()}{COMPLEX[1:]}.")
    count = len(walk.forward)
    data = Data(program, walk, names, graph).all()
    back = sum(step.phase == REVERSE for step in walk.steps)
    summary = f"{subject.title}: {_count(count, 'operation')}, {_count(back, 'step')} back"
    html = filled(
        {
            "title": escape(subject.title),
            "summary": escape(summary.partition(": ")[2]),
            "notes": "".join(f"<p>{escape(note)}</p>" for note in notes),
            "graph": "" if graph is None else graph.svg,
            "data": script_json(data),
        }
    )
    return Explanation(html, summary)


def _drawn(
    program: Program, walk: Walk, names: Mapping[int, str]
) -> tuple[Graph | None, str | None]:
    """The graph if there can be one, and what is to be said of it."""
    count = _count(len(walk.forward), "operation")
    try:
        graph = graph_of(program, walk.forward, names)
    except FileNotFoundError:
        return None, f"{INSTALL} The list takes the graph's place."
    if graph is None:
        return None, f"Graphviz could not lay out {count} in time: the list takes their place."
    if graph.is_folded:
        return graph, f"The graph folds {count} to what can be read: the list has them all."
    return graph, None


def filled(parts: dict[str, str]) -> str:
    """The page with its parts, styles and script in their places."""
    folder = files(__package__) / "static"
    texts = {each.name: each.read_text("utf-8") for each in folder.iterdir()}
    known = {**texts, **parts}
    # All at once: what is filled in is never looked through for places.
    return re.sub(r"\{\{([\w.]+)\}\}", lambda place: known[place[1]], texts["page.html"])


def script_json(data: Any) -> str:
    """Data as JSON that no text in it can break out of a script element.

    Examples
    --------
    >>> len(script_json("<")) == len('"') + len("u003c") + 1 + len('"')
    True
    """
    text = json.dumps(data, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
