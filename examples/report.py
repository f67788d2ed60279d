"""What an article's example hands back, and how it is printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

HEADINGS = ("article", "figure", "published", "as written", "ours", "wall time")


@dataclass(frozen=True)
class Row:
    """One figure of an article, as it was published and as two programs give it.

    Attributes
    ----------
    figure : what is compared
    published : the figure in the article's text
    as_written : the figure of the article's own program, with its hand-written gradients
    ours : the figure with automatic gradients
    """

    figure: str
    published: str = "-"
    as_written: str = "-"
    ours: str = "-"


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Return rows of cells as text in columns; those numbered in `right` are right-aligned.

    >>> print(aligned([("step", "loss"), ("10", "0.5")], right=[0]))
    step  loss
      10  0.5
    """
    rows, right = list(rows), set(right)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = zip(range(len(row)), row, widths, strict=True)
        line = "  ".join(c.rjust(w) if i in right else c.ljust(w) for i, c, w in cells)
        lines.append(line.rstrip())
    return "\n".join(lines)


def table(results: Mapping[str, tuple[Sequence[Row], float]]) -> str:
    """Return the table of the articles' figures.

    Parameters
    ----------
    results : per article, its rows and the seconds that it took

    Examples
    --------
    >>> print(table({"004 iris": ([Row("loss", "0.26", "0.26", "0.40")], 1.25)}))
    article   figure  published  as written  ours  wall time
    --------  ------  ---------  ----------  ----  ---------
    004 iris  loss         0.26        0.26  0.40      1.2 s
    """
    lines: list[tuple[str, ...]] = []
    for article, (rows, seconds) in results.items():
        for i, row in enumerate(rows):
            first, last = (article, f"{seconds:.1f} s") if i == 0 else ("", "")
            lines.append((first, row.figure, row.published, row.as_written, row.ours, last))
    widths = [max(map(len, column)) for column in zip(HEADINGS, *lines, strict=True)]
    rule = tuple("-" * width for width in widths)
    return aligned([HEADINGS, rule, *lines], right=range(2, 6))


def relative_error(value: NDArray[Any], true: NDArray[Any]) -> float:
    """Return the L2 norm of ``value - true`` over that of `true`.

    >>> relative_error(np.array([3.0, 4.0]), np.array([3.0, 5.0])).__round__(4)
    0.1715
    """
    return float(np.linalg.norm(value - true) / np.linalg.norm(true))
