"""What is right passes: every rule near every sample, and functions at difficult points."""

import zlib

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import gradcheck
from autograd_np.testing.catalogue import positive, real
from autograd_np.testing.space import pack, space_of, unpack
from tests.autograd_np.samples import CASES, differentiable


def check_near(function, sample, seed):
    """Check the sample with each element moved by up to 5 percent of itself."""
    call, arrays = differentiable(function, sample)
    name = f"{function.__name__} {sample.name}"
    rng = np.random.default_rng([zlib.crc32(name.encode()), seed])
    numbers = pack(arrays)
    moved = unpack(
        numbers * (1 + 0.05 * rng.uniform(-1, 1, numbers.shape)),
        [space_of("", array) for array in arrays],
    )
    gradcheck(call, *moved, order=sample.order, seed=seed)


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_no_alarm(function, sample):
    check_near(function, sample, seed=0)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize(("function", "sample"), CASES)
def test_no_alarm_on_twenty_seeds(function, sample, seed):
    check_near(function, sample, seed)


def deep(x):
    for _ in range(50):
        x = np.tanh(1.5 * x)
    return x


def network(x, w, b, v):
    return ag.cross_entropy(ag.relu(x @ w + b) @ v, np.arange(len(x)) % 5)


def normalised(x):
    return (x - np.mean(x)) / np.sqrt(np.var(x) + 1e-5)


X = real(4)
SMOOTH = {
    "logarithm near 0": (np.log, np.array([1e-5, 1.0])),
    "square root near 0": (np.sqrt, np.array([1e-6, 1.0])),
    "reciprocal near 0": (np.reciprocal, np.array([1e-3, -1e-4, 1.0])),
    "ReLU near 0": (ag.relu, np.array([1e-7, -1e-4, 1.0])),
    "square at 0": (np.square, np.zeros(4)),
    "cube at 0": (lambda x: x**3, np.zeros(4)),
    "fourth power at 0, large": (lambda x: x**4, np.zeros((30, 30))),
    "product of zeros": (np.prod, np.array([0.0, 2.0, 0.0])),
    "steep exponential": (np.exp, np.array([50.0, -50.0])),
    "tenth power": (lambda x: x**10, X),
    "large powers": (np.power, positive(4), 10 * X),
    "fast oscillation": (lambda x: np.sin(1000 * x), X),
    "large logits": (ag.softmax, 100 * real(2, 4)),
    "logits far apart": (ag.logsumexp, np.array([0.0, 1000.0, -1000.0])),
    "large loss": (lambda z: ag.cross_entropy(z, np.array([0, 2])), 30 * real(2, 4)),
    "saturated sigmoid": (ag.sigmoid, np.array([40.0, -40.0, 0.0])),
    "saturated tanh": (np.tanh, np.array([20.0, -20.0, 0.0])),
    "large values": (lambda x: 1e100 * np.sin(x), X),
    "small values": (lambda x: 1e-200 * np.sin(x), X),
    "large offset": (lambda x: np.sin(x) + 1e10, X),
    "large inputs": (lambda x: np.tanh(1e-6 * x), 1e6 * X),
    "small inputs": (lambda x: np.tanh(1e6 * x), 1e-6 * X),
    "inputs of many sizes": (lambda x: np.sum(x * x), np.array([1e6, 1e-6, 1.0])),
    "variance of large numbers": (np.var, 1e6 + real(5)),
    "layer norm of like numbers": (normalised, 1 + 1e-3 * real(5)),
    "distance of near points": (lambda x, y: np.sqrt(np.sum((x - y) ** 2)), X, X + 1e-4),
    "constant": (lambda x: 0 * x + 3, X),
    "result that is no Tensor": (lambda x: np.ones(3), X),
    "unused input": (lambda x, y: 2 * x, X, real(3)),
    "integers": (lambda x, i: x[i], X, np.array([0, 0, 2])),
    "numbers": (lambda x, y: x * y, 2.0, 3.0),
    "empty": (lambda x: np.exp(x), np.zeros((0, 3))),
    "containers": (lambda p: [2 * p["x"], {"y": np.sin(p["x"])}], {"x": X}),
    "fifty layers": (deep, X),
    "network": (network, real(32, 20), real(20, 30), real(30), real(30, 5)),
    "long sum": (np.sum, np.random.default_rng(0).normal(size=100_000)),
}


@pytest.mark.parametrize(("function", "inputs"), [(f, x) for f, *x in SMOOTH.values()], ids=SMOOTH)
def test_no_alarm_at_difficult_points(function, inputs):
    gradcheck(function, *inputs, order=2)


def huber(x):
    return np.where(np.abs(x) < 1, 0.5 * x * x, np.abs(x) - 0.5)


@pytest.mark.parametrize(
    ("function", "point"),
    [
        (lambda x: x * np.abs(x), [0.0, 1.0]),
        (lambda x: np.where(x > 0, x * x, 0), [1.0, 0.0]),
        (lambda x: ag.relu(x) ** 2, np.zeros(400)),
        (lambda x: np.maximum(0, 1 - x) ** 2, [1.0, 0.5, 2.0]),
        (huber, [1.0, -1.0, 0.3]),
    ],
    ids=["x|x|", "half a parabola", "many squared ReLUs", "squared hinge", "huber"],
)
@pytest.mark.parametrize("seed", range(3))
def test_no_alarm_where_the_second_derivative_jumps(function, point, seed):
    gradcheck(function, np.array(point), seed=seed)


@pytest.mark.parametrize(
    ("function", "point"),
    [(np.abs, [0.0, 1.0]), (lambda x: np.maximum(x, 0), [0.0, 1.0]), (np.max, [1.0, 1.0, 0.0])],
    ids=["absolute", "maximum", "max"],
)
def test_the_mean_of_two_slopes_passes_at_a_kink(function, point):
    """The convention at a tie is what central differences give."""
    gradcheck(function, np.array(point))
