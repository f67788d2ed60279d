"""The examples' pictures: one look for all of them, in colours that the colour-blind tell apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FOLDER = Path("pictures")
BLUE, RED, ORANGE, GREEN, GREY = "#0072B2", "#C62828", "#E69F00", "#009E73", "#6B7280"
STYLE = {
    "axes.edgecolor": "#9CA3AF",
    "axes.grid": True,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "figure.dpi": 130,
    "font.size": 10,
    "grid.color": "#E5E7EB",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}
Draw = Callable[["Axes"], None]


def require() -> None:
    """Raise ImportError, naming what to install, where matplotlib is missing."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'autograd-np[plot]'") from error


def panels(
    path: Path, *draw: Draw, size: tuple[float, float] = (5.2, 3.9), columns: int = 2
) -> Path:
    """Draw panels in rows, save them as one PNG and return its path.

    Parameters
    ----------
    path : the file; its folder is made where it does not exist
    draw : per panel, a function that draws into the axes that it is given
    size : width and height of one panel, in inches
    columns : the most that stand side by side
    """
    columns = min(columns, len(draw))
    rows = -(-len(draw) // columns)

    def fill(figure: Figure) -> None:
        axes = figure.subplots(rows, columns, squeeze=False).flat
        for axis, paint in zip(axes, draw, strict=True):
            paint(axis)

    return _save(path, (size[0] * columns, size[1] * rows), fill)


def curves(
    title: str, x: ArrayLike, lines: Mapping[str, ArrayLike], xlabel: str, ylabel: str, **scale: str
) -> Draw:
    """Return a panel of named lines over `x`; ``yscale="log"`` and the like go to the axes."""

    def paint(axes: Axes) -> None:
        looks = zip((BLUE, ORANGE, GREEN), ("-", "--", "-."), strict=True)
        for (name, y), (colour, style) in zip(lines.items(), looks, strict=False):
            axes.plot(x, y, style, color=colour, label=name)
        axes.set(title=title, xlabel=xlabel, ylabel=ylabel, **scale)
        if len(lines) > 1:
            axes.legend()

    return paint


def points(title: str, xy: NDArray[Any], labels: NDArray[Any]) -> Draw:
    """Return a panel of points, shape (count, 2), of two classes."""

    def paint(axes: Axes) -> None:
        _two_classes(axes, xy, labels)
        axes.legend(loc="upper right")
        axes.set(title=title, xlabel="x", ylabel="y")

    return paint


def contours(
    title: str, probability: Callable[[NDArray[Any]], NDArray[Any]], xy: NDArray[Any],
    labels: NDArray[Any],
) -> Draw:  # fmt: skip
    """Return a panel of a classifier's probability over the plane, its 0.5 line, and points.

    Parameters
    ----------
    title : what is written above
    probability : from points of shape (count, 2) to probabilities of shape (count,)
    xy : the points to show, shape (count, 2)
    labels : their classes, 0 or 1, shape (count,)
    """
    low, high = xy.min(axis=0) - 0.5, xy.max(axis=0) + 0.5
    x, y = np.meshgrid(np.linspace(low[0], high[0], 200), np.linspace(low[1], high[1], 200))
    p = probability(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)

    def paint(axes: Axes) -> None:
        from matplotlib.colors import LinearSegmentedColormap

        colours = LinearSegmentedColormap.from_list("classes", ["#8EC1E0", "#FFFFFF", "#F6D080"])
        filled = axes.contourf(x, y, p, levels=np.linspace(0, 1, 21), cmap=colours)
        axes.contour(x, y, p, levels=[0.5], colors="black", linewidths=1.6)
        _two_classes(axes, xy, labels)
        axes.legend(loc="lower right", frameon=True, framealpha=0.9)
        axes.grid(False)
        axes.set(title=title, xlabel="x", ylabel="y")
        bar = axes.figure.colorbar(filled, ax=axes, ticks=[0, 0.25, 0.5, 0.75, 1])
        bar.set_label("probability of class 1 (line: 0.5)")

    return paint


def scatter(title: str, x: ArrayLike, y: ArrayLike, xlabel: str, ylabel: str) -> Draw:
    """Return a panel of predictions `y` against truths `x`, with the line where they agree."""

    def paint(axes: Axes) -> None:
        axes.plot(x, y, ".", color=BLUE, markersize=2, alpha=0.4, rasterized=True)
        ends = [np.min(x), np.max(x)]
        axes.plot(ends, ends, "--", color="black", linewidth=1)
        axes.set(title=title, xlabel=xlabel, ylabel=ylabel)

    return paint


def digits(path: Path, images: NDArray[Any], labels: Sequence[int] | NDArray[Any]) -> Path:
    """Save the first ten images in a 2 by 5 grid, each under its label; return the path."""

    def fill(figure: Figure) -> None:
        for axes, image, label in zip(figure.subplots(2, 5).flat, images, labels, strict=False):
            _image(axes, image)
            axes.set_title(str(label), loc="center", fontsize=14)

    return _save(path, (7.5, 3.6), fill)


def predictions(
    path: Path, images: NDArray[Any], labels: NDArray[Any], outputs: NDArray[Any]
) -> Path:
    """Save a 5 by 3 grid of pairs, an image beside the bars of its ten outputs; return the path.

    The title is "predicted confidence% (true)": blue when that is right, red when it is wrong.

    Parameters
    ----------
    path : the file
    images : shape (15, height, width)
    labels : the true digits, shape (15,)
    outputs : the network's outputs in [0, 1], shape (15, 10)
    """

    def fill(figure: Figure) -> None:
        cells = figure.subplots(5, 6, width_ratios=[1, 1.5] * 3).reshape(15, 2)
        for (left, right), image, true, output in zip(cells, images, labels, outputs, strict=True):
            predicted = int(np.argmax(output))
            colour = BLUE if predicted == true else RED
            _image(left, image)
            title = f"{predicted} {100 * output[predicted]:.0f}% ({true})"
            left.set_title(title, loc="center", color=colour, fontweight="bold")
            colours = ["#C5CAD3"] * 10
            colours[true] = BLUE
            if predicted != true:
                colours[predicted] = RED
            right.bar(np.arange(10), output, color=colours)
            right.set(ylim=(0, 1.05), yticks=[0, 0.5, 1], xticks=range(10))
            right.set_box_aspect(0.65)
            right.tick_params(labelsize=7, length=0, pad=2)
            right.grid(axis="x", visible=False)
            right.set_axisbelow(True)

    return _save(path, (10.5, 8.6), fill)


def _image(axes: Axes, image: NDArray[Any]) -> None:
    axes.imshow(image, cmap="gray_r")
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(True)


def _two_classes(axes: Axes, xy: NDArray[Any], labels: NDArray[Any]) -> None:
    for label, (colour, marker) in enumerate(((BLUE, "o"), (ORANGE, "^"))):
        chosen = xy[labels == label]
        axes.plot(
            chosen[:, 0], chosen[:, 1], marker, color=colour, markeredgecolor="black",
            markeredgewidth=0.5, markersize=5, label=f"class {label}",
        )  # fmt: skip


def _save(path: Path, size: tuple[float, float], fill: Callable[[Figure], None]) -> Path:
    """Make a figure without pyplot, so that no display and no global state is touched."""
    require()
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    path.parent.mkdir(parents=True, exist_ok=True)
    with rc_context(STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=size, layout="constrained")
        fill(figure)
        figure.savefig(path)
    return path
