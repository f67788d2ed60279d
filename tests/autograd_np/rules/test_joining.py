"""Joining and splitting: values and errors are NumPy's own, and one gradient is joined once."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.construction import array, c_, r_
from tests.autograd_np.against_numpy import assert_as_numpy, constants

X = np.arange(24.0).reshape(2, 3, 4)
V = np.arange(3.0)
NUMBER = np.array(2.0)
SINGLE = V.astype(np.float32)


@pytest.mark.parametrize(
    "function", [np.concatenate, np.stack, np.vstack, np.hstack, np.dstack, np.column_stack]
)
@pytest.mark.parametrize(
    "parts",
    [
        [V, V + 3],
        (X, X[:1]),
        [X, X[:, :1]],
        [X, X[..., :1]],
        [NUMBER, NUMBER],
        [V, V[:1]],
        [X[0], V],
        [V, [1, 2, 3]],
        [SINGLE, V],
        [V, np.array([1j, 2, 3])],
        [SINGLE, np.arange(3)],
        X,
        [],
        [V, X],
    ],
    ids=range(14),
)
def test_joining(function, parts):
    assert_as_numpy(function, parts)


@pytest.mark.parametrize("axis", [0, 1, -1, 2, 3, -4, None])
def test_axes(axis):
    assert_as_numpy(np.concatenate, [X, X], axis)
    assert_as_numpy(np.append, X, X, axis)
    if axis is not None:
        assert_as_numpy(np.stack, [X, X], axis)


def test_append():
    for values in (1.0, [1, 2], V, NUMBER):
        assert_as_numpy(np.append, SINGLE, values)
    assert_as_numpy(np.append, X, V, 0)


@pytest.mark.parametrize("function", [np.concatenate, np.stack, np.vstack, np.hstack])
def test_dtype(function):
    assert_as_numpy(function, [V, V], dtype=np.float32)
    assert_as_numpy(function, [V, V], dtype=np.complex64)
    assert_as_numpy(function, [V, V], dtype=int)
    assert_as_numpy(function, [V, V], dtype=int, casting="unsafe")


@pytest.mark.parametrize(
    "nested",
    [
        [V, V[:1]],
        [[V, V[:1]], [V[:2], V[:2]]],
        [[NUMBER, 1.0], [2, NUMBER]],
        [[X[0], X[0][:, :1]], [X[0][:1], np.zeros((1, 1))]],
        [[[X]], [[X]]],
        [X, [X]],
        [[V], []],
        [],
        [(V, V)],
        V,
        [[V, V], [V]],
    ],
    ids=range(11),
)
def test_block(nested):
    assert_as_numpy(np.block, nested)


SECTIONS = [1, 2, 3, 4, 0, -1, [1], [1, 2], [2, 1], [-1], [0, 9], [], np.array([1, 3])]


@pytest.mark.parametrize("sections", SECTIONS, ids=map(str, SECTIONS))
@pytest.mark.parametrize("axis", [0, 1, -1, 3])
def test_splitting(sections, axis):
    assert_as_numpy(np.array_split, X, sections, axis)
    assert_as_numpy(np.split, X, sections, axis)


@pytest.mark.parametrize("function", [np.vsplit, np.hsplit, np.dsplit])
def test_splitting_of_named_axes(function):
    for whole in (X, X[0], V, NUMBER):
        assert_as_numpy(function, whole, [1])


@pytest.mark.parametrize("axis", [0, 1, -1, 3, -4])
def test_unstack(axis):
    for whole in (X, X[:1], X[:0], V[:0], NUMBER):
        assert_as_numpy(np.unstack, whole, axis=axis)


def test_only_the_pieces_that_are_used_have_a_gradient():
    t = ag.Tensor(np.ones((5, 2)), requires_grad=True)
    first, *_, last = np.unstack(t)
    (np.sum(first) + 2 * np.sum(last)).backward()
    np.testing.assert_array_equal(t.grad[:, 0], [1, 0, 0, 0, 2])
    np.sum(np.split(t, [1, 3])[1]).backward()
    np.testing.assert_array_equal(t.grad[:, 0], [1, 1, 1, 0, 2])


def test_out_is_refused_with_advice():
    t = ag.Tensor(V, requires_grad=True)
    with pytest.raises(TypeError, match="Write the result to a new name"):
        np.concatenate([t, t], out=np.zeros(6))


@pytest.mark.parametrize(
    "value",
    [
        [V, V],
        [[NUMBER, 1], (2, NUMBER)],
        [[[NUMBER]], [[3.0]]],
        [X[0], X[1]],
        V,
        2.0,
        [],
        [[], []],
        [SINGLE, V],
        [SINGLE[0], SINGLE],
        [V, V[:1]],
        [[V], V],
        [np.array([1, 2]), [True, False]],
    ],
    ids=range(13),
)
@pytest.mark.parametrize("settings", [{}, {"dtype": np.float32}, {"dtype": int}, {"ndmin": 3}])
def test_array(value, settings):
    try:
        expected = np.array(value, **settings)
    except ValueError:
        with pytest.raises(ValueError, match="expected one shape"):
            array(constants(value), **settings)
        return
    made = array(constants(value), **settings)
    assert isinstance(made, ag.Tensor)
    assert made.dtype == expected.dtype
    np.testing.assert_array_equal(made.numpy(), expected)


def test_array_passes_gradients_to_its_parts_and_copies():
    a, b = ag.Tensor(1.0, requires_grad=True), ag.Tensor([2.0, 3.0], requires_grad=True)
    np.sum(array([[a, a], b]) * np.array([[1.0, 2.0], [3.0, 4.0]])).backward()
    assert a.grad == 3
    np.testing.assert_array_equal(b.grad, [3, 4])
    copied = array(b)
    b.data[0] = 9.0
    assert copied[0].item() == 2.0


@pytest.mark.parametrize("ours", [(r_, np.r_), (c_, np.c_)], ids=["r_", "c_"])
@pytest.mark.parametrize(
    "key",
    [
        (V, 0, V),
        V,
        (X[0], X[0]),
        (slice(1, 4), V, slice(0, 1, 3j)),
        ("0,2", V, V),
        ("1,2,0", V, V),
        ("0,2,0", V, V),
        ("1,3,1", V, V),
        ("1,3,-2", V, V),
        ("-1", X, X),
        ("0,3,0", slice(1, 3), V[:2]),
        (SINGLE, 1, 2.5),
        (SINGLE, np.float64(1)),
        ([1, 2, 3], V),
        ("x", V),
        (V, V[:2]),
    ],
    ids=range(16),
)
def test_r_and_c(ours, key):
    tensors, arrays = ours
    try:
        expected = arrays[key]
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            tensors[constants(key)]
        return
    made = tensors[constants(key)]
    assert isinstance(made, ag.Tensor)
    assert made.dtype == expected.dtype
    np.testing.assert_array_equal(made.numpy(), expected)


def test_r_differentiates_through_the_bounds_of_a_slice():
    stop = ag.Tensor(2.0, requires_grad=True)
    np.sum(r_[0.0:stop:3j]).backward()
    assert stop.grad == 1.5
    with pytest.raises(TypeError, match="start:stop:5j"):
        r_[0:stop]
    with pytest.raises(TypeError, match=r"numpy\.matrix"):
        r_["c", stop]
