"""The history and its picture."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pytest

import nn


def filled() -> nn.History:
    history = nn.History()
    for epoch in range(4):
        numbers = {"loss": 4.0 - epoch, "accuracy": epoch / 4, "lr": 0.1, "seconds": 1.0}
        if epoch % 2:
            numbers["val_loss"] = 5.0 - epoch
        history.append(numbers)
    return history


def test_numbers_by_name() -> None:
    history = filled()
    assert history["loss"] == [4.0, 3.0, 2.0, 1.0]
    assert history["val_loss"] == [4.0, 2.0]
    assert len(history) == 4
    assert list(history) == ["loss", "accuracy", "lr", "seconds", "val_loss"]
    assert "loss" in history
    assert "other" not in history
    assert history.last["accuracy"] == 0.75
    assert repr(history).startswith("<History of 4 epochs: loss 1, accuracy 0.75")


def test_what_is_appended_is_copied() -> None:
    history = nn.History()
    numbers = {"loss": 1.0}
    history.append(numbers)
    numbers["loss"] = 2.0
    assert history["loss"] == [1.0]


def test_an_empty_history() -> None:
    history = nn.History()
    assert history["loss"] == []
    assert repr(history) == "<History of 0 epochs>"
    with pytest.raises(IndexError, match="no epoch has finished"):
        _ = history.last
    history.interrupted = True
    assert "interrupted" in repr(history)


def test_unknown_names() -> None:
    with pytest.raises(KeyError, match="'accurracy'; the history has loss, accuracy"):
        filled()["accurracy"]


def test_plot() -> None:
    plt = pytest.importorskip("matplotlib.pyplot")
    plt.switch_backend("Agg")
    figure = filled().plot(log=True, title="a run")
    loss, accuracy = figure.axes
    assert [line.get_label() for line in loss.lines] == ["training", "validation"]
    assert np.asarray(loss.lines[0].get_xdata()).tolist() == [1, 2, 3, 4]
    assert np.asarray(loss.lines[1].get_xdata()).tolist() == [2, 4]
    assert np.asarray(loss.lines[1].get_ydata()).tolist() == [4.0, 2.0]
    assert loss.get_yscale() == "log"
    assert accuracy.get_yscale() == "linear"
    assert accuracy.get_ylabel() == "accuracy"
    assert len(filled().plot(["lr"]).axes) == 1
    plt.close("all")


def test_plot_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib.pyplot")
    with pytest.raises(ValueError, match="nothing to plot"):
        nn.History().plot()
    with pytest.raises(ValueError, match="there is no 'other'"):
        filled().plot(["other"])
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"pip install 'autograd-np\[plot\]'"):
        filled().plot()
