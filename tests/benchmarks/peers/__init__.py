"""The contenders: one file each, all training the same `Problem` to the same numbers."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, SupportsFloat

from tests.benchmarks.networks import Array, Problem

TENSORS, NN = "ours, Tensors", "ours, nn"
TENSORS_NUMPY, NN_NUMPY = "ours, Tensors, compiled (NumPy)", "ours, nn, compiled (NumPy)"
TENSORS_NUMBA, NN_NUMBA = "ours, Tensors, compiled (numba)", "ours, nn, compiled (numba)"
NUMPY, TORCH, TORCH_NN = "NumPy by hand", "PyTorch, tensors", "PyTorch, torch.nn"
TORCH_COMPILED, JAX, KERAS = "PyTorch, torch.compile", "JAX jit", "Keras on JAX"
HIPS, MYGRAD, MYGRAD_UNGUARDED = "HIPS autograd", "MyGrad", "MyGrad, guard off"

EAGER = (TENSORS, NN)
COMPILED_NUMPY, COMPILED_NUMBA = (TENSORS_NUMPY, NN_NUMPY), (TENSORS_NUMBA, NN_NUMBA)
OURS = (*EAGER, *COMPILED_NUMPY, *COMPILED_NUMBA)


class HasItem(Protocol):
    """A scalar of any library."""

    def item(self) -> SupportsFloat:
        """Return the scalar as a Python number."""
        ...


class Trainer(NamedTuple):
    """A contender, ready to train.

    Attributes
    ----------
    step : callable
        One training step: forward, backward, SGD. Returns the loss, not yet turned into a float.
    parameters : callable
        Weights, shape (inputs, outputs), and biases, in order, as arrays.
    """

    step: Callable[[], HasItem]
    parameters: Callable[[], list[Array]]


Build = Callable[[Problem], Trainer]

_WHERE = {
    NUMPY: ("numpy_by_hand", "build"),
    TENSORS: ("ours", "build_tensors"),
    NN: ("ours_nn", "build"),
    TENSORS_NUMPY: ("ours_compiled", "tensors_numpy"),
    NN_NUMPY: ("ours_compiled", "nn_numpy"),
    TENSORS_NUMBA: ("ours_compiled", "tensors_numba"),
    NN_NUMBA: ("ours_compiled", "nn_numba"),
    TORCH: ("pytorch", "build_tensors"),
    TORCH_NN: ("pytorch", "build_nn"),
    TORCH_COMPILED: ("pytorch_compiled", "build"),
    JAX: ("jax_jit", "build"),
    KERAS: ("keras_on_jax", "build"),
    HIPS: ("hips", "build"),
    MYGRAD_UNGUARDED: ("mygrad_tensors", "build_unguarded"),
    MYGRAD: ("mygrad_tensors", "build_guarded"),
}
LABELS = tuple(_WHERE)


def find(label: str) -> Build:
    """Return the function that builds a contender.

    Raises
    ------
    ImportError
        When the library that it needs is not installed.

    Examples
    --------
    >>> find(NUMPY).__name__
    'build'
    """
    if label in COMPILED_NUMBA:
        importlib.import_module("numba")
    module, name = _WHERE[label]
    build: Build = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    return build


def available(labels: Sequence[str] = LABELS) -> tuple[dict[str, Build], list[str]]:
    """Of the named contenders, those that can run here, and a line for each that cannot.

    Examples
    --------
    >>> NUMPY in available()[0]
    True
    """
    found: dict[str, Build] = {}
    missing: list[str] = []
    for label in labels:
        try:
            found[label] = find(label)
        except ImportError as error:
            missing.append(f"{label}: left out ({error})")
    return found, missing
