"""The five networks: shapes, data and initial parameters, shared by every contender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
Layer = tuple[Array, Array | None]
LossName = Literal["cross_entropy", "binary_cross_entropy", "sum_of_squares"]

DTYPES = ("float32", "float64")


@dataclass(frozen=True)
class Network:
    """A fully connected ReLU network and the loss that it is trained on.

    Attributes
    ----------
    sizes : tuple of int
        Width of the input, of every hidden layer and of the output.
    rows : int
        Rows in the one batch that every step sees.
    loss : {"cross_entropy", "binary_cross_entropy", "sum_of_squares"}
        Softmax cross-entropy from integer labels, sigmoid and binary cross-entropy (both means
        over rows), or the sum of squared differences.
    lr : float
        Learning rate: moves the parameters visibly in three steps, and does not diverge in many.
    bias : bool
        Whether the layers add a bias.

    Examples
    --------
    >>> NETWORKS[0].name, NETWORKS[0].rows
    ('4-6-10-8-3', 150)
    """

    sizes: tuple[int, ...]
    rows: int
    loss: LossName
    lr: float
    bias: bool = True

    @staticmethod
    def named(name: str) -> Network:
        """Find one of the five by name."""
        return next(network for network in NETWORKS if network.name == name)

    @property
    def name(self) -> str:
        """The widths, joined by hyphens."""
        return "-".join(map(str, self.sizes))


NETWORKS = (
    Network((4, 6, 10, 8, 3), 150, "cross_entropy", lr=0.1),
    Network((2, 25, 50, 50, 25, 1), 900, "binary_cross_entropy", lr=0.1),
    Network((784, 128, 10), 256, "cross_entropy", lr=0.1),
    Network((1000, 100, 1), 128, "sum_of_squares", lr=1e-5, bias=False),
    Network((1024, 1024, 1024, 10), 512, "cross_entropy", lr=0.01),
)
SMALLEST, SECOND, LARGEST = NETWORKS[0].name, NETWORKS[1].name, NETWORKS[-1].name
# As deep as the largest: what is imported and compiled once is not counted for each of the five.
ANOTHER = Network((5, 4, 4, 3), 6, "cross_entropy", lr=0.1)
LAST_THREE = tuple(network.name for network in NETWORKS[-3:])


@dataclass(frozen=True)
class Problem:
    """One network with its batch and its initial parameters, in one dtype.

    Attributes
    ----------
    network : Network
        What is trained.
    x : ndarray, shape (rows, sizes[0])
        Inputs.
    y : ndarray, shape (rows,) of int64, or (rows, 1) of the problem's dtype
        Integer labels for cross-entropy, targets otherwise.
    initial : tuple of (ndarray, ndarray or None)
        Weight, shape (inputs, outputs), and bias, shape (outputs,), of each layer.
    """

    network: Network
    x: Array
    y: NDArray[np.generic]
    initial: tuple[Layer, ...]

    def layers(self) -> list[Layer]:
        """Fresh copies of the initial parameters, which a contender may overwrite."""
        return [(W.copy(), None if b is None else b.copy()) for W, b in self.initial]


def flat(layers: list[Layer] | tuple[Layer, ...]) -> list[Array]:
    """Weights and biases in order, absent biases left out.

    Examples
    --------
    >>> one = np.ones(1)
    >>> len(flat([(one, one), (one, None)]))
    3
    """
    return [parameter for layer in layers for parameter in layer if parameter is not None]


def problem(network: Network, dtype: str, seed: int = 0) -> Problem:
    """Draw the batch and the initial parameters of a network (He's scale for ReLU).

    Parameters
    ----------
    network : Network
        Shapes and loss.
    dtype : str
        "float32" or "float64"; both draw the same numbers, then round.
    seed : int
        Seed of the generator.

    Examples
    --------
    >>> p = problem(NETWORKS[3], "float32")
    >>> p.x.shape, p.y.shape, p.initial[0][0].dtype.name, p.initial[0][1]
    ((128, 1000), (128, 1), 'float32', None)
    """
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((network.rows, network.sizes[0])).astype(dtype)
    layers: list[Layer] = []
    for inputs, outputs in zip(network.sizes[:-1], network.sizes[1:], strict=True):
        W = (rng.standard_normal((inputs, outputs)) * np.sqrt(2 / inputs)).astype(dtype)
        b = (rng.standard_normal(outputs) * 0.1).astype(dtype) if network.bias else None
        layers.append((W, b))
    y: NDArray[np.generic]
    if network.loss == "cross_entropy":
        y = rng.integers(0, network.sizes[-1], size=network.rows)
    elif network.loss == "binary_cross_entropy":
        y = rng.integers(0, 2, size=(network.rows, 1)).astype(dtype)
    else:
        y = rng.standard_normal((network.rows, 1)).astype(dtype)
    return Problem(network, x, y, tuple(layers))
