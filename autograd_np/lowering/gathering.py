"""Small Tensors that a compiled function updates, moved into one array.

An update that is alike for all of them then takes a handful of calls, whatever their number.
"""

from __future__ import annotations

from dataclasses import replace
from sys import getrefcount
from typing import Any

import numpy as np

from autograd_np.flat import FlatBuffer
from autograd_np.lowering.traced import Traced

#: Elements up to which a Tensor is moved: beyond, a call of NumPy costs little beside its work.
SMALL = 16_384


def gather(trace: Traced) -> None:
    """Move the captured Tensors that a trace updates next to each other, one array per dtype.

    Their identity stays, and so do those that share memory already (with an optimizer's other
    parameters), or whose memory somebody else holds.
    """
    groups: dict[np.dtype[Any], list[int]] = {}
    for index, tensor in trace.tensors.items():
        if index in trace.program.updates and _is_alone(tensor):
            groups.setdefault(tensor.dtype, []).append(index)
    for indices in groups.values():
        if len(indices) > 1:
            FlatBuffer([trace.tensors[index] for index in indices])
            for index in indices:
                value = trace.tensors[index]._value
                variables = trace.program.variables
                variables[index] = replace(variables[index], value=value)


def _is_alone(tensor: Any) -> bool:
    value = tensor._value
    if not tensor.requires_grad or type(value) is not np.ndarray or not 0 < value.size <= SMALL:
        return False
    owns = value.base is not None and value.base.size == value.size
    # The slot and the argument: a view that was handed out is still held otherwise.
    return owns and (tensor._live is None or getrefcount(tensor._live) == 2)
