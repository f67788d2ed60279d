"""Metrics against scikit-learn and by hand."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_np as ag
from nn import metrics

RNG = np.random.default_rng(0)
SCORES, LABELS = RNG.normal(size=(60, 4)), RNG.integers(0, 4, 60)


def test_equal_to_scikit_learn() -> None:
    theirs = pytest.importorskip("sklearn.metrics")
    classes = SCORES.argmax(axis=1)
    assert metrics.accuracy(SCORES, LABELS) == theirs.accuracy_score(LABELS, classes)
    assert metrics.top_k_accuracy(SCORES, LABELS, 2) == theirs.top_k_accuracy_score(
        LABELS, SCORES, k=2
    )
    expected = theirs.confusion_matrix(LABELS, classes)
    assert np.array_equal(metrics.confusion_matrix(SCORES, LABELS), expected)
    a, b = RNG.normal(size=(30, 3)), RNG.normal(size=(30, 3))
    assert metrics.r2(a, b) == pytest.approx(theirs.r2_score(b, a), rel=1e-12)
    assert metrics.mean_absolute_error(a, b) == pytest.approx(theirs.mean_absolute_error(b, a))
    assert metrics.root_mean_squared_error(a, b) == pytest.approx(
        theirs.mean_squared_error(b, a) ** 0.5
    )


@given(st.integers(1, 30), st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_one_hot_labels_are_labels(rows: int, classes: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, labels = rng.normal(size=(rows, classes)), rng.integers(0, classes, rows)
    found = metrics.accuracy(scores, labels)
    assert found == metrics.accuracy(scores, np.eye(classes)[labels])
    assert found == metrics.top_k_accuracy(scores, labels, 1)
    assert metrics.top_k_accuracy(scores, labels, classes) == 1.0
    matrix = metrics.confusion_matrix(scores, labels)
    assert matrix.sum() == rows
    assert matrix.trace() == round(found * rows)


def test_binary_accuracy() -> None:
    assert metrics.binary_accuracy(np.array([0.2, 0.5, 0.9]), np.array([0, 0, 1])) == 1.0
    assert metrics.binary_accuracy(np.array([-2.0, 3.0]), np.array([1, 1]), threshold=0) == 0.5


def test_r2_of_a_constant() -> None:
    assert metrics.r2([2.0, 2.0], [2.0, 2.0]) == 1.0
    assert metrics.r2([2.0, 3.0], [2.0, 2.0]) == 0.0


def test_tensors_are_measured_too() -> None:
    scores = ag.Tensor(SCORES, requires_grad=True) * 1.0
    assert metrics.accuracy(scores, LABELS) == metrics.accuracy(SCORES, LABELS)


def test_results_are_floats() -> None:
    assert type(metrics.accuracy(SCORES.astype(np.float32), LABELS)) is float
    assert type(metrics.r2(SCORES, SCORES)) is float


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: metrics.accuracy(SCORES, LABELS[:3]), r"labels of shape \(3,\) do not fit"),
        (lambda: metrics.accuracy(SCORES, LABELS[:, None]), r"write labels\.ravel\(\)"),
        (lambda: metrics.accuracy(SCORES[:, 0], LABELS), "write binary_accuracy"),
        (lambda: metrics.accuracy(SCORES[:, :1], LABELS[:, None]), "write binary_accuracy"),
        (lambda: metrics.accuracy(SCORES, LABELS * 1.0), r"write labels\.astype\(int\)"),
        (lambda: metrics.accuracy(SCORES[:0], LABELS[:0]), "no rows to measure"),
        (lambda: metrics.accuracy(SCORES[:0], SCORES[:0]), "do not fit"),
        (lambda: metrics.top_k_accuracy(SCORES, LABELS, 5), "k=5 must lie between 1 and the 4"),
        (lambda: metrics.binary_accuracy(SCORES[:, :1], LABELS), r"write targets\.reshape"),
        (lambda: metrics.r2(SCORES[:0], SCORES[:0]), "no rows to measure"),
    ],
)
def test_refusals(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


def test_names() -> None:
    assert metrics.metric_name(metrics.r2) == "r2"
    assert metrics.metric_name(partial(metrics.binary_accuracy, threshold=0)) == "binary_accuracy"

    class Metric:
        def __call__(self, p: Any, t: Any) -> float:
            return 0.0

    assert metrics.metric_name(Metric()) == "Metric"
