"""Factorisations of matrices and eigenvalues.

Formulas are given the conjugates of what they read (`autograd_np.rules.solving` says why). Vectors
that LAPACK could as well have returned with another sign or phase, or any basis of a space of
several, have a derivative of which only part is determined; the rules are right for every function
of them that does not depend on such a choice.

Formulas: M. Seeger et al., "Auto-differentiating linear algebra" (2017), for Cholesky, QR, SVD and
Hermitian matrices; S. Walter and L. Lehmann, "Algorithmic differentiation of linear algebra
functions" (2010), for QR; D. Roberts and L. Roberts, "QR and LQ decomposition matrix
backpropagation algorithms for square, wide, and deep matrices" (2020); Z.-Q. Wan and S.-X. Zhang,
"Automatic differentiation for complex valued SVD" (2019); C. Boeddeker et al., "On the computation
of complex-valued gradients with application to statistically optimum beamforming" (2017), for eig.
"""

from typing import Any

import numpy as np

from autograd_np.rules.backends import implementation
from autograd_np.rules.cotangents import parts_of
from autograd_np.rules.creation import arange_like, eye_like
from autograd_np.rules.registry import composite, dispatched, rule, written
from autograd_np.rules.solving import (
    adjoint,
    conjugated,
    largest,
    onto_triangle,
    transposed,
    triangle,
)

# Up to this size LAPACK's inverse is as fast as one that makes use of the zeros.
_SMALL = 64


@dispatched
def triangular_inverse(a: Any) -> Any:
    """The inverse of the lower triangles of `a`, by blocks: matrix products are fast."""
    n = a.shape[-1]
    if n <= _SMALL:
        return triangle(np.linalg.inv(triangle(a)))
    half = n // 2
    first = triangular_inverse(a[..., :half, :half])
    last = triangular_inverse(a[..., half:, half:])
    corner = -(last @ a[..., half:, :half]) @ first
    above = np.concatenate([first, np.zeros_like(transposed(corner))], axis=-1)
    return np.concatenate([above, np.concatenate([corner, last], axis=-1)], axis=-2)


rule(triangular_inverse, a=lambda g, out: -triangle(transposed(out) @ g @ transposed(out)))


def _cholesky(g: Any, out: Any, upper: Any) -> Any:
    if upper:
        return adjoint(_cholesky(adjoint(g), adjoint(out), False))
    factor = conjugated(out)
    inverse = triangular_inverse(factor)
    inner = triangle(adjoint(factor) @ g, diagonal=0.5)
    return triangle(adjoint(inverse) @ (inner + adjoint(inner)) @ inverse, diagonal=0.5)


@dispatched
def cholesky_factor(a: Any, upper: bool = False) -> Any:
    """`numpy.linalg.cholesky`, which other libraries understand otherwise or in part."""
    compute = np.linalg.cholesky
    if not isinstance(a, np.ndarray):
        compute = implementation("cholesky", a, compute)
    return compute(a, upper=True) if upper else compute(a)


rule(cholesky_factor, a=_cholesky)


@composite(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """`numpy.linalg.cholesky` through `cholesky_factor`."""
    return cholesky_factor(a, upper)


def _folded(g: Any, basis: Any, columns: int) -> Any:
    """The gradient of an orthonormal basis, all of it passed to so many of its columns.

    The others span what those leave over, and follow them.
    """
    if basis.shape[-1] == columns:
        return g
    kept, rest = basis[..., :columns], basis[..., columns:]
    return g[..., :columns] - rest @ (adjoint(g[..., columns:]) @ kept)


def _upper_solved(g: Any, r: Any) -> Any:
    """``g`` times the inverse adjoint of an upper triangle."""
    return g @ triangular_inverse(adjoint(r))


def _qr(g: Any, a: Any, Q: Any, R: Any) -> Any:  # noqa: N803 - NumPy's names
    parts = parts_of(g)
    rows, columns = a.shape[-2:]
    k = min(rows, columns)
    q, r = conjugated(Q), conjugated(R)[..., :k, :]
    gq = _folded(parts[0], q, k) if 0 in parts else np.zeros_like(q[..., :k])
    gr = parts[1][..., :k, :] if 1 in parts else np.zeros_like(r)
    q = q[..., :k]
    if columns > k:
        # What stands to the right of the square part is ``adjoint(q) @ a``.
        gq = gq + conjugated(a)[..., k:] @ adjoint(gr[..., k:])
    half = triangle(gr[..., :k] @ adjoint(r[..., :k]) - adjoint(q) @ gq, False, 0.5)
    left = _upper_solved(gq + q @ (half + adjoint(half)), r[..., :k])
    return np.concatenate([left, q @ gr[..., k:]], axis=-1) if columns > k else left


@dispatched
def q_and_r(a: Any, mode: Any = "reduced") -> Any:
    """`numpy.linalg.qr` in the modes "reduced" and "complete"."""
    # Not every library knows the modes.
    return np.linalg.qr(a) if mode == "reduced" else np.linalg.qr(a, mode)


written("qr", q_and_r)
rule(q_and_r, outputs=["Q", "R"], a=_qr)


@composite(np.linalg.qr)
def qr(a: Any, mode: Any = "reduced") -> Any:
    """`numpy.linalg.qr` through `q_and_r`."""
    if mode == "r":
        return q_and_r(a)[1]
    if mode not in ("reduced", "complete"):
        raise ValueError(
            f"qr was given mode={mode!r}; with a derivative there are 'reduced', 'complete' and "
            f"'r'. Write np.linalg.qr(t, mode='reduced')."
        )
    return q_and_r(a, mode)


def _reciprocal(x: Any, least: Any = 0) -> Any:
    """``1 / x``, and 0 where `x` is no larger than `least`."""
    small = np.abs(x) <= least
    return np.logical_not(small) / np.where(small, 1, x)


def _gaps(x: Any) -> Any:
    """``1 / (x[j] - x[i])`` at [i, j]; 0 for values that rounding cannot tell apart."""
    least = x.shape[-1] * np.finfo(x.dtype).eps * largest(np.abs(x), -1)[..., None, None]
    return _reciprocal(x[..., None, :] - x[..., None], least)


def _eigh_values(g: Any, eigenvectors: Any, UPLO: Any) -> Any:  # noqa: N803
    v = conjugated(eigenvectors)
    return onto_triangle(v * g[..., None, :] @ adjoint(v), UPLO in "lL")


def _eigh_vectors(g: Any, eigenvalues: Any, eigenvectors: Any, UPLO: Any) -> Any:  # noqa: N803
    v = conjugated(eigenvectors)
    inner = _gaps(eigenvalues) * (adjoint(v) @ g)
    return onto_triangle(v @ inner @ adjoint(v), UPLO in "lL")


rule(
    np.linalg.eigh,
    outputs=["eigenvalues", "eigenvectors"],
    a={"eigenvalues": _eigh_values, "eigenvectors": _eigh_vectors},
)


@composite(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: Any = "L") -> Any:  # noqa: N803
    """`numpy.linalg.eigvalsh` through `eigh`: its gradient needs the vectors."""
    return np.linalg.eigh(a, UPLO)[0]


def _eig_values(g: Any, eigenvectors: Any) -> Any:
    v = conjugated(eigenvectors)
    return np.linalg.solve(adjoint(v), g[..., None] * adjoint(v))


def _eig_vectors(g: Any, eigenvalues: Any, eigenvectors: Any) -> Any:
    """LAPACK's vectors have length 1, and their largest element is real."""
    v = conjugated(eigenvectors)
    if not v.size:
        return v
    # LAPACK leaves no imaginary part there, not even a rounding error.
    first = np.argmax(np.where(np.imag(v) == 0, np.abs(v), 0), axis=-2)
    peak = arange_like(v, v.shape[-1])[:, None] == first[..., None, :]
    along = np.sum(conjugated(v) * g, axis=-2, keepdims=True)
    length = np.real(along)
    turn = (along - length) * (peak / np.where(peak, v, 1))
    # (The formula in print has the conjugates of the gaps.)
    inner = _gaps(eigenvalues) * (adjoint(v) @ (g - v * length - turn))
    return np.linalg.solve(adjoint(v), inner @ adjoint(v))


rule(
    np.linalg.eig,
    outputs=["eigenvalues", "eigenvectors"],
    a={"eigenvalues": _eig_values, "eigenvectors": _eig_vectors},
)


@composite(np.linalg.eigvals)
def eigvals(a: Any) -> Any:
    """`numpy.linalg.eigvals` through `eig`: its gradient needs the vectors."""
    return np.linalg.eig(a)[0]


def _svd(g: Any, U: Any, S: Any, Vh: Any) -> Any:  # noqa: N803
    """Seeger's and Wan's formula for all three outputs at once.

    Added up before they are divided, the parts of a function that does not depend on the choice
    of vectors for equal singular values (``U @ Vh``, say) cancel where they would be infinite.
    """
    parts, k = parts_of(g), S.shape[-1]
    u, v = conjugated(U), transposed(Vh)
    gu = _folded(parts[0], u, k) if 0 in parts else np.zeros_like(u[..., :k])
    gv = _folded(adjoint(parts[2]), v, k) if 2 in parts else np.zeros_like(v[..., :k])
    u, v = u[..., :k], v[..., :k]
    vh = adjoint(v)
    # A singular value is an absolute value: its slope at 0 is 0.
    values = (parts[1] * np.sign(S))[..., None, :] if 1 in parts else np.zeros_like(S[..., None, :])
    if 0 not in parts and 2 not in parts:
        return u * values @ vh
    p, q = adjoint(u) @ gu, vh @ gv
    dp, dq = p - adjoint(p), q - adjoint(q)
    inner = (dp + dq) * _gaps(S) + (dp - dq) * _reciprocal(S[..., None, :] + S[..., None])
    inner = inner / 2 + values * eye_like(S, k)
    # What turns the vectors out of the space that they span, if there is any other.
    scale = _reciprocal(S)[..., None, :]
    du = (gu - u @ p) * scale if u.shape[-2] > k else 0
    dv = (gv - v @ q) * scale if v.shape[-2] > k else np.zeros_like(v)
    return (u @ inner + du) @ vh + u @ adjoint(dv)


@dispatched
def singular_system(a: Any, full_matrices: bool = True) -> Any:
    """`numpy.linalg.svd` with the vectors."""
    compute = np.linalg.svd
    if not isinstance(a, np.ndarray):
        compute = implementation("svd", a, compute)
    return compute(a, full_matrices=full_matrices)


written("svd", singular_system)
rule(singular_system, outputs=["U", "S", "Vh"], a=_svd)
_SVDResult: Any = type(np.linalg.svd(np.ones((1, 1))))


@composite(np.linalg.svd)
def svd(
    a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False
) -> Any:
    """`numpy.linalg.svd` through `singular_system`; of a Hermitian matrix through `eigh`."""
    if hermitian:
        return _hermitian_svd(a) if compute_uv else _hermitian_svd(a).S
    if compute_uv:
        return singular_system(a, full_matrices)
    return singular_system(a, False)[1]


def _hermitian_svd(a: Any) -> Any:
    w, v = np.linalg.eigh(a)
    order = np.argsort(np.abs(w))[..., ::-1]
    w = np.take_along_axis(w, order, axis=-1)
    v = np.take_along_axis(v, order[..., None, :], axis=-1)
    return _SVDResult(v, np.abs(w), adjoint(np.where(np.signbit(w)[..., None, :], -v, v)))


@composite(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    """`numpy.linalg.svdvals` through `singular_system`: its gradient needs the vectors."""
    return singular_system(x, False)[1]
