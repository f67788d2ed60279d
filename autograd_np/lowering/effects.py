"""What a compiled function does at every call although no value of the trace asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from autograd_np.graph import Node
from autograd_np.handle import Handle, as_array, unwrap, wrap
from autograd_np.lowering.weak import number
from autograd_np.program import Variable
from autograd_np.recording import LEAN, NO_GRAD, current, using

T = TypeVar("T")


def is_tracing() -> bool:
    """Whether a compiled function is being traced in this thread.

    Examples
    --------
    >>> import autograd_np as ag
    >>> ag.is_tracing()
    False
    """
    program = current().program
    return program is not None and program.tracing


def callback(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function whose result is another at each call, also once it is compiled.

    Whatever else a compiled function calls runs when it is traced, and never again. A callback
    runs at every call: to draw random numbers, to read a setting that changes, to count.

    Parameters
    ----------
    function : callable
        Returns an array, always of one shape and dtype, or a Python number, or None. Gradients do
        not pass through it.
    *args : Tensor, array or anything
        Given to it, Tensors as arrays.

    Returns
    -------
    array, Tensor or number
        What `function` returned; while tracing, a traced value that stands for it.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> rng = np.random.default_rng(0)
    >>> @ag.compile
    ... def noisy(x):
    ...     return x + ag.callback(rng.normal)
    >>> noisy(np.zeros(2)), noisy(np.zeros(2))
    (array([0.12573022, 0.12573022]), array([-0.13210486, -0.13210486]))
    """
    program = current().program
    if program is None or not program.tracing:
        return function(*unwrap(args))
    value = program.compute(callback, _called, (function, *args), {})
    if value is None or isinstance(value, (bool, int, float)):
        result: Any = number(value)
    else:
        value = as_array(value)
        result = wrap(value, Node(None, (), None, value.shape, value.dtype, requires_grad=False))
    program.append(callback, (function, *args), {}, result)
    return None if value is None else result


def _called(function: Callable[..., Any], *args: Any) -> Any:
    # As at every later call: outside of the trace.
    with using(LEAN if current().grad else NO_GRAD):
        return function(*args)


class Checked:
    """A function of the user's as lowered code calls it.

    What is planned for its result holds for one shape and dtype, and the memory of what it is
    given is used again.

    Parameters
    ----------
    function : callable
    variable : Variable
        Its result in the traced run.
    """

    def __init__(self, function: Callable[..., Any], variable: Variable) -> None:
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.function = function
        self.shape = variable.shape
        self.kind = type(variable.value) if variable.weak else variable.dtype

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it with arrays of its own."""
        if args:
            args = tuple(np.array(each) if isinstance(each, np.ndarray) else each for each in args)
        result = self.function(*args, **kwargs)
        if type(result) is self.kind:
            # A number, as learning rates and counts are.
            return result
        kind = getattr(result, "dtype", type(result))
        if (type(kind), kind, np.shape(result)) != (type(self.kind), self.kind, self.shape):
            raise ValueError(
                f"{self.__name__} returned {_described(np.shape(result), kind)}, and "
                f"{_described(self.shape, self.kind)} when the compiled function was traced. "
                f"Let it always return the same kind; what decides which one, read it with "
                f"ag.guard(...), or pass it as an argument."
            )
        return result


def _described(shape: Any, kind: Any) -> str:
    if isinstance(kind, type):
        return f"a Python {kind.__name__}"
    return f"an array of shape {shape} and dtype {kind}"


def guard(read: Callable[[], T]) -> T:
    """A setting that decides what is traced, such as whether a module is in training mode.

    Parameters
    ----------
    read : callable
        Returns it; called at once, and before each call of the compiled function. Where it returns
        something unequal, the function is traced again.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> mode = {"double": False}
    >>> @ag.compile
    ... def f(x):
    ...     return x * 2 if ag.guard(lambda: mode["double"]) else x * 1
    >>> f(np.ones(1))
    array([1.])
    >>> mode["double"] = True
    >>> f(np.ones(1))
    array([2.])
    """
    mode = current()
    program: Any = mode.program
    if program is None or not program.tracing:
        return read()
    # As at every later call: outside of the trace.
    with using(LEAN if mode.grad else NO_GRAD):
        value = read()
    program.guards.append((read, value))
    return value


def rollback(read: Callable[[], T], restore: Callable[[T], object]) -> None:
    """Have something that a callback changes put back when a compiled call fails.

    Parameters
    ----------
    read : callable
        Returns it; called before each call of the compiled function.
    restore : callable
        Given what `read` returned, if the call raises: when tracing, lowering or running it.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> count = [0]
    >>> def next_count():
    ...     count[0] += 1
    ...     return count[0]
    >>> @ag.compile
    ... def f(x):
    ...     ag.rollback(lambda: count[0], lambda old: count.__setitem__(0, old))
    ...     return ag.require_finite(x * ag.callback(next_count), "the result")
    >>> f(np.ones(1)), f(np.ones(1)), count
    (array([1.]), array([2.]), [2])
    >>> f(np.array([np.nan]))
    Traceback (most recent call last):
        ...
    FloatingPointError: the result is not finite
    >>> count
    [2]
    """
    program: Any = current().program
    if program is not None and program.tracing:
        program.rollbacks.append((read, restore, read()))


def require_finite(value: Any, what: str) -> Any:
    """Return `value`, or raise where it holds NaN or infinity.

    In a compiled function nothing has been updated then.

    Raises
    ------
    FloatingPointError

    Examples
    --------
    >>> import autograd_np as ag
    >>> ag.require_finite(1.0, "the loss")
    1.0
    """
    program = current().program
    if program is None or not program.tracing or not isinstance(value, Handle):
        check_finite(unwrap(value), what)
        return value
    program.compute(require_finite, check_finite, (value, what), {})
    program.append(require_finite, (value, what), {}, number(None))
    return value


def check_finite(value: Any, what: str) -> None:
    """Raise FloatingPointError where an array holds NaN or infinity."""
    if not np.isfinite(value).all():
        shown = f" ({value})" if np.ndim(value) == 0 else ""
        raise FloatingPointError(f"{what} is not finite{shown}")


def require(condition: Any, message: str) -> None:
    """Raise ValueError where a condition, one boolean, does not hold; in a trace, at each call."""
    program = current().program
    if program is None or not program.tracing or not isinstance(condition, Handle):
        check(unwrap(condition), message)
        return
    program.compute(require, check, (condition, message), {})
    program.append(require, (condition, message), {}, number(None))


def check(condition: Any, message: str) -> None:
    """Raise ValueError where a condition does not hold."""
    if not condition:
        raise ValueError(message)


# Never dropped, shared or reordered.
EFFECTS: frozenset[Callable[..., Any]] = frozenset({callback, require, require_finite})
