"""A program printed: one aligned line for each operation."""

import re
import textwrap
import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry import program_of
from autograd_np.listing import is_lean, role_of
from autograd_np.program import Program

HOW_TO_SEE_MORE = "(values, all settings and lines: compute it under `with ag.record():`)"


def leaf(*shape, name=None):
    return ag.Tensor(np.ones(shape), requires_grad=True, name=name)


def lines_of(text):
    """A block of text in a test, without its indentation."""
    return textwrap.dedent(text).strip("\n").splitlines()


def test_a_lean_graph():
    x, W, b = np.ones((4, 3)), leaf(3, 2, name="W"), leaf(2, name="0.bias")
    h = np.tanh(x @ W + b)
    loss = np.mean(h[:, 0] * h[1:2, 1], axis=0)
    assert str(ag.trace(loss)).splitlines() == lines_of(
        """
        x       float64[4,3]  constant
        W       float64[3,2]  parameter
        0.bias  float64[2]    parameter
        t1      float64[4,2]  matmul(x, W)
        t2      float64[4,2]  add(t1, 0.bias)
        h       float64[4,2]  tanh(t2)
        t3      float64[4]    h[:, 0]
        t4      float64[1]    h[1:2, 1]
        t5      float64[4]    multiply(t3, t4)
        loss    float64[]     mean(t5, axis=0)
        (values, all settings and lines: compute it under `with ag.record():`)
        """
    )


def test_a_recording_has_modules_rules_and_lines():
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    x = ag.Tensor(np.ones((4, 3)), name="x")
    with ag.record() as program:
        loss = model(x).sum()
        loss.backward()
    text = re.sub(r"test_listing\.py:\d+", "here", str(program))
    text = re.sub(r"\.py:\d+", ".py", text)
    found = [re.sub(r" {2,}", " | ", line) for line in text.splitlines()]
    assert found[:9] == [
        "x | float64[4,3] | input",
        "0.weight | float64[2,3] | parameter",
        "0.bias | float64[2] | parameter",
        "dloss | float64[] | gradient",
        found[4],
        "t1 | float64[4,2] | linear(x, 0.weight, 0.bias) | 0 | linear.py",
        "t2 | float64[4,2] | tanh(t1) | 1 | activations.py",
        "loss | float64[] | sum(t2) | here",
        "t3 | float64[1,1] | reshape(dloss, shape=(1, 1)) | rule of sum | here",
    ]
    assert any(line.startswith("0.weight.grad | float64[2,3] | dot(") for line in found)
    assert str(program) == str(program)
    assert HOW_TO_SEE_MORE not in text


def test_columns_stand_below_each_other():
    model = nn.Sequential(nn.Linear(3, 2), nn.Tanh())
    with ag.record() as program:
        model(np.ones((4, 3))).sum().backward()
    for text in (str(program), str(ag.trace(model(np.ones((4, 3))).sum()))):
        rows = text.splitlines()
        rows = rows[:-1] if rows[-1].startswith("(") else rows
        starts = {re.search(r"(float64|int64|bool)\[", row).start() for row in rows}
        assert len(starts) == 1
        assert not any(row != row.rstrip() for row in rows)


def test_one_line_for_each_operation():
    w = leaf(2, name="two\nlines")
    with ag.record() as program:
        y = np.where(w > 0, w, np.array([1.0, 2.0])).sum()
    assert len(str(program).splitlines()) == len(program.inputs) + len(program.calls)
    assert len(str(ag.trace(y)).splitlines()) == len(program.inputs) + len(program.calls)


def test_several_outputs():
    a = ag.Tensor(np.eye(3), requires_grad=True, name="a")
    with ag.record() as program:
        u, s, vt = np.linalg.svd(a)
    assert (
        str(program)
        .splitlines()[1]
        .startswith("u, s, vt  float64[3,3], float64[3], float64[3,3]  svd(a")
    )
    assert u.shape == vt.shape
    assert s.shape == (3,)


def test_wide_rows_are_cut_to_a_sensible_width():
    parts = [leaf(2, name=f"a_parameter_with_a_long_name_{n}") for n in range(50)]
    with ag.record() as program:
        joined = np.concatenate(parts)
        pieces = np.split(joined, 50)
    assert len(pieces) == 50
    *_, concatenate, split = str(program).splitlines()
    assert split.startswith("t1, t2, … 47 more …, t50 ")
    assert max(map(len, (concatenate, split))) < 180
    assert "concatenate([a_parameter_with_a_long_name_0, " in concatenate
    assert "…" in concatenate


def test_an_empty_program():
    with ag.record() as program:
        np.ones(3) * 2
    assert str(program) == str(Program()) == "(no operation on Tensors was recorded)"


def test_what_a_lean_graph_does_not_know():
    w = leaf(4, name="w")
    text = str(ag.trace(w + np.ones(4)))
    assert "add(w, ?)" in text
    assert text.endswith(HOW_TO_SEE_MORE)


def test_the_advice_stands_where_some_values_are_unknown():
    w = leaf(4)
    with ag.record():
        h = np.tanh(w)
    assert not is_lean(ag.trace(h))
    assert is_lean(ag.trace(h * 2))
    assert not is_lean(ag.trace(w))


def test_the_reverse_pass_of_a_lean_graph():
    w = leaf(2, name="w")
    loss = (w * w).sum()
    loss.name = "loss"
    assert str(program_of((loss,), None, "draw", backward=True)).splitlines() == lines_of(
        """
        w      float64[2]  parameter
        dloss  float64[]   gradient
        t1     float64[2]  multiply(w, w)
        loss   float64[]   sum(t1)
        t2     float64[1]  reshape(dloss, shape=(1,))    rule of sum
        t3     float64[2]  broadcast_to(t2, shape=(2,))  rule of sum
        t4     float64[2]  multiply(t3, w)               rule of multiply
        t5     float64[2]  multiply(t3, w)               rule of multiply
        dw     float64[2]  add(t4, t5)                   rule of multiply
        (values, all settings and lines: compute it under `with ag.record():`)
        """
    )


def test_roles():
    w, x, c = leaf(2, name="w"), ag.Tensor(np.ones(2), name="x"), np.ones(2)
    with ag.record() as program:
        (w * x * c).sum()
    roles = [role_of(program.variables[ref.index]) for ref in program.inputs]
    assert roles == ["parameter", "input", "constant"]


@pytest.mark.parametrize("recorded", [True, False], ids=["recorded", "lean"])
def test_ten_thousand_operations_in_about_a_second(recorded):
    y = leaf(2)
    if recorded:
        with ag.record():
            for _ in range(10_000):
                y = y * 1.0
    else:
        for _ in range(10_000):
            y = y * 1.0
    start = time.perf_counter()
    text = str(ag.trace(y))
    seconds = time.perf_counter() - start
    assert text.count("multiply(") == 10_000
    assert seconds < 5


def test_a_program_shows_itself():
    with ag.record() as program:
        (leaf(2, name="w") * 3.0).sum()
    assert repr(program) == str(program)
    assert repr(program).startswith("w ")


def test_results_that_only_serve_a_rule_are_shown_where_it_is():
    scores, labels = leaf(4, 3, name="scores"), np.arange(4) % 3
    with ag.record() as program:
        loss = ag.cross_entropy(scores, labels)
        loss.backward()
    assert str(ag.trace(loss)).splitlines()[-1].startswith("loss ")
    forward = next(line for line in str(program).splitlines() if "cross_entropy" in line)
    assert re.match(r"loss, t\d+ +float64\[\], float64\[4,3\] ", forward)
    lean = ag.cross_entropy(scores, labels)
    assert str(ag.trace(lean)).splitlines()[-2].startswith("lean ")


def test_results_that_nobody_reads_are_shown_where_the_user_has_them():
    matrix = leaf(2, 2, name="matrix")
    with ag.record():
        sign, value = np.linalg.slogdet(matrix + np.eye(2))
    assert sign.shape == ()
    assert str(ag.trace(value)).splitlines()[-1].startswith("sign, value ")


def test_what_was_computed_before_is_no_parameter():
    w = leaf(2, name="w")
    h = np.tanh(w)
    with ag.record() as program:
        (h * w).sum()
    roles = [line.split()[-1] for line in str(program).splitlines()[:2]]
    assert roles == ["input", "parameter"]


def test_a_gradient_that_is_added_to_an_earlier_one():
    w = leaf(2, name="w")
    (w * 3.0).sum().backward()
    with ag.record() as program:
        (w * 3.0).sum().backward()
    last = str(program).splitlines()[-1]
    assert "added to .grad" in last
    assert "rule of leaf" not in str(program)
