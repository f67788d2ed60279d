"""The special functions of SciPy; no samples where SciPy is missing."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import numpy as np

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


def _probability(*shape: int, seed: int = 0) -> Array:
    """Numbers between 0.2 and 0.8."""
    return np.asarray(positive(*shape, seed=seed) * 0.4)


def _logit(*shape: int, seed: int = 0) -> Array:
    """Numbers between -0.8 and 0.8."""
    return np.asarray(real(*shape, seed=seed) * 0.4)


def _left(*shape: int, seed: int = 0) -> Array:
    """Numbers between -0.8 and -0.2, where the gamma function has no pole."""
    return np.asarray(-_probability(*shape, seed=seed))


def _at(*values: float) -> Array:
    return np.array(values)


def _holomorphic(domain: Callable[..., Array] = real) -> list[Sample]:
    """A function of one array, real or complex."""
    return [
        *unary(domain),
        Sample("complex", (imaginary(2, 3),), {}),
        Sample("complex 0-d", (imaginary(),), {}),
    ]


def _of_order(*orders: float) -> list[Sample]:
    """A function of an order, which is a constant, and an argument."""
    return [
        *(Sample(f"order {order}", (order, positive(2, 3)), {}) for order in orders),
        Sample("orders", (np.arange(1, 4), positive(2, 3)), {}),
        Sample("0-d", (2.0, positive()), {}),
        Sample("empty", (1.0, positive(0, 3)), {}),
    ]


def _bessel_of_order() -> list[Sample]:
    return [
        *_of_order(0.0, 1.0, 2.5),
        Sample("zero", (1.0, _at(0.0)), {}),
        Sample("negative", (2.0, _left(3)), {}),
        Sample("negative order", (-1.0, positive(3)), {}),
        Sample("complex", (1.5, imaginary(3)), {}),
    ]


def _incomplete_gamma() -> list[Sample]:
    return [
        Sample("column", (positive(2, 1), positive(3)), {}),
        Sample("constant parameters", (np.arange(1, 4), positive(2, 3)), {}),
        Sample("constant bound", (positive(3), 2.5), {}),
        Sample("tails", (_at(0.3, 20.0, 30.0), _at(9.0, 3.0, 60.0)), {}),
        Sample("0-d", (positive(), positive(seed=1)), {}),
        Sample("empty", (2.5, positive(0, 3)), {}),
    ]


def _by_power() -> list[Sample]:
    return [
        Sample("first", (1, real(2, 3)), {}),
        Sample("second, near zero", (2, _at(0.0, 1e-4, -0.3)), {}),
    ]


def _samples() -> Samples:
    from scipy import special as sp

    from autograd_np.rules.special import (
        bessel,
        error_functions,
        exponential_integrals,
        gamma_functions,
        quadrature,
        sums,
        zeta_functions,
    )

    whole = np.array([1, 2, 3])
    return {
        sp.expit: unary(),
        sp.logit: unary(_probability),
        sp.log_expit: [*unary(), Sample("large", (_at(-800.0, 30.0),), {})],
        sp.erf: [*_holomorphic(), Sample("zero", (_at(0.0),), {})],
        sp.erfc: _holomorphic(),
        sp.erfcx: [*_holomorphic(), Sample("large", (_at(40.0, 60.0),), {})],
        sp.erfinv: unary(_logit),
        sp.erfcinv: unary(positive),
        sp.dawsn: [*_holomorphic(), Sample("large", (_at(-60.0, 0.0, 40.0, 60.0),), {})],
        sp.ndtr: _holomorphic(),
        sp.ndtri: unary(_probability),
        sp.log_ndtr: [*_holomorphic(), Sample("tail", (_at(-90.0, -60.0, -20.0, 5.0),), {})],
        error_functions.inverse_mills_ratio: [*unary(), Sample("tail", (_at(-90.0, -20.0),), {})],
        sp.gamma: [*_holomorphic(positive), Sample("negative", (_left(3),), {})],
        sp.gammaln: [*unary(positive), Sample("negative", (_left(3),), {})],
        sp.psi: [*_holomorphic(positive), Sample("negative", (_left(3),), {})],
        sp.rgamma: [
            *_holomorphic(),
            Sample("poles", (_at(0.0, -1.0, -2.0, 0.5, -3.0 + 1e-3),), {}),
        ],
        sp.gammasgn: unary(),
        sp.beta: binary(positive, positive),
        sp.betaln: binary(positive, positive),
        zeta_functions.hurwitz_zeta: [
            Sample("row", (3.0, positive(2, 3)), {}),
            Sample("exponents", (whole + 1.5, positive(2, 1)), {}),
            Sample("whole exponents", (whole + 1, positive(2, 3)), {}),
        ],
        zeta_functions.riemann_zeta: [
            *unary(positive),
            Sample("negative", (_at(-0.5, -2.0, -3.3),), {}),
        ],
        zeta_functions.trigamma: [*unary(positive), Sample("negative", (_left(3),), {})],
        zeta_functions.polygamma: [
            *_of_order(0, 1, 3),
            *(Sample(f"negative, {n}", (n, _left(3)), {}) for n in (0, 1)),
        ],
        gamma_functions.multigammaln: [
            Sample("matrix", (positive(2, 3) + 1, 3), {}),
            Sample("one dimension", (positive(3), 1), {}),
            Sample("0-d", (np.asarray(positive() + 1), 2), {}),
            Sample("empty", (positive(0, 3), 2), {}),
        ],
        bessel.jn_by_power: _by_power(),
        bessel.in_by_power: _by_power(),
        bessel.ine_by_power: [Sample("second", (2, real(2, 3)), {})],
        sp.j0: [*unary(), Sample("zero", (_at(0.0),), {})],
        sp.j1: [*unary(), Sample("zero", (_at(0.0),), {})],
        sp.y0: unary(positive),
        sp.y1: unary(positive),
        sp.i0: [*unary(), Sample("zero", (_at(0.0),), {})],
        sp.i1: [*unary(), Sample("zero", (_at(0.0),), {})],
        sp.i0e: unary(),
        sp.i1e: unary(),
        sp.jv: _bessel_of_order(),
        sp.iv: _bessel_of_order(),
        sp.ive: [*_of_order(0.0, 1.0, 2.5), Sample("complex", (1.5, imaginary(3)), {})],
        sp.yn: _of_order(0.0, 1.0, 3.0),
        sp.exp1: _holomorphic(positive),
        sp.expi: _holomorphic(),
        sp.expn: _of_order(0.0, 1.0, 2.0, 4.0),
        exponential_integrals.generalized_expn: [*_of_order(-2.0, -1.0, 1.0)],
        sp.spence: [*_holomorphic(positive), Sample("one", (_at(0.8, 1.0, 1.001),), {})],
        exponential_integrals.spence_slope: [
            *unary(positive),
            Sample("one", (_at(0.8, 1.0, 1.001),), {}),
        ],
        sp.entr: unary(positive),
        sp.xlogy: [
            *binary(real, positive),
            Sample("zero", (np.zeros(2), positive(2)), {}),
            Sample("complex", (imaginary(3), imaginary(3, seed=1)), {}),
            Sample("real and complex", (real(3), imaginary(3)), {}),
        ],
        sp.xlog1py: [
            *binary(real, positive),
            Sample("complex", (imaginary(3), imaginary(3, seed=1)), {}),
            Sample("zero", (np.zeros(2), positive(2)), {}),
        ],
        sp.rel_entr: binary(positive, positive),
        sp.kl_div: binary(positive, positive),
        sp.gammainc: _incomplete_gamma(),
        sp.gammaincc: _incomplete_gamma(),
        quadrature.log_gamma_moment: [
            Sample("first", (positive(3), positive(2, 1), 1), {}),
            Sample("second", (positive(3), positive(2, 1), 2), {}),
            Sample("constant parameter", (2.5, positive(3), 1), {}),
        ],
        sp.betainc: [
            Sample("columns", (positive(2, 1), positive(3), _probability(2, 3)), {}),
            Sample("constant parameters", (whole, 2.5, _probability(2, 3)), {}),
            Sample("constant bound", (positive(3), positive(3, seed=1), 0.3), {}),
            Sample("0-d", (positive(), positive(seed=1), _probability()), {}),
            Sample("empty", (positive(3), 1.5, _probability(0, 3)), {}),
        ],
        quadrature.log_beta_moment: [
            Sample("of one", (positive(2, 1), positive(3), _probability(2, 3), 1, 0), {}),
            Sample("of the other", (positive(3), positive(3, seed=1), _probability(3), 0, 1), {}),
            Sample("of both", (positive(3), positive(3, seed=1), _probability(3), 2, 1), {}),
        ],
        sums.log_of_sum: [
            Sample("all", (real(2, 3), real(2, 3, seed=1), None, False), {}),
            Sample("axis", (real(2, 3), real(2, 3, seed=1), 0, False), {}),
            Sample("axes", (real(2, 3, 2), real(2, 3, 2, seed=1), (0, -1), True), {}),
            Sample("zero weight", (real(3), _at(1.0, 0.0, 2.0), None, False), {}),
        ],
    }


SAMPLES: Samples = _samples() if importlib.util.find_spec("scipy") is not None else {}
