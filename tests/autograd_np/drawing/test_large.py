"""Large pictures: folded by themselves, in seconds, without recursion."""

import functools
import gc
import subprocess
import sys
import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.autograd_np.drawing.reading import needs_dot, read, svg
from tests.autograd_np.drawing.test_folding import network, recorded


def loop(count):
    """A result of so many operations, outside of all modules."""
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    y = w
    for _ in range(count // 2):
        y = np.sin(y) * w
    return y


@pytest.mark.parametrize("backward", [False, True])
@pytest.mark.parametrize("record", [False, True])
def test_a_long_loop_is_folded_in_the_middle(record, backward):
    with ag.record() if record else ag.enable_grad():
        y = loop(1000)
    drawing = ag.draw(y, backward=backward)
    picture = read(drawing)
    assert len(picture.vertices) <= 200
    (middle,) = picture.only("m")
    shown = len(picture.only("n"))
    assert middle.lines[0] == f"{1000 - shown:,} operations"
    assert middle.lines[1:3] == [
        f"multiply: {(1000 - shown) // 2}",
        f"sin: {(1000 - shown) // 2}",
    ] or (middle.lines[1:3] == [f"sin: {(1000 - shown) // 2}", f"multiply: {(1000 - shown) // 2}"])
    assert picture.only("n")[0].tail == "n1"
    assert picture.only("n")[-1].tail == "n1000"
    note = (
        f"{1000 - shown:,} operations in the middle are folded: draw(..., max_nodes=None) shows all"
    )
    assert note in drawing.source
    # The rules of what is folded are folded, and those of the rest are not.
    assert len(picture.only("g")) == (shown if backward else 0)
    assert all(e.tail in picture.vertices and e.head in picture.vertices for e in picture.edges)
    svg(drawing)


@pytest.mark.parametrize("backward", [False, True])
def test_a_chain_of_layers_each_with_its_own_parameters(backward):
    h = ag.Tensor(np.ones((1, 2)))
    for layer in range(300):
        w = ag.Tensor(np.eye(2), requires_grad=True, name=f"w{layer}")
        h = np.tanh(h @ w)
    picture = read(ag.draw(np.sum(h), backward=backward, legend=False))
    assert 100 < len(picture.vertices) <= 200
    shown = sum(v.lines[0].startswith("w") for v in picture.only("i"))
    (middle,) = picture.only("m")
    assert middle.lines[-1] == f"{300 - shown} inputs"
    assert len(picture.only("d")) == (shown if backward else 0)


def test_the_middle_of_many_modules():
    model = nn.Sequential([nn.Sequential(nn.Tanh()) for _ in range(300)])
    y = recorded(lambda: model(ag.Tensor([1.0, 2.0])))
    drawing = ag.draw(y, depth=1)
    (middle,) = read(drawing).only("m")
    folded = 300 - len(read(drawing).only("f"))
    assert middle.lines == [f"{folded} operations", f"tanh: {folded}"]
    assert f"{folded} operations in the middle are folded" in drawing.source


def test_many_results():
    w = ag.Tensor(np.ones(2), requires_grad=True, name="w")
    results = [w * float(k) for k in range(3000)]
    assert seconds(lambda: ag.draw(*results, max_nodes=None)) < 10


@pytest.mark.parametrize("max_nodes", [1, 2, 5, 10, 50])
def test_as_few_vertices_as_are_asked_for(max_nodes):
    y = loop(100)
    picture = read(ag.draw(y, max_nodes=max_nodes, legend=False))
    # The input, the result and what is folded are always there, and an operation at each end.
    assert len(picture.vertices) <= max(max_nodes, 5)
    assert picture.only("m")


@pytest.mark.parametrize("backward", [False, True])
def test_many_inputs_of_one_operation(backward):
    parts = [ag.Tensor(np.ones(k % 5), requires_grad=True) for k in range(500)]
    y = np.concatenate(parts)
    drawing = ag.draw(y, backward=backward)
    picture = read(drawing)
    titles = [v.lines[0] for v in picture.only("l")]
    assert titles == ["500 parameters", "500 gradients"][: 1 + backward]
    (edge,) = picture.between("l1", "n1")
    assert edge.lines == ["float64 (0,)", "float64 (1,)", "float64 (2,)", "… 2 more"]
    assert "values that the same operations read are folded: draw(" in drawing.source
    assert len(read(ag.draw(y, max_nodes=None)).only("i")) == 500


def test_what_cannot_be_folded_is_drawn():
    x = ag.Tensor([1.0, 2.0], requires_grad=True, name="x")
    drawing = ag.draw(np.sum(np.exp(x)), max_nodes=1)
    assert len(read(drawing).only("n")) == 2
    assert "are folded" not in drawing.source


def seconds(function):
    # What the collector does depends on all that lives in the process.
    gc.collect()
    gc.disable()
    try:
        start = time.perf_counter()
        function()
        return time.perf_counter() - start
    finally:
        gc.enable()


@pytest.mark.parametrize("backward", [False, True])
def test_ten_thousand_operations_take_seconds(backward):
    small, large, drawn = loop(1000), loop(10_000), []
    draw = functools.partial(ag.draw, backward=backward)
    draw(small)
    one = min(seconds(lambda: draw(small)) for _ in range(3))
    many = min(seconds(lambda: drawn.append(draw(large))) for _ in range(2))
    assert many < 15 * one + 0.1
    assert svg(drawn[0])


@needs_dot
def test_ten_thousand_operations_in_modules():
    model = nn.Sequential([network(50) for _ in range(100)])
    y = recorded(lambda: model(np.ones((2, 2))))
    drawing = ag.draw(y)
    picture = read(drawing)
    assert len(picture.only("f")) == 100
    assert picture.only("f")[99].lines == ["99 Sequential", "100 operations", "100 parameters"]
    assert seconds(lambda: drawing.pipe(format="svg")) < 20


DEEP = """
import sys, threading
import numpy as np
import autograd_np as ag

def main():
    w = ag.Tensor([1.0], requires_grad=True)
    with ag.record():
        y = w
        for _ in range(2000):
            y = np.sin(y)
    sys.setrecursionlimit(120)
    for size in (None, 200):
        for backward in (False, True):
            drawing = ag.draw(y, values=True, memory=True, backward=backward, max_nodes=size)
            print(drawing.source.count(" -> "))

ag.draw(ag.Tensor(1.0, requires_grad=True) * 2)
main()
"""


def test_no_recursion():
    ran = subprocess.run([sys.executable, "-c", DEEP], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.split()[0]) > 2000


def test_boxes_a_thousand_deep():
    w = ag.Tensor([1.0], requires_grad=True)

    def within(depth):
        scopes = [ag.named_scope(f"s{k}") for k in range(depth)]
        for scope in scopes:
            scope.__enter__()
        y = w * 2.0
        for scope in reversed(scopes):
            scope.__exit__(None, None, None)
        return y

    y = recorded(lambda: within(1000))
    assert len(read(ag.draw(y)).boxes["n1"]) == 1000
