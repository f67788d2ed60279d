"""Operators and ndarray methods of a Tensor, each a call of the NumPy function of that name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np import functional
from autograd_np.eager import eager, unary
from autograd_np.handle import Handle
from autograd_np.rules import activations
from autograd_np.rules.indexing import getitem
from autograd_np.ufuncs import UFUNCS

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor

# `eager`, typed for functions that return one Tensor.
_record: Callable[[Callable[..., Any]], Callable[..., Tensor]] = eager

_add, _subtract, _multiply = UFUNCS[np.add], UFUNCS[np.subtract], UFUNCS[np.multiply]
_divide, _power, _matmul = UFUNCS[np.divide], UFUNCS[np.power], UFUNCS[np.matmul]
# NumPy's own ** takes these exponents to faster functions, too.
_POWERS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}


class ArrayMethods(Handle):
    """What makes a Tensor read like an ndarray."""

    __slots__ = ()

    def __add__(self, other: Any) -> Tensor:
        return _add(self, other)

    def __sub__(self, other: Any) -> Tensor:
        return _subtract(self, other)

    def __mul__(self, other: Any) -> Tensor:
        return _multiply(self, other)

    def __truediv__(self, other: Any) -> Tensor:
        return _divide(self, other)

    def __matmul__(self, other: Any) -> Tensor:
        return _matmul(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return _add(other, self)

    def __rsub__(self, other: Any) -> Tensor:
        return _subtract(other, self)

    def __rmul__(self, other: Any) -> Tensor:
        return _multiply(other, self)

    def __rtruediv__(self, other: Any) -> Tensor:
        return _divide(other, self)

    def __rmatmul__(self, other: Any) -> Tensor:
        return _matmul(other, self)

    def __pow__(self, other: Any) -> Tensor:
        if isinstance(other, (int, float)) and self._value.dtype.kind in "fc":
            special = _POWERS.get(other)
            if special is not None:
                return UFUNCS[special](self)
        return _power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return _power(other, self)

    def __neg__(self) -> Tensor:
        return _record(np.negative)(self)

    def __pos__(self) -> Tensor:
        return _record(np.positive)(self)

    def __abs__(self) -> Tensor:
        return _record(np.absolute)(self)

    def __lt__(self, other: Any) -> Any:
        return _record(np.less)(self, other)

    def __le__(self, other: Any) -> Any:
        return _record(np.less_equal)(self, other)

    def __gt__(self, other: Any) -> Any:
        return _record(np.greater)(self, other)

    def __ge__(self, other: Any) -> Any:
        return _record(np.greater_equal)(self, other)

    def __iadd__(self, other: Any) -> Tensor:
        return self._in_place(_add, "+=", other)

    def __isub__(self, other: Any) -> Tensor:
        return self._in_place(_subtract, "-=", other)

    def __imul__(self, other: Any) -> Tensor:
        return self._in_place(_multiply, "*=", other)

    def __itruediv__(self, other: Any) -> Tensor:
        return self._in_place(_divide, "/=", other)

    def __ipow__(self, other: Any) -> Tensor:
        return self._in_place(_power, "**=", other)

    def __imatmul__(self, other: Any) -> Tensor:
        return self._in_place(_matmul, "@=", other)

    def _in_place(self, operation: Any, symbol: str, other: Any) -> Tensor:
        raise NotImplementedError

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

    def sum(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.sum`."""
        return _sum(self, axis=axis, **kwargs) if kwargs or axis is not None else _sum(self)

    def mean(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.mean`."""
        return _mean(self, axis=axis, **kwargs) if kwargs or axis is not None else _mean(self)

    def var(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.var`."""
        return _record(np.var)(self, axis=axis, **kwargs)

    def std(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.std`."""
        return _record(np.std)(self, axis=axis, **kwargs)

    def max(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.max`; ties share the gradient evenly."""
        return _record(np.max)(self, axis=axis, **kwargs)

    def min(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.min`; ties share the gradient evenly."""
        return _record(np.min)(self, axis=axis, **kwargs)

    def prod(self, axis: Any = None, **kwargs: Any) -> Tensor:
        """See `numpy.prod`."""
        return _record(np.prod)(self, axis=axis, **kwargs)

    def argmax(self, axis: Any = None, **kwargs: Any) -> Any:
        """See `numpy.argmax`; a plain array."""
        return _record(np.argmax)(self, axis=axis, **kwargs)

    def argmin(self, axis: Any = None, **kwargs: Any) -> Any:
        """See `numpy.argmin`; a plain array."""
        return _record(np.argmin)(self, axis=axis, **kwargs)

    def any(self, axis: Any = None, **kwargs: Any) -> Any:
        """See `numpy.any`; a plain array."""
        return _record(np.any)(self, axis=axis, **kwargs)

    def all(self, axis: Any = None, **kwargs: Any) -> Any:
        """See `numpy.all`; a plain array."""
        return _record(np.all)(self, axis=axis, **kwargs)

    def clip(self, min: Any = None, max: Any = None) -> Tensor:
        """See `numpy.clip`."""
        return _record(np.clip)(self, min, max)

    def reshape(self, *shape: Any, order: Any = "C") -> Tensor:
        """See `numpy.reshape`; the lengths may be given one by one."""
        new = shape[0] if len(shape) == 1 else shape
        return _record(np.reshape)(self, new, order=order)

    def transpose(self, *axes: Any) -> Tensor:
        """See `numpy.transpose`; the axes may be given one by one."""
        order = None if not axes else axes[0] if len(axes) == 1 else axes
        return _record(np.transpose)(self, order)

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """See `numpy.swapaxes`."""
        return _record(np.swapaxes)(self, axis1, axis2)

    def squeeze(self, axis: Any = None) -> Tensor:
        """See `numpy.squeeze`."""
        return _record(np.squeeze)(self, axis)

    def ravel(self, order: Any = "C") -> Tensor:
        """See `numpy.ravel`."""
        return _record(np.ravel)(self, order)

    def flatten(self, order: Any = "C") -> Tensor:
        """See `numpy.ndarray.flatten`."""
        return _record(np.ravel)(self, order)

    def dot(self, b: Any) -> Tensor:
        """See `numpy.dot`."""
        return _record(np.dot)(self, b)

    def astype(self, dtype: Any) -> Tensor:
        """The values in another dtype; the gradient is cast back."""
        return _record(np.astype)(self, dtype)

    def conj(self) -> Tensor:
        """See `numpy.conjugate`."""
        return _record(np.conjugate)(self)

    def copy(self) -> Tensor:
        """A copy of the values, recorded: gradients flow through it."""
        return _record(np.copy)(self)

    def relu(self) -> Tensor:
        """See `autograd_np.relu`."""
        return functional._relu(self)

    def sigmoid(self) -> Tensor:
        """See `autograd_np.sigmoid`."""
        return functional._sigmoid(self)

    def tanh(self) -> Tensor:
        """See `numpy.tanh`."""
        return _record(np.tanh)(self)

    def softmax(self, axis: Any = -1) -> Tensor:
        """See `autograd_np.softmax`."""
        return _record(activations.softmax)(self, axis)

    def log_softmax(self, axis: Any = -1) -> Tensor:
        """See `autograd_np.log_softmax`."""
        return _record(activations.log_softmax)(self, axis)


_getitem, _sum, _mean = _record(getitem), _record(np.sum), _record(np.mean)
_transpose = unary(np.transpose)

# On the hot path the functions themselves stand in for the methods that call them.
for _name, _function in {
    "__add__": _add,
    "__sub__": _subtract,
    "__mul__": _multiply,
    "__truediv__": _divide,
    "__matmul__": _matmul,
}.items():
    setattr(ArrayMethods, _name, _function)
