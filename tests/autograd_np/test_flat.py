"""Several leaves in one array."""

import numpy as np
import pytest

import autograd_np as ag


def leaves():
    return [
        ag.Tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True),
        ag.Tensor(5.0, requires_grad=True),
        ag.Tensor([6.0], requires_grad=True),
    ]


def test_values_move_in_and_identity_stays():
    tensors = leaves()
    buffer = ag.FlatBuffer(tensors)
    np.testing.assert_array_equal(buffer.data, [1, 2, 3, 4, 5, 6])
    buffer.data += 1
    buffer.written()
    np.testing.assert_array_equal(tensors[0].data, [[2, 3], [4, 5]])
    assert tensors[1].item() == 6
    tensors[2].data = np.array([0.0])
    assert buffer.data[-1] == 0
    buffer.data = np.zeros(6)
    assert not tensors[0].data.any()


def test_gradients_are_gathered():
    tensors = leaves()
    buffer = ag.FlatBuffer(tensors)
    with pytest.raises(ValueError, match="Tensor 0 of the buffer"):
        buffer.gather()
    (tensors[0].sum() * 2 + tensors[1] * 3 + tensors[2].sum() * 4).backward()
    np.testing.assert_array_equal(buffer.gather(), [2, 2, 2, 2, 3, 4])
    assert not np.may_share_memory(buffer.gather(), tensors[0].grad)


def test_ownership():
    tensors = leaves()
    first = ag.FlatBuffer(tensors)
    assert first.owns()
    second = ag.FlatBuffer(tensors[:2])
    assert second.owns()
    assert not first.owns()


def test_a_graph_keeps_the_memory_it_read():
    tensors = leaves()
    loss = (tensors[0] ** 2).sum()
    buffer = ag.FlatBuffer(tensors)
    buffer.data += 1
    buffer.written()
    loss.backward()
    np.testing.assert_array_equal(tensors[0].grad, [[2, 4], [6, 8]])


def test_what_it_refuses():
    single = ag.Tensor([1.0], requires_grad=True)
    with pytest.raises(TypeError, match="float32, float64"):
        ag.FlatBuffer([single, ag.Tensor(np.ones(1, np.float32))])
    with pytest.raises(TypeError, match="leaf Tensors"):
        ag.FlatBuffer([single * 2])
