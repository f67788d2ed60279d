"""Pictures of graphs."""

import subprocess
import sys

import numpy as np
import pytest

import autograd_np as ag


def test_names_shapes_and_edges():
    w = ag.Tensor(np.ones((3, 2)), requires_grad=True, name="w")
    b = ag.Tensor(np.ones(2), requires_grad=True, name='b <&> \\ "quoted" {x|y} é')
    loss = ag.relu(np.ones((4, 3)) @ w + b).sum()
    source = ag.draw(loss).source
    assert source.count(" -> ") == 5
    for text in ("float64 (3, 2)", "matmul", "relu", "(4, 2)", "sum\\nfloat64 ()", "é"):
        assert text in source
    assert source == ag.draw(loss).source


def test_after_backward_the_structure_is_still_there():
    w = ag.Tensor(2.0, requires_grad=True)
    y = w * w
    y.backward()
    assert "multiply" in ag.draw(y).source


@pytest.mark.parametrize("given", [3, np.ones(2), np.exp, (1, 2)])
def test_wrong_arguments(given):
    with pytest.raises(TypeError, match=r"ag\.draw\(loss\)"):
        ag.draw(given)
    with pytest.raises(TypeError, match="requires_grad=True"):
        ag.draw(ag.Tensor(1.0))


def test_a_deep_graph_needs_no_recursion():
    y = ag.Tensor(1.0, requires_grad=True)
    for _ in range(5000):
        y = y + 1
    assert ag.draw(y).source.count(" -> ") == 5000


def test_graphviz_is_imported_late():
    code = "import sys, autograd_np; assert 'graphviz' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
