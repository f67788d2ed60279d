"""Text of every kind arrives in the picture as it is."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry.labels import LONGEST
from tests.autograd_np.drawing.reading import read, svg, tooltips

# What is given, and what is shown of it.
TEXTS = {
    "markup": ("a<b>c</b>&amp;<", "a<b>c</b>&amp;<"),
    "record": ("{x|y}", "{x|y}"),
    "escapes": (r"\n\N\G\E\l \\", r"\n\N\G\E\l \\"),
    "quotes": ("\"a\" 'b' `c`", "\"a\" 'b' `c`"),
    "html-like": ("<b>", "<b>"),
    "entity": ("&lt; &#65; &eacute;", "&lt; &#65; &eacute;"),
    "emoji": ("loss 😀👩‍🚀", None),
    "combining": ("e\u0301\u0302", "e\u0301\u0302"),
    "right to left": ("שלום عالم", "שלום عالم"),
    "CJK": ("損失", "損失"),
    "backslash at the end": ("a\\", "a\\"),
    "semicolon": ("a;b]->c[", "a;b]->c["),
    "keyword": ("node", "node"),
    "comment": ("// # /* */", "// # /* */"),
}
PARAMETERS = [pytest.param(*texts, id=name) for name, texts in TEXTS.items()]

# What cannot be shown as it is; that it can be drawn is all that is asked.
ODD = ["", " ", "\x00\x07", "a\nb\tc\r", "\ud800\udfff", "\ufffe\uffff", "\u202eabc", "x" * 1000]


def squeezed(texts):
    """Text without the spaces that stand for others in SVG."""
    return "".join(texts).replace("\N{NO-BREAK SPACE}", "").replace(" ", "")


def named(name):
    """A result whose input, result, box and function all have a name."""
    x = ag.Tensor(np.ones(2), requires_grad=True, name=name)

    def function(x, flag=None):
        return 2 * x

    operation = ag.custom_op(function, x=lambda g: 2 * g)
    with ag.record(), ag.named_scope(name):
        y = operation(x, flag=name)
    operation.__name__ = name
    return y


@pytest.mark.parametrize(("text", "wanted"), PARAMETERS)
def test_text_is_shown_as_it_is(text, wanted):
    y = named(text)
    drawing = ag.draw(y, backward=True)
    shown = svg(drawing)
    if wanted is None:
        return
    wanted = wanted.replace(" ", "")
    assert squeezed(shown["i1"]) == wanted
    assert squeezed(shown["n1"]).startswith(f"y={wanted}flag=")
    assert squeezed(shown["clust1"]) == wanted
    assert squeezed(shown["g1"]).startswith(f"{wanted}'srule")
    picture = read(drawing)
    assert squeezed(picture.only("i")[0].lines) == wanted
    assert picture.boxes["n1"] == [" ".join(text.split(" ")).strip()]


@pytest.mark.parametrize(("text", "wanted"), PARAMETERS)
def test_tooltips(text, wanted):
    y = named(text)
    tip = tooltips(ag.draw(y))["n1"]
    assert "test_labels.py:" in tip
    if wanted is not None:
        # Which shows settings as Python writes them.
        assert f"flag={text!r}" in tip


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_what_cannot_be_shown_does_no_harm(text):
    y = named(text)
    drawing = ag.draw(y, backward=True, values=True)
    assert set(svg(drawing)) >= {"i1", "n1", "r1", "g1", "d1", "i1-n1", "n1-r1", "clust1"}
    picture = read(drawing)
    assert max(len(line) for v in picture.vertices.values() for line in v.lines) < 2 * LONGEST
    assert max(len(title) for title in picture.boxes["n1"]) <= LONGEST
    assert not set(drawing.source) & {*"\x00\x07\r\ud800\udfff\ufffe\uffff"}


def test_modules():
    import nn

    class Odd(nn.Module):
        def forward(self, x):
            return x * 2

    Odd.__name__ = Odd.__qualname__ = "<b>\\N{|}</b>"
    model = nn.Sequential(Odd())
    assert squeezed(svg(model.draw(np.ones(2)))["clust2"]) == "0<b>\\N{|}</b>"


def test_long_settings_are_cut():
    @ag.custom_op(x=lambda g: g)
    def marked(x, mark, other):
        return np.array(x)

    x = ag.Tensor(np.ones((2,) * 12), requires_grad=True, name="x")
    with ag.record():
        y = marked(
            x[(slice(10_000, 20_000),) * 12], mark=list("abcdefgh"), other=list(range(9)) * 9
        )
    (index, marks) = (v.lines[1:] for v in read(ag.draw(y)).only("n"))
    assert [len(line) for line in index] == [40]
    assert max(map(len, marks)) <= 40


def test_many_results_of_one_call():
    x = ag.Tensor(np.ones(40), requires_grad=True, name="x")
    parts = np.split(x, 40)
    total = sum(parts[1:], parts[0])
    picture = read(ag.draw(total))
    assert len(picture.only("n")[0].lines[0]) < 80
