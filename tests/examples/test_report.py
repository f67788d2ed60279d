"""The printed tables."""

from __future__ import annotations

import numpy as np

from examples.report import Row, aligned, relative_error, table


def test_columns_line_up() -> None:
    lines = aligned([("a", "1.0"), ("bcd", "12.0")], right=[1]).split("\n")
    assert lines == ["a     1.0", "bcd  12.0"]


def test_an_article_is_named_and_timed_on_its_first_row() -> None:
    rows = [Row("loss", ours="1"), Row("accuracy", published="2")]
    lines = table({"first": (rows, 2.04), "second": (rows[:1], 0.5)}).split("\n")
    assert len(lines) == 5
    assert lines[2].split() == ["first", "loss", "-", "-", "1", "2.0", "s"]
    assert lines[3].split() == ["accuracy", "2", "-", "-"]
    assert len({line.rindex("s") for line in (lines[2], lines[4])}) == 1


def test_the_relative_error() -> None:
    true = np.array([[3.0, 4.0]])
    assert relative_error(true, true) == 0
    assert relative_error(-true, true) == 2
