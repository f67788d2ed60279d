"""The page in light and dark, wide and narrow, at rest, and read aloud."""

from pathlib import Path

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import W, X, data_of

rng = np.random.default_rng(0)


def brightness(page, selector, name="background-color"):
    text = page.colour(selector, name)
    return sum(float(each) for each in text[text.index("(") + 1 : -1].split(",")[:3])


def test_light_and_dark(show, explanation):
    page = show(explanation)
    assert brightness(page, "body") > 700
    assert brightness(page, "#graph text", "fill") < 150
    page = show(explanation, prefers_color_scheme="dark")
    assert brightness(page, "body") < 100
    assert brightness(page, "#graph text", "fill") > 600
    theme = page.find("#theme")
    theme.click()
    assert theme.text == "Theme: light"
    assert brightness(page, "body") > 700
    theme.click()
    assert theme.text == "Theme: dark"
    assert brightness(page, "body") < 100
    theme.click()
    assert theme.text == "Theme: auto"


def long(x, labels):
    x.name = "w" * 120
    scores = np.broadcast_to(x, (1,) * 9 + (3, 40)) * 1.0
    return ag.binary_cross_entropy_with_logits(scores, labels)


LONG = explain(long, rng.normal(size=(3, 40)), rng.random((1,) * 9 + (3, 40)))


@pytest.mark.parametrize("width", [400, 860, 1280, 1920])
@pytest.mark.parametrize("texts", ["short", "long"])
def test_nothing_is_wider_than_the_window(show, explanation, width, texts):
    page = show(explanation if texts == "short" else LONG, width=width)
    for step in range(page.last + 1):
        page.run("go(arguments[0])", step)
        assert page.run("return document.documentElement.scrollWidth") <= width, step
    assert page.find("#next").size["height"] >= 32


def test_motion_is_reduced_where_that_is_asked_for(show, explanation):
    edge = data_of(explanation)["edges"][-1]["id"]
    for motion, expected in (("reduce", "none"), ("no-preference", "flow-back")):
        page = show(explanation, prefers_reduced_motion=motion)
        page.run("go(6)")
        assert page.state(edge) == "given"
        assert page.colour(f"#{edge} path", "animation-name") == expected


def test_it_speaks_to_screen_readers(show, explanation, keys):
    page = show(explanation)
    assert page.find("[aria-live=polite] #title")
    for button in page.all("button"):
        if button.is_displayed():
            assert button.accessible_name
    page.press(keys.ARROW_RIGHT)
    spoken = page.find("#slider").get_attribute("aria-valuetext")
    assert spoken == "Forward pass, 1 of 5: matmul"
    page.press(keys.TAB)
    focused = "return getComputedStyle(document.activeElement).outlineStyle"
    assert page.run(focused) == "solid"


def faulty(x, W):
    with np.errstate(all="ignore"):
        return np.sum(np.log(x) @ W * 2.0) + np.sum(rng.normal(size=(9, 9)) * W[0, 0])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("faults", [False, True])
def test_every_text_stands_out(show, explanation, scheme, faults):
    script = Path(__file__).with_name("contrast.js").read_text("utf-8")
    shown = explain(faulty, np.abs(X) * (X > -1), W) if faults else explanation
    page = show(shown, prefers_color_scheme=scheme)
    faint = {}
    for step in range(page.last + 1):
        page.run("go(arguments[0])", step)
        for view in ("graph", "list"):
            page.run(f"byId('as-{view}').click()")
            count, faint[step, view] = page.run(script)
            assert count > 30
    assert {place: texts for place, texts in faint.items() if texts} == {}


def test_every_control_is_reached_and_seen_with_the_tab_key(show, explanation, keys):
    page = show(explanation)
    page.run("go(3)")
    wanted = page.run(
        "return [...document.querySelectorAll('button, input, pre, #graph')]"
        ".filter((each) => each.checkVisibility() && !each.disabled).length"
    )
    reached, outlines = set(), set()
    for _ in range(wanted):
        page.press(keys.TAB)
        reached.add(page.run("return document.activeElement"))
        outlines.add(
            page.run(
                "const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);"
                "return `${outlineWidth} ${outlineStyle}`"
            )
        )
    assert len(reached) == wanted
    assert outlines == {"3px solid"}


def test_the_keys_alone_do_everything(show, explanation, keys):
    page = show(explanation)

    def focus_on(id):
        for _ in range(30):
            if page.run("return document.activeElement.id") == id:
                return
            page.press(keys.TAB)
        raise AssertionError(id)

    focus_on("theme")
    page.press(keys.ENTER)
    assert page.find("#theme").text == "Theme: light"
    focus_on("play")
    page.press(keys.SPACE)
    assert page.find("#play").text == "Pause"
    page.press(keys.SPACE)
    assert page.find("#play").text == "Play"
    focus_on("as-list")
    page.press(keys.SPACE)
    assert page.find("#list").is_displayed()
    page.press(*[keys.TAB] * 5)
    assert page.run("return document.activeElement.closest('#list') !== null")
    page.press(keys.ENTER)
    assert page.step > 0
    page.press(keys.END)
    assert page.title == "All gradients"
    page.press(keys.ARROW_LEFT)
    page.run("document.activeElement.blur()")
    focus_on("as-graph")
    page.press(keys.ENTER)
    focus_on("larger")
    width = page.find("#graph svg").size["width"]
    page.press(keys.ENTER)
    assert page.find("#graph svg").size["width"] > width
