"""`compile`: a function that runs as it was traced."""

from __future__ import annotations

import functools
import inspect
import threading
import types
import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from autograd_np.handle import Handle
from autograd_np.recording import LEAN, NO_GRAD, Mode, current, depth
from autograd_np.trees import flatten

if TYPE_CHECKING:
    from autograd_np.lowering.entry import Entry

Names = Mapping[str, Any] | Callable[[], Mapping[str, Any]]

#: Traces that are kept; the one that was not used for longest is dropped first.
KEPT = 16


class Compiled:
    """A compiled function; made by `compile`.

    Attributes
    ----------
    function : callable
        The function itself.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        backend: str,
        donate_argnums: Sequence[int],
        static_argnums: Sequence[int],
        disable: Collection[str],
        names: Names,
    ) -> None:
        # A functools.partial has no name.
        self.__name__ = type(function).__name__
        functools.update_wrapper(self, function)
        self.function = function
        self.backend = backend
        self.donated = _positions(function, donate_argnums, "donate_argnums")
        static = _positions(function, static_argnums, "static_argnums")
        known = _parameters(function)
        self.static: frozenset[int | str] = frozenset(
            (*static, *(known[i] for i in static if i < len(known)))
        )
        self.disabled = tuple(disable)
        self._names = names
        self._entries: list[Entry] = []
        self._lock = threading.RLock()
        self._running = False
        self._warned = False

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function as it was traced for arguments like these."""
        mode = current()
        if (mode is not LEAN and mode is not NO_GRAD) or depth.get():
            # Something outside looks at, or differentiates, each operation.
            return self.function(*args, **kwargs)
        with self._lock:
            if self._running:
                # Called by a callback of its own, while its memory is in use.
                return self.function(*args, **kwargs)
            self._running = True
            try:
                return self._run(mode, args, kwargs)
            finally:
                self._running = False

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        """As a method: the instance is the first argument, and a setting."""
        return self if instance is None else types.MethodType(self, instance)

    def _run(self, mode: Mode, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        entries = self._entries
        for number, entry in enumerate(entries):
            if entry.mode is not mode:
                continue
            inputs = entry.match(args, kwargs)
            if inputs is not None and entry.holds(inputs):
                if number:
                    entries.insert(0, entries.pop(number))
                return entry(inputs)
        return self._first(args, kwargs)

    def _first(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call that has not been traced: trace it, and answer with what that computed."""
        # Lowering is not for every program, so it is imported when it is used.
        from autograd_np.lowering.entry import made
        from autograd_np.lowering.signature import Signature

        leaves, _ = flatten([args, kwargs])
        if any(_is_recorded(leaf) for leaf in leaves):
            return self.function(*args, **kwargs)
        signature = Signature(args, kwargs, self.static, self.donated)
        entry, result = made(self, signature, args, kwargs)
        # Of those that no longer hold, none will again.
        self._entries = [entry, *(each for each in self._entries if each.alive)][:KEPT]
        return result

    def names(self) -> dict[int, str]:
        """Names for Tensors, by id."""
        names = self._names() if callable(self._names) else self._names
        return {id(tensor): name for name, tensor in names.items()}

    def warn_once(self, message: str) -> None:
        """Say that a backend was left for another."""
        if not self._warned:
            self._warned = True
            warnings.warn(message, RuntimeWarning, stacklevel=5)

    @property
    def source(self) -> str:
        """What the last trace was lowered to.

        Raises
        ------
        RuntimeError
            Before the first call.
        """
        return self._last.source

    @property
    def program(self) -> Any:
        """The last trace as a `Program`, after all passes."""
        return self._last.program

    @property
    def _last(self) -> Entry:
        if not self._entries:
            raise RuntimeError(
                f"{self.__name__} has not been called yet, and is traced at its first call. "
                f"Call it with arguments, then read .source or .program."
            )
        return self._entries[0]

    __name__: str

    def __repr__(self) -> str:
        return f"<compiled {self.__name__}, {self.backend}, {len(self._entries)} traces>"


def _is_recorded(leaf: Any) -> bool:
    """Whether a Tensor is the recorded result of something, which must stay in its graph."""
    if not isinstance(leaf, Handle) or leaf._node is None:
        return False
    return leaf._node.derivative is not None and leaf._node.requires_grad


@overload
def compile(
    function: Callable[..., Any],
    /,
    *,
    backend: str = ...,
    donate_argnums: int | Sequence[int] = ...,
    static_argnums: int | Sequence[int] = ...,
    disable: Collection[str] = ...,
    names: Names | None = ...,
) -> Compiled: ...


@overload
def compile(
    function: None = None,
    /,
    *,
    backend: str = ...,
    donate_argnums: int | Sequence[int] = ...,
    static_argnums: int | Sequence[int] = ...,
    disable: Collection[str] = ...,
    names: Names | None = ...,
) -> Callable[[Callable[..., Any]], Compiled]: ...


def compile(
    function: Callable[..., Any] | None = None,
    /,
    *,
    backend: str = "numpy",
    donate_argnums: int | Sequence[int] = (),
    static_argnums: int | Sequence[int] = (),
    disable: Collection[str] = (),
    names: Names | None = None,
) -> Any:
    """A function that runs as it was traced: one whole training step as plain NumPy, or as loops.

    At the first call for arguments of given shapes and dtypes the function is run twice with
    Tensors in place of its arrays, and what it did is written as a program: forward, backward,
    update. Later calls run that. With ``backend="numpy"`` results are those of the function
    itself, bit for bit.

    Parameters
    ----------
    function : callable
        Of arrays, Tensors, Python numbers, and nested tuples, lists and dicts of them. It may
        call `grad` or ``backward()``, and read and update Tensors of its surroundings
        (``p.data -= lr * p.grad``). Other arguments (strings, None, booleans) are settings, for
        each of which it is traced anew.
    backend : {"numpy", "numba"}
        "numba" fuses element-wise operations into native loops; it needs
        ``pip install 'autograd-np[numba]'``. What it cannot lower runs in NumPy, after a warning.
    donate_argnums : int or sequence of ints
        Arguments whose arrays may be overwritten with results of the same shape and dtype, which
        are then returned in their memory, as in JAX.
    static_argnums : int or sequence of ints
        Arguments that are settings.
    disable : collection of str
        Passes to leave out: see `autograd_np.lowering.passes.PASSES`.
    names : mapping of str to Tensor, or function that returns one, optional
        What to call Tensors that have no name of their own, in the source.

    Returns
    -------
    Compiled
        Called as `function`. ``.source`` is the NumPy that it runs, ``.program`` the program.

    Raises
    ------
    TypeError
        At the call, where what is done depends on a traced value, or differs from run to run.
    ImportError
        At the call, if numba is missing.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> @ag.compile
    ... def step(w, x):
    ...     loss, dw = ag.value_and_grad(lambda w: np.sum((x @ w) ** 2))(w)
    ...     return loss, w - 0.5 * dw
    >>> step(np.ones(2), np.eye(2))
    (array(2.), array([0., 0.]))
    """
    from autograd_np.lowering.backends import BACKENDS
    from autograd_np.lowering.passes import check_names

    if backend not in BACKENDS:
        raise ValueError(f"backend={backend!r} is not known; write one of {', '.join(BACKENDS)}")
    check_names(disable)
    settings = (
        backend, _numbers(donate_argnums), _numbers(static_argnums), disable, names or {},
    )  # fmt: skip
    if function is None:
        return lambda function: Compiled(function, *settings)
    if not callable(function):
        raise TypeError(
            f"compile takes a function, and was given a {type(function).__name__}. "
            f"Write ag.compile(function), or @ag.compile above its definition."
        )
    return Compiled(function, *settings)


def _numbers(numbers: int | Sequence[int]) -> tuple[int, ...]:
    return (numbers,) if isinstance(numbers, int) else tuple(numbers)


def _parameters(function: Callable[..., Any]) -> list[str]:
    """The names of the arguments that can be given by position; none where that is not known."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [each.name for each in parameters if each.kind in positional]


def _positions(function: Callable[..., Any], numbers: Sequence[int], what: str) -> tuple[int, ...]:
    """Positions of arguments, those below zero counted from the last one."""
    names = _parameters(function)
    positions = tuple(number + len(names) if number < 0 else number for number in numbers)
    try:
        inspect.signature(function).bind_partial(*range(max(positions, default=-1) + 1))
        known = min(positions, default=0) >= 0
    except TypeError:
        known = False
    except ValueError:
        known = True
    if not known:
        raise ValueError(
            f"{what}={tuple(numbers)} names an argument that the function does not take; its "
            f"arguments are {', '.join(names)}. Write {what}=0 for the first."
        )
    return positions
