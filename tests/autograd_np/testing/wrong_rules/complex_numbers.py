"""Wrong formulas for complex numbers.

A rule pairs g with dz as Re(g dz), so that of a holomorphic function is g * f'(z).
"""

import numpy as np

import autograd_np as ag
from autograd_np.testing.catalogue import imaginary, real
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules.case import Case, wrong

Z = imaginary(2, 3)
ROW = imaginary(4)
SQUARE = imaginary(3, 3)
LARGE = imaginary(40, 60)


@op.operation(z=lambda g: np.conj(g))
def conjugated(z):
    return np.conj(z)


@op.operation(z=lambda g, z, out: g * np.conj(z) / out)
def magnitude(z):
    return np.abs(z)


@op.operation(z=lambda g, z: 2 * g * np.conj(z))
def energy(z):
    return z.real**2 + z.imag**2


@op.operation(z=lambda g: -1j * g)
def imaginary_part(z):
    return z.imag.copy()


@op.operation(x=lambda g, out: g * 1j * out)
def phasor(x):
    """A point on the unit circle, by its angle."""
    return np.exp(1j * x)


@op.operation(x=lambda g, y: np.conj(g * y), y=lambda g, x: g * np.conj(x))
def hermitian(x, y):
    """A product of which the first factor is conjugated."""
    return np.conj(x) * y


CONJUGATES = [
    wrong("conj in place of nothing", "conjugate", conjugated, Z, z=lambda g: g),
    wrong(
        "derivative conjugated",
        "conjugate",
        op.exponential,
        Z,
        x=lambda g, out: g * np.conj(out),
    ),
    wrong(
        "incoming gradient conjugated",
        "conjugate",
        op.exponential,
        Z,
        x=lambda g, out: np.conj(g) * out,
    ),
    wrong(
        "gradient conjugated",
        "conjugate",
        op.exponential,
        Z,
        x=lambda g, out: np.conj(g * out),
    ),
    wrong(
        "direction of a modulus not conjugated",
        "conjugate",
        magnitude,
        Z,
        z=lambda g, z, out: g * z / out,
    ),
    wrong("angle turns backwards", "conjugate", phasor, real(4), x=lambda g, out: -g * 1j / out),
    wrong(
        "conj of one factor of two",
        "conjugate",
        hermitian,
        ROW,
        imaginary(4, seed=1),
        x=lambda g, y: g * np.conj(y),
    ),
    wrong(
        "other factor not conjugated",
        "conjugate",
        hermitian,
        ROW,
        imaginary(4, seed=1),
        y=lambda g, x: g * x,
    ),
    wrong(
        "derivative conjugated, large",
        "conjugate",
        op.squared,
        LARGE,
        x=lambda g, x: g * np.conj(2 * x),
    ),
    wrong(
        "direction of a modulus not conjugated, large",
        "conjugate",
        magnitude,
        LARGE,
        z=lambda g, z, out: g * z / out,
    ),
]

PARTS = [
    wrong("real part of g", "real", op.exponential, Z, x=lambda g, out: np.real(g) * out),
    wrong(
        "real part of the gradient", "real", op.exponential, Z, x=lambda g, out: np.real(g * out)
    ),
    wrong(
        "real part of g, for a real argument",
        "real",
        phasor,
        real(4),
        x=lambda g, out: np.real(g) * 1j * out,
    ),
    wrong("real part of g, large", "real", op.squared, LARGE, x=lambda g, x: np.real(g) * (2 * x)),
    wrong("real part of the derivative", None, op.squared, Z, x=lambda g, x: g * np.real(2 * x)),
    wrong("sign of the imaginary part", "sign", imaginary_part, Z, z=lambda g: 1j * g),
]

FACTORS = [
    wrong("half, as Wirtinger's derivative", "factor", energy, Z, z=lambda g, z: g * np.conj(z)),
    wrong("a factor of 2", "factor", op.exponential, Z, x=lambda g, out: 2 * g * out),
    wrong("1j forgotten", "factor", phasor, real(4), x=lambda g, out: g * out),
    wrong("-1j forgotten", "factor", imaginary_part, Z, z=lambda g: g + 0j),
    wrong("a factor of 1j, large", "factor", op.squared, LARGE, x=lambda g, x: g * (2j * x)),
    wrong("a factor of (1 + 1j)/2", "factor", op.squared, ROW, x=lambda g, x: g * (x + 1j * x)),
]

OTHERS = [
    wrong("complex sign", "sign", op.cosine, Z, x=lambda g, x: g * op.sine(x)),
    wrong("complex zeros", "zero", op.squared, Z, x=lambda g: np.zeros_like(g)),
    wrong("complex transpose not undone", "transposed", op.turned, SQUARE, x=lambda g: g),
    wrong("complex reversal not undone", "reversed", op.upside_down, Z, x=lambda g: g),
    wrong(
        "complex factors exchanged",
        "swapped",
        op.scaled,
        Z,
        imaginary(2, 3, seed=1),
        x=lambda g, x: g * x,
        factor=lambda g, factor: g * factor,
    ),
    wrong(
        "complex mean without its length",
        "mean",
        op.average,
        ROW,
        x=lambda g, x: np.broadcast_to(g, x.shape),
    ),
    wrong(
        "complex64 inside a rule",
        "precision",
        op.squared,
        ROW,
        x=lambda g, x: (g * 2 * x).astype(np.complex64),
    ),
    wrong(
        "a branch on the complex gradient",
        "zero",
        op.squared,
        ROW,
        x=lambda g, x: np.where(g == 0, 0, g * 2 * x),
    ),
    Case(
        "conjugate of the second derivative",
        None,
        op.sine,
        (ROW,),
        {op.cosine: {"x": lambda g, x: -g * np.conj(op.sine(x))}},
        order=2,
    ),
    Case(
        "detach of a complex factor",
        "cut",
        lambda z: np.real(z * np.conj(z.detach())),
        (ROW,),
        right=lambda z: np.real(z * np.conj(z)),
    ),
    Case(
        "ReLU of a real part of 0", "kink", lambda z: ag.relu(np.real(z)), (np.array([1 + 1j, 2j]),)
    ),
    Case("square root on its branch cut", "discontinuous", np.sqrt, (np.array([-2 + 0j, 1j]),)),
    Case(
        "complex when recorded, real otherwise",
        "dtype",
        lambda z: np.real(z) + (0j if isinstance(z, ag.Tensor) else 0),
        (ROW,),
        right=lambda z: np.real(z) + 0j,
    ),
]


def _rotated(z):
    z *= 1j
    return z


OTHERS.append(
    Case("the function turns its input", "mutated", _rotated, (ROW,), right=lambda z: z * 1j)
)

CASES = [*CONJUGATES, *PARTS, *FACTORS, *OTHERS]
