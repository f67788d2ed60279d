"""The DOT text of the five articles' networks, and that it is the same every time."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_np as ag
from tests.autograd_np.drawing.networks import ARTICLES, article_000
from tests.autograd_np.drawing.reading import read, svg

GOLDEN = Path(__file__).with_name("golden")

# Write the golden files anew with
#     UPDATE_GOLDEN=1 python -m pytest tests/autograd_np/drawing/test_articles.py
UPDATE = "UPDATE_GOLDEN" in os.environ

CASES = [*((make, {}) for make in ARTICLES), (article_000, {"backward": True})]
IDS = [*(make.__name__ for make in ARTICLES), "article_000_backward"]


def source(make, options):
    """The DOT text of a network's loss, without the lines of files that are not its business."""
    loss = make().loss
    text = ag.draw(loss, **options).source
    return re.sub(r" {3}\w+\.py:\d+", "", text)


@pytest.mark.parametrize(
    ("make", "options", "name"), [(*c, n) for c, n in zip(CASES, IDS, strict=True)], ids=IDS
)
def test_golden(make, options, name):
    path, text = GOLDEN / f"{name}.dot", source(make, options)
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), "see how to write it anew above"


def test_another_process_draws_the_same():
    code = (
        "import sys\n"
        "from tests.autograd_np.drawing.test_articles import CASES, source\n"
        "sys.stdout.reconfigure(encoding='utf-8')\n"
        "print(''.join(source(make, options) for make, options in CASES), end='')"
    )
    texts = []
    for seed in "12":
        environment = os.environ | {"PYTHONHASHSEED": seed}
        ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
        assert ran.returncode == 0, ran.stderr.decode()
        texts.append(ran.stdout.decode().splitlines())
    assert texts[0] == texts[1]
    assert texts[0] == "".join(source(*case) for case in CASES).splitlines()


@pytest.mark.parametrize(
    "options", [{}, {"backward": True}, {"depth": 0}, {"values": True}], ids=str
)
@pytest.mark.parametrize("make", ARTICLES)
def test_what_graphviz_shows(make, options):
    loss = make().loss
    drawing = ag.draw(loss, **options)
    picture, shown = read(drawing), svg(drawing)
    for id, vertex in picture.vertices.items():
        if not id.startswith("legend"):
            # In place of the ordinary spaces that begin a line an XML reader sees no-break ones.
            texts = "".join(shown[id]).replace("\N{NO-BREAK SPACE}", " ")
            assert texts.split() == " ".join(vertex.lines).split() or texts == "".join(vertex.lines)
    for edge in picture.edges:
        assert edge.attributes["id"] in shown


def test_what_a_network_looks_like():
    loss = article_000().loss
    picture = read(ag.draw(loss, backward=True))
    boxes = picture.boxes
    assert boxes["n1"] == ["Sequential", "0  Dense"]
    assert [v.lines[0] for v in picture.only("i")] == [
        "images", "0.weight", "0.bias", "1.weight", "1.bias", "targets",
    ]  # fmt: skip
    assert boxes["i1"] == []
    assert boxes["i2"] == ["Sequential", "0  Dense"]
    leaves = [v.lines[0] for v in picture.only("d")]
    assert leaves == ["0.weight.grad", "0.bias.grad", "1.weight.grad", "1.bias.grad"]
    rules = {v.lines[0]: v.lines[1:] for v in picture.only("g")}
    assert rules["sigmoid's rule"] == ["t9: doutputs * (outputs * (1 - outputs))"]
