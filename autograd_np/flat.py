"""Several leaf Tensors in one contiguous array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from autograd_np import writes
from autograd_np.graph import Leaf
from autograd_np.handle import Handle
from autograd_np.recording import tracing
from autograd_np.tensor import Tensor

Array = np.ndarray[Any, Any]


class FlatBuffer:
    """The memory of several leaf Tensors as one 1-D array.

    An optimizer updates many small parameters in a handful of calls, whatever their number. After
    writing to `data` it calls `written`.

    Parameters
    ----------
    tensors : sequence of Tensor
        Leaves of one dtype. Their values move into the buffer; their identity stays.

    Raises
    ------
    TypeError
        If a Tensor is a recorded result, or the dtypes differ.

    Examples
    --------
    >>> import autograd_np as ag
    >>> w = ag.Tensor([[1.0, 2.0]], requires_grad=True)
    >>> b = ag.Tensor(3.0, requires_grad=True)
    >>> buffer = ag.FlatBuffer([w, b])
    >>> buffer.data *= 10
    >>> buffer.written()
    >>> w, b
    (Tensor([[10., 20.]], requires_grad=True), Tensor(30., requires_grad=True))
    """

    def __init__(self, tensors: Sequence[Tensor]) -> None:
        dtypes = sorted({str(tensor.dtype) for tensor in tensors})
        if len(dtypes) != 1 or not all(tensor.is_leaf for tensor in tensors):
            raise TypeError(
                f"a FlatBuffer takes leaf Tensors of one dtype, and was given "
                f"{len(tensors)} Tensors of dtypes {', '.join(dtypes)}. Make one for each dtype."
            )
        self.tensors = tuple(tensors)
        self._memory: Array = np.empty(sum(tensor.size for tensor in tensors), tensors[0].dtype)
        # Made when gradients are first gathered.
        self._gradients: Array | None = None
        self._leaves = tuple(cast(Leaf, tensor.node) for tensor in tensors)
        start = 0
        for tensor in tensors:
            stop = start + tensor.size
            memory = self._memory[start:stop].reshape(tensor.shape)
            memory[...] = tensor._value
            tensor._value = memory
            tensor._live = None
            start = stop

    @property
    def data(self) -> Array:
        """The memory of all Tensors, 1-D; ask for it anew before each write."""
        trace = tracing()
        if trace is not None:
            trace.refuse(self.tensors[0], "write to its memory")
        if writes.state.views:
            # Results that are views keep their value: all Tensors share one owner of memory.
            writes.before_write(self._memory)
        return self._memory

    @data.setter
    def data(self, value: Any) -> None:
        if value is not self._memory:
            self._memory[...] = value

    def owns(self) -> bool:
        """Whether the memory of every Tensor still is in this buffer."""
        data = self._memory
        # A generator would take twice as long, at every step of an optimizer.
        for tensor in self.tensors:  # noqa: SIM110
            if tensor._value.base is not data:
                return False
        return True

    def gather(self) -> Array:
        """The gradients of all Tensors in one 1-D array, which the next call overwrites.

        Raises
        ------
        ValueError
            If a Tensor has no gradient.
        """
        flat = []
        for number, tensor in enumerate(self.tensors):
            gradient = tensor._grad
            if gradient is None:
                raise ValueError(
                    f"Tensor {number} of the buffer ({tensor!r}) has no gradient. "
                    f"Call backward() first."
                )
            if isinstance(gradient, Handle):
                # From a recording.
                gradient = gradient._value
            flat.append(gradient.ravel())
        if self._gradients is None:
            self._gradients = np.empty_like(self._memory)
        np.concatenate(flat, out=self._gradients)
        return self._gradients

    def written(self) -> None:
        """Note that `data` was written, so that graphs that read the old values refuse to."""
        writes.all_written(self._leaves)
