"""A graph of operations as Graphviz DOT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_np.graph import Leaf, Node, ancestors
from autograd_np.handle import Handle

if TYPE_CHECKING:
    import graphviz

# Okabe and Ito's palette, lightened: told apart by colour-blind readers too.
_PARAMETER = {"shape": "box", "style": "rounded,filled", "fillcolor": "#cfe8f5"}
_OPERATION = {"shape": "ellipse", "style": "filled", "fillcolor": "#f7f7f7"}
_RESULT = {"shape": "box", "style": "filled", "fillcolor": "#fbe3c0"}


def draw(*tensors: Any) -> graphviz.Digraph:
    """The graph that Tensors were computed by, as a `graphviz.Digraph`.

    Parameters
    ----------
    *tensors : Tensor
        Results of operations, such as a loss.

    Returns
    -------
    graphviz.Digraph
        Shown by itself in a notebook; ``.render("name", format="png")`` writes a file (with
        Graphviz's ``dot`` program installed), ``.source`` is the text.

    Raises
    ------
    TypeError
        If something else than a Tensor is given, or a Tensor that nothing was recorded for.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> picture = ag.draw((w * w).sum())
    >>> "multiply" in picture.source
    True
    """
    import graphviz

    roots = [_root(tensor) for tensor in tensors]
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR"},
        node_attr={"fontname": "Helvetica", "fontsize": "11", "color": "#555555"},
        edge_attr={"fontname": "Helvetica", "fontsize": "9", "color": "#555555"},
    )
    names: dict[Node, str] = {}
    for number, node in enumerate(ancestors(*roots)):
        names[node] = f"n{number}"
        style = _PARAMETER if isinstance(node, Leaf) else _OPERATION
        graph.node(
            names[node],
            label=graphviz.escape(_label(node, node in roots)).replace("\n", "\\n"),
            **(_RESULT if node in roots else style),
        )
        for parent in node.parents:
            label = "" if isinstance(parent, Leaf) or parent.shape is None else str(parent.shape)
            graph.edge(names[parent], names[node], **({"label": label} if label else {}))
    return graph


def _label(node: Node, root: bool) -> str:
    title = node.name or ("parameter" if isinstance(node, Leaf) else node.operation)
    if isinstance(node, Leaf) or root:
        return f"{title}\n{node.dtype} {node.shape}"
    return title


def _root(tensor: Any) -> Node:
    if not isinstance(tensor, Handle):
        raise TypeError(
            f"draw() shows what Tensors were computed by, and was given a "
            f"{type(tensor).__name__}. Write ag.draw(loss), with a loss computed from Tensors."
        )
    node = tensor._node
    if node is None or not node.requires_grad:
        raise TypeError(
            "nothing was recorded for this Tensor, so there is no graph to draw. Compute it from "
            "ag.Tensor(value, requires_grad=True), outside ag.no_grad()."
        )
    return node
