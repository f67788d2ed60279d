"""Keras is never needed."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from examples import keras_panels


def test_without_keras_there_are_no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keras", None)
    assert keras_panels.moons_network(np.zeros((4, 2)), np.zeros(4)) is None
    assert keras_panels.iris_history(np.zeros((4, 4)), np.zeros(4)) is None
