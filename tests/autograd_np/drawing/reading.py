"""Reads pictures: the DOT text as vertices and edges, and the SVG that Graphviz makes of it."""

import html
import re
import shutil
from dataclasses import dataclass
from xml.etree import ElementTree

import pytest

# A name, `->` and a name, or a name alone; then attributes.
_STATEMENT = re.compile(r"\t+(\w+)(?: -> (\w+))? \[(.*)\]$", re.DOTALL)
_ATTRIBUTE = re.compile(
    r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|<((?:[^<>]|<[^<>]*>)*)>|([\w.]+))', re.DOTALL
)
_SVG = "{http://www.w3.org/2000/svg}"

needs_dot = pytest.mark.skipif(
    shutil.which("dot") is None, reason="Graphviz's program `dot` is not installed"
)


@dataclass
class Item:
    """A vertex, or an edge, with its attributes as they stand in the text."""

    tail: str
    head: str | None
    attributes: dict[str, str]

    @property
    def lines(self):
        """The lines of the label as people read them."""
        text = re.sub(r"<BR[^>]*>", "\n", self.attributes.get("label", ""))
        text = html.unescape(re.sub(r"<[^>]*>", "", text)).replace("\\\\", "\\")
        return [line.strip("\N{NO-BREAK SPACE}") for line in text.split("\n")]

    @property
    def is_red(self):
        return self.attributes.get("color") == "#d00000"


@dataclass
class Read:
    """What a DOT text holds.

    Attributes
    ----------
    vertices : dict of str to Item, by id
    edges : list of Item, without those that are not seen
    boxes : dict of str to list of str, the titles of the boxes around each vertex
    """

    vertices: dict[str, Item]
    edges: list[Item]
    boxes: dict[str, list[str]]

    def only(self, prefix):
        """The vertices whose id is the prefix and a number, in order of the numbers."""
        found = [id for id in self.vertices if re.fullmatch(rf"{prefix}\d+", id)]
        return [self.vertices[id] for id in sorted(found, key=lambda id: int(id[1:]))]

    def titled(self, title):
        """The one vertex whose first line is, or ends in, a title."""
        (found,) = (v for v in self.vertices.values() if v.lines[0].split(" = ")[-1] == title)
        return found

    def between(self, tail, head):
        return [edge for edge in self.edges if (edge.tail, edge.head) == (tail, head)]


def read(drawing):
    """The vertices and edges of a picture; fails where the text is not as expected."""
    vertices, edges, boxes, open_boxes = {}, [], {}, []
    for statement in _statements(drawing.source):
        found = _STATEMENT.match(statement)
        stripped = statement.strip()
        if stripped.startswith("subgraph"):
            open_boxes.append("")
        elif stripped == "}":
            if open_boxes:
                open_boxes.pop()
        elif found is None:
            assert re.match(r"digraph \{|\{ rank=same \w+ \w+ \}$|\w+=", stripped), stripped
        elif found[1] in ("graph", "node", "edge"):
            if found[1] == "graph" and open_boxes:
                open_boxes[-1] = Item("", None, _attributes(found[3])).lines[0]
        else:
            item = Item(found[1], found[2], _attributes(found[3]))
            if item.head is not None:
                edges += [item] if item.attributes.get("style") != "invis" else []
            else:
                assert item.tail not in vertices
                vertices[item.tail] = item
                boxes[item.tail] = list(open_boxes)
    return Read(vertices, edges, boxes)


def _statements(source):
    """The lines of a text, those that go on within quotes as one."""
    statement = ""
    for line in source.splitlines():
        statement = f"{statement}\n{line}" if statement else line
        if len(re.findall(r'(?<!\\)(?:\\\\)*"', statement)) % 2 == 0:
            yield statement
            statement = ""
    assert not statement


def _attributes(text):
    found = {
        m[1]: next(g for g in m.groups()[1:] if g is not None) for m in _ATTRIBUTE.finditer(text)
    }
    assert not _ATTRIBUTE.sub("", text).strip(), text
    return found


def svg(drawing):
    """The texts of each element with an id, as Graphviz's SVG shows them; skips without `dot`."""
    return {id: texts for id, (texts, _) in _elements(drawing).items()}


def tooltips(drawing):
    """What browsers show when the mouse rests on an element, by its id."""
    return {id: tip for id, (_, tip) in _elements(drawing).items() if tip is not None}


def _elements(drawing):
    if shutil.which("dot") is None:
        pytest.skip("Graphviz's program `dot` is not installed")
    tree = ElementTree.fromstring(drawing.pipe(format="svg"))
    found = {}
    for group in tree.iter(f"{_SVG}g"):
        if group.get("class") in ("node", "edge", "cluster", "graph"):
            texts = ["".join(t.itertext()) for t in group.iter(f"{_SVG}text")]
            links = [a.get("{http://www.w3.org/1999/xlink}title") for a in group.iter(f"{_SVG}a")]
            assert group.get("id") not in found, "ids are used once"
            found[group.get("id")] = texts, next(iter(links), None)
    return found
