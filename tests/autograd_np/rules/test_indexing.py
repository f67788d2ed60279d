"""Indexing, taking, inserting and leaving out; and the sums that their gradients are."""

import subprocess
import sys
import types

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import backends
from autograd_np.rules.indexing import getitem, index_add, index_set
from tests.autograd_np.against_numpy import assert_as_numpy

RNG = np.random.default_rng(0)
X = RNG.normal(size=(3, 4, 2))
V = np.arange(5.0)
MASK = X[..., 0] > 0
K, J, NONE = np.array([2, 0, 0, -1]), np.array([[1, 1], [3, 1]]), np.array([], int)

INDICES = [
    0,
    -1,
    np.int64(1),
    slice(None, None, -2),
    (1, 2, 0),
    (..., 0),
    (None, 0, None),
    K,
    J[:, :1] % 3,
    [0, 0, 2],
    [],
    (slice(None), J),
    (slice(1, None), K[:2]),
    (K, slice(None), 0),
    (K, K),
    (K, slice(None), K % 2),
    (0, slice(None), K % 2),
    (K[:2, None], J),
    (..., np.array([0, 0, 1])),
    (K, ...),
    (K, None, K, slice(None)),
    (slice(None), K, slice(None)),
    (slice(0, 0), K),
    MASK,
    (MASK, 0),
    (MASK, np.array([1] * MASK.sum())),
    [True, False, True],
    (slice(None), [True, False, True, True]),
    np.array(True),
    (True, K),
    np.zeros((0,), int),
    K.astype(np.uint8) % 3,
]


def _by_add_at(values, index, shape):
    out = np.zeros(shape, values.dtype)
    np.add.at(out, index, values)
    return out


@pytest.mark.parametrize("index", INDICES, ids=range(len(INDICES)))
def test_gradient_of_indexing_is_the_sum_that_add_at_makes(index):
    t = ag.Tensor(X, requires_grad=True)
    picked = t[index]
    np.testing.assert_array_equal(picked.numpy(), X[index])
    g = RNG.normal(size=picked.shape)
    picked.backward(g)
    np.testing.assert_allclose(t.grad, _by_add_at(g, index, X.shape), rtol=1e-14, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble, complex, int])
@pytest.mark.parametrize("width", [None, 1, 2, 3, 64, 40_000])
def test_index_add_of_every_dtype(dtype, width):
    shape = (7,) if width is None else (7, width)
    index = RNG.integers(-7, 7, 1000 if width != 40_000 else 9)
    values = RNG.integers(-9, 9, index.shape + shape[1:]).astype(dtype)
    added = index_add(values, index, shape)
    assert added.dtype == dtype
    np.testing.assert_array_equal(added, _by_add_at(values, index, shape))


def test_index_add_of_arrays_that_are_not_contiguous():
    values = np.asfortranarray(RNG.normal(size=(20, 6)))[::-2, ::3]
    index = RNG.integers(0, 4, 10)
    expected = _by_add_at(values, index, (4, 2))
    np.testing.assert_allclose(index_add(values, index, (4, 2)), expected, rtol=1e-14)


def test_half_precision_is_rounded_once():
    # Added one by one in half precision, ones stop adding up at 2048.
    added = index_add(np.ones(4096, np.float16), np.zeros(4096, int), (2,))
    np.testing.assert_array_equal(added, np.array([4096, 0], np.float16))


@pytest.mark.parametrize("index", [5, -6, [0, 9], (0, 0), 1.5, "a", (..., ...)], ids=str)
def test_what_numpy_refuses_is_refused(index):
    with pytest.raises(IndexError):
        ag.Tensor(V, requires_grad=True)[index]


def test_iteration():
    t = ag.Tensor(X, requires_grad=True)
    rows = list(t)
    assert len(rows) == 3
    sum(k * np.sum(row) for k, row in enumerate(rows)).backward()
    np.testing.assert_array_equal(t.grad[:, 0, 0], [0, 1, 2])
    with pytest.raises(TypeError):
        iter(t[0, 0, 0])


@pytest.mark.parametrize("mode", ["raise", "wrap", "clip", "other"])
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
@pytest.mark.parametrize("indices", [1, [0, -1], J % 2, 7, [-9, 30], NONE], ids=range(6))
def test_take(indices, axis, mode):
    assert_as_numpy(np.take, X, indices, axis, mode=mode)


@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
def test_take_along_axis(axis):
    order = np.argsort(X, axis) if axis in (None, 0, 1, -1) else np.argsort(X)
    assert_as_numpy(np.take_along_axis, X, order, axis)
    assert_as_numpy(np.take_along_axis, X, order[:1], axis)


OBJECTS = [0, 2, -1, 9, [1], [0, 2], [2, 2, -1], [], slice(0, 2), slice(None, None, -1), [0, 9]]


@pytest.mark.parametrize("obj", OBJECTS, ids=map(str, OBJECTS))
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
def test_delete(obj, axis):
    assert_as_numpy(np.delete, X, obj, axis)


@pytest.mark.parametrize("obj", OBJECTS, ids=map(str, OBJECTS))
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
def test_insert(obj, axis):
    for values in (5.0, np.array(5.0), V[:2], X[0], X[:1], X[:, :2], [1, 2, 3]):
        assert_as_numpy(np.insert, X, obj, values, axis)
        assert_as_numpy(np.insert, X.astype(np.float32), obj, values, axis)


@pytest.mark.parametrize(
    "mask", [[True, False, True], [False, False, False], np.array([True] * 3), [True, False]]
)
def test_masks(mask):
    assert_as_numpy(np.delete, X, mask, 0)
    assert_as_numpy(np.insert, X, np.array(mask), V[:2], -1)
    assert_as_numpy(np.insert, X, np.array(mask), 1.0, 0)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (np.copyto, (np.zeros(5),)),
        (np.put, ([1], 2.0)),
        (np.place, (V > 2, [1.0])),
        (np.putmask, (V > 2, 0.0)),
        (np.put_along_axis, (np.array([0]), 1.0, 0)),
        (np.fill_diagonal, (1.0,)),
    ],
)
def test_writing_in_place_is_refused_with_advice(function, arguments):
    t = ag.Tensor(V, requires_grad=True)
    with pytest.raises(TypeError, match=rf"{function.__name__}.* Write "):
        function(t, *arguments)


class Wrapped:
    """An array of a library that the engine has not heard of."""

    def __init__(self, value):
        self.value = value
        self.dtype = value.dtype


def test_other_libraries_bring_their_own_index_add(monkeypatch):
    values, library = Wrapped(np.ones(3)), Wrapped.__module__.partition(".")[0]
    monkeypatch.setitem(backends.implementations, library, None)
    with pytest.raises(TypeError, match=rf"backends\.register\('{library}', module\)"):
        index_add(values, [0, 0, 1], (2,))
    ours = types.SimpleNamespace(index_add=lambda v, i, s: Wrapped(index_add(v.value, i, s)))
    backends.register(library, ours)
    np.testing.assert_array_equal(index_add(values, [0, 0, 1], (2,)).value, [2, 1])


def test_no_backend_is_imported_before_its_library_is_used():
    code = (
        "import sys, numpy as np, autograd_np as ag; t = ag.Tensor([1.0, 2.0], requires_grad=True);"
        "np.sum(t[np.array([0, 0])]).backward();"
        "assert not any(m.startswith('autograd_np.backends') for m in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("order", ["C", "F"])
def test_masks_of_large_arrays(order):
    a = np.asarray(np.random.default_rng(1).normal(size=(200, 150)), order=order)
    mask = a > 0.1
    np.testing.assert_array_equal(getitem(a, mask), a[mask])
    for value in (2.0, np.arange(float(mask.sum())), np.ones(1)):
        expected = a.copy()
        expected[mask] = value
        np.testing.assert_array_equal(index_set(a, mask, value), expected)
    with pytest.raises(ValueError, match="3"):
        index_set(a, mask, np.ones(3))
    with pytest.raises(IndexError, match="boolean"):
        getitem(a, mask[:-1])
