"""The page in light and dark, wide and narrow, at rest, and read aloud."""

import numpy as np
import pytest

from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import data_of

rng = np.random.default_rng(0)
X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))


def loss(W, b, x):
    z = x @ W + b
    h = np.tanh(z)
    return np.mean(h**2)


@pytest.fixture(scope="module")
def explanation():
    return explain(loss, W, np.zeros(2), X, argnums=(0, 1))


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


@pytest.mark.parametrize("width", [400, 860, 1280, 1920])
def test_nothing_is_wider_than_the_window(show, explanation, width):
    page = show(explanation, width=width)
    for step in range(page.last + 1):
        page.run("go(arguments[0])", step)
        assert page.run("return document.documentElement.scrollWidth") <= width
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
