"""Operations as people define them, each with the right rule; the cases put wrong ones in.

No rule is registered here: `case.registered` does so for the time of a test.
"""

import numpy as np

from autograd_np.rules.indexing import index_add
from autograd_np.rules.registry import dispatched

# The formulas of each operation, by argument.
RIGHT = {}

# What an operation with a cache remembers; emptied before each use of a case.
MEMORY = {}


def operation(**formulas):
    """Decorator: an operation that answers NumPy's protocol, its right formulas kept in RIGHT."""

    def make(implementation):
        public = dispatched(implementation)
        RIGHT[public] = formulas
        return public

    return make


@operation(x=lambda g, x: g * (2 * x))
def squared(x):
    return x * x


@operation(x=lambda g, x: g * (0.5 / np.sqrt(x)))
def square_root(x):
    return np.sqrt(x)


@operation(x=lambda g, x: g / (x * float(np.log(2))))
def bits(x):
    return np.log2(x)


@operation(x=lambda g, x: g / (1 + x))
def log_of_one_more(x):
    return np.log1p(x)


@operation(x=lambda g, out: g * out)
def exponential(x):
    return np.exp(x)


@operation(x=lambda g, x: g * cosine(x))
def sine(x):
    return np.sin(x)


@operation(x=lambda g, x: -g * sine(x))
def cosine(x):
    return np.cos(x)


@operation(x=lambda g, x: g * (3 * squared(x)))
def cubed(x):
    return x * x * x


@operation(x=lambda g, out: g * (1 - out * out))
def hyperbolic(x):
    MEMORY.setdefault("first", np.tanh(x))
    MEMORY["previous"] = MEMORY.get("latest", np.tanh(x))
    MEMORY["latest"] = np.tanh(x)
    return np.tanh(x)


@operation(x=lambda g, out: g * (out * (1 - out)))
def logistic(x):
    return 1 / (1 + np.exp(-x))


@operation(x=lambda g, x, out: g * np.exp(x - out))
def softplus(x):
    return np.logaddexp(0, x)


@operation(x=lambda g, x: g * (x > 0))
def rectified(x):
    return x * (x > 0)


@operation(x=lambda g, x: g * (x > 0))
def rectified_in_place(x):
    x[x < 0] = 0
    return x


@operation(x=lambda g, x: g * np.where(x > 0, 1, np.exp(np.where(x > 0, 0, x))))
def elu(x):
    return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))


@operation(x=lambda g, x: g * (2 * x))
def simulated(x):
    """A square with the noise of a solver that was stopped early."""
    return x * x + 1e-3 * np.sin(1e14 * x)


@operation(x=lambda g: g, y=lambda g: -g)
def difference(x, y):
    return x - y


@operation(x=lambda g, y: g / y, y=lambda g, x, y: -g * x / (y * y))
def quotient(x, y):
    return x / y


@operation(x=lambda g, factor: g * factor, factor=lambda g, x: g * x)
def scaled(x, factor):
    return x * factor


@operation(x=lambda g: g, offset=lambda g: g)
def shifted(x, offset):
    return x + offset


@operation(x=lambda g, x: g * np.stack([x[1] * x[2], x[0] * x[2], x[0] * x[1]]))
def volume(x):
    return x[0] * x[1] * x[2]


@operation(x=lambda g, w: g @ w.T, w=lambda g, x: x.T @ g, b=lambda g: g)
def affine(x, w, b):
    return x @ w + b


@operation(a=lambda g, b: g @ b.T, b=lambda g, a: a.T @ g)
def product(a, b):
    return a @ b


@operation(
    q=lambda g, q, k: g @ k / np.sqrt(q.shape[1]),
    k=lambda g, q, k: g.T @ q / np.sqrt(q.shape[1]),
)
def scores(q, k):
    """Of attention, for queries and keys in rows."""
    return q @ k.T / np.sqrt(q.shape[1])


@operation(x=lambda g, out: out * (g - (g * out).sum(axis=-1, keepdims=True)))
def softened(x):
    """Softmax over the last axis."""
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def deviation(x):
    """Of each row, with what keeps layer norm from dividing by zero."""
    return np.sqrt(np.var(x, axis=-1, keepdims=True) + 1e-5)


def row_mean(x):
    return x.mean(axis=-1, keepdims=True)


@operation(
    x=lambda g, x, out: (g - row_mean(g) - out * row_mean(g * out)) / deviation(x),
)
def normalised(x):
    """Layer norm."""
    return (x - row_mean(x)) / deviation(x)


@operation(x=lambda g, x: g * (2 / x.size) * (x - x.mean()))
def variance(x):
    return np.mean((x - x.mean()) ** 2)


@operation(x=lambda g, x: np.broadcast_to(g / x.size, x.shape))
def average(x):
    return np.mean(x)


@operation(x=lambda g, x: np.broadcast_to(g[:, None] / x.shape[1], x.shape))
def row_averages(x):
    return np.mean(x, axis=1)


@operation(
    y=lambda g, y, t: g * 2 * (y - t) / len(y),
    t=lambda g, y, t: g * 2 * (t - y) / len(y),
)
def batch_loss(y, t):
    """Squared distance of each row, averaged over the batch."""
    return np.sum((y - t) ** 2) / len(y)


@operation(y=lambda g, y, t: g * 2 * (y - t), t=lambda g, y, t: g * 2 * (t - y))
def summed_loss(y, t):
    return np.sum((y - t) ** 2)


@operation(x=lambda g: prefix_sums(g[::-1])[::-1])
def prefix_sums(x):
    return np.cumsum(x, axis=0)


@dispatched
def without_a_rule(x):
    """Prefix sums that no rule is registered for."""
    return np.cumsum(x, axis=0)


@operation(x=lambda g: g[::-1])
def upside_down(x):
    return x[::-1].copy()


@operation(x=lambda g: g.T)
def turned(x):
    return x.T.copy()


@operation(
    x=lambda g, k, mode: convolved(g, k[::-1], OPPOSITE[mode]),
    k=lambda g, x, mode: (
        convolved(g, x[::-1], "valid") if mode == "full" else convolved(x[::-1], g, "valid")
    ),
)
def convolved(x, k, mode="valid"):
    return np.convolve(x, k, mode)


OPPOSITE = {"valid": "full", "full": "valid"}


@operation(x=lambda g, x: g[: len(x)], y=lambda g, x: g[len(x) :])
def joined(x, y):
    return np.concatenate([x, y])


@operation(table=lambda g, table, index: index_add(g, index, table.shape))
def looked_up(table, index):
    return table[index]
