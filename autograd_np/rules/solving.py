"""Determinants, inverses and linear systems.

A pullback pairs without conjugation, ``dL = Re(sum(g * dz))``, and formulas in print pair with it.
The rule of a holomorphic function (inverse, determinant, solve) has only transposes. Any other
formula is taken from print and given the `conjugated` values of what it reads, which comes to the
same as conjugating the gradient on its way in and on its way out.

Formulas: M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008); G. Golub and V. Pereyra, "The differentiation of pseudo-inverses and
nonlinear least squares problems whose variables separate" (1973).
"""

from typing import Any

import numpy as np

from autograd_np.rules.creation import arange_like, eye_like
from autograd_np.rules.factors import products_of_others
from autograd_np.rules.registry import composite, constant, dispatched, rule


def transposed(x: Any) -> Any:
    """Each matrix of a stack, transposed."""
    return np.swapaxes(x, -1, -2)


def conjugated(x: Any) -> Any:
    """The complex conjugate; real values as they are, without a copy."""
    return np.conjugate(x) if x.dtype.kind == "c" else x


def adjoint(x: Any) -> Any:
    """Each matrix of a stack, transposed and conjugated."""
    return transposed(conjugated(x))


def largest(x: Any, axis: int, keepdims: bool = False) -> Any:
    """The largest along an axis of numbers that are not negative; 0 where there are none."""
    # Not every library knows `initial`.
    start: dict[str, Any] = {} if x.shape[axis] else {"initial": 0}
    return np.max(x, axis=axis, keepdims=keepdims, **start)


def triangle(x: Any, lower: bool = True, diagonal: float = 1.0) -> Any:
    """One triangle of square matrices, the other 0, and so much of the diagonal."""
    n = x.shape[-1]
    row = arange_like(x, n)
    column = row[:, None]
    return x * ((column > row if lower else column < row) + eye_like(x, n) * diagonal)


def onto_triangle(g: Any, lower: bool = True) -> Any:
    """The gradient for Hermitian matrices of which one triangle is read, the other implied."""
    return triangle(g + adjoint(g), lower, 0.5)


rule(np.linalg.inv, a=lambda g, out: -transposed(out) @ g @ transposed(out))


def _columns(x: Any, like: Any) -> Any:
    """A right-hand side, or its solution, as the columns of a matrix."""
    return x[..., None] if like.ndim == 1 else x


rule(
    np.linalg.solve,
    shared={"y": lambda g, a, b_like: np.linalg.solve(transposed(a), _columns(g, b_like))},
    a=lambda y, b_like, out: -y @ transposed(_columns(out, b_like)),
    b=lambda y, b_like: y[..., 0] if b_like.ndim == 1 else y,
)


# The gradient of a determinant is its matrix of cofactors, ``det(a) * inv(a).T`` where `a` has an
# inverse. Where it has none they follow from the singular values: with ``a = u @ diag(s) @ vh``,
# the cofactors of `a` are those of ``diag(s)``, rotated. Each of these functions is the directional
# derivative of the one before.


@dispatched
def cofactors(a: Any) -> Any:
    """The derivative of the determinant with respect to each element of `a`."""
    try:
        return np.linalg.det(a)[..., None, None] * transposed(np.linalg.inv(a))
    except np.linalg.LinAlgError:
        u, s, vh = np.linalg.svd(a)
        others = products_of_others(s, s.ndim - 1)[..., None, :]
        return _volume(u, vh) * (np.conj(u) * others) @ np.conj(vh)


@dispatched
def cofactors_along(a: Any, x: Any) -> Any:
    """How the cofactors of `a` change when `a` moves along `x`."""
    try:
        y = transposed(np.linalg.inv(a))
        trace = np.sum(y * x, axis=(-2, -1), keepdims=True)
        return np.linalg.det(a)[..., None, None] * (trace * y - y @ transposed(x) @ y)
    except np.linalg.LinAlgError:
        u, s, vh = np.linalg.svd(a)
        eye = eye_like(s, s.shape[-1])
        # At [i, j] the product of the singular values other than numbers i and j; 0 at [i, i].
        others = products_of_others(np.where(eye, 1, s[..., None, :]), s.ndim) * (1 - eye)
        x = adjoint(u) @ x @ adjoint(vh)
        diagonal = np.sum(others * np.sum(x * eye, axis=-2, keepdims=True), axis=-1)
        inner = diagonal[..., None] * eye - others * transposed(x)
        return _volume(u, vh) * np.conj(u) @ inner @ np.conj(vh)


def _volume(u: Any, vh: Any) -> Any:
    return (np.linalg.det(u) * np.linalg.det(vh))[..., None, None]


def _cofactors_along_a(g: Any, a: Any, x: Any) -> Any:
    """The third derivative of the determinant, for matrices that have an inverse."""
    eye, inverse = eye_like(a, a.shape[-1]), np.linalg.inv(a)
    p, q = inverse @ g, inverse @ x
    tp, tq, tpq = (np.sum(m * eye, axis=(-2, -1), keepdims=True) for m in (p, q, p @ q))
    inner = (tp * tq - tpq) * eye - tp * q - tq * p + p @ q + q @ p
    return np.linalg.det(a)[..., None, None] * transposed(inner @ inverse)


rule(np.linalg.det, a=lambda g, a: g[..., None, None] * cofactors(a))
rule(cofactors, a=lambda g, a: cofactors_along(a, g))
rule(cofactors_along, a=_cofactors_along_a, x=lambda g, a: cofactors_along(a, g))


def _phase_of_det(g: Any, a: Any, sign: Any) -> Any:
    if a.dtype.kind != "c":
        return np.zeros_like(a)
    # The phase moves at a right angle to itself: what is left of g there is imaginary.
    turn = g * sign
    return (turn - np.real(turn))[..., None, None] * transposed(np.linalg.inv(a))


rule(
    np.linalg.slogdet,
    outputs=["sign", "logabsdet"],
    a={
        "sign": _phase_of_det,
        "logabsdet": lambda g, a: g[..., None, None] * transposed(np.linalg.inv(a)),
    },
)


def _pinv(g: Any, a: Any, out: Any, hermitian: Any) -> Any:
    """Golub and Pereyra's formula, which holds where the rank stays the same."""
    if hermitian:
        half = triangle(a, diagonal=0.5)
        a = half + adjoint(half)
    a, p = conjugated(a), conjugated(out)
    ph, gh = adjoint(p), adjoint(g)
    left, right = gh @ p, p @ gh
    moved = (left - a @ (p @ left)) @ ph + ph @ (right - (right @ p) @ a) - ph @ g @ ph
    return onto_triangle(moved) if hermitian else moved


rule(np.linalg.pinv, a=_pinv)


@dispatched
def least_squares(a: Any, b: Any, rcond: Any = None) -> Any:
    """Solution, residuals and singular values of `numpy.linalg.lstsq`."""
    settings = {} if rcond is None else {"rcond": rcond}
    x, residuals, _, s = np.linalg.lstsq(a, b, **settings)
    return x, residuals, s


def _cutoff(a: Any, rcond: Any) -> Any:
    """Below which part of the largest singular value `numpy.linalg.lstsq` takes one for 0."""
    if rcond is None:
        return np.finfo(np.float64).eps * max(a.shape)
    return rcond if rcond >= 0 else np.finfo(np.float64).eps


def _solution_left(g: Any, a: Any, b: Any, x: Any, p: Any) -> Any:
    """That of ``pinv(a) @ b``, in an order of products that makes no matrix larger than `a`."""
    residual = conjugated(_columns(b - a @ x, x))
    g, x, a, p = _columns(g, x), conjugated(_columns(x, x)), conjugated(a), conjugated(p)
    y = adjoint(p) @ g
    outside = g - adjoint(a) @ y
    return residual @ adjoint(p @ y) + (adjoint(p) @ x) @ adjoint(outside) - y @ adjoint(x)


def _residuals_left(g: Any, a: Any, b: Any, x: Any) -> Any:
    if g.size == 0:
        return np.zeros_like(a)
    residual = conjugated(_columns(b - a @ x, x))
    return -2 * (residual * g) @ transposed(_columns(x, x))


def _residuals_right(g: Any, a: Any, b: Any, x: Any) -> Any:
    return np.zeros_like(b) if g.size == 0 else 2 * g * conjugated(b - a @ x)


def _singular_values(g: Any, a: Any, s: Any) -> Any:
    u, _, vh = np.linalg.svd(a, full_matrices=False)
    return conjugated(u) * (g * np.sign(s)) @ conjugated(vh)


rule(
    least_squares,
    outputs=["x", "residuals", "s"],
    shared={"p": lambda a, rcond: np.linalg.pinv(a, _cutoff(a, rcond))},
    a={"x": _solution_left, "residuals": _residuals_left, "s": _singular_values},
    b={"x": lambda g, p: transposed(p) @ g, "residuals": _residuals_right},
)


@composite(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """`numpy.linalg.lstsq` through `least_squares`."""
    a, b = (x if hasattr(x, "shape") else np.asarray(x) for x in (a, b))
    x, residuals, s = least_squares(a, b, rcond)
    rank = np.sum(s > _cutoff(a, rcond) * largest(s, -1), dtype=np.intc)
    return x, residuals, rank, s


constant(np.linalg.matrix_rank)
