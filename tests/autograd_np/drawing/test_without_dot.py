"""Pictures show themselves with Graphviz's programs, and are of use without."""

import copy
import html
import pickle
import shutil
from pathlib import Path

import graphviz
import numpy as np
import pytest

import autograd_np as ag
from autograd_np.drawing.shown import INSTALL
from tests.autograd_np.drawing.reading import needs_dot

ADVICE = "apt install graphviz, brew install graphviz, conda install graphviz, or choco install"


@pytest.fixture
def without_dot(monkeypatch, tmp_path):
    """A machine without Graphviz's programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("dot") is None


def picture():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="<w>")
    return ag.draw(np.sum(np.exp(w)))


def test_the_text_is_there_all_the_same(without_dot, tmp_path):
    drawing = picture()
    assert "exp" in drawing.source
    assert drawing.source == str(drawing)
    path = drawing.save(tmp_path / "picture.gv")
    assert Path(path).read_text(encoding="utf-8") == drawing.source


@pytest.mark.parametrize(
    "write",
    [
        lambda drawing, path: drawing.render(path),
        lambda drawing, path: drawing.render(path, format="png", cleanup=True),
        lambda drawing, path: drawing.render(outfile=path.with_suffix(".pdf")),
        lambda drawing, path: drawing.view(path),
        lambda drawing, _: drawing.pipe(),
        lambda drawing, _: drawing.pipe(format="svg", encoding="utf-8"),
        lambda drawing, _: drawing.unflatten(stagger=3),
        lambda drawing, _: drawing._repr_image_svg_xml(),
    ],
    ids=[
        "render",
        "render PNG",
        "render to a file",
        "view",
        "pipe",
        "pipe text",
        "unflatten",
        "SVG",
    ],
)
def test_what_needs_dot_says_how_to_install_it(without_dot, tmp_path, write):
    with pytest.raises(graphviz.ExecutableNotFound) as raised:
        write(picture(), tmp_path / "picture")
    message = str(raised.value)
    assert message.startswith(INSTALL)
    assert ADVICE in message
    assert ".save(file)" in message
    assert "\n" not in message


def test_a_notebook_shows_the_listing(without_dot):
    shown = picture()._repr_mimebundle_(include=None, exclude=None)
    assert set(shown) == {"text/plain", "text/html"}
    assert "exp(<w>)" in shown["text/plain"]
    assert "exp(&lt;w&gt;)" in shown["text/html"]
    assert "<w>" not in shown["text/html"]
    for text in shown.values():
        assert INSTALL in html.unescape(text)


def test_one_that_has_lost_its_program_shows_its_text(without_dot):
    shown = pickle.loads(pickle.dumps(picture()))._repr_mimebundle_()
    assert "digraph" in shown["text/plain"]


@needs_dot
def test_a_notebook_shows_the_picture():
    shown = picture()._repr_mimebundle_()
    assert list(shown) == ["image/svg+xml"]
    assert "<svg" in shown["image/svg+xml"]
    assert picture()._repr_mimebundle_(include=["image/png"])["image/png"][1:4] == b"PNG"


@needs_dot
@pytest.mark.parametrize(
    ("format", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_files(format, begins, tmp_path):
    path = picture().render(tmp_path / "picture", format=format)
    assert Path(path).read_bytes().startswith(begins)
    assert (tmp_path / "picture").read_text(encoding="utf-8") == picture().source


@needs_dot
def test_an_error_of_dot_is_no_missing_program():
    drawing = picture()
    drawing.body.append("this is no DOT [[[\n")
    with pytest.raises(graphviz.CalledProcessError):
        drawing.pipe(format="svg")


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda d: d.copy(), lambda d: pickle.loads(pickle.dumps(d))],
    ids=["copy", "deepcopy", "method", "pickle"],
)
def test_copies(copied):
    drawing = picture()
    other = copied(drawing)
    assert type(other) is type(drawing)
    assert other.source == drawing.source
    other.attr(rankdir="LR")
    if copied is not copy.copy:
        assert other.source != drawing.source


def test_a_copy_still_has_the_listing():
    drawing = picture()
    assert drawing.copy().program is drawing.program
    assert str(drawing.program).count("\n") == 3


def test_what_a_terminal_shows():
    shown = '.view() shows it, .render("name", format="png") writes a file>'
    assert repr(picture()) == f"<Drawing of 2 operations: {shown}"
    assert repr(pickle.loads(pickle.dumps(picture()))) == f"<Drawing: {shown}"


def test_it_is_a_digraph_that_can_be_added_to():
    drawing = picture()
    assert isinstance(drawing, graphviz.Digraph)
    drawing.edge("n1", "more")
    assert "n1 -> more" in drawing.source
