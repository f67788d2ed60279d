"""Where a function takes values out of the graph."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

from autograd_np import functional
from autograd_np.conversions import Conversions
from autograd_np.frames import INTERNAL, user_line
from autograd_np.handle import Handle
from autograd_np.recording import no_grad
from autograd_np.rules import arithmetic
from autograd_np.tensor import Tensor

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True


def _code(function: Any) -> Any:
    return getattr(function, "fget", getattr(function, "__wrapped__", function)).__code__


_RULE = "the rule's stop_gradient(t)"
_EXITS: dict[Any, str] = {
    _code(Tensor.detach): "t.detach()",
    _code(Tensor.numpy): "t.numpy()",
    _code(Tensor.data): "t.data",
    _code(Conversions.item): "t.item()",
    _code(Conversions.tolist): "t.tolist()",
    _code(functional.stop_gradient): "stop_gradient(t)",
    _code(no_grad): "ag.no_grad()",
    # All functions that are dispatched share this code.
    arithmetic.stop_gradient.__code__: _RULE,
}


def cuts(run: Callable[[], Any]) -> list[str]:
    """The places where `run` takes a recorded value out of the graph, as 'what at file:line'.

    The interpreter is asked to tell of each call (`sys.setprofile`), so Tensors pay nothing for
    this when nobody asks.
    """
    found: dict[tuple[str, int], str] = {}

    def profile(frame: Any, event: str, _: Any) -> None:
        if event != "call" or frame.f_code not in _EXITS:
            return
        what = _EXITS[frame.f_code]
        if what == _RULE and frame.f_locals.get("public") is not arithmetic.stop_gradient:
            return
        if what != "ag.no_grad()" and not any(map(_is_recorded, frame.f_locals.values())):
            return
        found.setdefault(user_line(frame.f_back, skip=(*INTERNAL, contextlib.__file__)), what)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        run()
    finally:
        sys.setprofile(before)
    return [f"{what} at {file}:{line}" for (file, line), what in found.items()]


def _is_recorded(value: Any) -> bool:
    if isinstance(value, tuple):
        return any(map(_is_recorded, value))
    return isinstance(value, Handle) and value._node is not None and value._node.requires_grad
