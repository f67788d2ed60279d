"""Modules as boxes, folded to a depth or by themselves; large pictures."""

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.autograd_np.drawing.reading import read, svg


class Block(nn.Module):
    """Modules within modules, the innermost of which computes."""

    def __init__(self, depth):
        self.inner = Block(depth - 1) if depth else nn.Linear(3, 3, rng=0)

    def forward(self, x):
        return np.tanh(self.inner(x))


def recorded(function):
    with ag.record():
        return function()


def operations(picture):
    return [v.lines for v in picture.only("n")]


def folded(picture):
    return [v.lines for v in picture.only("f")]


def test_six_deep():
    model, x = Block(5), np.ones((2, 3))
    y = recorded(lambda: model(x))
    boxes = read(ag.draw(y)).boxes
    titles = ["Block", *(["inner  Block"] * 5), "inner  Linear"]
    assert boxes["n1"] == titles
    for depth in range(7):
        picture = read(ag.draw(y, depth=depth))
        assert len(picture.only("f")) == 1
        assert len(picture.only("n")) == depth
        assert picture.boxes["f1"] == titles[:depth]
        counted = 7 - depth
        assert picture.only("f")[0].lines[1:] == [
            f"{counted} operation{'' if counted == 1 else 's'}",
            "2 parameters",
        ]
    assert read(ag.draw(y, depth=7)).vertices == read(ag.draw(y)).vertices
    svg(ag.draw(y, backward=True))


def test_a_module_by_its_path():
    y = recorded(lambda: Block(2)(np.ones((2, 3))))
    first = [folded(read(ag.draw(y, depth=depth)))[0][0] for depth in range(4)]
    assert first == ["Block", "inner Block", "inner.inner Block", "inner.inner.inner Linear"]


def test_modules_in_lists_and_dicts():
    class Many(nn.Module):
        def __init__(self):
            self.blocks = [nn.Tanh(), nn.Linear(3, 3, rng=0)]
            self.heads = {"a": nn.Linear(3, 2, rng=0)}

        def forward(self, x):
            return self.heads["a"](self.blocks[1](self.blocks[0](x)))

    y = recorded(lambda: Many()(ag.Tensor(np.ones((2, 3)))))
    titles = [lines[0] for lines in folded(read(ag.draw(y, depth=1)))]
    assert titles == ["blocks.0 Tanh", "blocks.1 Linear", "heads.a Linear"]


def test_calls_of_one_module_are_boxes_of_their_own():
    layer = nn.Linear(3, 3, rng=0)
    y = recorded(lambda: layer(layer(np.ones((2, 3)))))
    picture = read(ag.draw(y))
    # What both calls read belongs to neither.
    assert [picture.boxes[id] for id in ("n1", "n2", "i2", "i3")] == [
        ["Linear"],
        ["Linear"],
        [],
        [],
    ]
    picture = read(ag.draw(y, depth=0))
    assert len(picture.only("f")) == 2
    assert len(picture.between("i2", "f1")) == len(picture.between("i2", "f2")) == 1


def test_edges_between_folded_modules_are_one():
    w = ag.Tensor(np.ones(3), requires_grad=True, name="w")
    with ag.record():
        with ag.named_scope("a"):
            parts = [w * float(k) for k in range(6)]
            longer = np.concatenate([w, w])
        with ag.named_scope("b"):
            y = sum(parts, start=np.zeros(3)).sum() + longer.sum()
    picture = read(ag.draw(y, depth=0))
    (edge,) = picture.between("f1", "f2")
    assert edge.lines == ["float64 (3,)", "float64 (6,)"]
    assert not picture.only("i")


def test_with_the_reverse_pass():
    model = nn.Sequential(nn.Linear(3, 3, rng=0), nn.Tanh())
    x = np.ones((2, 3))
    y = recorded(lambda: model(x).sum())
    picture = read(ag.draw(y, backward=True, depth=1))
    assert folded(picture) == [
        ["0 Linear", "1 operation", "2 parameters"],
        ["1 Tanh", "1 operation"],
    ]
    assert picture.boxes["f1"] == picture.boxes["f2"] == ["Sequential"]
    there, back = picture.between("f1", "f2")
    assert there.lines == ["float64 (2, 3)"]
    assert back.attributes["dir"] == "back"
    assert [e.attributes["id"] for e in (there, back)] == ["f1-f2", "f1-f2-2"]
    # The rules and the gradients of a module are folded with it.
    assert [v.lines[0] for v in picture.only("g")] == ["sum's rule"]
    assert not picture.only("d")
    assert not [e for e in picture.edges if e.tail == e.head]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"depth": -1}, ValueError, r"depth from 0 on.*Write depth=0"),
        ({"depth": 1.0}, TypeError, r"whole number or None as depth.*depth=1\.0"),
        ({"depth": "all"}, TypeError, "depth='all'"),
        ({"depth": True}, TypeError, "depth=True"),
        ({"max_nodes": 0}, ValueError, "Write max_nodes=1"),
        ({"max_nodes": -200}, ValueError, "max_nodes=-200"),
        ({"max_nodes": 2.5}, TypeError, r"max_nodes=2\.5"),
    ],
)
def test_wrong_sizes(options, error, message):
    w = ag.Tensor(1.0, requires_grad=True)
    with pytest.raises(error, match=message):
        ag.draw(w * 2, **options)


def test_numpy_integers_are_sizes_too():
    y = recorded(lambda: Block(1)(np.ones((2, 3))))
    assert ag.draw(y, depth=np.int64(1)).source == ag.draw(y, depth=1).source


def network(layers):
    return nn.Sequential(
        [each for _ in range(layers) for each in (nn.Linear(2, 2, rng=0), nn.Tanh())]
    )


def test_a_large_model_is_folded_by_itself():
    model, x = nn.Sequential(network(40), network(40)), np.ones((2, 2))
    y = recorded(lambda: model(x))
    drawing = ag.draw(y)
    # As little as it takes.
    note = (
        "322 vertices: modules are folded at depth 2; draw(..., depth=3, max_nodes=None) shows more"
    )
    assert note in drawing.source
    assert len(folded(read(drawing))) == 160
    assert folded(read(drawing))[1] == ["0.1 Tanh", "1 operation"]
    drawing = ag.draw(y, max_nodes=100)
    assert "folded at depth 1; draw(..., depth=2" in drawing.source
    assert [lines[0] for lines in folded(read(drawing))] == ["0 Sequential", "1 Sequential"]
    whole = ag.draw(y, max_nodes=None)
    assert len(read(whole).only("n")) == 160
    assert "folded" not in whole.source
    # One that says how deep is not folded any further, if it is small enough.
    assert read(ag.draw(y, depth=1)).vertices == read(drawing).vertices
    assert "vertices:" not in ag.draw(y, depth=1).source
