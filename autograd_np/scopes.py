"""Named scopes: which module, or which part of a program, an operation of a recording is from."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any, Protocol

from autograd_np.full_recording import Recording
from autograd_np.handle import Handle
from autograd_np.recording import Mode, Scope, current, using


class ModuleLike(Protocol):
    """What has parts and parameters with paths, as the modules of `nn` and of PyTorch."""

    def named_modules(self) -> Iterator[tuple[str, Any]]:
        """Yield ``(path, module)`` for the module itself and all within."""

    def named_parameters(self) -> Iterator[tuple[str, Any]]:
        """Yield ``(path, parameter)`` for all parameters within."""


def is_recording() -> bool:
    """Whether a full recording is made in this thread, by `record`, `explain` or `compile`.

    Examples
    --------
    >>> import autograd_np as ag
    >>> with ag.record():
    ...     ag.is_recording()
    True
    """
    return current().program is not None


@contextlib.contextmanager
def named_scope(name: str) -> Iterator[None]:
    """Draw the operations of a ``with`` block as a box with this name; also a decorator.

    Outside of a full recording it does nothing. Scopes nest.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record() as program:
    ...     with ag.named_scope("penalty"):
    ...         loss = (w * w).sum()
    >>> program.calls[0].scope.path
    'penalty'
    """
    mode = current()
    if mode.program is None:
        yield
        return
    with _within(mode, Scope(name, outer=mode.scope)):
        yield


@contextlib.contextmanager
def module_scope(module: ModuleLike) -> Iterator[None]:
    """Draw the operations of a ``with`` block as a box for one call of a module.

    For authors of layers: `nn.Module` does it at each call. The box is named by the module's path
    within the module that calls it, and parameters without a name get their path as name.

    Parameters
    ----------
    module : object with ``named_modules()`` and ``named_parameters()``

    Examples
    --------
    >>> import numpy as np, autograd_np as ag, nn
    >>> model = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    >>> with ag.record() as program:
    ...     y = model(np.ones((1, 2)))
    >>> program.calls[-1].scope.path, program.calls[-1].scope.kind
    ('1', 'Tanh')
    """
    mode = current()
    if mode.program is None:
        yield
        return
    outer = None if mode.scope is None else _module_around(mode.scope)
    name = "" if outer is None else _path(outer, module)
    scope = Scope(name, type(module).__name__, mode.scope, weakref.ref(module))
    try:
        with _within(mode, scope):
            yield
    finally:
        # When modules are gone, others may have their ids.
        scope.paths.clear()
    if outer is None:
        # At the end: some layers make their parameters at the first call.
        _name_parameters(mode.program, module)


def _within(mode: Mode, scope: Scope) -> contextlib.AbstractContextManager[None]:
    return using(Mode(mode.grad, mode.program, mode.watch, mode.rule, scope))


def _module_around(scope: Scope) -> Scope | None:
    return next((each for each in scope.outwards() if each.module is not None), None)


def _path(outer: Scope, module: ModuleLike) -> str:
    known = outer.paths
    if id(module) not in known:
        # All at once: a module with thousands of parts calls each of them.
        known.update({id(each): path for path, each in outer.module.named_modules()})
    return known.setdefault(id(module), "")


def _name_parameters(program: Recording, module: ModuleLike) -> None:
    for path, parameter in module.named_parameters():
        if isinstance(parameter, Handle) and parameter._node is not None:
            variable = program.variable_of(parameter)
            if variable is not None and variable.name is None:
                variable.name = path
