"""Calls written as NumPy's users write them."""

import functools
import sys
from types import SimpleNamespace

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.ancestry.spelling import (
    call_text,
    cut,
    index_text,
    joined,
    place_text,
    value_text,
)
from autograd_np.program import Ref

NAMES = {1: "x", 2: "0.weight", 3: "rows"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Ref(1), "x"),
        (Ref(2), "0.weight"),
        (UNKNOWN, "?"),
        (None, "None"),
        (True, "True"),
        (3, "3"),
        (-0.5, "-0.5"),
        (1e-8, "1e-08"),
        (2 / 3, "0.666667"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (1 + 2j, "(1+2j)"),
        (np.float32(0.1), "0.1"),
        (np.float64(0.25), "0.25"),
        (np.int64(7), "7"),
        (np.bool_(True), "True"),
        (np.array(3.0), "3.0"),
        (np.array([1, 2, 3]), "[1, 2, 3]"),
        (np.array([True, False]), "[True, False]"),
        (np.zeros(5), "<float64[5]>"),
        (np.zeros((2, 2), np.float32), "<float32[2,2]>"),
        (np.zeros(0), "[]"),
        (np.float32, "float32"),
        (np.dtype("int16"), "int16"),
        (float, "float"),
        (np.add, "add"),
        (np.add.reduce, "add.reduce"),
        ("ij,jk->ik", "'ij,jk->ik'"),
        ("x" * 100, "'" + "x" * 30 + "…"),
        (10**60, "1" + "0" * 30 + "…"),
        ((), "()"),
        ((1,), "(1,)"),
        ((0, -1), "(0, -1)"),
        ([Ref(1), [Ref(2), 2.0]], "[x, [0.weight, 2.0]]"),
        (list(range(100)), "[0, 1, 2, 3, … 95 more …, 99]"),
        ({"a": Ref(1)}, "{'a': x}"),
        (slice(None, Ref(1)), "slice(:x)"),
        (Ellipsis, "..."),
    ],
    ids=repr,
)
def test_values(value, text):
    assert value_text(value, NAMES) == text


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0, "[0]"),
        (slice(None), "[:]"),
        ((slice(None), 0), "[:, 0]"),
        ((slice(1, None), slice(None, -1), slice(None, None, 2)), "[1:, :-1, ::2]"),
        (slice(5, None, -1), "[5::-1]"),
        ((Ellipsis, None), "[..., None]"),
        ((0,), "[0,]"),
        ((), "[()]"),
        ([0, 2], "[[0, 2]]"),
        (np.array([0, 2]), "[[0, 2]]"),
        (np.zeros(9, bool), "[<bool[9]>]"),
        ((Ref(3), slice(Ref(1), None)), "[rows, x:]"),
        (UNKNOWN, "[?]"),
    ],
    ids=repr,
)
def test_indices(index, text):
    assert index_text(index, NAMES) == text


def text_of(compute, *arrays):
    """How the last operation that `compute` does on Tensors a, b … is written."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    with ag.record() as program:
        inputs = {program.ref(t).index: name for t, name in zip(tensors, "abc", strict=False)}
        compute(*tensors)
    names = {index: inputs.get(index, f"t{index}") for index in program.variables}
    return call_text(program.calls[-1], names)


SQUARE = np.eye(3) + 1


@pytest.mark.parametrize(
    ("compute", "text"),
    [
        (lambda a: a[1:, 0], "a[1:, 0]"),
        (lambda a: a * 2, "multiply(a, 2)"),
        (lambda a: 2 - a, "subtract(2, a)"),
        (lambda a: np.sum(a, 0), "sum(a, axis=0)"),
        (lambda a: a.sum(axis=(0, 1), keepdims=True), "sum(a, axis=(0, 1), keepdims=True)"),
        (lambda a: a.astype(np.float32), "a.astype(float32)"),
        (lambda a: np.einsum("ij,ij->i", a, a), "einsum('ij,ij->i', a, a)"),
        (lambda a: np.concatenate([a, a], 1), "concatenate([a, a], axis=1)"),
        (lambda a: np.stack((a, a), axis=-1), "stack([a, a], axis=-1)"),
        (lambda a: np.reshape(a, (9, 1)), "reshape(a, shape=(9, 1))"),
        (lambda a: np.swapaxes(a, 0, 1), "swapaxes(a, axis1=0, axis2=1)"),
        (lambda a: np.clip(a, 0, 1), "clip(a, 0, 1)"),
        (lambda a: np.power(a, 2), "power(a, 2)"),
        (lambda a: np.where(True, a, 0), "where(condition=True, x=a, y=0)"),
        (lambda a: a > 0, "greater(a, 0)"),
        (lambda a: np.argmax(a, axis=1), "argmax(a, axis=1)"),
        (lambda a: np.linalg.solve(a, a), "solve(a, a)"),
        (lambda a: ag.softmax(a, axis=0), "softmax(a, axis=0)"),
    ],
)
def test_calls(compute, text):
    assert text_of(compute, SQUARE) == text


def test_a_custom_operation_with_a_setting_that_has_an_address():
    @ag.custom_op(x=lambda g, x, how: g)
    def shifted(x, how=None):
        return x + 0

    text = text_of(lambda a: shifted(a, functools.partial(max, 3)), SQUARE)
    assert text == "shifted(a, how=functools.partial(<built-in fun…)"
    assert "0x" not in text_of(lambda a: shifted(a, how=object()), SQUARE)


def test_joined_and_cut():
    assert joined([]) == ""
    assert joined(list("abcdef")) == "a, b, c, d, e, f"
    assert joined(list("abcdefg")) == "a, b, c, d, … 2 more …, g"
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"


def test_lines_of_files():
    assert place_text(("/home/me/train.py", 12)) == "train.py:12"
    assert place_text(("<stdin>", 1)) == "<stdin>:1"
    assert place_text(("<unknown>", 0)) == ""


def test_lines_of_notebooks_go_by_their_cells(monkeypatch):
    class Compiler:
        def format_code_name(self, name):
            return ("Cell", "In[3]") if name.endswith("1234.py") else None

    shell = SimpleNamespace(compile=Compiler())
    ipython = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert place_text(("/tmp/ipykernel_1/1234.py", 2)) == "In[3]:2"
    assert place_text(("/home/me/train.py", 12)) == "train.py:12"
    shell.compile = None
    assert place_text(("/tmp/ipykernel_1/1234.py", 2)) == "1234.py:2"
    ipython.get_ipython = lambda: None
    assert place_text(("/tmp/ipykernel_1/1234.py", 2)) == "1234.py:2"
