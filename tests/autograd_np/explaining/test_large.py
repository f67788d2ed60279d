"""Large computations in a browser: folded in the graph, quick in the list."""

import time

import numpy as np

import autograd_np as ag
import nn
from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import data_of


def test_many_operations_stay_quick(show, keys):
    def chain(x):
        for _ in range(1500):
            x = np.sin(x) * 1.01
        return x.sum()

    explanation = explain(chain, np.ones(3))
    page = show(explanation)
    assert page.last == 2 * 3001 + 2
    start = time.monotonic()
    page.press(keys.END, keys.ARROW_LEFT, keys.PAGE_UP, *[keys.ARROW_RIGHT] * 5)
    assert page.step == 3002 + 5
    assert time.monotonic() - start < 5
    marked = page.all('#list [data-state="now-back"] .text')
    assert [each.get_attribute("textContent") for each in marked] == [page.find(".call").text]
    assert [each.get_attribute("id") for each in page.all('#graph [data-state="now-back"]')] == [
        data_of(explanation)["operations"][page.run("return steps[current].operation")]["id"]
    ]


def test_what_is_folded_is_marked_as_one(show):
    blocks = [nn.Sequential(nn.Linear(2, 2, rng=i), nn.Tanh()) for i in range(101)]
    explanation = explain(nn.Sequential(*blocks), np.ones((1, 2)))
    page = show(explanation)
    first, second, third, *_ = dict.fromkeys(e["id"] for e in data_of(explanation)["operations"])
    for step, states in ((3, ["done", "now", ""]), (4, ["done", "now", ""])):
        page.run("go(arguments[0])", step)
        assert [page.state(id) or "" for id in (first, second, third)] == states
    assert page.state(f"{first}-{second}") == "done"
    page.run("go(2)")
    assert page.state(f"{first}-{second}") == "made"
    page.find(f"#{third}").click()
    assert (page.step, page.title) == (5, "linear")
    page.run("go(steps.length - 4)")
    assert [page.state(id) for id in (first, second, third)] == ["done", "now-back", "back"]
    assert page.state(f"{first}-{second}") == "given"
    page.find(f"#{third}").click()
    assert page.title == "rule of tanh"
    page.find(f"#{page.find('#graph .input').get_attribute('id')}").click()
    assert page.step == 0


def test_a_click_stays_in_the_pass(show):
    def block(x):
        with ag.named_scope("block"):
            return np.where(x > 0, x, 0.1 * x)

    def f(x):
        for _ in range(101):
            x = block(x)
        return x.sum()

    explanation = explain(f, np.ones(2))
    page = show(explanation)
    first, *_, last = (each["id"] for each in data_of(explanation)["operations"][:-1])
    assert page.find(f"#{first}").get_attribute("class") == "node folded"
    page.run("go(steps.length - 1)")
    page.find(f"#{last}").click()
    assert page.title == "rule of where"
    page.run("go(1)")
    page.find(f"#{first}").click()
    assert (page.step, page.title) == (1, "greater")
