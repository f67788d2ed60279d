"""What a picture is made of, before anything is written: vertices, edges and boxes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

# What a vertex stands for.
INPUT: Final = "input"
PARAMETER: Final = "parameter"
CONSTANT: Final = "constant"
OPERATION: Final = "operation"
RESULT: Final = "result"
FOLDED: Final = "folded"
RULE: Final = "rule"
GRADIENT: Final = "gradient"

# What nothing is computed for: it is given, or it is where a gradient ends.
LEAVES: Final = (INPUT, PARAMETER, CONSTANT, GRADIENT)

# What an edge stands for: a value, a gradient (from tail to head, drawn against the arrow), or
# that a rule belongs to an operation.
VALUE: Final = "value"
FLOW: Final = "flow"
TIE: Final = "tie"


@dataclass(slots=True, eq=False)
class Box:
    """One call of a module, or another named scope.

    Attributes
    ----------
    title : str
    path : str
        The names from the outermost scope inwards.
    kind : str
        The type of the module; empty for other scopes.
    outer : Box or None
    """

    title: str
    path: str
    kind: str = ""
    outer: Box | None = None

    def outwards(self) -> Iterator[Box]:
        """Yield the box itself and those around it."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.outer

    @property
    def depth(self) -> int:
        """How many boxes there are around it."""
        return sum(1 for _ in self.outwards()) - 1


@dataclass(slots=True, eq=False)
class Vertex:
    """A value from outside, an operation, a rule, a result, or many of these folded into one.

    Attributes
    ----------
    id : str
        The same each time the same computation is drawn.
    role : str
    title : str
        What it does or is called.
    made : str
        The names of what it makes.
    settings : list of str
    facts : list of str
        Values, norms, bytes and times, a line each.
    box : Box or None
        The innermost around it.
    tip : str
        Shown by browsers when the mouse rests on it.
    fault : str
        What is not finite that was made here from what was finite; empty otherwise.
    reached : bool
        Whether what it makes is not finite.
    inside : list of Vertex
        Those that are folded into it.
    """

    id: str
    role: str
    title: str
    made: str = ""
    settings: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)
    box: Box | None = None
    tip: str = ""
    fault: str = ""
    reached: bool = False
    inside: list[Vertex] = field(default_factory=list)

    def parts(self) -> Iterator[Vertex]:
        """Yield all that is folded into it, however deep; itself where nothing is."""
        pending = [self]
        while pending:
            vertex = pending.pop()
            pending += vertex.inside[::-1]
            if not vertex.inside:
                yield vertex


@dataclass(slots=True, eq=False)
class Edge:
    """What passes from one vertex to another.

    Attributes
    ----------
    tail, head : Vertex
        For a gradient the value's, too, so that it lies beside: it flows from head to tail.
    label : str
        Dtype and shape.
    kind : str
    reached : bool
        Whether what passes is not finite.
    """

    tail: Vertex
    head: Vertex
    label: str = ""
    kind: str = VALUE
    reached: bool = False


@dataclass(slots=True, eq=False)
class Picture:
    """Vertices and edges in the order in which operations ran, and what is to be said below."""

    vertices: list[Vertex] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
