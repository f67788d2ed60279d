"""What is drawn: Tensors, one twice, leaves, programs, what was recorded in part."""

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.drawing.reading import read, svg


def tensor(*shape, name=None):
    return ag.Tensor(np.ones(shape), requires_grad=True, name=name)


def test_several_tensors_and_one_twice():
    w = tensor(2, name="w")
    first = np.exp(w)
    second = first * first
    picture = read(ag.draw(first, second, first, w))
    assert [v.lines[0] for v in picture.only("r")] == ["first", "second"]
    assert [v.lines for v in picture.only("i")] == [["w"]]
    edges = picture.between("n1", "n2")
    assert [edge.attributes["id"] for edge in edges] == ["n1-n2", "n1-n2-2"]
    assert svg(ag.draw(first, second))["n1-n2-2"] == ["\N{NO-BREAK SPACE}float64 (2,)"]


def test_a_leaf_alone():
    w = tensor(2, 3, name="w")
    picture = read(ag.draw(w, w))
    assert [v.lines for v in picture.vertices.values() if "legend" not in v.tail] == [
        ["w", "float64 (2, 3)"]
    ]
    np.sum(w).backward()
    picture = read(ag.draw(w, backward=True))
    assert [v.lines for v in picture.only("d")] == [["dw", "float64 (2, 3)"]]
    assert not picture.edges


def test_a_program():
    w, x = tensor(3, name="w"), np.ones((2, 3))
    with ag.record() as program:
        loss = np.sum(x @ w)
        loss.backward()
    whole, forward = read(ag.draw(program)), read(ag.draw(program, backward=True))
    assert len(whole.only("n")) == len(program.calls)
    assert [v.lines[0] for v in forward.only("n")] == ["t1 = matmul", "loss = sum"]
    assert [v.lines[0] for v in forward.only("g")] == ["matmul's rule", "sum's rule"]
    assert [v.lines[0] for v in forward.only("d")] == ["dw"]
    assert not whole.only("g")


def test_an_update_is_left_out_of_the_reverse_pass():
    w = tensor(3, name="w")
    with ag.record() as program:
        np.square(w).sum().backward(create_graph=True)
        w - 0.1 * w.grad
    whole, forward = read(ag.draw(program)), read(ag.draw(program, backward=True))
    assert whole.titled("subtract")
    assert [v.lines[0].split(" = ")[1] for v in forward.only("n")] == ["square", "sum"]


def test_the_program_of_a_compiled_step():
    w = tensor(3, name="w")

    @ag.compile
    def step(x):
        w.grad = None
        loss = np.sum(np.tanh(x * w))
        loss.backward()
        w.data -= 0.1 * w.grad
        return loss

    for _ in range(2):
        step(np.ones(3))
    for backward in (False, True):
        drawing = ag.draw(step.program, backward=backward, values=True)
        picture = read(drawing)
        assert picture.titled("tanh")
        assert svg(drawing)
    assert picture.titled("tanh's rule")


def test_recorded_after_lean():
    w = tensor(2, name="w")
    h = np.exp(w + 0.0)
    with ag.record():
        loss = np.sum(h * 3.0)
    drawing = ag.draw(loss, values=True)
    picture = read(drawing)
    assert [v.lines for v in picture.only("n")] == [
        ["t1 = add", "w + ?"],
        ["h = exp", "[2.718 2.718]"],
        ["t2 = multiply", "h * 3.0", "[8.155 8.155]"],
        ["loss = sum"],
    ]
    assert "with ag.record():" in drawing.source


def test_second_order():
    w = tensor(2, name="w")
    np.sum(w**3).backward(create_graph=True)
    g = w.grad
    curvature = np.sum(g * g)
    picture = read(ag.draw(curvature, backward=True))
    titles = [v.lines[0].split(" = ")[1] for v in picture.only("n")]
    assert titles == ["square", "multiply", "multiply", "multiply", "sum"]
    assert [v.lines[0] for v in picture.only("g")] == [f"{title}'s rule" for title in titles]
    assert [v.lines[0] for v in picture.only("d")] == ["dw"]
    ties = [e for e in picture.edges if e.attributes.get("style") == "dotted"]
    assert [(e.tail, e.head) for e in ties] == [(f"n{k}", f"g{k}") for k in range(1, 6)]


@pytest.mark.parametrize("record", [False, True])
def test_a_checkpointed_part(record):
    w = tensor(2, name="w")
    with ag.record() if record else ag.enable_grad():
        loss = np.sum(ag.checkpoint(lambda x: np.tanh(x) * 2.0)(w))
    picture = read(ag.draw(loss, backward=True, memory=True))
    titles = [v.lines[0].split(" = ")[1] for v in picture.only("n")]
    assert titles == (["tanh", "multiply", "sum"] if record else ["checkpoint", "sum"])
    assert [v.lines[0] for v in picture.only("g")] == [f"{title}'s rule" for title in titles]


def test_the_result_of_a_compiled_function():
    compiled = ag.compile(np.tanh)
    w = tensor(2, name="w")
    for _ in range(2):
        y = compiled(w)
    picture = read(ag.draw(np.sum(y), memory=True, values=True))
    assert [v.lines[0] for v in picture.only("n")] == ["y = compiled", "t1 = sum"]


def test_inside_a_transform():
    drawn = []

    def f(x):
        y = np.sum(np.exp(x))
        drawn.append(read(ag.draw(y, backward=True)))
        return y

    assert ag.grad(f)(np.zeros(2)).tolist() == [1.0, 1.0]
    assert "exp's rule" in [v.lines[0] for v in drawn[0].only("g")]


def test_the_two_other_ways_to_draw():
    import nn

    w = tensor(2, name="w")
    y = np.exp(w)
    assert y.draw(legend=False).source == ag.draw(y, legend=False).source
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.ReLU())
    picture = read(model.draw(np.ones((4, 2)), backward=True))
    assert picture.boxes["n1"] == ["Sequential", "0  Linear"]
    assert picture.only("r")[0].lines == ["output"]
