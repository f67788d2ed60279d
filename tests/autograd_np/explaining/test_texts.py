"""What a page says of operations: their names, and the rules of the user's own."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.explaining import explain
from tests.autograd_np.explaining.pages import data_of

X = np.array([[2.0, 1.0, 0.5], [0.5, -1.0, 3.0], [1.0, 4.0, -2.0]])


def bent(g, x):
    """The slope of a parabola, and of what goes on from it."""
    inside = np.abs(x) < 1  # where it bends

    if np.any(inside):
        return g * np.where(inside, 2 * x, 1)
    return g


def short(g, x): return g * 2 * x  # fmt: skip


def endless(g, x):
    a = x
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    a = a + 0
    return g * a


unread = {}
exec("def rule(g, x):\n    return g * 2 * x", unread)


def rule_of(formula):
    operation = ag.custom_op(lambda x: x * x, x=formula)
    items = data_of(explain(lambda x: operation(x).sum(), X))
    return items["steps"][1]["formulas"][0]["text"]


def test_the_rule_of_a_custom_operation_is_shown_in_full():
    assert rule_of(bent) == (
        "inside = np.abs(x) < 1  # where it bends\n\nif np.any(inside):\n"
        "    return g * np.where(inside, 2 * x, 1)\nreturn g"
    )
    assert rule_of(short) == "return g * 2 * x"
    assert rule_of(lambda g, x: g * (2 * x)) == "g * (2 * x)"


def test_a_long_rule_is_cut_and_one_without_source_is_named():
    lines = rule_of(endless).splitlines()
    assert lines == ["a = x", *["a = a + 0"] * 11, "…"]
    assert rule_of(unread["rule"]) == "rule(g, x)"


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (lambda x: np.linalg.svd(x).S, "svd"),
        (lambda x: np.linalg.qr(x).R, "qr"),
        (lambda x: np.clip(x, -1, 1), "clip"),
        (lambda x: np.einsum("ij,kj->ik", x, x), "einsum"),
        (lambda x: np.split(x, 3)[0], "split"),
        (lambda x: np.unstack(x)[0], "unstack"),
        (np.linalg.norm, "norm"),
        (lambda x: x.copy(), "copy"),
        (lambda x: x.astype(np.float32), "astype"),
    ],
)
def test_operations_are_called_what_users_write(function, name):
    page = explain(lambda x: np.sum(function(x)), X)
    items = data_of(page)
    assert items["steps"][1]["title"] == name
    assert "<text" in page.html
    assert f">{name}</text>" in page.html
