"""Models as programs for HIPS autograd fit them.

Each function is given the names that such a program imports, and returns what it minimises, a
function of arrays that returns one number, and where. Nothing in them belongs to either library.
"""

from itertools import pairwise

import numpy


def logistic_regression(np, logsumexp):
    rng = numpy.random.default_rng(0)
    inputs = rng.normal(size=(20, 3))
    targets = rng.random(20) < 0.5

    def loss(weights, bias):
        scores = np.dot(inputs, weights) + bias
        probabilities = 0.5 * (np.tanh(scores / 2) + 1)
        likely = probabilities * targets + (1 - probabilities) * (1 - targets)
        return -np.sum(np.log(likely)) + 0.1 * np.dot(weights, weights)

    return loss, (rng.normal(size=3), 0.3)


def perceptron(np, logsumexp):
    """A network whose parameters are a list of pairs, with a softmax on top."""
    rng = numpy.random.default_rng(0)
    sizes = [4, 6, 5, 3]
    images = rng.normal(size=(12, 4))
    classes = numpy.eye(3)[rng.integers(3, size=12)]

    def loss(layers):
        activations = images
        for weights, bias in layers:
            outputs = np.dot(activations, weights) + bias
            activations = np.tanh(outputs)
        scores = outputs - logsumexp(outputs, axis=1, keepdims=True)
        penalty = sum(np.sum(weights**2) for weights, _ in layers)
        return -np.mean(np.sum(scores * classes, axis=1)) + 1e-2 * penalty

    layers = [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in pairwise(sizes)]
    return loss, (layers,)


def recurrent(np, logsumexp):
    """A recurrent network run over a sequence in a loop, its parameters in a dict."""
    rng = numpy.random.default_rng(0)
    sequence = rng.normal(size=(7, 4, 2))
    targets = rng.normal(size=(7, 4, 3))

    def loss(params):
        hidden = np.repeat(params["start"], 4, axis=0)
        outputs = []
        for inputs in sequence:
            joined = np.concatenate([inputs, hidden, np.ones((4, 1))], axis=1)
            hidden = np.tanh(np.dot(joined, params["change"]))
            outputs.append(np.dot(hidden, params["read"]))
        return np.mean((targets - np.stack(outputs)) ** 2)

    params = {
        "start": rng.normal(size=(1, 5)),
        "change": rng.normal(size=(8, 5)),
        "read": rng.normal(size=(5, 3)),
    }
    return loss, (params,)


def convolution(np, logsumexp):
    """A convolution by strided windows and einsum, then max pooling."""
    rng = numpy.random.default_rng(0)
    images = rng.normal(size=(3, 2, 7, 7))
    windows = numpy.lib.stride_tricks.sliding_window_view(images, (2, 2), axis=(2, 3))

    def loss(filters):
        maps = np.einsum("nchwij,kcij->nkhw", windows, filters)
        pooled = np.max(np.reshape(maps, (3, 4, 3, 2, 3, 2)), axis=(3, 5))
        return np.sum(np.log(1 + np.exp(pooled)))

    return loss, (rng.normal(size=(4, 2, 2, 2)),)


def mixture(np, logsumexp):
    """The likelihood of Gaussians, each with its mean and the factor of its covariance."""
    rng = numpy.random.default_rng(0)
    data = rng.normal(size=(15, 2))

    def log_density(mean, factor):
        covariance = np.dot(factor, factor.T) + 0.1 * np.eye(2)
        apart = data - mean
        _, logdet = np.linalg.slogdet(covariance)
        distance = np.sum(apart * np.linalg.solve(covariance, apart.T).T, axis=1)
        return -0.5 * (distance + logdet + 2 * np.log(2 * np.pi))

    def loss(params):
        shares = params["shares"] - logsumexp(params["shares"])
        densities = [
            share + log_density(mean, factor)
            for share, mean, factor in zip(shares, params["means"], params["factors"], strict=True)
        ]
        return -np.sum(logsumexp(np.vstack(densities), axis=0))

    params = {
        "shares": rng.normal(size=3),
        "means": rng.normal(size=(3, 2)),
        "factors": rng.normal(size=(3, 2, 2)),
    }
    return loss, (params,)


def gaussian_process(np, logsumexp):
    """The marginal likelihood of a Gaussian process, as a function of its kernel."""
    rng = numpy.random.default_rng(0)
    x = numpy.linspace(-2, 2, 9)
    y = numpy.sin(2 * x) + 0.1 * rng.normal(size=9)

    def loss(params):
        scale, length, noise = np.exp(params)
        apart = (x[:, None] - x[None, :]) / length
        kernel = scale * np.exp(-0.5 * apart**2) + (noise + 1e-3) * np.eye(len(x))
        factor = np.linalg.cholesky(kernel)
        weights = np.linalg.solve(factor.T, np.linalg.solve(factor, y))
        return (
            0.5 * np.dot(y, weights)
            + np.sum(np.log(np.diag(factor)))
            + 0.5 * len(x) * np.log(2 * np.pi)
        )

    return loss, (numpy.log([1.0, 0.7, 0.1]),)


def black_box_variation(np, logsumexp):
    """Black-box variational inference: the random draws are arguments."""
    rng = numpy.random.default_rng(0)
    draws = rng.normal(size=(30, 2))

    def log_posterior(z):
        mean, log_width = z[:, 0], z[:, 1]
        prior = -0.5 * (log_width / 1.35) ** 2
        return prior - 0.5 * (mean / np.exp(log_width)) ** 2 - log_width

    def loss(params):
        mean, log_std = params[:2], params[2:]
        samples = draws * np.exp(log_std) + mean
        entropy = np.sum(log_std) + 1.0 + np.log(2 * np.pi)
        return -entropy - np.mean(log_posterior(samples))

    return loss, (numpy.array([0.4, -0.2, 0.1, -0.6]),)


MODELS = (
    logistic_regression,
    perceptron,
    recurrent,
    convolution,
    mixture,
    gaussian_process,
    black_box_variation,
)
