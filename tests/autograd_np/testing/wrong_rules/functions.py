"""Functions that cannot be differentiated where they are, or that cut, draw and write."""

import numpy as np

import autograd_np as ag
import nn
from autograd_np.testing.catalogue import positive, real
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules.case import Case, wrong

DRAWS = np.random.default_rng(0)


def normalised_by_item(x):
    return x / np.sum(x * x).item()


def without_grad(x):
    with ag.no_grad():
        weights = np.exp(x)
    return np.sum(weights * x)


def wrapped_again(x):
    return np.tanh(ag.Tensor(x.numpy()))


def fixed_target(x):
    return np.sum((x - ag.stop_gradient(np.tanh(x))) ** 2)


class Frozen(nn.Module):
    """A layer that multiplies with the data of its weight."""

    def __init__(self):
        self.weight = nn.Parameter(real(3, 2))
        self.bias = nn.Parameter(real(2))

    def forward(self, x):
        return x @ self.weight.data + self.bias


class Thawed(Frozen):
    """The same with its weight."""

    def forward(self, x):
        return x @ self.weight + self.bias


CUTS = [
    Case(
        "detach",
        "cut",
        lambda x: np.sin(x).detach() ** 2,
        (real(4),),
        right=lambda x: np.sin(x) ** 2,
    ),
    Case(
        "detach of one factor", "cut", lambda x: x * x.detach(), (real(4),), right=lambda x: x * x
    ),
    Case("item", "cut", normalised_by_item, (real(4),), right=lambda x: x / np.sum(x * x)),
    Case(
        "no_grad around half of the work",
        "cut",
        without_grad,
        (real(4),),
        right=lambda x: np.sum(np.exp(x) * x),
    ),
    Case("a Tensor of a Tensor's array", "cut", wrapped_again, (real(4),), right=np.tanh),
    Case(
        "stop_gradient",
        "cut",
        fixed_target,
        (real(4),),
        right=lambda x: np.sum((x - np.tanh(x)) ** 2),
    ),
    Case(
        "data of one factor",
        "cut",
        lambda x: np.exp(x).data * x,
        (real(4),),
        right=lambda x: np.exp(x) * x,
    ),
    Case("data of a module's weight", "cut", Frozen(), (real(4, 3),), right=Thawed()),
]

POINTS = [
    Case("ReLU at 0", "kink", ag.relu, (np.array([-1.0, 0.0, 2.0]),)),
    Case(
        "leaky ReLU at 0",
        "kink",
        lambda x: np.where(x > 0, x, 0.1 * x),
        (np.array([[-1.0, 0.5], [0.0, 2.0]]),),
    ),
    Case("clip at its bound", "kink", lambda x: np.clip(x, -1, 1), (np.array([0.5, 1.0, 2.0]),)),
    Case(
        "hinge loss at its corner",
        "kink",
        lambda w: np.sum(np.where(w * 2 < 1, 1 - w * 2, 0)),
        (np.array([0.5, -1.0]),),
    ),
    Case(
        "a jump",
        "discontinuous",
        lambda x: np.where(x > 0, x + 1, x),
        (np.array([-1.0, 0.0, 2.0]),),
    ),
    Case("sign at 0", "discontinuous", lambda x: x + np.sign(x), (np.array([-1.0, 0.0, 2.0]),)),
    wrong("a solver stopped early", "noisy", op.simulated, real(4)),
    Case("logarithm at 0", "nan", np.log, (np.array([0.5, 0.0]),)),
    Case("square root at 0", "nan", np.sqrt, (np.array([0.5, 0.0]),)),
]


def dropped(x):
    return x * (DRAWS.random(x.shape) < 0.5) * 2


def noisy_in_value(x):
    return x * x + 1e-6 * DRAWS.normal(size=x.shape)


def counted():
    """A function that changes with each call."""
    calls = []

    def f(x):
        calls.append(None)
        return x * len(calls)

    return f


RANDOM = [
    Case("dropout left on", "random", dropped, (real(12),), right=lambda x: x * 2),
    Case("noise in the value", "random", noisy_in_value, (real(4),), right=lambda x: x * x),
    Case("a counter of calls", "random", counted(), (real(4),), right=lambda x: x * 1),
]


def mean_removed(x):
    x -= np.mean(x)
    return x * x


def single_precision_when_recorded(x):
    return np.sin(x.astype(np.float32) if isinstance(x, ag.Tensor) else x)


def summed_when_recorded(x):
    return np.sum(x * x) if isinstance(x, ag.Tensor) else np.mean(x * x)


def column_when_recorded(x):
    return (x * x)[:, None] if isinstance(x, ag.Tensor) else x * x


RESULTS = [
    wrong("an operation writes to its input", "mutated", op.rectified_in_place, real(6)),
    Case(
        "the function writes to its input",
        "mutated",
        mean_removed,
        (real(4),),
        right=lambda x: (x - np.mean(x)) ** 2,
    ),
    Case(
        "float32 when recorded", "dtype", single_precision_when_recorded, (real(4),), right=np.sin
    ),
    Case(
        "a sum when recorded, a mean otherwise",
        "value",
        summed_when_recorded,
        (positive(3),),
        right=lambda x: np.sum(x * x),
    ),
    Case(
        "a column when recorded", "value", column_when_recorded, (real(3),), right=lambda x: x * x
    ),
]

CASES = [*CUTS, *POINTS, *RANDOM, *RESULTS]
