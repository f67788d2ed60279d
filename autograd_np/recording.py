"""Whether operations are recorded, and how deeply: per thread, by context variables."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from autograd_np.debugging.watch import Watch
    from autograd_np.full_recording import Recording
    from autograd_np.graph import Node


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """One call of a module, or one block of `named_scope`: what pictures draw as a box.

    Attributes
    ----------
    name : str
        Within the scope around it.
    kind : str
        The type of the module, empty for a block.
    outer : Scope or None
    reference : weakref or None
        To the module whose call it is: modules hold gradients, which may hold the recording.
    paths : dict of int to str
        By id: the paths of the modules within, as far as the call in progress asked for them.
    """

    name: str
    kind: str = ""
    outer: Scope | None = None
    reference: weakref.ref[Any] | None = field(default=None, repr=False)
    paths: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def module(self) -> Any:
        """The module whose call it is, None for a block, and for a module that is no more."""
        return None if self.reference is None else self.reference()

    @property
    def path(self) -> str:
        """The names from the outermost scope to this one: ``model.0``."""
        names = [scope.name for scope in reversed([*self.outwards()]) if scope.name]
        return ".".join(names)

    def outwards(self) -> Iterator[Scope]:
        """Yield the scope itself and those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.outer


class Mode:
    """How operations on Tensors are recorded.

    Attributes
    ----------
    grad : bool
        Whether nodes that can be differentiated are made.
    program : Recording or None
        Where a full recording writes every operation; None for the lean depth.
    watch : Watch or None
        Checks every result for `detect_anomaly`.
    rule : Node or None
        The node whose derivative is being computed: set by a reverse pass, in a mode of its own,
        when it runs with a `program` or a `watch`.
    scope : Scope or None
        The innermost named scope of a full recording.
    """

    __slots__ = ("grad", "program", "rule", "scope", "watch")

    def __init__(
        self,
        grad: bool,
        program: Recording | None = None,
        watch: Watch | None = None,
        rule: Node | None = None,
        scope: Scope | None = None,
    ) -> None:
        self.grad = grad
        self.program = program
        self.watch = watch
        self.rule = rule
        self.scope = scope


LEAN: Final = Mode(grad=True)
NO_GRAD: Final = Mode(grad=False)
_mode: ContextVar[Mode] = ContextVar("autograd_np.mode", default=LEAN)

current = _mode.get

# How many transforms are running a function in this context. Inside one, results must stay in the
# graph even when all arguments are plain arrays: they may depend on what the outer one traces.
depth: ContextVar[int] = ContextVar("autograd_np.transform_depth", default=0)


@contextlib.contextmanager
def using(mode: Mode) -> Iterator[None]:
    """Record in `mode` within a ``with`` block."""
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)


def tracing() -> Any:
    """The trace of a compiled function that is being made in this thread, None outside of one."""
    program = _mode.get().program
    return program if program is not None and program.tracing else None


def with_grad(grad: bool) -> Mode:
    """The current mode with its `grad` replaced."""
    mode = current()
    if mode.program is None and mode.watch is None:
        return LEAN if grad else NO_GRAD
    return Mode(grad, mode.program, mode.watch, mode.rule, mode.scope)


@contextlib.contextmanager
def no_grad() -> Iterator[None]:
    """Compute without recording gradients, in this thread; also a decorator.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor(2.0, requires_grad=True)
    >>> with ag.no_grad():
    ...     y = w * 3
    >>> y.requires_grad
    False
    """
    with using(with_grad(False)):
        yield


@contextlib.contextmanager
def enable_grad() -> Iterator[None]:
    """Record gradients again inside `no_grad`; also a decorator.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor(2.0, requires_grad=True)
    >>> with ag.no_grad(), ag.enable_grad():
    ...     y = w * 3
    >>> y.requires_grad
    True
    """
    with using(with_grad(True)):
        yield


@contextlib.contextmanager
def outermost() -> Iterator[None]:
    """Run transforms as if no other were running: their results are plain arrays."""
    token = depth.set(0)
    try:
        yield
    finally:
        depth.reset(token)


def is_grad_enabled() -> bool:
    """Whether operations on Tensors are recorded for differentiation in this thread.

    Examples
    --------
    >>> import autograd_np as ag
    >>> ag.is_grad_enabled()
    True
    """
    return current().grad
