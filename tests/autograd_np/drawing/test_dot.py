"""Structure: what is drawn of which program, with which shapes, settings and roles."""

import functools
import itertools

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.program import Call, Ref, Variable
from tests.autograd_np.drawing.reading import needs_dot, read, svg

ROLES = {"i": "input", "n": "operation", "r": "result"}


def tensor(*shape, name=None):
    return ag.Tensor(np.ones(shape), requires_grad=True, name=name)


def labels(picture):
    """The label of each edge, by its ends."""
    return {(edge.tail, edge.head): edge.lines for edge in picture.edges}


def test_every_edge_has_dtype_and_shape():
    w, b = tensor(3, 2, name="w"), ag.Tensor(np.ones(2, np.float32), requires_grad=True, name="b")
    points = np.ones((4, 3))
    loss = ag.relu(points @ w + b).sum(axis=0)[1]
    picture = read(ag.draw(loss))
    assert [v.lines for v in picture.only("i")] == [["points"], ["w"], ["b"]]
    assert [v.lines for v in picture.only("n")] == [
        ["t1 = matmul", "points @ w"],
        ["t2 = add", "t1 + b"],
        ["t3 = relu"],
        ["t4 = sum", "axis=0"],
        ["loss = getitem", "[1]"],
    ]
    assert labels(picture) == {
        ("i1", "n1"): ["float64 (4, 3)"],
        ("i2", "n1"): ["float64 (3, 2)"],
        ("n1", "n2"): ["float64 (4, 2)"],
        ("i3", "n2"): ["float32 (2,)"],
        ("n2", "n3"): ["float64 (4, 2)"],
        ("n3", "n4"): ["float64 (4, 2)"],
        ("n4", "n5"): ["float64 (2,)"],
        ("n5", "r1"): ["float64 ()"],
    }
    assert [v.lines for v in picture.only("r")] == [["loss"]]


@pytest.mark.parametrize("record", [False, True])
def test_settings(record):
    x = ag.Tensor(np.ones((4, 3)), requires_grad=True, name="x")
    with ag.record() if record else ag.enable_grad():
        results = [
            np.sum(x, axis=0, keepdims=True),
            x[:, 0],
            x[1:3, ..., None],
            x.astype(np.float32),
            2.0 - x,
            x - 2.0,
            x**2.5,
            np.transpose(x, (1, 0)),
            np.concatenate([x, x], axis=1),
            x.reshape(2, 6),
        ]
    settings = [read(ag.draw(y)).only("n")[0].lines[1:] for y in results]
    assert settings == [
        ["axis=0", "keepdims=True"],
        ["[:, 0]"],
        ["[1:3, ..., None]"],
        # The rules do not read these, and a lean graph keeps no more.
        ["dtype=float32"] if record else [],
        ["2.0 - x" if record else "? - x"],
        ["x - 2.0" if record else "x - ?"],
        ["x ** 2.5"],
        ["axes=(1, 0)"],
        ["axis=1"],
        ["shape=(2, 6)"] if record else [],
    ]


def test_the_order_of_operands_is_told():
    a, b = tensor(2, name="a"), tensor(2, name="b")
    texts = [
        read(ag.draw(y)).only("n")[0].lines[1] for y in (a - b, b - a, a / b, b / a, a > b)[:4]
    ]
    assert texts == ["a - b", "b - a", "a / b", "b / a"]


def one_of_each():
    """A recorded loss with an input, a parameter, a constant and a result."""
    w, x, c = tensor(2, name="w"), ag.Tensor(np.ones(2), name="x"), np.ones(2)
    with ag.record():
        return np.sum(w * x + c)


def test_roles_differ_in_shape_and_in_colour():
    loss = one_of_each()
    folding = tensor(2)
    with ag.record(), ag.named_scope("part"):
        folded = np.exp(folding).sum()
    found = {}
    for drawing in (ag.draw(loss, backward=True), ag.draw(folded, depth=0)):
        for id, vertex in read(drawing).vertices.items():
            if not id.startswith("legend"):
                found[id[0] if id[0] != "i" else id] = vertex.attributes
    looks = {
        role: {k: v for k, v in style.items() if k in ("shape", "style", "peripheries")}
        for role, style in found.items()
    }
    assert set(looks) == {"i1", "i2", "i3", "n", "r", "g", "d", "f"}
    for (one, a), (other, b) in itertools.combinations(looks.items(), 2):
        assert a != b, (one, other)


def test_the_legend_tells_what_occurs_and_no_more():
    loss = one_of_each()
    for options, wanted in (
        ({}, {"input", "parameter", "constant", "operation", "result"}),
        (
            {"backward": True},
            {"input", "parameter", "constant", "operation", "result", "rule", "gradient"},
        ),
        ({"legend": False}, set()),
    ):
        picture = read(ag.draw(loss, **options))
        found = {id.removeprefix("legend_") for id in picture.vertices if id.startswith("legend")}
        assert found == wanted
        for role in found:
            sample = picture.vertices[f"legend_{role}"].attributes
            for vertex in picture.vertices.values():
                if vertex.attributes.get("fillcolor") == sample["fillcolor"]:
                    break
            else:
                pytest.fail(f"nothing looks like the sample of {role}")


@pytest.mark.parametrize("rankdir", ["TB", "LR", "BT", "RL"])
def test_directions(rankdir):
    loss = one_of_each()
    drawing = ag.draw(loss, rankdir=rankdir, backward=True)
    assert f"rankdir={rankdir}" in drawing.source
    assert svg(drawing)["r1"] == ["loss"]


@needs_dot
@pytest.mark.parametrize(("rankdir", "axis", "sign"), [("TB", 2, -1), ("BT", 2, 1), ("LR", 1, 1)])
def test_the_forward_pass_runs_in_the_direction(rankdir, axis, sign):
    loss = one_of_each()
    drawing = ag.draw(loss, rankdir=rankdir, legend=False)
    lines = drawing.pipe(format="plain", encoding="utf-8").splitlines()
    place = {line.split()[1]: float(line.split()[axis + 1]) for line in lines if line[:4] == "node"}
    order = [place[id] for id in ("i1", "n1", "n2", "n3", "r1")]
    assert order == sorted(order, key=lambda v: sign * v)


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (np.float64(2.0), "float64 ()"),
        (np.ones((0, 3)), "float64 (0, 3)"),
        (np.ones(2, complex), "complex128 (2,)"),
        (np.ones((1, 1, 1), np.float32), "float32 (1, 1, 1)"),
    ],
)
def test_values_of_every_kind(value, label):
    x = ag.Tensor(value, requires_grad=True, name="x")
    with ag.record():
        y = x * 2
    drawing = ag.draw(y, values=True, norms=True, gradients=True, backward=True, memory=True)
    assert labels(read(drawing))["i1", "n1"] == [label]
    assert svg(drawing)


def test_booleans_integers_and_no_grad():
    x = ag.Tensor(np.array([1.0, -1.0]), requires_grad=True, name="x")
    with ag.record(), ag.no_grad():
        positive = x > 0
        count = np.sum(positive)
    picture = read(ag.draw(count, values=True))
    assert labels(picture)["n1", "n2"] == ["bool (2,)"]
    assert picture.only("n")[0].lines == ["positive = greater", "x > 0", "[True False]"]
    assert picture.only("r")[0].lines == ["count", "1"]
    with ag.no_grad():
        y = x * 2
    with pytest.raises(TypeError, match="no_grad"):
        ag.draw(y)


def test_several_outputs_and_lists():
    x = ag.Tensor(np.eye(3), requires_grad=True, name="x")
    with ag.record():
        values, vectors = np.linalg.eigh(x)
        both = np.concatenate([vectors, np.ones((1, 3)), vectors * values])
    picture = read(ag.draw(both))
    assert picture.only("n")[0].lines[0] == "values, vectors = eigh"
    assert [e.lines for e in picture.between("n1", "n2")] == [["float64 (3, 3)"], ["float64 (3,)"]]
    assert picture.between("i2", "n3")[0].lines == ["float64 (1, 3)"]
    assert picture.only("n")[2].lines == ["both = concatenate"]
    assert len(picture.edges) == 7


@pytest.mark.parametrize("record", [False, True])
def test_an_operation_of_the_users(record):
    @ag.custom_op(x=lambda g, x, slope: g * np.where(x > 0, 1, slope))
    def leaky(x, slope=0.1):
        return np.where(x > 0, x, slope * x)

    x = tensor(2, name="x")
    with ag.record() if record else ag.enable_grad():
        y = leaky(x, slope=0.5)
    picture = read(ag.draw(y, backward=True))
    assert picture.only("n")[0].lines == ["y = leaky", "slope=0.5"]
    assert picture.only("g")[0].lines[0] == "leaky's rule"
    assert picture.only("g")[0].lines[1].startswith("x: ")


def test_no_addresses_are_shown():
    nameless = functools.partial(max, key=object())
    variables = {k: Variable((2,), np.dtype(float), np.ones(2), False, None) for k in (1, 2)}
    calls = [Call(nameless, (Ref(1),), {"key": nameless}, (Ref(2),), ("", 0))]
    program = ag.Program(calls=calls, inputs=[Ref(1)], variables=variables, outputs=[Ref(2)])
    assert "partial" in read(ag.draw(program)).only("n")[0].lines[0]
    assert "0x" not in ag.draw(program).source


@needs_dot
@pytest.mark.parametrize(("rankdir", "axis", "sign"), [("TB", 1, 1), ("LR", 2, -1)])
def test_parameters_stand_as_operations_take_them(rankdir, axis, sign):
    import nn

    drawing = nn.Linear(3, 2, rng=0).draw(np.ones((4, 3)), rankdir=rankdir)
    lines = drawing.pipe(format="plain", encoding="utf-8").splitlines()
    place = {line.split()[1]: float(line.split()[axis + 1]) for line in lines if line[:4] == "node"}
    weight, bias = (v.tail for v in read(drawing).only("i")[1:])
    assert sign * place[weight] < sign * place[bias]
