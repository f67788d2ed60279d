"""`explain`: a computation as a page that one steps through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from autograd_np.frames import user_frame
from autograd_np.handle import Handle

if TYPE_CHECKING:
    from autograd_np.explaining.explanation import Explanation


def explain(f: Any, *args: Any, argnums: int | Sequence[int] | None = None) -> Explanation:
    """A page that walks through a computation, forward and back, operation by operation.

    Each step shows the operation, the numbers that flow, the rule of its derivative and the lines
    of NumPy that it is. The page loads nothing, and is walked with the arrow keys.

    Parameters
    ----------
    f : callable, module or Tensor
        A function to call; or the result of a computation, best under ``with ag.record():``, for
        without it values are known only where the reverse pass needs them.
    *args
        What to call `f` with. Arrays and Python floats, in nested tuples, lists and dicts too,
        become Tensors that are named after the parameters of `f`; all else passes through, arrays
        of integers and booleans as well.
    argnums : int or sequence of int, optional
        The arguments that get a gradient; by default all floating ones, and of a module, whose
        arguments are data, none but its parameters.

    Returns
    -------
    Explanation
        With ``save(path)``, ``open()`` and ``html``.

    Raises
    ------
    TypeError
        If `f` is or returns nothing that can be explained.

    Notes
    -----
    Of several results, that which is explained is the first that has a gradient. From one that is
    not a number, the reverse pass starts with ones: the gradient is that of its sum.

    The graph needs Graphviz's ``dot``, and folds large computations as `draw` does; the list beside
    it has every operation, and stands alone where there is no graph. ``page.html#step=8`` opens a
    saved page at a step.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.explaining import explain
    >>> def loss(w, x, y):
    ...     return np.mean((x @ w - y) ** 2)
    >>> page = explain(loss, np.ones(2), np.eye(2), np.zeros(2), argnums=0)
    >>> page
    <Explanation of loss: 4 operations, 4 steps back. Show it with .open() or .save(path).>
    >>> "t1 = x @ w" in page.html
    True
    """
    from autograd_np.explaining.page import page_of
    from autograd_np.explaining.subjects import of_function, of_tensor

    if isinstance(f, Handle):
        return page_of(of_tensor(f, args, argnums, user_frame()))
    return page_of(of_function(f, args, argnums))
