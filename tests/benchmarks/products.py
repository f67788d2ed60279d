"""The matrix products that a step cannot do without, and nothing else: the limit of its time."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.benchmarks.networks import Array, Problem

LABEL = "matrix products alone"


def products(problem: Problem) -> list[tuple[Array, Array, Array]]:
    """List both factors and an array for the result of each product of a step.

    Forward, every weight's gradient, and every layer's input's gradient but the first's, which
    nobody needs. Transposed factors are views, as BLAS takes them.

    Examples
    --------
    >>> from tests.benchmarks.networks import NETWORKS, problem
    >>> [(a.shape, b.shape) for a, b, _ in products(problem(NETWORKS[3], "float32"))]
    ... # doctest: +NORMALIZE_WHITESPACE
    [((128, 1000), (1000, 100)), ((128, 100), (100, 1)),
     ((100, 128), (128, 1)), ((128, 1), (1, 100)), ((1000, 128), (128, 100))]
    """
    rng = np.random.default_rng(0)
    rows, dtype = problem.network.rows, problem.x.dtype
    h = problem.x
    forward, backward = [], []
    for W, _ in problem.initial:
        z, g = rng.standard_normal((2, rows, W.shape[1])).astype(dtype)
        forward.append((h, W, z))
        if h is not problem.x:
            backward.append((g, W.T, np.empty_like(h)))
        backward.append((h.T, g, np.empty_like(W)))
        h = z
    return [*forward, *reversed(backward)]


def build(problem: Problem) -> Callable[[], None]:
    """Return a call that does the products with NumPy's BLAS, in preallocated memory."""
    triples, dot = products(problem), np.dot

    def step() -> None:
        # With out= np.dot takes 0.7 µs where np.matmul takes 1.1.
        for a, b, out in triples:
            dot(a, b, out)

    return step
