"""The samples of the catalogue, as functions of the arrays to differentiate."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import RULES
from autograd_np.testing import CATALOGUE
from autograd_np.testing.catalogue import label
from autograd_np.trees import flatten

CASES = [
    pytest.param(function, sample, id=f"{label(function)}-{sample.name}".replace(" ", "-"))
    for function, samples in CATALOGUE.items()
    for sample in samples
]


def some_by_day(count):
    """The cases, those after the first `count` of each function marked as nightly."""
    numbers = [number for samples in CATALOGUE.values() for number in range(len(samples))]
    return [
        case
        if number < count
        else pytest.param(*case.values, id=case.id, marks=pytest.mark.nightly)
        for case, number in zip(CASES, numbers, strict=True)
    ]


def differentiable(function, sample, convert=lambda value: value):
    """The function of the sample's float64 and complex128 arrays alone, and those arrays.

    All its arrays are converted to another library's, if asked.
    """
    values, rebuild = flatten([list(sample.args), sample.kwargs])
    places = [
        i
        for i, v in enumerate(values)
        if isinstance(v, np.ndarray) and v.dtype in (np.float64, np.complex128)
    ]

    values = [convert(value) for value in values]

    def call(*arrays):
        filled = list(values)
        for place, array in zip(places, arrays, strict=True):
            filled[place] = array
        args, kwargs = rebuild(filled)
        result = function(*args, **kwargs)
        operation = RULES.get(function)
        if operation is not None and operation.outputs and isinstance(result, tuple):
            return result[: operation.visible] if operation.visible > 1 else result[0]
        return result

    return call, [values[place] for place in places]


def single(array):
    """An array in single precision."""
    return array.astype(np.complex64 if array.dtype.kind == "c" else np.float32)


def recorded(result):
    """Those of the results of a call that were recorded."""
    return [t for t in flatten(result)[0] if isinstance(t, ag.Tensor) and t.requires_grad]


def value_and_gradients(call, arrays):
    """The first result of a call as a Tensor, and the gradients of 0.7 times its elements."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    out = recorded(call(*tensors))[0]
    out.backward(np.full(out.shape, 0.7, out.dtype))
    return out, [t.grad for t in tensors]
