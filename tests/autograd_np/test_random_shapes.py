"""Broadcasting, indexing and reductions at shapes that hypothesis thinks of."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd_np as ag
from autograd_np.reverse import unbroadcast

SHAPES = hnp.mutually_broadcastable_shapes(num_shapes=2, min_dims=0, max_dims=4, max_side=4)


def filled(shape, seed=0):
    return np.random.default_rng(seed).uniform(0.5, 2.0, shape)


@given(SHAPES, st.sampled_from([np.add, np.subtract, np.multiply, np.divide, np.maximum]))
@settings(max_examples=150, deadline=None)
def test_broadcasting_is_undone(shapes, function):
    """The gradient equals that of the operands stretched by hand, summed back by hand."""
    a, b = (filled(shape, seed) for seed, shape in enumerate(shapes.input_shapes))
    weights = filled(shapes.result_shape, 2)
    x, y = ag.Tensor(a, requires_grad=True), ag.Tensor(b, requires_grad=True)
    function(x, y).backward(weights)
    wide = [ag.Tensor(np.broadcast_to(v, weights.shape), requires_grad=True) for v in (a, b)]
    function(*wide).backward(weights)
    for tensor, stretched in zip((x, y), wide, strict=True):
        lead = weights.ndim - tensor.ndim
        axes = tuple(range(lead)) + tuple(
            lead + i for i, n in enumerate(tensor.shape) if n == 1 and weights.shape[lead + i] != 1
        )
        expected = stretched.grad.sum(axis=axes).reshape(tensor.shape)
        np.testing.assert_allclose(tensor.grad, expected, rtol=1e-12, atol=1e-12)


@given(SHAPES, st.sampled_from([np.float32, np.float64, np.float16]))
@settings(max_examples=100, deadline=None)
def test_unbroadcast_sums(shapes, dtype):
    narrow = shapes.input_shapes[0]
    g = filled(shapes.result_shape).astype(dtype)
    summed = unbroadcast(g, narrow)
    assert summed.shape == narrow
    assert summed.dtype == dtype
    np.testing.assert_allclose(summed.sum(), g.sum(), rtol=1e-2 if dtype == np.float16 else 1e-5)


@st.composite
def arrays_and_indices(draw):
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    index = draw(
        st.one_of(
            hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True),
            hnp.integer_array_indices(shape),
            hnp.arrays(bool, shape),
        )
    )
    return filled(shape), index


@given(arrays_and_indices())
@settings(max_examples=200, deadline=None)
def test_gradients_of_indexing_add_up(case):
    array, index = case
    t = ag.Tensor(array, requires_grad=True)
    got = t[index]
    np.testing.assert_array_equal(got.numpy(), array[index])
    weights = filled(got.shape, 1)
    got.backward(weights)
    expected = np.zeros_like(array)
    np.add.at(expected, index, weights)
    np.testing.assert_allclose(t.grad, expected, rtol=1e-12)


@given(arrays_and_indices())
@settings(max_examples=100, deadline=None)
def test_assignment_is_a_functional_update(case):
    array, index = case
    t, v = ag.Tensor(array, requires_grad=True), ag.Tensor(3.0, requires_grad=True)
    updated = t * 1.0
    updated[index] = v
    expected = array.copy()
    expected[index] = 3.0
    np.testing.assert_array_equal(updated.numpy(), expected)
    updated.sum().backward()
    kept = np.ones_like(array)
    kept[index] = 0
    np.testing.assert_array_equal(t.grad, kept)
    # Every place that was assigned counts once, however often the index names it.
    assert v.grad == array.size - kept.sum()


@given(hnp.array_shapes(min_dims=0, max_dims=3, max_side=3), st.data())
@settings(max_examples=100, deadline=None)
def test_reductions_over_any_axes(shape, data):
    axis = data.draw(st.one_of(st.none(), hnp.valid_tuple_axes(len(shape))))
    keepdims = data.draw(st.booleans())
    x = filled(shape)
    for function in (np.sum, np.mean, np.prod, np.max):
        t = ag.Tensor(x, requires_grad=True)
        result = function(t, axis=axis, keepdims=keepdims)
        np.testing.assert_array_equal(result.numpy(), function(x, axis=axis, keepdims=keepdims))
        result.sum().backward()
        step = 1e-6
        for index in np.ndindex(shape):
            up, down = x.copy(), x.copy()
            up[index] += step
            down[index] -= step
            slope = function(up, axis=axis).sum() - function(down, axis=axis).sum()
            assert t.grad[index] == pytest.approx(slope / (2 * step), rel=1e-5, abs=1e-7)


def test_locks_on_one_array_from_many_threads():
    x = np.ones((50, 3))
    errors = []

    def hammer():
        try:
            w = ag.Tensor(np.ones((3, 2)), requires_grad=True)
            for _ in range(300):
                loss = (x @ w).sum() + (x[:, :2] * w[:2, 0]).sum()
                loss.backward()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=hammer) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert x.flags.writeable
