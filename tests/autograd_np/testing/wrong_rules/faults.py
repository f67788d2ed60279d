"""Rules that are right on paper, and wrong in what they do to numbers and memory."""

import numpy as np

from autograd_np.testing.catalogue import real
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules.case import Case, wrong

NOISE = np.random.default_rng(0)

PRECISION = [
    wrong(
        "float32 inside a rule",
        "precision",
        op.exponential,
        real(4),
        x=lambda g, out: g.astype(np.float32) * out.astype(np.float32),
    ),
    wrong(
        "float16 inside a rule",
        "precision",
        op.squared,
        real(4),
        x=lambda g, x: g * (2 * x).astype(np.float16),
    ),
    wrong(
        "float32 inside a rule, large",
        "precision",
        op.squared,
        real(60, 80),
        x=lambda g, x: (g * 2 * x).astype(np.float32),
    ),
    wrong(
        "integers inside a rule",
        "precision",
        op.squared,
        5 * real(4),
        x=lambda g, x: g * (2 * x).astype(int),
    ),
]

NOT_FINITE = [
    wrong(
        "0/0 in the gradient of a product",
        "nan",
        op.volume,
        np.array([0.0, 1.5, -2.0]),
        x=lambda g, x, out: g * out / x,
    ),
    wrong(
        "overflow in the gradient of softplus",
        "nan",
        op.softplus,
        np.array([0.5, 800.0]),
        x=lambda g, x: g * (np.exp(x) / (1 + np.exp(x))),
    ),
    wrong("1/0", "nan", op.log_of_one_more, np.array([0.5, 0.0]), x=lambda g, x: g / x),
]


def _into_gradient(g, x):
    g *= 2 * x
    return g


def _masks_gradient(g, x):
    g[x < 0] = 0
    return g


def _into_saved(g, x):
    x *= 2
    return g * x


def _into_result(g, out):
    out *= 1 - out
    return g * out


def _into_weight(g, w):
    w *= 1.0001
    return g @ w.T / 1.0001


MUTATIONS = [
    wrong("writes to the gradient", "mutated", op.squared, real(4), x=_into_gradient),
    wrong("masks the gradient in place", "mutated", op.rectified, real(6), x=_masks_gradient),
    wrong("writes to the input", "mutated", op.squared, real(4), x=_into_saved),
    Case(
        "writes to a saved intermediate",
        "mutated",
        lambda x: op.squared(x * 1.5),
        (real(4),),
        {op.squared: {"x": _into_saved}},
    ),
    wrong("writes to its result", "mutated", op.logistic, real(4), x=_into_result),
    wrong(
        "writes to another argument",
        "mutated",
        op.affine,
        real(4, 3),
        real(3, 2),
        real(2),
        x=_into_weight,
    ),
]


def twice(x, y):
    """One layer, and one cache, used for two inputs."""
    return op.hyperbolic(x) * op.hyperbolic(y)


MEMORIES = [
    wrong(
        "result of the first call",
        "stale",
        op.hyperbolic,
        real(4),
        x=lambda g: g * (1 - op.MEMORY["first"] ** 2),
    ),
    wrong(
        "result of the call before",
        "stale",
        op.hyperbolic,
        real(4),
        x=lambda g: g * (1 - op.MEMORY["previous"] ** 2),
    ),
    wrong(
        "result of the latest call",
        "stale",
        op.hyperbolic,
        real(4),
        x=lambda g: g * (1 - op.MEMORY["latest"] ** 2),
    ),
    Case(
        "result of the latest call, of two",
        "stale",
        twice,
        (real(4), real(4, seed=1)),
        {op.hyperbolic: {"x": lambda g: g * (1 - op.MEMORY["latest"] ** 2)}},
    ),
]

RANDOM = [
    wrong(
        "noise in a rule",
        "random",
        op.sine,
        real(4),
        x=lambda g, x: g * (np.cos(x) + NOISE.normal(scale=1e-3, size=x.shape)),
    ),
    wrong(
        "a mask drawn in a rule",
        "random",
        op.sine,
        real(12),
        x=lambda g, x: g * np.cos(x) * 2 * (NOISE.random(x.shape) < 0.5),
    ),
]

RAISES = [
    wrong(
        "an axis that is not there",
        "raised",
        op.sine,
        real(4),
        x=lambda g, x: g * np.cos(x) / x.shape[1],
    ),
    wrong(
        "a function without a rule",
        "raised",
        op.prefix_sums,
        real(4),
        x=lambda g: op.without_a_rule(g[::-1])[::-1],
    ),
]

CASES = [*PRECISION, *NOT_FINITE, *MUTATIONS, *MEMORIES, *RANDOM, *RAISES]
