"""Whether operations are recorded, and how deeply: per thread, by context variables."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from autograd_np.program import Program


class Mode:
    """How operations on Tensors are recorded.

    Attributes
    ----------
    grad : bool
        Whether nodes that can be differentiated are made.
    program : Program or None
        Where a full recording writes every operation; None for the lean depth.
    """

    __slots__ = ("grad", "program")

    def __init__(self, grad: bool, program: Program | None) -> None:
        self.grad = grad
        self.program = program


LEAN: Final = Mode(grad=True, program=None)
NO_GRAD: Final = Mode(grad=False, program=None)
_mode: ContextVar[Mode] = ContextVar("autograd_np.mode", default=LEAN)

current = _mode.get


@contextlib.contextmanager
def using(mode: Mode) -> Iterator[None]:
    """Record in `mode` within a ``with`` block."""
    token = _mode.set(mode)
    try:
        yield
    finally:
        _mode.reset(token)


def with_grad(grad: bool) -> Mode:
    """The current mode with its `grad` replaced."""
    program = current().program
    if program is None:
        return LEAN if grad else NO_GRAD
    return Mode(grad, program)


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


def is_grad_enabled() -> bool:
    """Whether operations on Tensors are recorded for differentiation in this thread.

    Examples
    --------
    >>> import autograd_np as ag
    >>> ag.is_grad_enabled()
    True
    """
    return current().grad
