"""Tensors as programs: the checks, and the way there."""

from __future__ import annotations

from types import FrameType
from typing import Any

import numpy as np

from autograd_np.ancestry.gathering import Gathering
from autograd_np.ancestry.holders import held, is_module, variables_seen
from autograd_np.ancestry.labels import label, with_named_arrays
from autograd_np.frames import user_frame
from autograd_np.graph import Node, RecordedNode
from autograd_np.handle import Handle
from autograd_np.program import Program


def trace(*tensors: Any) -> Program:
    """The operations that Tensors were computed by; printed, one line for each.

    Parameters
    ----------
    *tensors : Tensor
        Results of operations, such as a loss.

    Returns
    -------
    Program
        Values are named as the user names them, else by the variables that hold them where `trace`
        is called, else by short numbers. What was recorded under `record` has values, settings
        and lines; what was not has the structure, shapes, dtypes, and the settings that rules read.

    Raises
    ------
    TypeError
        If something else than a Tensor is given, or a Tensor that nothing was recorded for.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True)
    >>> points = np.ones((3, 2))
    >>> loss = np.sum(np.tanh(points @ w), axis=0)
    >>> print(ag.trace(loss))
    points  float64[3,2]  constant
    w       float64[2]    parameter
    t1      float64[3]    matmul(points, w)
    t2      float64[3]    tanh(t1)
    loss    float64[]     sum(t2, axis=0)
    (values, all settings and lines: compute it under `with ag.record():`)
    """
    return program_of(tensors, user_frame(), "trace")


def program_of(
    tensors: tuple[Any, ...], frame: FrameType | None, user: str, backward: bool = False
) -> Program:
    """The program whose outputs are the given Tensors.

    Parameters
    ----------
    tensors : tuple of Tensor
    frame : frame or None
        Whose variables give names to values that have none.
    user : str
        The function of `autograd_np` that was called, for messages.
    backward : bool
        Take in the reverse passes from these Tensors: those that were recorded, else a new one.
    """
    if not tensors:
        raise TypeError(
            f"{user}() shows what Tensors were computed by, and was given none. Write "
            f"ag.{user}(loss), with a loss computed from Tensors."
        )
    roots = [(checked(tensor, user), tensor._value) for tensor in tensors]
    program = Gathering(roots, backward).program()
    places = [*held(variables_seen(frame))]
    label(program, places)
    return with_named_arrays(program, places)


def checked(tensor: Any, user: str) -> Node:
    """The node of a Tensor that something was recorded for.

    Raises
    ------
    TypeError
        Naming what to pass instead.
    """
    if not isinstance(tensor, Handle):
        raise TypeError(_advice(tensor, user))
    node = tensor._node
    if node is None or not (node.requires_grad or isinstance(node, RecordedNode)):
        raise TypeError(
            "nothing was recorded for this Tensor, so there is no graph to show. Compute it from "
            "ag.Tensor(value, requires_grad=True), outside ag.no_grad(), or under "
            "`with ag.record():`."
        )
    return node


def _advice(value: Any, user: str) -> str:
    given = f"{user}() shows what Tensors were computed by, and was given "
    if isinstance(value, type):
        return (
            f"{given}the class {value.__name__}. Make one, compute a loss with it, and write "
            f"ag.{user}(loss)."
        )
    if isinstance(value, Program):
        return (
            f"{given}a Program, which is such a computation itself. Write print(program), or "
            f"ag.draw(program) without other arguments."
        )
    if is_module(value):
        write = "model.draw(x)" if user == "draw" else f"ag.{user}(model(x))"
        return f"{given}the module {type(value).__name__}. Write {write}, with an input x."
    if isinstance(value, (list, tuple)):
        return f"{given}a {type(value).__name__}. Write ag.{user}(*tensors), one argument for each."
    if isinstance(value, np.ndarray):
        return (
            f"{given}an array, which knows nothing of where it is from. Write "
            f"x = ag.Tensor(array, requires_grad=True), and ag.{user}(loss) of a loss computed "
            f"from x."
        )
    if callable(value):
        name = getattr(value, "__name__", "f")
        f = name if name.isidentifier() else "f"
        return (
            f"{given}the function {name}. Write ag.{user}({f}(x)), of a Tensor x, or "
            f"ag.explain({f}, x)."
        )
    kind = type(value).__name__
    article = "an" if kind[0].lower() in "aeiou" else "a"
    return f"{given}{article} {kind}. Write ag.{user}(loss), with a loss computed from Tensors."
