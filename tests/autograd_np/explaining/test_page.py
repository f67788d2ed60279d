"""The page: that nothing breaks out of it, that it loads nothing, and that it is the same again."""

import json
import re
import time
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.explaining import explain
from autograd_np.explaining.page import filled, script_json
from tests.autograd_np.explaining.pages import data_of

rng = np.random.default_rng(0)
X, W = rng.normal(size=(4, 3)), rng.normal(size=(3, 2))
NASTY = "</script><script>alert(1)</script> & \"q\" 'a' \\ \u2028 é \U0001f600 <!-- {{data}}"


def loss(W, b, x):
    z = x @ W + b
    return np.mean(np.tanh(z) ** 2)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert "src" not in dict(attrs)
        assert dict(attrs).get("href", "data:,") == "data:,"


def tags(html):
    parser = Tags()
    parser.feed(html)
    return parser.tags


def test_no_text_breaks_out_of_the_page():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name=NASTY)
    with ag.record(), ag.named_scope(NASTY):
        total = (w * 3.0).sum()
    total.name = NASTY
    page = explain(total)
    quiet = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record(), ag.named_scope("scope"):
        plain = (quiet * 3.0).sum()
    assert tags(page.html).count("script") == tags(explain(plain).html).count("script")
    assert "alert(1)</script>" not in page.html
    operation = data_of(page)["operations"][0]
    assert operation["module"] == NASTY
    assert any(each["as"] == f"parameter {NASTY}" for each in data_of(page)["steps"][0]["writes"])
    page.html.encode()


def test_names_that_no_file_can_hold(tmp_path):
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="a\x00b\ud800\n\x1b")
    with ag.record(), ag.named_scope("\x08\ud800"):
        total = w.sum()
    assert explain(total).save(tmp_path / "page.html").stat().st_size > 10_000


def test_json_in_a_script_element():
    text = script_json({"a": [NASTY, 1.5, None]})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": [NASTY, 1.5, None]}
    with pytest.raises(ValueError, match="JSON"):
        script_json(float("nan"))


def test_what_is_filled_in_is_not_filled():
    parts = dict.fromkeys(("title", "summary", "notes", "graph", "data"), "{{page.css}}")
    assert filled(parts).count("{{page.css}}") == 6


def test_the_page_loads_nothing():
    html = explain(loss, W, np.zeros(2), X).html
    assert "default-src 'none'" in html
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|eval\(|innerHTML", html)


def test_the_same_computation_gives_the_same_page():
    first = explain(loss, W, np.zeros(2), X).html
    assert explain(loss, W, np.zeros(2), X).html == first
    assert "0x" not in re.sub(r'"0x[0-9a-f]+"', "", first)


def test_every_node_and_edge_can_be_found():
    page = explain(loss, W, np.zeros(2), X)
    items = data_of(page)
    parts = [*items["operations"], *items["inputs"], *items["results"], *items["edges"]]
    assert len(items["edges"]) == 2 + 2 + 1 + 1 + 1 + 1
    for part in parts:
        assert unescape(page.html).count(f'id="{part["id"]}"') == 1


def test_without_dot_the_list_takes_its_place(monkeypatch):
    monkeypatch.setenv("PATH", "")
    page = explain(loss, W, np.zeros(2), X)
    assert "<svg" not in page.html.split('id="graph"')[1].split("</div>")[0]
    for line in ("apt install graphviz", "brew", "conda", "choco"):
        assert line in page.html
    items = data_of(page)
    assert items["edges"] == items["results"] == []
    assert len(items["operations"]) == 5


def test_many_operations_are_folded_into_few():
    def chain(x):
        for _ in range(1000):
            x = np.sin(x) * 1.01
        return x.sum()

    start = time.perf_counter()
    page = explain(chain, np.ones(3))
    assert time.perf_counter() - start < 10
    assert "The graph folds 2,001 operations to what can be read" in page.html
    items = data_of(page)
    ids = [each["id"] for each in items["operations"]]
    drawn = re.findall(r'<g id="([^"]*)" class="node operation">', page.html)
    assert 20 < len(drawn) < 200
    assert [id for id in ids if id in drawn] == drawn
    (middle,) = {id for id in ids if id not in drawn}
    before = ids.index(middle)
    folded = [middle] * (2001 - len(drawn))
    assert ids == [*drawn[:before], *folded, *drawn[before:]]
    # Nothing is said of edges that nobody sees.
    edges = {each["id"] for each in items["edges"]}
    assert edges == set(re.findall(r'<g id="([^"]*)" class="edge">', unescape(page.html)))


def test_modules_are_folded_where_that_is_enough():
    blocks = [nn.Sequential(nn.Linear(2, 2, rng=i), nn.Tanh()) for i in range(120)]
    model = nn.Sequential(nn.Sequential(*blocks[:60]), nn.Sequential(*blocks[60:]))
    page = explain(model, np.ones((1, 2)))
    items = data_of(page)
    folded = re.findall(r'<g id="([^"]*)" class="node folded">', page.html)
    assert len(folded) == 120
    assert [each["id"] for each in items["operations"]] == [id for id in folded for _ in range(2)]
    weights = [each["id"] for each in items["inputs"] if each["role"] == "parameter"]
    assert weights == [id for id in folded for _ in range(2)]


def test_a_graph_that_dot_does_not_manage_is_listed(monkeypatch):
    monkeypatch.setattr("autograd_np.explaining.graph._PATIENCE", 0)
    page = explain(loss, W, np.zeros(2), X)
    assert "Graphviz could not lay out 5 operations in time" in page.html
    assert data_of(page)["edges"] == []


def test_parallel_edges_are_told_apart():
    def f(x):
        u, s, v = np.linalg.svd(x)
        return np.einsum("ij,jk->", u, v) * np.sum(s) + np.sum(s * s)

    page = explain(f, np.array([[2.0, 1.0], [0.5, -1.0]]))
    ids = [each["id"] for each in data_of(page)["edges"]]
    assert len(set(ids)) == len(ids)
    assert set(ids) == set(re.findall(r'<g id="([^"]*)" class="edge">', unescape(page.html)))
    assert any(id.endswith("-2") for id in ids)


def test_scopes_are_boxes_and_one_that_is_entered_again_stays_one():
    @ag.named_scope("outer")
    def f(x):
        with ag.named_scope("first"):
            y = np.exp(x)
        z = y * 2.0
        with ag.named_scope("second"):
            return np.sum(z)

    page = explain(f, X)
    assert page.html.count('class="cluster') == 3
    modules = [each["module"] for each in data_of(page)["operations"]]
    assert modules == ["outer / first", "outer", "outer / second"]
    assert "<title>op" not in page.html
