"""Wrong formulas of functions that act element by element, or rearrange elements."""

import numpy as np

from autograd_np.rules.indexing import index_set
from autograd_np.testing.catalogue import positive, real
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules.case import Case, wrong

FACTORS = [
    wrong("square without its 2", "factor", op.squared, real(5), x=lambda g, x: g * x),
    wrong(
        "square root without its 1/2",
        "factor",
        op.square_root,
        positive(5),
        x=lambda g, out: g / out,
    ),
    wrong("log2 without ln 2", "factor", op.bits, positive(2, 3), x=lambda g, x: g / x),
    wrong("a factor of 123456", "factor", op.sine, real(4), x=lambda g, x: 123456 * g * np.cos(x)),
    wrong(
        "a factor of 1 + 1e-6",
        "factor",
        op.exponential,
        real(4),
        x=lambda g, out: g * out * (1 + 1e-6),
    ),
    wrong(
        "a factor, in a large array", "factor", op.squared, real(60, 80), x=lambda g, x: g * (3 * x)
    ),
    wrong("a factor, of a number", "factor", op.squared, real(), x=lambda g, x: g * (4 * x)),
]

SIGNS = [
    wrong(
        "what is subtracted has the sign of a sum",
        "sign",
        op.difference,
        real(3),
        real(3, seed=1),
        y=lambda g: g,
    ),
    wrong("cosine without its minus", "sign", op.cosine, real(2, 3), x=lambda g, x: g * np.sin(x)),
    wrong(
        "divisor without its minus",
        "sign",
        op.quotient,
        real(3),
        positive(3, seed=1),
        y=lambda g, x, y: g * x / (y * y),
    ),
    wrong(
        "a sign, in a large array", "sign", op.cosine, real(60, 80), x=lambda g, x: g * np.sin(x)
    ),
]

PLACES = [
    wrong("transposition not undone", "transposed", op.turned, real(3, 3), x=lambda g: g),
    wrong("transposition not undone, large", "transposed", op.turned, real(60, 60), x=lambda g: g),
    wrong("reversal not undone", "reversed", op.upside_down, real(4, 2), x=lambda g: g),
    wrong("reversal not undone, large", "reversed", op.upside_down, real(60, 80), x=lambda g: g),
    wrong(
        "prefix sums run forwards again",
        "reversed",
        op.prefix_sums,
        real(5),
        x=lambda g: op.prefix_sums(g),
    ),
    wrong(
        "gradient of a kernel not flipped",
        "reversed",
        op.convolved,
        real(6),
        real(3),
        k=lambda g, x: op.convolved(x[::-1], g)[::-1],
    ),
    wrong(
        "kernel not flipped",
        "reversed",
        op.convolved,
        real(6),
        real(3),
        x=lambda g, k, mode: op.convolved(g, k, op.OPPOSITE[mode]),
    ),
    wrong(
        "numerator and divisor exchanged",
        "swapped",
        op.quotient,
        real(3),
        real(3, seed=1),
        x=lambda g, x, y: -g * x / (y * y),
        y=lambda g, y: g / y,
    ),
    wrong(
        "halves exchanged",
        "swapped",
        op.joined,
        real(3),
        real(3, seed=1),
        x=lambda g, x: g[len(x) :],
        y=lambda g, x: g[: len(x)],
    ),
    wrong(
        "factors exchanged",
        "swapped",
        op.scaled,
        real(2, 3),
        real(2, 3, seed=1),
        x=lambda g, x: g * x,
        factor=lambda g, factor: g * factor,
    ),
]

ZEROS = [
    wrong("zeros", "zero", op.sine, real(4), x=lambda g: np.zeros_like(g)),
    wrong("zeros, in a large array", "zero", op.sine, real(60, 80), x=lambda g: g * 0),
    wrong("None", "zero", op.quotient, real(3), positive(3, seed=1), y=lambda g: None),
    # Right in the reverse pass: in forward mode the rule is differentiated at g = 0.
    wrong(
        "a branch on the gradient",
        "zero",
        op.sine,
        real(4),
        x=lambda g, x: np.where(g == 0, 0, g * np.cos(x)),
    ),
]


def _last_forgotten(g, x):
    return np.concatenate([g[:-1] * (2 * x[:-1]), g[-1:] * 0])


def _one_doubled(g, x):
    twice = np.ones(x.size)
    twice[3287] = 2
    return g * (2 * x) * twice.reshape(x.shape)


PARTLY = [
    wrong(
        "sigmoid of the output once more",
        None,
        op.logistic,
        real(4),
        x=lambda g, out: g * op.logistic(out) * (1 - op.logistic(out)),
    ),
    wrong("ReLU lets everything pass", None, op.rectified, real(6), x=lambda g: g),
    wrong(
        "wrong for negative elements",
        None,
        op.elu,
        real(8),
        x=lambda g, x, out: g * np.where(x > 0, 1, out),
    ),
    wrong("last element forgotten", None, op.squared, real(5), x=_last_forgotten),
    wrong("one element of many", "factor", op.squared, real(60, 80), x=_one_doubled),
    Case(
        "one element of a hundred thousand",
        "factor",
        lambda x: np.sum(op.squared(x)),
        (positive(100_000),),
        {op.squared: {"x": _one_doubled}},
    ),
    wrong(
        "repeated rows looked up once",
        "missing",
        op.looked_up,
        real(4, 2),
        np.array([0, 2, 0]),
        table=lambda g, table, index: index_set(np.zeros(table.shape), index, g),
    ),
    wrong(
        "gradient clipped inside a rule",
        None,
        op.sine,
        real(4),
        x=lambda g, x: np.clip(g, -1, 1) * np.cos(x),
    ),
]

CASES = [*FACTORS, *SIGNS, *PLACES, *ZEROS, *PARTLY]
