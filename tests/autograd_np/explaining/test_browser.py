"""The page in a browser: opened, walked by keys, slider and clicks, looked at in light and dark."""

import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import W, X, data_of, loss

rng = np.random.default_rng(0)

# matmul, add, tanh, square, mean; then the seed, the way back and the end.
FORWARD, BACK = ["matmul", "add", "tanh", "square", "mean"], 6


def test_it_opens_at_the_start(show, explanation):
    page = show(explanation)
    assert (page.step, page.last) == (0, 2 * len(FORWARD) + 2)
    assert page.title == "What goes in"
    assert page.find("h1").text == "loss"
    assert [each.text for each in page.all(".card .name")] == ["x", "W", "b"]
    assert not page.find("#fault").is_displayed()
    assert not page.find("#first").is_enabled()
    assert page.find("#next").is_enabled()


def test_the_keys_walk_forward_then_back(show, explanation, keys):
    page = show(explanation)
    titles = []
    for _ in range(page.last):
        page.press(keys.ARROW_RIGHT)
        titles.append(page.title)
    assert titles[: len(FORWARD)] == FORWARD
    assert titles[len(FORWARD)] == "Where the reverse pass starts"
    assert titles[len(FORWARD) + 1 : -1] == [f"rule of {name}" for name in FORWARD[::-1]]
    assert titles[-1] == "All gradients"
    assert [each.text for each in page.all(".card .name")] == ["dW", "db"]
    page.press(keys.ARROW_RIGHT)
    assert page.step == page.last
    page.press(keys.ARROW_LEFT)
    assert (page.step, page.title) == (page.last - 1, "rule of matmul")


def test_home_end_and_the_pages(show, explanation, keys):
    page = show(explanation)
    for key, expected in (
        ("END", page.last), ("PAGE_UP", BACK), ("PAGE_UP", 0), ("PAGE_DOWN", BACK),
        ("PAGE_DOWN", page.last), ("HOME", 0), ("ARROW_LEFT", 0),
    ):  # fmt: skip
        page.press(getattr(keys, key))
        assert page.step == expected, key


def test_the_slider_and_the_buttons(show, explanation, keys):
    page = show(explanation)
    slider = page.find("#slider")
    slider.click()
    assert page.step == page.last // 2
    assert page.run("return document.activeElement.id") == "slider"
    page.press(keys.ARROW_RIGHT)
    assert page.step == page.last // 2 + 1
    page.run("arguments[0].value = 3; arguments[0].dispatchEvent(new Event('input'))", slider)
    assert (page.step, page.title) == (3, "tanh")
    for button, expected in (("next", 4), ("back", 3), ("last", page.last), ("first", 0)):
        page.find(f"#{button}").click()
        assert page.step == expected
    assert page.find("#count").text == f"0 / {page.last}"


def test_play_and_pause(show, explanation, keys):
    page = show(explanation)
    page.press(keys.SPACE)
    assert page.find("#play").text == "Pause"
    assert page.find("#play").get_attribute("aria-pressed") == "true"
    until = time.monotonic() + 10
    while page.step < 1 and time.monotonic() < until:
        time.sleep(0.05)
    assert page.step >= 1
    page.press(keys.SPACE)
    assert page.find("#play").text == "Play"
    page.press(keys.END, keys.SPACE)
    assert page.step == 0
    page.press(keys.ARROW_RIGHT)
    assert page.find("#play").text == "Play"


def test_a_step_tells_operation_place_lines_rule_and_numbers(show, explanation, keys):
    page = show(explanation)
    page.press(*[keys.ARROW_RIGHT] * 3)
    assert page.find("#phase").text.lower() == "forward pass, 3 of 5"
    detail = page.find("#detail").text
    assert "h = tanh(z)" in detail
    assert "pages.py" in detail
    assert page.lines == ["h = np.tanh(z)"]
    assert "g * (1 - out * out)" in detail
    cells = [float(each.text) for each in page.all(".card")[1].find_elements("tag name", "td")]
    np.testing.assert_allclose(np.reshape(cells, (4, 2)), np.tanh(X @ W), atol=6e-5)
    page.find(".other").click()
    assert page.title == "rule of tanh"
    assert page.lines == ["dz = dh * (1 - h * h)"]
    assert "with g = dh, out = h" in page.find("#detail").text


def test_the_graph_shows_what_is_read_made_done_and_where_the_gradient_flows(show, explanation):
    page = show(explanation)
    items = data_of(explanation)
    operations = [each["id"] for each in items["operations"]]
    inputs = {each["name"]: each["id"] for each in items["inputs"]}
    page.run("go(2)")
    assert [page.state(id) for id in operations] == ["done", "now", None, None, None]
    assert page.state(inputs["b"]) == "read"
    edges = [page.state(each["id"]) for each in items["edges"]]
    assert edges == ["done", "done", "read", "read", "made", None, None, None]
    blue = page.colour(f"#{operations[1]} path", "stroke")
    page.run("go(9)")
    back = ["done", "done", "now-back", "back", "back"]
    assert [page.state(id) for id in operations] == back
    edges = [page.state(each["id"]) for each in items["edges"]]
    assert edges == ["done"] * 4 + ["given", "taken", "back", "back"]
    assert page.colour(f"#{operations[2]} path", "stroke") != blue
    page.run("go(10)")
    assert page.state(inputs["b"]) == "given"
    assert page.state(inputs["x"]) in (None, "")


def test_nodes_and_rows_are_clicked(show, explanation):
    page = show(explanation)
    ids = [each["id"] for each in data_of(explanation)["operations"]]
    page.find(f"#{ids[3]}").click()
    assert page.title == "square"
    page.find("#as-list").click()
    assert not page.find("#graph").is_displayed()
    rows = page.all("#list button")
    assert rows[3 + 1].text.splitlines()[0] == "z = add(t1, b)"
    rows[3 + 1].click()
    assert page.title == "add"
    assert rows[3 + 1].get_attribute("data-state") == "now"
    page.run("go(8)")
    rows[3 + 1].click()
    assert page.title == "rule of add"
    page.find("#as-graph").click()
    assert page.state(ids[1]) == "now-back"


def visible(page, id):
    inside = """
        const box = document.getElementById(arguments[0]).getBoundingClientRect();
        const frame = document.getElementById("graph").getBoundingClientRect();
        return box.top >= frame.top - 1 && box.bottom <= frame.bottom + 1;
    """
    return page.run(inside, id)


def test_the_graph_follows_and_zooms(show):
    model = nn.Sequential(*[nn.Linear(2, 2, rng=i) for i in range(12)])
    explanation = explain(model, np.ones((1, 2)))
    ids = [each["id"] for each in data_of(explanation)["operations"]]
    page = show(explanation)
    assert not visible(page, ids[-1])
    page.run("go(12)")
    assert visible(page, ids[-1])
    assert not visible(page, ids[0])
    page.run("go(1)")
    assert visible(page, ids[0])
    width = page.find("#graph svg").size["width"]
    page.find("#larger").click()
    assert page.find("#graph svg").size["width"] == pytest.approx(1.25 * width, rel=0.01)
    page.find("#fit").click()
    assert visible(page, ids[0])
    assert visible(page, ids[-1])


def test_an_infinity_is_marked_and_one_click_away(show):
    explanation = explain(lambda x: np.sum(np.log(x) * 2.0), np.array([1.0, 0.0, 4.0]))
    page = show(explanation)
    banner = page.find("#fault")
    assert banner.text.startswith("Step 1, log, makes the first inf: in t1.")
    banner.find_element("css selector", "button").click()
    assert (page.step, page.title) == (1, "log")
    assert [each.text for each in page.all("td.bad")] == ["-inf"]
    faults = [each.get_attribute("id") for each in page.all("#graph .node[data-fault]")]
    assert faults == ["n1", "n2", "n3", "r1"]
    assert "inf arises here" in page.find("#n1").text
    faults = [each.get_attribute("id") for each in page.all("#graph .edge[data-fault]")]
    assert faults == ["n1-n2", "n2-n3", "n3-r1"]


def test_large_arrays_have_a_histogram(show):
    page = show(explain(lambda x: np.sum(x * x), rng.normal(size=(20, 30))))
    assert len(page.all(".histogram rect")) == 24
    assert "norm" in page.find(".statistics").text
    assert page.find(".first").text.startswith("first:")


def test_without_dot(show, monkeypatch, keys):
    monkeypatch.setenv("PATH", "")
    explained = explain(loss, W, np.zeros(2), X)
    monkeypatch.undo()
    page = show(explained)
    assert "apt install graphviz" in page.find(".notes").text
    assert page.find("#list").is_displayed()
    assert not page.find(".tools").is_displayed()
    page.press(keys.ARROW_RIGHT)
    assert page.all("#list button")[3].get_attribute("data-state") == "now"
    page.all("#list button")[5].click()
    assert page.title == "tanh"


def test_texts_of_all_kinds_are_shown_as_they_are(show):
    nasty = "</script><b>x</b>&\"q\"'a'\\n\u2028é{x|y}&amp;{{data}}"
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record(), ag.named_scope(nasty):
        total = (w * 3.0).sum()
    page = show(explain(total))
    page.run("go(1)")
    shown = page.find(".where code").get_attribute("textContent")
    assert shown == nasty
    title = page.find("#graph .module-title").get_attribute("textContent")
    assert title.replace("\xa0", " ") == nasty
    assert not page.all("#step b, #graph b")


def test_a_gradient_is_marked_where_it_arrives(show):
    explanation = explain(lambda x, w, b: (x * w + b) ** 2, 2.0, 3.0, 1.0)
    page = show(explanation)
    inputs = {each["name"]: each["id"] for each in data_of(explanation)["inputs"]}
    for title, given in (("square", ""), ("add", "b"), ("multiply", "xw")):
        page.run(f"go(steps.findIndex((each) => each.title === 'rule of {title}'))")
        assert page.title == f"rule of {title}"
        assert {name for name, id in inputs.items() if page.state(id) == "given"} == set(given)
