"""Circular and hyperbolic functions, their inverses, angles, distances and Bessel functions."""

from __future__ import annotations

import numpy as np

from autograd_np.rules import bessel
from autograd_np.testing.catalogue.sample import (
    Array,
    Sample,
    Samples,
    binary,
    imaginary,
    positive,
    real,
    unary,
)

_COMPLEX = Sample("complex", (imaginary(2, 3),), {})


def _below_one(*shape: int, seed: int = 0) -> Array:
    return np.asarray(real(*shape, seed=seed) / 2.5)


def _above_one(*shape: int, seed: int = 0) -> Array:
    return np.asarray(positive(*shape, seed=seed) + 1)


_NEAR_ZERO = np.array([0.0, 1e-3, -0.2, 0.31, 0.32])

SAMPLES: Samples = {
    np.tan: [*unary(_below_one), _COMPLEX],
    np.sinh: [*unary(), _COMPLEX],
    np.cosh: [*unary(), _COMPLEX],
    np.arcsin: [*unary(_below_one), _COMPLEX],
    np.arccos: [*unary(_below_one), _COMPLEX],
    np.arctan: [*unary(), _COMPLEX],
    np.arcsinh: [*unary(), _COMPLEX],
    np.arccosh: [*unary(_above_one), _COMPLEX],
    np.arctanh: [*unary(_below_one), _COMPLEX],
    np.arctan2: binary(),
    np.hypot: binary(),
    np.degrees: unary(),
    np.rad2deg: unary(),
    np.radians: unary(),
    np.deg2rad: unary(),
    np.sinc: [*unary(), _COMPLEX, Sample("near zero", (_NEAR_ZERO,), {})],
    np.i0: [*unary(), Sample("from zero to large", (np.array([0.0, 1e-3, 4.0, 12.0]),), {})],
    bessel.spherical_bessel: [
        Sample("zeroth", (real(3), 0), {}),
        Sample("first", (real(3), 1), {}),
        Sample("second, near zero", (_NEAR_ZERO, 2), {}),
    ],
    bessel.modified_bessel: [
        Sample("zeroth", (real(3), 0), {}),
        Sample("first, near zero", (_NEAR_ZERO, 1), {}),
        Sample("second, large", (np.array([19.0, 21.0]), 2), {}),
    ],
}
