"""`draw`: the public function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_np.ancestry import program_of
from autograd_np.frames import user_frame
from autograd_np.program import Program

if TYPE_CHECKING:
    from autograd_np.drawing.shown import Drawing


def draw(
    *tensors: Any,
    backward: bool = False,
    values: bool = False,
    gradients: bool = False,
    norms: bool = False,
    memory: bool = False,
    time: bool = False,
    depth: int | None = None,
    max_nodes: int | None = 200,
    rankdir: str = "TB",
    legend: bool = True,
) -> Drawing:
    """The graph that Tensors were computed by, as a `graphviz.Digraph`.

    Parameters
    ----------
    *tensors : Tensor
        Results of operations, such as a loss; or one `Program`. What was computed under `record`
        is shown whole, with modules as boxes; without, structure, shapes and dtypes are.
    backward : bool
        Lay the reverse pass beside: for each operation its rule, with the formula, for each value
        its gradient. Where none was recorded it is run; `grad` and the graph stay as they are.
    values, gradients, norms : bool
        Show values, gradients (each abbreviated) and Euclidean norms, as far as they are known.
    memory : bool
        Show how many bytes each operation keeps for the reverse pass: an array is counted where it
        is first kept, and parameters are not counted.
    time : bool
        Show how long each operation, and each rule, took when it was recorded.
    depth : int, optional
        Fold modules that lie in as many others into one vertex each: 0 folds the outermost.
    max_nodes : int or None
        Fold what would have more vertices, and say so: modules, as few as will do, then inputs of
        the same operations, then operations in the middle. None folds nothing by itself.
    rankdir : {"TB", "LR", "BT", "RL"}
        Direction of the forward pass.
    legend : bool
        Explain the shapes and colours.

    Returns
    -------
    graphviz.Digraph
        Shown by itself in a notebook; ``.render("name", format="png")`` writes a file (with
        Graphviz's ``dot`` program installed), ``.source`` is the text.

    Raises
    ------
    TypeError
        If something else than a Tensor is given, or a Tensor that nothing was recorded for.
    ValueError
        If `depth`, `max_nodes` or `rankdir` is none of those above.
    RuntimeError
        With `backward`, if an earlier reverse pass has freed the graph.

    Notes
    -----
    Where NaN or inf is known to arise it is told, and what is not finite is red from there on.

    In SVG each element has an id that is the same whenever the same computation is drawn: ``i1``
    and so on for inputs, ``n1`` for operations in the order in which they ran, ``r1`` for results,
    ``g1`` for rules and ``d1`` for gradients; ``n1-n2`` for the edge between two.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> picture = ag.draw((w * w).sum())
    >>> "multiply" in picture.source
    True
    """
    from autograd_np.drawing.build import Builder
    from autograd_np.drawing.calls import before_gradients, leading_to
    from autograd_np.drawing.dot import write
    from autograd_np.drawing.folding import fold
    from autograd_np.drawing.notes import note_on_faults
    from autograd_np.drawing.options import Options, check_direction, check_size
    from autograd_np.drawing.reverse import add_reverse
    from autograd_np.drawing.shown import Drawing

    check_direction(rankdir)
    check_size("depth", depth, 0)
    check_size("max_nodes", max_nodes, 1)
    if len(tensors) == 1 and isinstance(tensors[0], Program):
        program = tensors[0]
        calls, roots = before_gradients(program) if backward else program.calls, ()
    else:
        program = program_of(tensors, user_frame(), "draw", backward)
        calls = leading_to((ref.index for ref in program.outputs), program.calls)
        roots = tuple(tensor._node for tensor in tensors)
    options = Options(backward, values, gradients, norms, memory, time)
    builder = Builder(program, calls, options, roots)
    if backward:
        add_reverse(builder)
    builder.picture.notes += note_on_faults(builder.picture)
    picture = fold(builder.picture, depth, max_nodes)
    drawing = Drawing(graph_attr={"rankdir": rankdir})
    drawing.program = program
    write(drawing, picture, legend)
    return drawing
