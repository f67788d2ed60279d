"""``python -m examples``: what runs, what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("matplotlib")

from examples import article_000_mnist, data
from examples.__main__ import ARTICLES
from examples.command import run
from examples.report import Row


def test_the_five_articles() -> None:
    assert [name.split()[0] for name in ARTICLES] == ["000", "001", "002", "003", "004"]


def test_the_options_reach_the_article(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen = []

    def article(folder: Path, full: bool) -> list[Row]:
        seen.append((folder, full))
        return [Row("loss", ours="0.5")]

    def other(folder: Path, full: bool) -> list[Row]:
        raise AssertionError

    articles = {"000 first": article, "001 second": other}
    run(articles, ["--full", "--output", str(tmp_path), "--only", "000"])
    assert seen == [(tmp_path, True)]
    out = capsys.readouterr().out
    assert "000 first" in out
    assert "001 second" not in out
    assert out.rstrip().endswith(f"Pictures are in {tmp_path}")


def test_an_article_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run({}, ["--only", "007"])
    assert "007" in capsys.readouterr().err


def test_000_whole_on_the_bundled_digits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(article_000_mnist, "load_digits", data.bundled_digits)
    rows = article_000_mnist.main(tmp_path)
    assert [row.published for row in rows] == ["-"] * 3
    assert "scikit-learn's digits" in rows[0].figure
    assert {path.name for path in tmp_path.iterdir()} == {"000_digits.png", "000_predictions.png"}
    out = capsys.readouterr().out
    assert "epoch 5/5  batch 6/6" in out
    assert "\r" not in out


@pytest.mark.slow
def test_001_to_003_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    only = [word for number in ("001", "002", "003") for word in ("--only", number)]
    run(ARTICLES, [*only, "--output", str(tmp_path)])
    out = capsys.readouterr().out
    for line in ("66 of 128 samples", "47 parameters", "as written nan, ours 1.0"):
        assert line in out
    assert len(list(tmp_path.glob("00[123]_*.png"))) == 4


def test_004_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(ARTICLES, ["--only", "004", "--output", str(tmp_path)])
    out = capsys.readouterr().out
    assert "0.260835481 " in out
    assert "0.3950662374" in out
    assert (tmp_path / "004_accuracy_and_loss.png").exists()
