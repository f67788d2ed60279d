"""The measurements as pictures, with Matplotlib."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.benchmarks import peers, products
from tests.benchmarks.timing import Times

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"

# Of Okabe and Ito's palette, which colour-blind people can tell apart; all but ours is grey.
EAGER, NUMPY, NUMBA, PEER, LIMIT = "#56B4E9", "#0072B2", "#D55E00", "#6E6E6E", "#009E73"
COLOURS = {
    **dict.fromkeys(peers.EAGER, EAGER),
    **dict.fromkeys(peers.COMPILED_NUMPY, NUMPY),
    **dict.fromkeys(peers.COMPILED_NUMBA, NUMBA),
}
# Up to this ratio of its ends, an axis is marked at 1, 2 and 5, and not at powers of 10 alone.
MANY = 40
GRID = {"color": "#DDDDDD", "linewidth": 0.6}
STYLES = {peers.NUMPY: ("--", "o"), peers.JAX: (":", "s")}


def steps(results: Mapping[tuple[str, str], Times], path: Path) -> None:
    """Draw a panel for each network: a dot for each contender and dtype, a line for the limit.

    Parameters
    ----------
    results : mapping of (str, str) to Times
        By network and dtype.
    path : Path
    """
    networks = list(dict.fromkeys(name for name, _ in results))
    labels = list(dict.fromkeys(each for times in results.values() for each in times))
    labels = [label for label in labels if label != products.LABEL]
    figure, panels = _panels(len(networks) + 1, 3, (11, 8.5))
    for i, (name, panel) in enumerate(zip(networks, panels, strict=False)):
        for (of, dtype), times in results.items():
            if of == name:
                _dots(panel, labels, times, filled=dtype == "float32")
        panel.set_yticks(range(len(labels)), labels if i % 3 == 0 else [""] * len(labels))
        for tick, label in zip(panel.get_yticklabels(), labels, strict=True):
            tick.set_fontweight("bold" if label in COLOURS else "normal")
        panel.set_ylim(len(labels) - 0.5, -0.5)
        panel.grid(axis="y", **GRID)
        panel.set_title(name, fontsize=11, loc="left")
        _log_axis(panel.xaxis, "time per step")
    for panel in panels[len(networks) :]:
        panel.axis("off")
        panel.legend(handles=_key(), loc="center", frameon=False)
    figure.savefig(path, dpi=130)
    print(f"\ndrew {path}")


def _dots(panel: Any, labels: Sequence[str], times: Times, *, filled: bool) -> None:
    for place, label in enumerate(labels):
        if label in times:
            colour = COLOURS.get(label, PEER)
            x = statistics.median(times[label]) * 1e6
            face = colour if filled else "white"
            panel.plot([x], [place], "o", color=colour, mfc=face, markersize=6, zorder=3)
    if products.LABEL in times:
        limit = statistics.median(times[products.LABEL]) * 1e6
        panel.axvline(limit, color=LIMIT, linestyle="-" if filled else "--", linewidth=1.2)


def _key() -> list[Any]:
    from matplotlib.lines import Line2D

    def dot(colour: str, label: str, face: str | None = None) -> Any:
        return Line2D([], [], color=colour, marker="o", linestyle="", mfc=face, label=label)

    return [
        dot(EAGER, "ours"),
        dot(NUMPY, "ours, compiled to NumPy"),
        dot(NUMBA, "ours, compiled with numba"),
        dot(PEER, "others; filled is float32"),
        dot(PEER, "hollow is float64", "white"),
        Line2D([], [], color=LIMIT, label=f"{products.LABEL}, float32"),
        Line2D([], [], color=LIMIT, linestyle="--", label="the same, float64"),
    ]


def growth(axes: Mapping[str, Mapping[int, Times]], fixed: Mapping[str, str], path: Path) -> None:
    """Draw time per step against each size, both logarithmic.

    Parameters
    ----------
    axes : mapping of str to mapping of int to Times
        By what grows, then by its size.
    fixed : mapping of str to str
        By what grows: what does not.
    path : Path
    """
    figure, panels = _panels(len(axes), len(axes), (12, 4.6))
    for (what, points), panel in zip(axes.items(), panels, strict=True):
        for label in dict.fromkeys(label for times in points.values() for label in times):
            known = {n: statistics.median(t[label]) for n, t in points.items() if label in t}
            line, marker = STYLES.get(label, ("-", "."))
            panel.plot(
                list(known),
                [seconds * 1e6 for seconds in known.values()],
                color=COLOURS.get(label, PEER),
                linestyle=line,
                marker=marker,
                markersize=4,
                label=label,
            )
        panel.set_xscale("log", base=2)
        panel.set_xlabel(f"{what} ({fixed[what]})")
        panel.grid(axis="x", **GRID)
        _log_axis(panel.yaxis, "")
    panels[0].set_ylabel("time per step")
    panels[0].legend(fontsize=8, frameon=False)
    figure.savefig(path, dpi=130)
    print(f"\ndrew {path}")


def _panels(count: int, columns: int, size: tuple[float, float]) -> tuple[Any, list[Any]]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    rows = -(-count // columns)
    panels = [figure.add_subplot(rows, columns, i + 1) for i in range(count)]
    for panel in panels:
        panel.spines[["top", "right"]].set_visible(False)
    return figure, panels


def _log_axis(axis: Any, label: str) -> None:
    """Scale an axis logarithmically; its values are µs."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    axis.axes.set(**{f"{axis.axis_name}scale": "log"})
    axis.set_label_text(label)
    low, high = axis.get_view_interval()
    axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < MANY * low else (1,)))
    axis.set_major_formatter(FuncFormatter(_duration))
    axis.set_minor_formatter(NullFormatter())
    axis.grid(True, which="major", **GRID)
    axis.axes.set_axisbelow(True)


def _duration(microseconds: float, _: int | None = None) -> str:
    """Write a time briefly.

    >>> _duration(50), _duration(20_000)
    ('50 µs', '20 ms')
    """
    return f"{microseconds:g} µs" if microseconds < 1000 else f"{microseconds / 1000:g} ms"
