"""Data that several tests of the examples share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from examples import data
from examples.command import one_blas_thread

Arrays = tuple[NDArray[Any], NDArray[Any]]


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    """Run as ``python -m examples`` does."""
    with one_blas_thread():
        yield


@pytest.fixture(scope="session")
def mnist() -> data.Digits:
    """MNIST from the folder or the cache; no test downloads it."""
    if not data.cached_mnist():
        pytest.skip(f"MNIST is neither cached nor in a folder that {data.FOLDER_VARIABLE} names")
    return data.load_mnist()


@pytest.fixture
def no_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run without the variable that names MNIST's folder."""
    if data.FOLDER_VARIABLE in os.environ:
        monkeypatch.delenv(data.FOLDER_VARIABLE)


@pytest.fixture(scope="session")
def iris() -> Arrays:
    """Iris as scikit-learn gives it: (150, 4) inputs and (150,) labels."""
    from sklearn.datasets import load_iris

    inputs, labels = load_iris(return_X_y=True)
    return np.asarray(inputs), np.asarray(labels)
