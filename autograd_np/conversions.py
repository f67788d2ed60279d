"""What happens where Python or NumPy would take a Tensor for a number or an array."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_np.array_methods import ArrayMethods
from autograd_np.eager import eager
from autograd_np.handle import unwrap
from autograd_np.recording import current, tracing

if TYPE_CHECKING:
    from autograd_np.tensor import Tensor

Array = np.ndarray[Any, Any]

# Functions of scipy.special that are no ufuncs and convert their arguments.
TWINS = ("log_softmax", "logsumexp", "multigammaln", "polygamma", "softmax")


class Conversions(ArrayMethods):
    """Conversions of a recorded Tensor raise: each would cut the graph in silence."""

    __slots__ = ()

    def item(self, *index: Any) -> Any:
        """One element as a Python number, the only one or that at an index, as `ndarray.item`."""
        self._refuse_traced("convert it to a Python number")
        if index:
            return self._value.item(*index)
        if self._value.size != 1:
            raise ValueError(
                f"item() needs one element, and this Tensor has shape {self._value.shape}. "
                f"Write t[index].item(), or t.numpy() for the array."
            )
        return self._value.item()

    def tolist(self) -> Any:
        """The values as (nested lists of) Python numbers."""
        self._refuse_traced("convert it to Python numbers")
        return self._value.tolist()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        self._refuse_conversion("an array", "t.numpy()")
        return np.array(self._value, dtype=dtype, copy=copy)

    def __float__(self) -> float:
        self._refuse_conversion("a float", "t.item()")
        return float(self.item())

    def __int__(self) -> int:
        self._refuse_conversion("an int", "int(t.item())")
        return int(self.item())

    def __complex__(self) -> complex:
        self._refuse_conversion("a complex", "t.item()")
        return complex(self.item())

    def __index__(self) -> int:
        self._refuse_conversion("an index", "t.item()")
        return int(self._value.__index__())

    def _refuse_conversion(self, what: str, advice: str) -> None:
        self._refuse_traced(f"convert it to {what}")
        node = self._node
        if node is None:
            return
        program = current().program
        if node.requires_grad or (program is not None and node.index in program.variables):
            raise TypeError(
                f"this Tensor is recorded, and converting it to {what} would cut the graph in "
                f"silence. Write {advice} for the value, or t.detach() to stop the gradient "
                f"on purpose. (For an operation on it, use NumPy's functions: np.exp(t), not "
                f"math.exp(t). For an array of Tensors, write ag.array([t, ...]), ag.r_[t, ...] or "
                f"np.stack([t, ...]); to fill one, out = ag.Tensor(np.zeros(n)); out[i] = t."
                f"){_advice()}"
            )

    def _refuse_traced(self, use: str) -> None:
        """Raise TraceError where a compiled function is traced: the value is that of one call."""
        trace = tracing()
        if trace is not None:
            trace.refuse(self, use)

    def __bool__(self) -> bool:
        self._refuse_traced("branch on it")
        if self._value.size != 1:
            raise ValueError(
                f"the truth of a Tensor of shape {self._value.shape} is ambiguous. "
                f"Write (t > 0).any() or (t > 0).all()."
            )
        return bool(self._value)

    def __len__(self) -> int:
        if not self._value.ndim:
            raise TypeError("len() of a 0-d Tensor")
        return len(self._value)

    def __contains__(self, value: Any) -> bool:
        self._refuse_traced("branch on what it contains")
        return bool(np.any(unwrap(self == value)))

    def __iter__(self) -> Iterator[Tensor]:
        if not self._value.ndim:
            raise TypeError("iteration over a 0-d Tensor. Write t.item() for its value.")
        # One operation for all: the gradient of each row alone would fill an array of zeros.
        return iter(eager(np.unstack)(self))

    def __format__(self, spec: str) -> str:
        return format(self._value.item() if self._value.ndim == 0 else self._value, spec)

    def __repr__(self) -> str:
        value = self._value
        host = isinstance(value, np.ndarray)
        # Of a lazy array the values are not known.
        text = np.array2string(value, separator=", ", prefix="Tensor(") if host else repr(value)
        node = self._node
        extra = f", name={node.name!r}" if node is not None and node.name is not None else ""
        if self._value.dtype not in (np.float64, np.int64, np.bool_):
            extra += f", dtype={self._value.dtype}"
        if node is not None and node.requires_grad:
            extra += (
                ", requires_grad=True" if node.derivative is None else f", from={node.operation}"
            )
        return f"Tensor({text}{extra})"


def _advice() -> str:
    """What to call instead of the function that converts its arguments, if one is known."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        name, module = frame.f_code.co_name, str(frame.f_globals.get("__name__", ""))
        if module.startswith("scipy.special") and name in TWINS:
            return f" Here: autograd_np.scipy.special.{name}, for scipy.special.{name}."
        frame = frame.f_back
    return ""
