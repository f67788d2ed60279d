"""A computation as a flat list of operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.graph import Shape

if TYPE_CHECKING:
    from autograd_np.recording import Scope


@dataclass(frozen=True, slots=True)
class Ref:
    """A value of a program, by the index of the node that made it."""

    index: int


@dataclass(slots=True)
class Variable:
    """What is known of one value.

    Attributes
    ----------
    shape, dtype
        Of the value.
    value : array
        What it was in the recorded run.
    requires_grad : bool
    name : str or None
        The user's name for it.
    weak : bool
        Whether it is a Python number, which takes the dtype of what it meets (NEP 50).
    label : str or None
        The user's variable that held it, where it has no name.
    constant : bool
        Whether it is a plain array, which nothing was recorded for.
    computed : bool
        Of an input, whether it was computed before the recording began.
    """

    shape: Shape
    dtype: np.dtype[Any]
    value: Any
    requires_grad: bool
    name: str | None
    weak: bool = False
    label: str | None = None
    constant: bool = False
    computed: bool = False


@dataclass(slots=True)
class Call:
    """One operation: a call of a function on values of the program.

    Attributes
    ----------
    function : callable
        A NumPy function, or one that is called in the same way.
    args, kwargs
        As they were given, with a `Ref` in place of each traced value.
    outputs : tuple of Ref
    source : tuple of (str, int)
        The user's file and line.
    derivative_of : int or None
        For an operation of a reverse pass, the `Ref.index` of the value (of a call with several
        outputs, the first) whose gradient it passes on; None for the user's own operations.
    rule : str or None
        For an operation of a reverse pass, the name of the operation whose rule it belongs to.
    part_of : str or None
        The name of the operation that it was expanded from.
    quiet : tuple of str
        The floating-point errors of which that operation does not warn, as in `numpy.errstate`.
    scope : Scope or None
        The innermost module, or other named scope, that it was called in.
    seconds : float or None
        How long it took, where it was timed.
    """

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    outputs: tuple[Ref, ...]
    source: tuple[str, int]
    derivative_of: int | None = None
    rule: str | None = None
    part_of: str | None = None
    quiet: tuple[str, ...] = ()
    scope: Scope | None = None
    seconds: float | None = None


@dataclass(eq=False)
class Program:
    """Operations in the order in which they ran.

    A full recording is one: see `record`. Compilers, pictures and listings read this one form.

    Attributes
    ----------
    calls : list of Call
    inputs : list of Ref
        Values that no call makes, of a recording in the order in which it met them.
    variables : dict of int to Variable
        By `Ref.index`.
    gradients : dict of int to int
        For a value that is the gradient of another in a reverse pass: the `Ref.index` of that one.
    gradient_of : dict of int to int
        By the `Ref.index` of a value: that of its gradient. The other way round, and complete: an
        addition passes one gradient on to two values. Of several passes the last.
    outputs : list of Ref
        What a traced function returns; empty for a recording of a block.
    updates : dict of int to Ref
        By `Ref.index` of an input: the value that overwrites its memory when all is computed.
    packs : dict of int to tuple of Ref
        By `Ref.index` of a flat input: the inputs that lie back to back in its memory.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     y = (w * 3.0).sum()
    >>> [call.function.__name__ for call in program.calls]
    ['multiply', 'sum']
    """

    calls: list[Call] = field(default_factory=list)
    inputs: list[Ref] = field(default_factory=list)
    variables: dict[int, Variable] = field(default_factory=dict)
    gradients: dict[int, int] = field(default_factory=dict)
    gradient_of: dict[int, int] = field(default_factory=dict)
    outputs: list[Ref] = field(default_factory=list)
    updates: dict[int, Ref] = field(default_factory=dict)
    packs: dict[int, tuple[Ref, ...]] = field(default_factory=dict)

    def __repr__(self) -> str:
        from autograd_np.listing import listing

        return listing(self)
