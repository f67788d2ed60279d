"""The page by its address, and in a frame, which has none."""

import time

import numpy as np
import pytest

from autograd_np.explaining import explain


@pytest.fixture(scope="module")
def explanation():
    return explain(lambda W, x: np.mean(np.tanh(x @ W) ** 2), np.ones((3, 2)), np.eye(3))


def test_the_address_names_the_step(show, explanation, keys, chromium):
    page = show(explanation)
    last, address = page.last, chromium.current_url
    assert "#" not in address
    page.press(keys.ARROW_RIGHT, keys.ARROW_RIGHT)
    until = time.monotonic() + 5
    while "#" not in chromium.current_url and time.monotonic() < until:
        time.sleep(0.05)
    assert chromium.current_url == f"{address}#step=2"
    chromium.get("about:blank")
    for name, step in (("8", 8), ("999", last), ("x", 0), ("-1", 0)):
        chromium.get(f"{address}#step={name}")
        assert page.step == step
    page.run("location.hash = 'step=3'")
    page.run("return new Promise((go) => setTimeout(go, 50))")
    assert (page.step, page.title) == (3, "square")


def test_in_a_notebook(show, explanation, chromium, tmp_path):
    show(explanation)
    frame = tmp_path / "notebook.html"
    frame.write_text(f"<!DOCTYPE html>{explanation._repr_html_()}", encoding="utf-8")
    chromium.get(frame.as_uri())
    chromium.switch_to.frame(chromium.find_element("css selector", "iframe"))
    assert chromium.find_element("css selector", "#title").text == "What goes in"
    chromium.find_element("css selector", "#next").click()
    time.sleep(0.4)
    assert chromium.find_element("css selector", "#title").text == "matmul"
    chromium.switch_to.default_content()
