"""Factorisations of matrices and eigenvalues.

What LAPACK could as well return with another phase (complex vectors of `eigh` and `svd`) or in
another basis (the further columns of a full `svd`) is left out: central differences see the choice
change. Their gradients are tested through what does not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd_np.rules import decompositions
from autograd_np.testing.catalogue.sample import Array, Sample, Samples, imaginary, real
from autograd_np.testing.catalogue.solving import regular


def _definite(*shape: int, domain: Callable[..., Array] = real) -> Array:
    """Matrices whose lower and upper triangle both stand for a positive definite one."""
    a = domain(*shape)
    return a / 4 + 3 * np.eye(shape[-1])


_SQUARES = [
    Sample("matrix", (regular(3, 3),), {}),
    Sample("stack", (regular(2, 1, 2, 2),), {}),
    Sample("1x1", (real(1, 1),), {}),
    Sample("0x0", (real(0, 0),), {}),
    Sample("empty stack", (real(0, 2, 2),), {}),
]
_COMPLEX_SQUARES = [
    Sample("complex", (regular(2, 2, domain=imaginary),), {}),
    Sample("complex stack", (regular(2, 2, 2, domain=imaginary),), {}),
    Sample("complex 1x1", (imaginary(1, 1),), {}),
]
_UPLO = [
    Sample("upper", (regular(3, 3), "U"), {}),
    Sample("lower by keyword", (regular(2, 2),), {"UPLO": "l"}),
]
# A rotation and a scaling: one pair of complex eigenvalues and a real one.
_TURNING = np.array([[1.0, -2.0, 0.5], [1.5, 1.0, 0.25], [0.5, 0.25, 3.0]])

_SHAPES = [
    Sample("tall", (real(3, 2),), {}),
    Sample("wide", (real(2, 3),), {}),
    Sample("square", (regular(3, 3),), {}),
    Sample("stack", (real(2, 3, 2),), {}),
    Sample("1x1", (real(1, 1),), {}),
    Sample("no columns", (real(3, 0),), {}),
    Sample("no rows", (real(0, 3),), {}),
    Sample("empty stack", (real(0, 2, 2),), {}),
]
_COMPLEX_SHAPES = [
    Sample("complex tall", (imaginary(3, 2),), {}),
    Sample("complex wide", (imaginary(2, 3),), {}),
    Sample("complex square", (regular(2, 2, domain=imaginary),), {}),
]
_REDUCED = [Sample(s.name, (*s.args, False), s.kwargs) for s in _SHAPES]
_FULL = [
    Sample("full, tall", (real(3, 2),), {}),
    Sample("full, wide", (real(2, 3),), {}),
    Sample("full, square", (regular(2, 2),), {}),
]
_QR = [*_SHAPES, *_COMPLEX_SHAPES, Sample("complete", (real(3, 2),), {"mode": "complete"})]

SAMPLES: Samples = {
    np.linalg.cholesky: [
        Sample("matrix", (_definite(3, 3),), {}),
        Sample("upper", (_definite(3, 3),), {"upper": True}),
        Sample("stack", (_definite(2, 1, 2, 2),), {}),
        Sample("1x1", (_definite(1, 1),), {}),
        Sample("0x0", (real(0, 0),), {}),
        Sample("empty stack", (real(0, 2, 2),), {}),
        Sample("complex", (_definite(2, 2, domain=imaginary),), {}),
        Sample("complex upper", (_definite(2, 2, domain=imaginary),), {"upper": True}),
    ],
    decompositions.cholesky_factor: [
        Sample("lower", (_definite(2, 2),), {}),
        Sample("upper", (_definite(2, 2), True), {}),
    ],
    decompositions.triangular_inverse: [*_SQUARES, *_COMPLEX_SQUARES],
    np.linalg.qr: [
        *_QR,
        Sample("r", (real(3, 2), "r"), {}),
        Sample("complete, square", (regular(2, 2),), {"mode": "complete"}),
        Sample("complete, wide", (real(2, 3),), {"mode": "complete"}),
    ],
    decompositions.q_and_r: _QR,
    np.linalg.eigh: [*_SQUARES, *_UPLO],
    np.linalg.eigvalsh: [*_SQUARES, *_UPLO, *_COMPLEX_SQUARES],
    np.linalg.eig: [
        *_SQUARES,
        *_COMPLEX_SQUARES,
        Sample("real with complex eigenvalues", (_TURNING,), {}),
    ],
    np.linalg.eigvals: [
        *_SQUARES,
        *_COMPLEX_SQUARES,
        Sample("real with complex eigenvalues", (_TURNING,), {}),
    ],
    np.linalg.svd: [
        *_REDUCED,
        *_FULL,
        Sample("values", (real(3, 2),), {"compute_uv": False}),
        Sample("hermitian", (regular(3, 3),), {"hermitian": True}),
        Sample("hermitian values", (regular(2, 2),), {"hermitian": True, "compute_uv": False}),
    ],
    decompositions.singular_system: [*_REDUCED, *_FULL],
    np.linalg.svdvals: [*_SHAPES, *_COMPLEX_SHAPES],
}
