"""The pictures are written, of the size that was asked, and not blank."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("matplotlib")

from examples import pictures


def shape_and_colours(path: Path) -> tuple[tuple[int, ...], int]:
    from matplotlib.image import imread

    image = imread(path)
    return image.shape[:2], len(np.unique(image.reshape(-1, image.shape[2]), axis=0))


def test_panels_stand_side_by_side(tmp_path: Path) -> None:
    line = pictures.curves("line", range(3), {"a": [1, 2, 3], "b": [3, 2, 1]}, "x", "y")
    path = pictures.panels(tmp_path / "new" / "two.png", line, line, size=(4, 3))
    (height, width), colours = shape_and_colours(path)
    assert (height, width) == (390, 1040)
    assert colours > 20


def test_contours_show_points_and_the_line(tmp_path: Path) -> None:
    xy = np.array([[0.0, 0.0], [1.0, 1.0]])
    asked = []

    def probability(points: NDArray[Any]) -> NDArray[Any]:
        asked.append(points.shape)
        return np.asarray(1 / (1 + np.exp(-points[:, 0])))

    panel = pictures.contours("title", probability, xy, np.array([0, 1]))
    assert asked == [(40_000, 2)]
    assert shape_and_colours(pictures.panels(tmp_path / "c.png", panel))[1] > 20


def test_grids_of_digits(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    images, labels = random.random((15, 8, 8)), np.arange(15) % 10
    outputs = np.eye(10)[labels]
    outputs[0, 5] = 2
    assert pictures.digits(tmp_path / "d.png", images, labels).exists()
    colours = shape_and_colours(pictures.predictions(tmp_path / "p.png", images, labels, outputs))
    assert colours[1] > 20


def test_pyplot_is_left_alone(tmp_path: Path) -> None:
    before = "matplotlib.pyplot" in sys.modules
    pictures.panels(tmp_path / "a.png", pictures.points("p", np.eye(2), np.array([0, 1])))
    assert ("matplotlib.pyplot" in sys.modules) == before


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"pip install 'autograd-np\[plot\]'"):
        pictures.require()
