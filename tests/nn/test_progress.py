"""The progress bar: there when asked for or watched, silent otherwise."""

from __future__ import annotations

import builtins
import io
import sys
from typing import Any

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(size=(20, 3))
Y = X.sum(axis=1, keepdims=True)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def run(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, **settings: Any) -> str:
    monkeypatch.setattr(sys, "stderr", stream)
    model = nn.Linear(3, 1, rng=0)
    settings = {"batch_size": 5, **settings}
    nn.fit(model, nn.MSELoss(), nn.SGD(model), X, Y, 3, **settings)
    return stream.getvalue()


def test_quiet_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, io.StringIO()) == ""
    assert run(monkeypatch, Terminal(), progress=False) == ""
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("stream", "show"), [(Terminal, None), (io.StringIO, True)])
def test_a_line_per_epoch(monkeypatch: pytest.MonkeyPatch, stream: Any, show: Any) -> None:
    pytest.importorskip("tqdm")
    text = run(monkeypatch, stream(), progress=show, validation_data=(X, Y))
    for epoch in (1, 2, 3):
        assert f"epoch {epoch}/3 |" in text
    assert text.count("\n") == 3
    assert "4/4" in text
    assert "loss" in text
    assert "val_loss" in text


def test_one_bar_over_the_epochs_when_each_has_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm")
    text = run(monkeypatch, io.StringIO(), progress=True, batch_size=None)
    assert "training |" in text
    assert "3/3" in text
    assert text.count("\n") == 1


def test_batches_of_unknown_number(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm")
    batches = lambda epoch: iter([slice(0, 5), slice(5, 9)])  # noqa: E731
    text = run(monkeypatch, io.StringIO(), progress=True, batches=batches)
    assert "2/? " in text


def test_an_error_closes_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tqdm")
    stream = io.StringIO()
    with pytest.raises(ZeroDivisionError):
        run(
            monkeypatch,
            stream,
            progress=True,
            callbacks=[nn.LambdaCallback(on_batch_end=lambda state: 1 // 0)],
        )
    assert stream.getvalue().endswith("\n")


def test_without_tqdm(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("tqdm"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    assert run(monkeypatch, Terminal()) == ""
    with pytest.raises(ImportError, match=r"pip install 'autograd-np\[progress\]'"):
        run(monkeypatch, io.StringIO(), progress=True)
