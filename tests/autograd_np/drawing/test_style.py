"""Colours: text is readable, and roles are told apart by colour-blind readers too."""

import itertools

import numpy as np
import pytest

from autograd_np.drawing.picture import FLOW, TIE, VALUE
from autograd_np.drawing.style import BOX, EDGE, EDGES, FAULTY, GREY, INK, NODE, RED, VERTICES

WHITE = "#ffffff"

# Viénot, Brettel and Mollon (1999): linear RGB as dichromats see it.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": np.array(
        [[0.11238, 0.88762, 0.0], [0.11238, 0.88762, 0.0], [0.00401, -0.00401, 1.0]]
    ),
    "deuteranopes": np.array(
        [[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]]
    ),
}

# Of the CIE 1976 difference: from about 2.3 on people see it.
LEAST = 10


def linear(colour):
    """A colour as linear RGB."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """The ratio of WCAG 2.2."""
    dark, light = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """Linear RGB in CIE L*a*b*, where distances are what people see."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ rgb / [0.9505, 1.0, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one, other, seen):
    return np.linalg.norm(lab(SEEN_BY[seen] @ linear(one)) - lab(SEEN_BY[seen] @ linear(other)))


def test_the_measures():
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    for seen in SEEN_BY:
        assert difference("#000000", WHITE, seen) == pytest.approx(100, abs=0.1)
    assert difference("#d00000", "#5a5000", "protanopes") < difference(
        "#d00000", "#5a5000", "everybody"
    )


def test_text_is_readable():
    fills = {style["fillcolor"] for style in (*VERTICES.values(), FAULTY)}
    for colour, fill in itertools.product((INK, GREY, RED), fills):
        assert contrast(colour, fill) >= 4.5, (colour, fill)
    assert NODE["fontcolor"] == INK
    beside = {EDGE["fontcolor"], BOX["fontcolor"]}
    beside |= {style["fontcolor"] for style in EDGES.values() if "fontcolor" in style}
    for colour in beside:
        assert contrast(colour, WHITE) >= 4.5, colour


def test_lines_are_visible():
    lines = {
        style["color"]
        for style in (*VERTICES.values(), FAULTY, *EDGES.values(), EDGE)
        if "color" in style
    }
    for colour in lines:
        assert contrast(colour, WHITE) >= 3, colour


def look(style):
    """What tells a role apart without colour."""
    return tuple(style.get(name) for name in ("shape", "style", "peripheries"))


def test_roles_differ_in_shape_or_border():
    looks = [look(style) for style in VERTICES.values()]
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("seen", SEEN_BY)
def test_roles_differ_in_colour(seen):
    groups = {}
    for role, style in VERTICES.items():
        groups.setdefault((style["color"], style["fillcolor"]), []).append(role)
    # What is given and what results, all of one pass, and of the other.
    assert sorted(groups.values()) == [
        ["constant"],
        ["input", "result"],
        ["operation", "folded"],
        ["parameter"],
        ["rule", "gradient"],
    ]
    for (one, _), (other, _) in itertools.combinations(groups, 2):
        assert difference(one, other, seen) >= LEAST, (one, other)
    for one, _ in groups:
        assert difference(one, RED, seen) >= LEAST, one


@pytest.mark.parametrize("seen", SEEN_BY)
def test_edges_differ(seen):
    colours = {kind: EDGES[kind].get("color", EDGE["color"]) for kind in (VALUE, FLOW)}
    assert difference(colours[VALUE], colours[FLOW], seen) >= LEAST
    for colour in colours.values():
        assert difference(colour, RED, seen) >= LEAST
    assert EDGES[TIE]["style"] == "dotted"
    assert EDGES[FLOW]["dir"] == "back"
