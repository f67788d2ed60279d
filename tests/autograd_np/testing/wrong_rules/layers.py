"""Wrong formulas of layers and losses, as people make them in backpropagation by hand."""

import numpy as np

from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.testing.catalogue import real
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules.case import Case, wrong

TARGETS = real(4, 3, seed=1)
SQUARE = (real(4, 3), real(3, 3), real(3))
LARGE = (real(60, 60), real(60, 60, seed=1), real(60))


def parabola(parameters):
    """A function of a nested container, one of whose operations is wrong."""
    (first, second), offset = parameters["layers"], parameters["offset"]
    return np.sum(op.squared(first) * second) + np.sum(op.cosine(offset) * second)


PARAMETERS = {"layers": [real(3), real(3, seed=1)], "offset": real(3, seed=2)}

CONTAINERS = [
    Case(
        "a sign, in one entry of a container",
        "sign",
        parabola,
        (PARAMETERS,),
        {op.cosine: {"x": lambda g, x: g * np.sin(x)}},
    ),
    Case(
        "a factor, in one entry of a container",
        "factor",
        parabola,
        (PARAMETERS,),
        {op.squared: {"x": lambda g, x: g * x}},
    ),
]

TRANSPOSED = [
    wrong(
        "input gradient with the weight not transposed",
        "transposed",
        op.affine,
        *SQUARE,
        x=lambda g, w: g @ w,
    ),
    wrong("weight gradient transposed", "transposed", op.affine, *SQUARE, w=lambda g, x: g.T @ x),
    wrong(
        "weight gradient transposed, large", "transposed", op.affine, *LARGE, w=lambda g, x: g.T @ x
    ),
    wrong(
        "factors of a product exchanged",
        "swapped",
        op.product,
        real(3, 3),
        real(3, 3, seed=1),
        a=lambda g, a: a.T @ g,
        b=lambda g, b: g @ b.T,
    ),
]

BROADCAST = [
    wrong("bias gradient of the first row", "broadcast", op.affine, *SQUARE, b=lambda g: g[0]),
    wrong(
        "bias gradient of the first row, large", "broadcast", op.affine, *LARGE, b=lambda g: g[0]
    ),
    wrong(
        "factor's gradient of the last row",
        "broadcast",
        op.scaled,
        real(4, 3),
        real(3),
        factor=lambda g, x: g[-1] * x[-1],
    ),
    wrong(
        "column's gradient of the first column",
        "broadcast",
        op.scaled,
        real(4, 3),
        real(4, 1),
        factor=lambda g, x: (g * x)[:, :1],
    ),
    wrong(
        "offset's gradient of one element",
        "broadcast",
        op.shifted,
        real(4, 3),
        real(),
        offset=lambda g: g[0, 0],
    ),
]

MEANS = [
    wrong(
        "mean without 1/n",
        "mean",
        op.average,
        real(4, 3),
        x=lambda g, x: np.broadcast_to(g, x.shape),
    ),
    wrong(
        "mean over rows without 1/n",
        "mean",
        op.row_averages,
        real(4, 3),
        x=lambda g, x: np.broadcast_to(g[:, None], x.shape),
    ),
    wrong(
        "batch mean missing",
        "mean",
        op.batch_loss,
        real(4, 3),
        TARGETS,
        y=lambda g, y, t: g * 2 * (y - t),
    ),
    wrong(
        "batch mean missing, large",
        "mean",
        op.batch_loss,
        real(60, 80),
        real(60, 80, seed=1),
        y=lambda g, y, t: g * 2 * (y - t),
    ),
    wrong(
        "one batch mean too many",
        "mean",
        op.summed_loss,
        real(4, 3),
        TARGETS,
        y=lambda g, y, t: g * 2 * (y - t) / len(y),
    ),
    wrong(
        "bias gradient the mean over rows", "mean", op.affine, *SQUARE, b=lambda g: g.mean(axis=0)
    ),
]

SHAPES = [
    wrong(
        "reduced axis not put back",
        "shape",
        op.row_averages,
        real(4, 3),
        x=lambda g, x: g / x.shape[1],
    ),
    wrong(
        "weight gradient transposed, not square",
        "shape",
        op.affine,
        real(4, 3),
        real(3, 2),
        real(2),
        w=lambda g, x: g.T @ x,
    ),
    wrong(
        "an axis of length 1 too many",
        "shape",
        op.sine,
        real(4),
        x=lambda g, x: (g * np.cos(x))[None],
    ),
    wrong(
        "a column for a vector", "shape", op.sine, real(4), x=lambda g, x: (g * np.cos(x))[:, None]
    ),
    wrong(
        "a row for a vector, summed",
        "shape",
        op.logistic,
        real(4),
        x=lambda g, out: g[:, None] * out * (1 - out),
    ),
]

OTHERS = [
    wrong(
        "variance with n - 1",
        "factor",
        op.variance,
        real(5),
        x=lambda g, x: g * (2 / (x.size - 1)) * (x - x.mean()),
    ),
    wrong(
        "attention without its scale",
        "factor",
        op.scores,
        real(3, 5),
        real(2, 5),
        q=lambda g, k: g @ k,
    ),
    wrong(
        "softmax with the diagonal alone",
        "missing",
        op.softened,
        real(2, 4),
        x=lambda g, out: g * (out * (1 - out)),
    ),
    wrong(
        "layer norm without the mean's term",
        None,
        op.normalised,
        real(3, 4),
        x=lambda g, x, out: (g - out * op.row_mean(g * out)) / op.deviation(x),
    ),
    wrong(
        "layer norm with constant statistics",
        None,
        op.normalised,
        real(3, 4),
        x=lambda g, x: g / op.deviation(x),
    ),
]

SECOND_ORDER = [
    Case(
        "a saved value cut from the graph",
        "cut",
        op.exponential,
        (real(4),),
        {op.exponential: {"x": lambda g, out: g * stop_gradient(out)}},
        order=2,
    ),
    Case(
        "a saved input cut from the graph",
        "cut",
        op.product,
        (real(2, 3), real(3, 2)),
        {op.product: {"a": lambda g, b: g @ stop_gradient(b).T}},
        order=2,
    ),
    Case(
        "a sign, in the second derivative",
        "sign",
        op.sine,
        (real(4),),
        {op.cosine: {"x": lambda g, x: g * op.sine(x)}},
        order=2,
    ),
    Case(
        "a factor, in the second derivative",
        "factor",
        op.cubed,
        (real(4),),
        {op.squared: {"x": lambda g, x: g * x}},
        order=2,
    ),
]

CASES = [*CONTAINERS, *TRANSPOSED, *BROADCAST, *MEANS, *SHAPES, *OTHERS, *SECOND_ORDER]
