"""NaN and inf: the operation that made them is named, and the path from it is red."""

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.drawing.reading import read

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def reds(drawing):
    """The vertices and edges that are red, and what is said of those where it begins."""
    picture = read(drawing)
    shown = [v for id, v in picture.vertices.items() if not id.startswith("legend")]
    told = {v.tail: v.lines[-1] for v in shown if v.lines[-1].endswith(" here")}
    vertices = {v.tail for v in shown if v.is_red}
    edges = {(e.tail, e.head) for e in picture.edges if e.is_red}
    assert ("legend_fault" in picture.vertices) == bool(vertices or edges)
    assert set(told) <= vertices
    return vertices, edges, told


def test_what_is_finite_is_not_red():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record():
        y = np.sum(np.exp(w))
    assert reds(ag.draw(y, backward=True)) == (set(), set(), {})


def test_log_of_a_negative_number():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    with ag.record():
        h = np.log(w * 2.0)
        loss = np.sum(h + np.ones(2))
    vertices, edges, told = reds(ag.draw(loss))
    assert told == {"n2": "NaN arises here"}
    assert vertices == {"n2", "n3", "n4", "r1"}
    assert edges == {("n2", "n3"), ("n3", "n4"), ("n4", "r1")}


def test_nothing_divided_by_nothing_and_only_its_path():
    a = ag.Tensor([0.0, 1.0], requires_grad=True, name="a")
    with ag.record():
        bad = a / (a * 0.0)
        good = np.sin(a)
        kept = np.where(np.array([False, False]), bad, good)
    vertices, edges, told = reds(ag.draw(kept))
    assert told == {"n2": "NaN arises here"}
    assert vertices == {"n2"}
    # Up to where it ends: what reads it is finite.
    assert edges == {("n2", "n4")}


def test_overflow_in_single_precision():
    x = ag.Tensor(np.array([100.0], np.float32), requires_grad=True, name="x")
    with ag.record():
        y = 1.0 / np.exp(x)
    vertices, edges, told = reds(ag.draw(y))
    assert told == {"n1": "inf arises here"}
    assert (vertices, edges) == ({"n1"}, {("n1", "n2")})


@pytest.mark.parametrize("record", [False, True])
def test_in_the_reverse_pass_alone(record):
    x = ag.Tensor([0.0, 4.0], requires_grad=True, name="x")
    with ag.record() if record else ag.enable_grad():
        h = x * 2.0
        loss = np.sum(np.sqrt(h))
    vertices, edges, told = reds(ag.draw(loss, backward=True))
    assert told == {"g2": "inf arises here"}
    assert vertices == {"g2", "g1", "d1"}
    assert edges == {("g1", "g2"), ("d1", "g1")}


def test_a_wrong_rule_of_the_users():
    broken = ag.custom_op(lambda x: 2.0 * x, x=lambda g, x: g * np.log(x - 1.0))
    x = ag.Tensor([0.5], requires_grad=True, name="x")
    with ag.record():
        y = np.sum(broken(np.exp(x) - 1.0))
    _, _, told = reds(ag.draw(y, backward=True))
    assert told == {"g3": "NaN arises here"}


def test_a_mask_of_minus_infinity():
    scores = ag.Tensor([1.0, 2.0], requires_grad=True, name="scores")
    mask = np.array([0.0, -np.inf])
    with ag.record():
        p = ag.softmax(scores + mask)
        y = np.sum(p * p)
    vertices, edges, told = reds(ag.draw(y, backward=True))
    assert told == {"i2": "inf enters here"}
    assert vertices == {"i2", "n1"}
    assert edges == {("i2", "n1"), ("n1", "n2")}


def test_an_infinite_setting():
    scores = ag.Tensor([1.0, 2.0], requires_grad=True, name="scores")
    with ag.record():
        h = np.where(np.array([True, False]), scores, -np.inf)
        p = ag.softmax(h)
    _, edges, told = reds(ag.draw(p))
    assert told == {"n1": "inf arises here"}
    assert edges == {("n1", "n2")}


def test_what_is_given():
    x = ag.Tensor([np.nan, 1.0], requires_grad=True, name="x")
    y = x * 2.0
    vertices, edges, told = reds(ag.draw(y))
    assert told == {"i1": "NaN enters here"}
    # Of what a lean graph computed nothing is known, so nothing is said.
    assert (vertices, edges) == ({"i1"}, {("i1", "n1")})


def test_a_lean_graph_claims_nothing_it_does_not_know():
    x = ag.Tensor([-1.0], requires_grad=True, name="x")
    y = np.sum(np.log(x) * 2.0)
    assert reds(ag.draw(y)) == (set(), set(), {})


def test_where_it_began_is_not_known():
    x = ag.Tensor([-1.0], requires_grad=True, name="x")
    h = np.sum(np.log(x) * 2.0)
    with ag.record():
        y = h * 3.0
    drawing = ag.draw(y)
    vertices, edges, told = reds(drawing)
    assert told == {}
    assert vertices == {"n3", "n4", "r1"}
    assert edges == {("n3", "n4"), ("n4", "r1")}
    assert "where NaN or inf arises is not known: compute under" in drawing.source


def test_a_folded_module_says_that_it_is_within():
    x = ag.Tensor([-1.0], requires_grad=True, name="x")
    with ag.record():
        with ag.named_scope("part"):
            h = np.log(x)
        y = h * 3.0
    vertices, edges, told = reds(ag.draw(y, depth=0))
    assert told == {"f1": "NaN arises here"}
    assert vertices == {"f1", "n2", "r1"}
    assert edges == {("f1", "n2"), ("n2", "r1")}


def test_of_several_edges_in_one_any_may_be_red():
    x = ag.Tensor([-1.0], requires_grad=True, name="x")
    with ag.record():
        with ag.named_scope("part"):
            good = np.sin(x)
            bad = np.log(x)
        y = good + bad
        z = good * 2.0
    _, edges, _ = reds(ag.draw(y, z, depth=0))
    assert ("f1", "n3") in edges
    assert ("f1", "n4") not in edges


def test_integers_and_complex_numbers():
    x = ag.Tensor(np.array([1 + 1j, 0]), requires_grad=True, name="x")
    with ag.record():
        n = np.argmax(np.abs(x))
        y = 1.0 / x
    _, _, told = reds(ag.draw(y, n))
    assert list(told.values()) == ["NaN arises here"]
