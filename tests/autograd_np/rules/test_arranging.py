"""Repeating, turning, padding, diagonals: values and errors are NumPy's own."""

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.against_numpy import assert_as_numpy

X = np.random.default_rng(0).normal(size=(2, 3, 4))
V = X[0, 0]
NUMBER = np.array(2.0)
# NumPy 2.2 does not know some of the arguments yet.
NEWER = np.lib.NumpyVersion(np.__version__) >= "2.4.0"


@pytest.mark.parametrize("function", [np.flip, np.flipud, np.fliplr, np.rot90, np.tril, np.triu])
def test_whole_arrays(function):
    for array in (X, X[0], V, NUMBER, X[:0]):
        assert_as_numpy(function, array)


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2), (0, 0), 3])
def test_flip_and_roll_along_axes(axis):
    assert_as_numpy(np.flip, X, axis)
    for shift in (0, 1, -5, (1, 2), (1, 2, 3), np.array([1, 2])):
        assert_as_numpy(np.roll, X, shift, axis)


@pytest.mark.parametrize("k", range(-5, 6))
def test_k(k):
    assert_as_numpy(np.rot90, X, k, (2, 0))
    assert_as_numpy(np.rot90, X, k, (1, 1))
    for function in (np.tril, np.triu, np.diag, np.diagonal):
        for matrix in (X[0], X[0].T, V):
            assert_as_numpy(function, matrix, k)
    assert_as_numpy(np.diagonal, X, k, 2, 0)
    assert_as_numpy(np.diagonal, X, k, 1, -2)
    assert_as_numpy(np.diagflat, X[0], k)
    assert_as_numpy(np.diag, X, k)
    assert_as_numpy(np.linalg.diagonal, X, offset=k)


REPEATS = [0, 1, 2, [2], [1, 0, 3], np.array([1, 2]), [1, 2, 3, 4], -1]


@pytest.mark.parametrize("repeats", REPEATS, ids=map(str, REPEATS))
@pytest.mark.parametrize("axis", [None, 0, 1, -1, 3])
def test_repeat(repeats, axis):
    assert_as_numpy(np.repeat, X, repeats, axis)
    assert_as_numpy(np.repeat, NUMBER, repeats, axis)


@pytest.mark.parametrize("reps", [0, 2, (), (2,), (1, 2), (2, 1, 3), (2, 1, 1, 2), [2, 2]], ids=str)
def test_tile(reps):
    for array in (X, X[0], V, NUMBER, X[:0]):
        assert_as_numpy(np.tile, array, reps)


@pytest.mark.parametrize("shape", [3, (), (2, 2), (5, 7), (0, 2), (-1, 2), 0], ids=str)
def test_resize(shape):
    for array in (X, V, NUMBER, X[:0]):
        assert_as_numpy(np.resize, array, shape)


@pytest.mark.parametrize("window", [0, 1, 3, 5, -1, (2, 2), (1, 2, 3), (2, 9, 1)], ids=str)
@pytest.mark.parametrize("axis", [None, 1, (0, 2), (1, 1), 3])
def test_sliding_window_view(window, axis):
    assert_as_numpy(np.lib.stride_tricks.sliding_window_view, X, window, axis)


@pytest.mark.parametrize("trim", ["fb", "BF", "f", "b", "x"])
@pytest.mark.parametrize("axis", [None, 0, -1, 2, *([(0, 1)] if NEWER else [])])
def test_trim_zeros(trim, axis):
    some = np.zeros((5, 6))
    some[1:3, 2:5] = X[0, :2, :3]
    some[2, 3] = 0.0
    for array in (some, np.zeros((2, 3)), X[0]):
        assert_as_numpy(np.trim_zeros, array, trim, axis)
    for vector in (np.array([0, 0, 1, 0, 2, 0.0]), np.zeros(3), np.zeros(0)):
        assert_as_numpy(np.trim_zeros, vector, trim)


def test_the_gradient_of_trimmed_zeros_is_zero():
    t = ag.Tensor([0.0, 0.0, 3.0, 0.0, 2.0, 0.0], requires_grad=True)
    np.sum(np.trim_zeros(t) ** 2).backward()
    np.testing.assert_array_equal(t.grad, [0, 0, 6, 0, 4, 0])


@pytest.mark.parametrize(
    ("function", "arguments", "counts"),
    [
        (np.repeat, (2,), [2, 2, 2, 2]),
        (np.repeat, ([0, 3, 1, 2],), [0, 3, 1, 2]),
        (np.tile, ((3, 2),), [6, 6, 6, 6]),
        (np.resize, ((2, 3),), [2, 2, 1, 1]),
        (np.pad, (2, "wrap"), [2, 2, 2, 2]),
        (np.pad, (2, "edge"), [3, 1, 1, 3]),
        (np.pad, (2, "reflect"), [1, 3, 3, 1]),
        (np.pad, (2, "symmetric"), [2, 2, 2, 2]),
        (np.pad, (2, "empty"), [1, 1, 1, 1]),
    ],
)
def test_gradients_count_how_often_an_element_comes(function, arguments, counts):
    t = ag.Tensor(V.astype(np.float32), requires_grad=True)
    np.sum(function(t, *arguments)).backward()
    assert t.grad.dtype == np.float32
    np.testing.assert_array_equal(t.grad, counts)


WIDTHS = [0, 1, (1, 2), ((1, 0), (0, 2)), [[1], [2]], 7, -1, 1.5, (1, 2, 3)]
if NEWER:
    WIDTHS.append({0: 1, -1: (0, 3)})
SETTINGS = [
    {},
    {"mode": "constant", "constant_values": 3.0},
    {"mode": "constant", "constant_values": (np.array(1.0), 2.0)},
    {"mode": "constant", "constant_values": np.array([[1.0, 2.0], [3.0, 4.0]])},
    {"mode": "constant", "constant_values": np.array([[1.0], [2.0]])},
    {"mode": "constant", "constant_values": np.ones(3)},
    {"mode": "linear_ramp"},
    {"mode": "linear_ramp", "end_values": np.array([1.0, -2.0])},
    *({"mode": mode} for mode in ("edge", "maximum", "minimum", "mean", "median")),
    *({"mode": mode, "stat_length": 2} for mode in ("maximum", "mean")),
    {"mode": "median", "stat_length": ((1, 9), (2, 3))},
    {"mode": "maximum", "stat_length": 0},
    *({"mode": mode} for mode in ("reflect", "symmetric", "wrap")),
    *({"mode": mode, "reflect_type": "odd"} for mode in ("reflect", "symmetric")),
    {"mode": "wrap", "reflect_type": "odd"},
    {"mode": "unknown"},
    {"mode": "edge", "constant_values": 1.0},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=lambda s: "-".join(map(str, s.values())))
@pytest.mark.parametrize("widths", WIDTHS, ids=str)
def test_pad(widths, settings):
    for array in (X[0], X[0, :1], X[0, :2, :3], X[0, :0]):
        assert_as_numpy(np.pad, array, widths, **settings)
    if not isinstance(widths, dict):
        assert_as_numpy(np.pad, V.astype(np.float32), widths, **settings)


@pytest.mark.parametrize("mode", ["reflect", "symmetric"])
@pytest.mark.parametrize("length", [2, 3, 4])
def test_odd_reflection_far_beyond_the_edges(mode, length):
    for widths in ((0, 3), (9, 2), (13, 17)):
        assert_as_numpy(np.pad, V[:length], widths, mode, reflect_type="odd")


def test_pad_refuses_functions_with_advice():
    with pytest.raises(TypeError, match=r"Write np\.concatenate"):
        np.pad(ag.Tensor(V, requires_grad=True), 1, lambda *_: None)


def test_pad_shares_ties_and_sums_over_constants():
    t = ag.Tensor([1.0, 1.0, 0.0], requires_grad=True)
    value = ag.Tensor(5.0, requires_grad=True)
    np.sum(np.pad(t, (2, 0), "maximum")).backward()
    np.testing.assert_array_equal(t.grad, [2, 2, 1])
    np.sum(np.pad(t, (2, 3), constant_values=value)).backward()
    assert value.grad == 5


@pytest.mark.parametrize("mode", ["mean", "median", "maximum"])
def test_statistics_of_integers_are_rounded(mode):
    x = np.array([1, 4, 2, 250], np.uint8)
    found = np.pad(ag.Tensor(x), 2, mode, stat_length=2)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found.numpy(), np.pad(x, 2, mode, stat_length=2))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.float16])
def test_resize_of_nothing_keeps_the_dtype(dtype):
    assert np.resize(ag.Tensor(np.ones((0, 2), dtype)), 3).dtype == dtype
