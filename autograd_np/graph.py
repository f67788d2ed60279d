"""What a graph is made of: nodes, and the order in which they were created."""

from __future__ import annotations

import itertools
import weakref
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from autograd_np.full_recording import Recording

# One clock orders everything that matters: creation of nodes and writes to leaves. A parent is
# always older than its child, so descending `index` is a topological order of the reverse pass.
tick: Callable[[], int] = itertools.count(1).__next__

Shape = tuple[int, ...]


class Pullback(Protocol):
    """How a gradient passes from a node to its parents, as the graph sees it."""

    @property
    def operation(self) -> Any:
        """The operation that made the value; it has a `name`."""

    @property
    def pull(self) -> Callable[[Any, Any, Any], tuple[Any, ...]]:
        """Called with the gradient, what was saved and the parents; one gradient per parent."""


class Node:
    """One recorded operation: its derivative, its parents and what the derivative reads.

    A node never refers to a Tensor or to itself, so a graph is freed by reference counts alone.

    Attributes
    ----------
    index : int
        Time of creation.
    derivative : Pullback or None
        How a gradient passes from this node to its parents; None for a leaf.
    parents : tuple of Node
        The operands whose gradient is wanted.
    saved : tuple or None
        What the derivative reads; None once the reverse pass has freed it.
    shape, dtype
        Of the value; None for a call with several outputs.
    requires_grad : bool
        False for values that are only traced by a full recording.
    name : str or None
        The user's name for the value.
    hooks : list of callables or None
        Called with the gradient when it is complete.
    locks : object or None
        Keeps the caller's arrays that `saved` refers to read-only.
    """

    __slots__ = (
        "derivative",
        "dtype",
        "hooks",
        "index",
        "locks",
        "name",
        "parents",
        "requires_grad",
        "saved",
        "shape",
    )

    def __init__(
        self,
        derivative: Pullback | None,
        parents: tuple[Node, ...],
        saved: tuple[Any, ...] | None,
        shape: Shape | None,
        dtype: np.dtype[Any] | None,
        requires_grad: bool = True,
    ) -> None:
        self.index = tick()
        self.derivative = derivative
        self.parents = parents
        self.saved = saved
        self.shape = shape
        self.dtype = dtype
        self.requires_grad = requires_grad
        self.name: str | None = None
        self.hooks: list[Callable[[Any], Any]] | None = None
        self.locks: object | None = None

    @property
    def ndim(self) -> int:
        """Number of dimensions of the value."""
        return len(self.shape or ())

    @property
    def size(self) -> int:
        """Number of elements of the value."""
        size = 1
        for length in self.shape or ():
            size *= length
        return size

    @property
    def operation(self) -> str:
        """Name of the operation that made the value, 'leaf' for a leaf."""
        return "leaf" if self.derivative is None else str(self.derivative.operation.name)

    def __repr__(self) -> str:
        name = f" {self.name!r}" if self.name else ""
        return f"<Node {self.index}: {self.operation}{name} shape={self.shape} dtype={self.dtype}>"


class RecordedNode(Node):
    """An operation of a full recording, by which the recording is found again.

    Attributes
    ----------
    program : Recording or None
    """

    __slots__ = ("program",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.program: Recording | None = None


class Leaf(Node):
    """A value that the user made: a parameter, an input.

    Attributes
    ----------
    tensor : weakref to the Tensor
    written : int
        When the memory was last written, on the clock of `Node.index`: a node that is older must
        not read it any more.
    watched : deque of (int, int) or None
        Each time the live memory was handed out although nodes read it, and its checksum then.
    """

    __slots__ = ("__weakref__", "tensor", "watched", "written")

    def __init__(
        self, tensor: object, shape: Shape, dtype: np.dtype[Any], requires_grad: bool
    ) -> None:
        super().__init__(None, (), None, shape, dtype, requires_grad)
        self.tensor = weakref.ref(tensor)
        self.written = 0
        self.watched: deque[tuple[int, int]] | None = None


class Like:
    """Shape and dtype of a value, and nothing that keeps the value alive."""

    __slots__ = ("dtype", "shape")

    def __init__(self, value: Any) -> None:
        if not hasattr(value, "dtype"):
            value = np.asarray(value)
        self.shape: Shape = value.shape
        self.dtype: np.dtype[Any] = value.dtype

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        size = 1
        for length in self.shape:
            size *= length
        return size


def ancestors(*roots: Node) -> list[Node]:
    """All nodes that `roots` were computed from, themselves included, oldest first.

    Returns
    -------
    list of Node
        Sorted by `index`; a parent stands before its children. No recursion, so a chain of a
        million operations is walked as well.

    Examples
    --------
    >>> import autograd_np as ag
    >>> from autograd_np.graph import ancestors
    >>> x = ag.Tensor([1.0, 2.0], requires_grad=True)
    >>> [node.operation for node in ancestors((x * x).sum().node)]
    ['leaf', 'multiply', 'sum']
    """
    seen = set(roots)
    stack = list(seen)
    while stack:
        for parent in stack.pop().parents:
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    return sorted(seen, key=lambda node: node.index)
