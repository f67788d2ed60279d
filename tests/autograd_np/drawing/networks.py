"""The five articles' networks with a few rows of random data, as their examples build them."""

from types import SimpleNamespace

import numpy as np

import autograd_np as ag
import nn
from examples import (
    article_000_mnist,
    article_001_random_regression,
    article_002_sum_difference_distance,
    article_003_two_moons,
    article_004_iris,
)

ROWS = 10


def article_000():
    """MNIST, 784-128-10, with the article's scaled ReLU."""
    rng = np.random.default_rng(0)
    images, targets = rng.uniform(size=(ROWS, 784)), np.eye(10)
    model = article_000_mnist.network()
    with ag.record() as program:
        outputs = model(images)
        loss = article_000_mnist.batch_loss(outputs, targets)
    return SimpleNamespace(loss=loss, program=program, model=model)


def article_001():
    """Random regression, 1000-100-1, on bare Tensors."""
    network = article_001_random_regression.Network.draw()
    x, y, w1, w2 = network.x[:ROWS], network.y[:ROWS], network.w1, network.w2
    with ag.record() as program:
        prediction = ag.relu(x @ w1) @ w2
        loss = np.sum((prediction - y) ** 2)
    return SimpleNamespace(loss=loss, program=program, model=network)


def article_002():
    """Sum, difference and distance, 2-4-4-3."""
    random = np.random.RandomState(42)
    x, y = random.normal(size=(ROWS, 2)), random.normal(size=(ROWS, 3))
    model = article_002_sum_difference_distance.network(random)
    with ag.record() as program:
        residuals = model(x) - y
        loss = article_002_sum_difference_distance.minimised(residuals)
    return SimpleNamespace(loss=loss, program=program, model=model)


def article_003():
    """Two moons, 2-25-50-50-25-1, with the loss taken from the logits."""
    rng = np.random.default_rng(0)
    x, targets = rng.normal(size=(ROWS, 2)), rng.integers(0, 2, size=(ROWS, 1)).astype(float)
    model = article_003_two_moons.network()[:-1]
    criterion = nn.BCEWithLogitsLoss()
    with ag.record() as program:
        logits = model(x)
        loss = criterion(logits, targets)
    return SimpleNamespace(loss=loss, program=program, model=model)


def article_004():
    """Iris, 4-6-8-10-3, with cross-entropy."""
    rng = np.random.default_rng(0)
    x, labels = rng.normal(size=(ROWS, 4)), rng.integers(0, 3, size=ROWS)
    model = article_004_iris.network()
    criterion = nn.CrossEntropyLoss()
    with ag.record() as program:
        logits = model(x)
        loss = criterion(logits, labels)
    return SimpleNamespace(loss=loss, program=program, model=model)


ARTICLES = [article_000, article_001, article_002, article_003, article_004]
