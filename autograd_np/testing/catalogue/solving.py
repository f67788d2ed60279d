"""Inverses, determinants and linear systems."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd_np.rules import solving
from autograd_np.testing.catalogue.sample import Array, Sample, Samples, imaginary, real


def regular(
    *shape: int, domain: Callable[..., Array] = real, seed: int = 0, diagonal: float = 3.0
) -> Array:
    """Square matrices with an inverse, and no two eigenvalues alike."""
    n = shape[-1]
    return domain(*shape, seed=seed) + diagonal * np.diag(np.linspace(1.0, 2.0, n))


_SQUARES = [
    Sample("matrix", (regular(3, 3),), {}),
    Sample("stack", (regular(2, 1, 2, 2),), {}),
    Sample("1x1", (real(1, 1),), {}),
    Sample("0x0", (real(0, 0),), {}),
    Sample("empty stack", (real(0, 2, 2),), {}),
    Sample("complex", (regular(2, 2, domain=imaginary),), {}),
    Sample("complex stack", (regular(2, 2, 2, domain=imaginary),), {}),
]

# Of ranks 2, 1 and 0; the first with the second in one stack, and two complex ones.
_RANK_2 = np.array([[1.0, 2.0, 3.0], [4.0, -1.0, 6.0], [2.0, 4.0, 6.0]])
_RANK_1 = np.outer([1.0, 2.0, -1.0], [2.0, 1.0, 4.0])
_SINGULAR = [
    Sample("rank 2", (_RANK_2,), {}),
    Sample("rank 1", (_RANK_1,), {}),
    Sample("zeros", (np.zeros((2, 2)),), {}),
    Sample("regular and singular", (np.stack([_RANK_2, regular(3, 3)]),), {}),
    Sample("equal singular values", (np.diag([2.0, 2.0, 0.0]),), {}),
    Sample("complex rank 1", (np.array([[1.0, 2j], [2.0, 4j]]),), {}),
]

_B = [
    Sample("vector", (regular(3, 3), real(3)), {}),
    Sample("matrix", (regular(3, 3), real(3, 2)), {}),
    Sample("stacks", (regular(2, 2, 2), real(2, 2, 1)), {}),
    Sample("stack and vector", (regular(2, 2, 2), real(2)), {}),
    Sample("stack and matrix", (regular(2, 2, 2), real(2, 3)), {}),
    Sample("matrix and stack", (regular(2, 2), real(3, 2, 1)), {}),
    Sample("stretched stacks", (regular(2, 1, 2, 2), real(3, 2, 1)), {}),
    Sample("1x1", (real(1, 1), real(1)), {}),
    Sample("0x0", (real(0, 0), real(0, 2)), {}),
    Sample("no columns", (regular(2, 2), real(2, 0)), {}),
    Sample("empty stack", (real(0, 2, 2), real(2, 1)), {}),
    Sample("complex", (regular(2, 2, domain=imaginary), imaginary(2, 2, seed=1)), {}),
    Sample("real and complex", (regular(2, 2), imaginary(2)), {}),
    Sample("complex and real", (regular(2, 2, domain=imaginary), real(2)), {}),
    Sample("constant left", (np.array([[2, 1], [1, 3]]), real(2)), {}),
    Sample("constant right", (regular(2, 2), np.array([1, 2])), {}),
]

_LEAST_SQUARES = [
    Sample("tall", (real(4, 2), real(4, 2, seed=1)), {}),
    Sample("tall and vector", (real(4, 2), real(4)), {}),
    Sample("square", (regular(2, 2), real(2)), {}),
    Sample("wide", (real(2, 3), real(2, 2)), {}),
    Sample("rcond", (real(3, 2), real(3)), {"rcond": 1e-6}),
    Sample("negative rcond", (real(3, 2), real(3)), {"rcond": -1}),
    Sample("1x1", (real(1, 1), real(1)), {}),
    Sample("no columns right", (real(3, 2), real(3, 0)), {}),
    Sample("no rows", (real(0, 2), real(0, 1)), {}),
    Sample("complex", (imaginary(3, 2), imaginary(3, 2, seed=1)), {}),
    Sample("complex wide", (imaginary(2, 3), imaginary(2)), {}),
    Sample("real and complex", (real(3, 2), imaginary(3)), {}),
]

SAMPLES: Samples = {
    np.linalg.inv: _SQUARES,
    np.linalg.det: [*_SQUARES, *_SINGULAR],
    np.linalg.slogdet: [*_SQUARES, Sample("negative", (regular(3, 3)[::-1],), {})],
    solving.cofactors: [*_SQUARES, Sample("rank 2", (_RANK_2,), {}, order=1)],
    solving.cofactors_along: [
        Sample("matrix", (regular(3, 3), real(3, 3, seed=1)), {}),
        Sample("stack", (regular(2, 2, 2), real(2, 2, 2, seed=1)), {}),
        Sample("complex", (regular(2, 2, domain=imaginary), imaginary(2, 2, seed=1)), {}),
    ],
    np.linalg.pinv: [
        *_SQUARES,
        Sample("tall", (real(3, 2),), {}),
        Sample("wide", (real(2, 3),), {}),
        Sample("stack of tall", (real(2, 3, 2),), {}),
        Sample("no columns", (real(3, 0),), {}),
        Sample("complex tall", (imaginary(3, 2),), {}),
        Sample("complex wide", (imaginary(2, 3),), {}),
        Sample("rcond", (real(3, 2), 1e-6), {}),
        Sample("rtol", (real(3, 2),), {"rtol": 1e-6}),
        Sample("hermitian", (regular(3, 3),), {"hermitian": True}),
        Sample("complex hermitian", (regular(2, 2, domain=imaginary),), {"hermitian": True}),
    ],
    np.linalg.solve: _B,
    np.linalg.lstsq: _LEAST_SQUARES,
    solving.least_squares: _LEAST_SQUARES,
}
