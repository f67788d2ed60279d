"""ndarray methods of a Tensor, each a call of the NumPy function of that name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from autograd_np import functional
from autograd_np.eager import eager, unary
from autograd_np.operators import Operators
from autograd_np.rules import activations
from autograd_np.rules.indexing import getitem

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor

# `eager`, typed for functions that return one Tensor.
_record: Callable[[Callable[..., Any]], Callable[..., Tensor]] = eager


def _method(function: Callable[..., Any], note: str = "") -> Callable[..., Any]:
    """A method with the arguments that `function` has after its first."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return eager(function)(self, *args, **kwargs)

    method.__name__ = function.__name__
    method.__qualname__ = f"ArrayMethods.{function.__name__}"
    method.__doc__ = f"See `numpy.{function.__name__}`{note}."
    return method


def _in_place(name: str, instead: str) -> Callable[..., NoReturn]:
    """A method that raises: of an array it would change the values where they are."""

    def method(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(
            f"t.{name}(...) changes an array in place, and a Tensor is a value, which a graph may "
            f"have read. Write {instead}."
        )

    method.__name__ = name
    method.__qualname__ = f"ArrayMethods.{name}"
    method.__doc__ = f"Raises: write {instead}."
    return method


class ArrayMethods(Operators):
    """What makes a Tensor read like an ndarray."""

    __slots__ = ()

    def __getitem__(self, index: Any) -> Tensor:
        return _getitem(self, index)

    @property
    def T(self) -> Tensor:  # noqa: N802 - NumPy's name
        """The Tensor with its axes reversed."""
        return _transpose(self)

    @property
    def mT(self) -> Tensor:  # noqa: N802 - NumPy's name
        """The Tensor with its last two axes swapped."""
        return _record(np.matrix_transpose)(self)

    @property
    def real(self) -> Tensor:
        """The real part; see `numpy.real`."""
        return _record(np.real)(self)

    @property
    def imag(self) -> Tensor:
        """The imaginary part; see `numpy.imag`."""
        return _record(np.imag)(self)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return int(self._value.itemsize)

    @property
    def nbytes(self) -> int:
        """Bytes of all elements."""
        return int(self._value.nbytes)

    def sum(self, axis: Any = None, *args: Any, **kwargs: Any) -> Tensor:
        """See `numpy.sum`."""
        if axis is None and not args and not kwargs:
            return _sum(self)
        return _sum(self, axis, *args, **kwargs)

    def mean(self, axis: Any = None, *args: Any, **kwargs: Any) -> Tensor:
        """See `numpy.mean`."""
        if axis is None and not args and not kwargs:
            return _mean(self)
        return _mean(self, axis, *args, **kwargs)

    var = _method(np.var)
    std = _method(np.std)
    max = _method(np.max, "; ties share the gradient evenly")
    min = _method(np.min, "; ties share the gradient evenly")
    prod = _method(np.prod)
    cumsum = _method(np.cumsum)
    cumprod = _method(np.cumprod)
    trace = _method(np.trace)
    dot = _method(np.dot)
    round = _method(np.round)
    conj = _method(np.conjugate)
    conjugate = _method(np.conjugate)
    tanh = _method(np.tanh)

    argmax = _method(np.argmax, "; a plain array")
    argmin = _method(np.argmin, "; a plain array")
    argsort = _method(np.argsort, "; a plain array")
    argpartition = _method(np.argpartition, "; a plain array")
    searchsorted = _method(np.searchsorted, "; a plain array")
    nonzero = _method(np.nonzero, "; plain arrays")
    any = _method(np.any, "; a plain array")
    all = _method(np.all, "; a plain array")

    swapaxes = _method(np.swapaxes)
    squeeze = _method(np.squeeze)
    ravel = _method(np.ravel)
    diagonal = _method(np.diagonal)
    repeat = _method(np.repeat)
    take = _method(np.take)
    choose = _method(np.choose)

    sort = _in_place("sort", "t = np.sort(t)")
    partition = _in_place("partition", "t = np.partition(t, kth)")
    resize = _in_place("resize", "t = np.resize(t, shape)")
    fill = _in_place("fill", "t = np.full_like(t, value)")
    put = _in_place("put", "t[index] = value, which records a new value")
    view = _in_place("view", "t.astype(dtype), or np.real(t) and np.imag(t) for complex numbers")

    def clip(self, min: Any = None, max: Any = None, out: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.clip`."""
        return _record(np.clip)(self, min, max, out, **kwargs)

    def reshape(self, *shape: Any, **kwargs: Any) -> Tensor:
        """See `numpy.reshape`; the lengths may be given one by one."""
        new = shape[0] if len(shape) == 1 else shape
        return _record(np.reshape)(self, new, **kwargs)

    def transpose(self, *axes: Any) -> Tensor:
        """See `numpy.transpose`; the axes may be given one by one."""
        order = None if not axes else axes[0] if len(axes) == 1 else axes
        return _record(np.transpose)(self, order)

    def flatten(self, order: Any = "C") -> Tensor:
        """See `numpy.ndarray.flatten`."""
        return _record(np.ravel)(self, order)

    def compress(self, condition: Any, axis: Any = None, out: Any = None) -> Tensor:
        """See `numpy.compress`."""
        return _record(np.compress)(condition, self, axis, out)

    def astype(
        self,
        dtype: Any,
        order: Any = "K",
        casting: Any = "unsafe",
        subok: bool = True,
        copy: bool = True,
    ) -> Tensor:
        """The values in another dtype; the gradient is cast back."""
        if not np.can_cast(self._value.dtype, dtype, casting):
            raise TypeError(
                f"astype(..., casting={casting!r}) does not cast {self._value.dtype} to "
                f"{np.dtype(dtype)}. Write t.astype({np.dtype(dtype).name!r})."
            )
        return _record(np.astype)(self, dtype)

    def copy(self, order: Any = "C") -> Tensor:
        """A copy of the values, recorded: gradients flow through it."""
        return _record(np.copy)(self, order)

    def relu(self) -> Tensor:
        """See `autograd_np.relu`."""
        return functional._relu(self)

    def sigmoid(self) -> Tensor:
        """See `autograd_np.sigmoid`."""
        return functional._sigmoid(self)

    def softmax(self, axis: Any = -1) -> Tensor:
        """See `autograd_np.softmax`."""
        return _record(activations.softmax)(self, axis)

    def log_softmax(self, axis: Any = -1) -> Tensor:
        """See `autograd_np.log_softmax`."""
        return _record(activations.log_softmax)(self, axis)


_getitem, _sum, _mean = _record(getitem), _record(np.sum), _record(np.mean)
_transpose = unary(np.transpose)
