"""Polynomials by their coefficients, the highest power first."""

import operator
from typing import Any

import numpy as np

from autograd_np.rules.creation import arange_like, eye_like
from autograd_np.rules.lists import array_of
from autograd_np.rules.registry import composite, constant, dispatched, rule, written


def _vector(p: Any, like: Any = None) -> Any:
    """Coefficients (of a poly1d, in a list, alone, in an array) as an array of one axis or more.

    Those that are no array yet become one of the kind of `like`.
    """
    if isinstance(p, np.poly1d):
        p = p.coeffs.tolist()
    p = array_of(p, like)
    return np.reshape(p, (1,)) if p.ndim == 0 else p


def _filled(p: Any, length: int) -> Any:
    """`p` with zeros in front, up to `length`."""
    missing = length - p.shape[0]
    return np.concatenate([np.zeros_like(p, shape=(missing,)), p]) if missing else p


@dispatched
def evaluate(p: Any, x: Any) -> Any:
    """`numpy.polyval` for coefficients in a vector."""
    if all(isinstance(each, (np.ndarray, np.generic)) for each in (p, x)):
        return np.polyval(p, x)
    # Not every library has it.
    y = np.zeros_like(x)
    for k in range(p.shape[0]):
        y = y * x + p[k]
    return y


def _slope(p: Any) -> Any:
    """The coefficients of the derivative, in the dtype of `p`."""
    powers = arange_like(p, p.shape[0] - 1, 0, -1)
    return p[:-1] * powers.astype(p.dtype)


def _moments(g: Any, p_like: Any, x: Any) -> Any:
    """The sums of `g` times each power of `x`, the highest first."""
    sums = [np.sum(g)]
    for _ in range(p_like.shape[0] - 1):
        g = g * x
        sums.append(np.sum(g))
    # No coefficients, as in the slope of a constant, take no sum.
    return np.stack(sums[::-1])[: p_like.shape[0]]


written("polyval", evaluate)
rule(evaluate, p=_moments, x=lambda g, p, x: g * evaluate(_slope(p), x))


@composite(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """`numpy.polyval` through `evaluate`; by Horner's scheme for coefficients that are arrays."""
    if isinstance(x, np.poly1d):
        raise TypeError(
            "np.polyval puts a poly1d into a polynomial only if both are plain NumPy. "
            "Write the composition with np.polymul and np.polyadd of coefficients."
        )
    p = _vector(p, x)
    x = array_of(x, p)
    if p.ndim == 1 and p.shape[0]:
        return evaluate(p, x)
    y = np.zeros_like(x)
    for coefficient in p:
        y = y * x + coefficient
    return y


@composite(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    """`numpy.polyadd` of coefficients."""
    a1, a2 = _vector(a1, a2), _vector(a2, a1)
    length = max(a1.shape[0], a2.shape[0])
    return _filled(a1, length) + _filled(a2, length)


@composite(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    """`numpy.polysub` of coefficients."""
    a1, a2 = _vector(a1, a2), _vector(a2, a1)
    length = max(a1.shape[0], a2.shape[0])
    return _filled(a1, length) - _filled(a2, length)


@dispatched
def leading_zeros(p: Any) -> int:
    """How many zeros stand in front of the first coefficient that is not 0, or of the last.

    0 for other libraries' arrays, whose values are not waited for.
    """
    if not isinstance(p, np.ndarray):
        return 0
    others = np.flatnonzero(p[:-1])
    return int(others[0]) if len(others) else len(p) - 1


constant(leading_zeros)


def _polynomial(p: Any, like: Any) -> Any:
    """Coefficients as `numpy.poly1d` keeps them: a vector without zeros in front."""
    p = _vector(p, like)
    if p.ndim > 1:
        raise ValueError(f"a polynomial has coefficients in a vector, not of shape {p.shape}.")
    return p[leading_zeros(p) :] if p.shape[0] else np.zeros_like(p, shape=(1,))


@composite(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """`numpy.polymul` of coefficients."""
    return np.convolve(_polynomial(a1, a2), _polynomial(a2, a1))


@dispatched
def series_quotient(u: Any, v: Any) -> Any:
    """As many terms of the power series u / v as `u` has, lowest power first: long division."""
    scale = 1.0 / v[0]
    tail = np.concatenate([v[1:], np.zeros_like(v, shape=(max(len(u) - len(v), 0),))])
    terms = []
    while len(u):
        terms.append(scale * u[0])
        u = u[1:] - terms[-1] * tail[: len(u) - 1]
    return np.stack(terms)


# A triangular Toeplitz matrix of v, inverted; its transpose is itself, back to front.
def _dividend(g: Any, v: Any) -> Any:
    return np.flip(series_quotient(np.flip(g), v))


def _divisor(g: Any, v: Any, out: Any) -> Any:
    length = out.shape[0]
    shifted = np.convolve(_dividend(g, v), np.flip(out))
    return -shifted[length - 1 : length - 1 + v.shape[0]]


rule(series_quotient, u=_dividend, v=_divisor)


@dispatched
def remainder_length(u: Any, v: Any) -> int:
    """How many coefficients of the remainder `numpy.polydiv` keeps: it drops what is nearly 0.

    For other libraries' arrays, as many as may be other than 0.
    """
    if not isinstance(u, np.ndarray):
        return max(min(len(u), len(v) - 1), 1)
    return len(np.polydiv(u, v)[1])


constant(remainder_length)


@composite(np.polydiv)
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """`numpy.polydiv` of coefficients."""
    u, v = _vector(u, v) + 0.0, _vector(v, u) + 0.0
    length = u.shape[0] - v.shape[0] + 1
    if length < 1:
        quotient = np.where(False, u[:1], np.zeros_like(v, shape=(1,)))
        remainder = u.astype(quotient.dtype)
    else:
        quotient = series_quotient(u[:length], v[:length])
        remainder = u - np.convolve(quotient, v)
    return quotient, remainder[remainder.shape[0] - remainder_length(u, v) :]


def _order(name: str, m: Any) -> int:
    if operator.index(m) < 0:
        raise ValueError(f"{name} takes an order m of 0 or more, and this is {m}.")
    return operator.index(m)


@composite(np.polyder)
def polyder(p: Any, m: Any = 1) -> Any:
    """`numpy.polyder` of coefficients."""
    p = _vector(p)
    for _ in range(_order("np.polyder", m)):
        p = p[:-1] * arange_like(p, p.shape[0] - 1, 0, -1)
    return np.reshape(p, p.shape)


@composite(np.polyint)
def polyint(p: Any, m: Any = 1, k: Any = None) -> Any:
    """`numpy.polyint` of coefficients, with the integration constants `k`."""
    p, m = _vector(p), _order("np.polyint", m)
    constants = _vector(np.zeros_like(p, shape=(m,)) if k is None else k, p)
    if constants.shape[0] < m and constants.shape[0] != 1:
        raise ValueError(
            f"np.polyint takes one constant k, or one for each of the m = {m} integrations, and "
            f"was given {constants.shape[0]}."
        )
    for number in range(m):
        start = number if constants.shape[0] > 1 else 0
        integral = p / arange_like(p, p.shape[0], 0, -1)
        p = np.concatenate([integral, constants[start : start + 1]])
    return np.reshape(p, p.shape)


def _vander(g: Any, x: Any, increasing: Any) -> Any:
    """Each row of `g` holds the coefficients of a polynomial, and its slope at `x` is wanted."""
    if increasing:
        g = np.flip(g, 1)
    powers = arange_like(x, g.shape[1] - 1, 0, -1)
    return np.polyval(np.transpose(g[:, :-1] * powers), x)


rule(np.vander, x=_vander)


@dispatched
def roots_of(p: Any) -> Any:
    """The roots of a polynomial with coefficients in a vector.

    For other libraries' arrays the eigenvalues of the companion matrix, whatever the coefficients
    are: which of them are 0 is not waited for.
    """
    if isinstance(p, np.ndarray):
        return np.roots(p)
    degree = p.shape[0] - 1
    first = np.reshape(-p[1:] / p[0], (1, degree))
    return np.linalg.eigvals(np.concatenate([first, eye_like(p, degree - 1, degree)]))


# By the implicit function theorem on p(z) = 0: dz = -sum(dp[k] * z**(n - k)) / p'(z). A root that
# occurs twice has no derivative.
rule(
    roots_of,
    p=lambda g, p, out: -np.dot(g / evaluate(_slope(p), out), np.vander(out, p.shape[0])),
)


@composite(np.roots)
def roots(p: Any) -> Any:
    """`numpy.roots` through `roots_of`."""
    return roots_of(_vector(p))


@dispatched
def paired(z: Any) -> bool:
    """Whether complex roots come in conjugate pairs, so that their polynomial is real.

    Not asked of other libraries' arrays, whose values are not waited for.
    """
    return isinstance(z, np.ndarray) and bool(np.all(np.sort(z) == np.sort(np.conjugate(z))))


def _product(z: Any) -> Any:
    """The polynomial with the given roots: one factor (x - root) after the other."""
    one = np.ones_like(z, shape=(1,))
    p = one
    for k in range(z.shape[0]):
        p = np.convolve(p, np.concatenate([one, -z[k : k + 1]]))
    return np.real(p) if p.dtype.kind == "c" and paired(z) else p


@dispatched
def characteristic(a: Any) -> Any:
    """Coefficients of the characteristic polynomial of the square matrix `a`."""
    p = _product(np.linalg.eigvals(a))
    return p if a.dtype.kind == "c" else np.real(p)


def _characteristic(g: Any, a: Any, out: Any) -> Any:
    """Through the adjugate of (z - a), a polynomial in z, by the scheme of Faddeev and LeVerrier.

    So nothing is divided by a distance of eigenvalues, which may be equal.
    """
    one = eye_like(a, a.shape[0])
    matrix = one
    total = g[1] * matrix
    for k in range(1, a.shape[0]):
        matrix = a @ matrix + out[k] * one
        total = total + g[k + 1] * matrix
    return -np.swapaxes(total, 0, 1)


constant(paired)
rule(characteristic, a=_characteristic)


@composite(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    """`numpy.poly` of roots, or of a matrix through `characteristic`."""
    z = _vector(seq_of_zeros)
    if z.ndim == 2 and z.shape[0] == z.shape[1] != 0:
        return characteristic(z)
    if z.ndim != 1:
        raise ValueError(
            f"np.poly takes a vector of roots or a square matrix, and was given shape {z.shape}."
        )
    return _product(z.astype(np.mintypecode(z.dtype.char)))
