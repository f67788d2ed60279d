"""Random compositions, right and with a small mistake put in: how often the checker errs."""

import collections

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import GradcheckError, gradcheck
from tests.autograd_np.testing.wrong_rules import operations as op
from tests.autograd_np.testing.wrong_rules import registered
from tests.autograd_np.testing.wrong_rules.case import wrong

ALONE = [
    np.sin,
    np.tanh,
    np.exp,
    np.abs,
    np.square,
    ag.relu,
    ag.sigmoid,
    ag.softmax,
    lambda x: np.log(np.abs(x) + 1e-3),
    lambda x: np.sqrt(x * x + 0.1),
    lambda x: 1 / (x * x + 0.5),
    lambda x: np.maximum(x, 0.3),
    lambda x: np.where(x > 0.2, np.exp(-x), x),
    lambda x: x - np.mean(x),
    lambda x: (x - np.mean(x)) / np.sqrt(np.var(x) + 1e-5),
    lambda x: np.log1p(np.exp(-x)),
    lambda x: 100 * x,
    lambda x: 1e-3 * x,
    lambda x: x + 50.0,
]
TOGETHER = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (b * b + 1),
    lambda a, b: np.maximum(a, b),
    lambda a, b: np.where(a > b, a, b * b),
]
ALONE_COMPLEX = [
    np.sin,
    np.exp,
    np.conj,
    np.square,
    np.tanh,
    lambda z: z * np.conj(z),
    lambda z: np.abs(z) * z,
    lambda z: np.sqrt(z * np.conj(z) + 0.1),
    lambda z: 1 / (z * np.conj(z) + 0.5j),
    lambda z: z * np.exp(1j * np.tanh(np.real(z))),
    lambda z: np.maximum(np.real(z), 0.3) + 0.5j * z,
    lambda z: np.where(np.real(z) > 0.2, np.exp(-z), z),
    lambda z: z - np.mean(z),
    lambda z: z * np.log1p(np.real(z * np.conj(z))),
    lambda z: 100j * z,
    lambda z: 1e-3 * z,
    lambda z: z + (50 - 20j),
]
TOGETHER_COMPLEX = [
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a * np.conj(b),
    lambda a, b: a / (b * np.conj(b) + 1),
    lambda a, b: np.where(np.real(a) > np.real(b), a, b * b),
]
STEPS = {"real": (ALONE, TOGETHER), "complex": (ALONE_COMPLEX, TOGETHER_COMPLEX)}
SHAPES = [(), (3,), (5,), (2, 3), (300,)]
SCALES = [1.0, 1.0, 1.0, 10.0, 0.1, 1e-3]


def composition(rng, alone, together):
    """A function of up to five steps, some of which read the input again."""
    steps = [
        (alone[rng.integers(len(alone))], alone[rng.integers(len(alone))], rng.integers(10))
        for _ in range(rng.integers(1, 6))
    ]

    def composed(x):
        y = x
        for step, other, which in steps:
            y = step(y)
            if which < len(together) * 2 // 3:
                y = together[which](y, other(x))
        return y

    return composed


def problems(count, numbers):
    """Compositions that are finite at a point, and the point."""
    for seed in range(count):
        rng = np.random.default_rng(seed)
        function = composition(rng, *STEPS[numbers])
        x = np.asarray(rng.normal(size=SHAPES[rng.integers(len(SHAPES))]) * rng.choice(SCALES))
        if numbers == "complex":
            x = x + 1j * rng.normal(size=x.shape) * rng.choice(SCALES)
        with np.errstate(all="ignore"):
            value = function(x)
            gradient = gradient_of(function, x, 1)
        if np.isfinite(value).all() and np.isfinite(gradient).all() and np.abs(value).max() < 1e200:
            yield seed, function, x


def gradient_of(function, x, weights):
    """The gradient of the real part of a weighted sum."""
    return ag.grad(lambda x: np.sum(np.real(weights * function(x))))(x)


def passes(function, x, seed):
    try:
        gradcheck(function, x, seed=seed)
    except GradcheckError:
        return False
    return True


def slipped(error, place):
    """The rule of `op.sine`, off by a relative error everywhere, or where x < 0, or in the end."""
    if place == "everywhere":
        return lambda g, x: g * np.cos(x) * (1 + error)
    if place == "negative":
        return lambda g, x: g * np.cos(x) * np.where(np.real(x) < 0, 1 + error, 1)

    def formula(g, x):
        last = np.zeros(x.size)
        last[-1] = error
        return g * np.cos(x) * (1 + last.reshape(x.shape))

    return formula


@pytest.mark.nightly
@pytest.mark.parametrize("numbers", STEPS)
def test_right_compositions_pass(numbers):
    outcomes = {seed: passes(f, x, seed) for seed, f, x in problems(1000, numbers)}
    alarms = [seed for seed, passed in outcomes.items() if not passed]
    print(f"{len(alarms)} alarms in {len(outcomes)} right compositions: {alarms}")
    assert len(alarms) <= 0.01 * len(outcomes)


@pytest.mark.nightly
@pytest.mark.parametrize("numbers", STEPS)
def test_compositions_with_a_mistake_are_caught(numbers):
    counts = collections.Counter()
    for seed, right, x in problems(1000, numbers):
        rng = np.random.default_rng([seed, 1])
        error = float(rng.choice([1.0, 1e-2, 1e-4, 1e-6]))
        place = str(rng.choice(["everywhere", "negative", "last"]))

        def sound(x, right=right):
            return right(np.sin(x))

        def mistaken(x, right=right):
            return right(op.sine(x))

        if not passes(sound, x, seed):
            continue
        weights = rng.normal(size=np.shape(right(x)))
        true = gradient_of(sound, x, weights)
        with registered(wrong("", None, op.sine, x=slipped(error, place))):
            given = gradient_of(mistaken, x, weights)
            if np.abs(given - true).max() > 1e-8 * np.abs(true).max():
                counts["passed" if passes(mistaken, x, seed) else "caught"] += 1
    print(f"caught {counts['caught']} of {counts.total()} visible mistakes")
    assert counts["caught"] >= 0.97 * counts.total()
