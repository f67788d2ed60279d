"""Operators of a Tensor, each a call of the ufunc of that name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.eager import eager
from autograd_np.handle import Handle
from autograd_np.ufuncs import UFUNCS

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor

# `eager`, typed for functions that return one Tensor.
_record: Callable[[Callable[..., Any]], Callable[..., Tensor]] = eager

_add, _subtract, _multiply = UFUNCS[np.add], UFUNCS[np.subtract], UFUNCS[np.multiply]
_divide, _power, _matmul = UFUNCS[np.divide], UFUNCS[np.power], UFUNCS[np.matmul]
# NumPy's own ** takes these exponents to faster functions, too.
_POWERS = {2: np.square, 0.5: np.sqrt, -1: np.reciprocal}


class Operators(Handle):
    """What Python's operators and arithmetic functions do with a Tensor."""

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

    def __floordiv__(self, other: Any) -> Tensor:
        return _record(np.floor_divide)(self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return _record(np.floor_divide)(other, self)

    def __mod__(self, other: Any) -> Tensor:
        return _record(np.remainder)(self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return _record(np.remainder)(other, self)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return eager(np.divmod)(self, other)  # type: ignore[no-any-return]

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return eager(np.divmod)(other, self)  # type: ignore[no-any-return]

    def __neg__(self) -> Tensor:
        return _record(np.negative)(self)

    def __pos__(self) -> Tensor:
        return _record(np.positive)(self)

    def __abs__(self) -> Tensor:
        return _record(np.absolute)(self)

    def __round__(self, decimals: int | None = None) -> Tensor:
        return _record(np.round)(self, decimals or 0)

    def __and__(self, other: Any) -> Any:
        return _record(np.bitwise_and)(self, other)

    def __or__(self, other: Any) -> Any:
        return _record(np.bitwise_or)(self, other)

    def __xor__(self, other: Any) -> Any:
        return _record(np.bitwise_xor)(self, other)

    def __lshift__(self, other: Any) -> Any:
        return _record(np.left_shift)(self, other)

    def __rshift__(self, other: Any) -> Any:
        return _record(np.right_shift)(self, other)

    def __rand__(self, other: Any) -> Any:
        return _record(np.bitwise_and)(other, self)

    def __ror__(self, other: Any) -> Any:
        return _record(np.bitwise_or)(other, self)

    def __rxor__(self, other: Any) -> Any:
        return _record(np.bitwise_xor)(other, self)

    def __rlshift__(self, other: Any) -> Any:
        return _record(np.left_shift)(other, self)

    def __rrshift__(self, other: Any) -> Any:
        return _record(np.right_shift)(other, self)

    def __invert__(self) -> Any:
        return _record(np.invert)(self)

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

    def __ifloordiv__(self, other: Any) -> Tensor:
        return self._in_place(_record(np.floor_divide), "//=", other)

    def __imod__(self, other: Any) -> Tensor:
        return self._in_place(_record(np.remainder), "%=", other)

    def __ipow__(self, other: Any) -> Tensor:
        return self._in_place(_power, "**=", other)

    def __imatmul__(self, other: Any) -> Tensor:
        return self._in_place(_matmul, "@=", other)

    def _in_place(self, operation: Any, symbol: str, other: Any) -> Tensor:
        raise NotImplementedError


# On the hot path the functions themselves stand in for the methods that call them.
for _name, _function in {
    "__add__": _add,
    "__sub__": _subtract,
    "__mul__": _multiply,
    "__truediv__": _divide,
    "__matmul__": _matmul,
}.items():
    setattr(Operators, _name, _function)
