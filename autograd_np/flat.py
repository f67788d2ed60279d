"""Several leaf Tensors in one contiguous array."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_np import writes
from autograd_np.tensor import Tensor

Array = np.ndarray[Any, Any]


class FlatBuffer:
    """The memory of several leaf Tensors as one 1-D array.

    An optimizer updates many small parameters in a handful of calls, whatever their number.

    Parameters
    ----------
    tensors : sequence of Tensor
        Leaves of one dtype. Their values move into the buffer; their identity stays.

    Attributes
    ----------
    data : array
        1-D. After writing to it, call `written`.

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
        self.data: Array = np.empty(sum(tensor.size for tensor in tensors), tensors[0].dtype)
        self._gradients = np.empty_like(self.data)
        start = 0
        for tensor in tensors:
            stop = start + tensor.size
            memory = self.data[start:stop].reshape(tensor.shape)
            memory[...] = tensor._data
            tensor._data = memory
            tensor._live = None
            start = stop

    def owns(self) -> bool:
        """Whether the memory of every Tensor still is in this buffer."""
        data = self.data
        return all([tensor._data.base is data for tensor in self.tensors])

    def gather(self) -> Array:
        """The gradients of all Tensors in one 1-D array, which the next call overwrites.

        Raises
        ------
        ValueError
            If a Tensor has no gradient.
        """
        gradients = [tensor._grad for tensor in self.tensors]
        if any([g is None for g in gradients]):
            number = next(i for i, g in enumerate(gradients) if g is None)
            raise ValueError(
                f"Tensor {number} of the buffer ({self.tensors[number]!r}) has no gradient. "
                f"Call backward() first."
            )
        flat = [g.ravel() for g in gradients]
        np.concatenate(flat, out=self._gradients)
        return self._gradients

    def written(self) -> None:
        """Note that `data` was written, so that graphs that read the old values refuse to."""
        if writes.state.views:
            for tensor in self.tensors:
                writes.before_write(tensor._data)
        for tensor in self.tensors:
            node = tensor._node
            if node is not None:
                writes.written(node)  # type: ignore[arg-type]
