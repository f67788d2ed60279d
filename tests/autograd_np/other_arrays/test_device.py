"""The whole catalogue on a strict make-believe device: NumPy's protocols suffice."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import backends
from autograd_np.trees import flatten, map_leaves
from tests.autograd_np.other_arrays import device
from tests.autograd_np.other_arrays.device import DeviceArray
from tests.autograd_np.samples import CASES, differentiable, recorded


@pytest.fixture(autouse=True)
def _backend(monkeypatch):
    monkeypatch.setitem(backends.implementations, "tests", device)


def to_device(value):
    return DeviceArray(value) if isinstance(value, np.ndarray) else value


def gradients(call, arrays):
    """The values of the recorded results, and the gradients of their sum, on the arrays' device."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    for number, out in enumerate(outs):
        out.backward(np.ones_like(out.data) * (0.5 + number), retain_graph=True)
    return [out.data for out in outs], [tensor.grad for tensor in tensors]


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_gradient_is_that_of_the_host(function, sample):
    values, expected = gradients(*differentiable(function, sample))
    call, arrays = differentiable(function, sample, convert=to_device)
    on_device, found = gradients(call, arrays)
    for ours, theirs in zip([*values, *expected], [*on_device, *found], strict=True):
        if ours is not None:
            assert type(theirs) is DeviceArray
            np.testing.assert_allclose(theirs.get(), ours, rtol=1e-12, atol=1e-13)


def test_the_device_is_strict():
    x = DeviceArray(np.ones(3))
    for convert in (np.asarray, float, bool, list):
        with pytest.raises(TypeError, match="implicit"):
            convert(x)
    with pytest.raises(TypeError, match="mixed"):
        x + np.ones(3)
    with pytest.raises(TypeError, match="mixed"):
        x[np.array([0, 1])]
    with pytest.raises(TypeError, match="does not exist"):
        np.add.reduce(x)


def f(x):
    return np.sum(np.exp(x) * x[::-1] ** 2)


X = np.array([0.5, -1.0, 2.0])
D = np.array([1.0, 0.5, -2.0])


@pytest.mark.parametrize(
    "transform",
    [
        lambda x, d: ag.grad(f)(x),
        lambda x, d: ag.value_and_grad(f)(x),
        lambda x, d: ag.vjp(np.exp, x)[1](d),
        lambda x, d: ag.jvp(np.exp, [x], [d]),
        lambda x, d: ag.hvp(f, [x], [d]),
        lambda x, d: ag.hessian(f)(x),
        lambda x, d: ag.jacobian(np.cumsum)(x),
        lambda x, d: ag.jacobian(np.sum)(x),
        lambda x, d: ag.elementwise_grad(np.sin)(x),
        lambda x, d: ag.grad(lambda x: ag.checkpoint(f)(x))(x),
    ],
)
def test_transforms_stay_on_the_device(transform):
    expected, _ = flatten(transform(X, D))
    found, _ = flatten(transform(DeviceArray(X), DeviceArray(D)))
    for theirs, ours in zip(found, expected, strict=True):
        assert type(theirs) is DeviceArray
        np.testing.assert_allclose(theirs.get(), ours, rtol=1e-12)


def test_second_order_and_full_recording():
    x = ag.Tensor(DeviceArray(X), requires_grad=True)
    with ag.record():
        f(x).backward(create_graph=True)
    gradient = x.grad.data
    np.testing.assert_allclose(gradient.get(), ag.grad(f)(X), rtol=1e-12)


def test_training_on_the_device():
    w = ag.Tensor(DeviceArray(X), requires_grad=True)
    for _ in range(3):
        w.zero_grad()
        ag.cross_entropy(w[None] * 2, DeviceArray(np.array([1]))).backward()
        w = ag.Tensor(w.data - 0.1 * w.grad, requires_grad=True)
    assert map_leaves(type, w.data) is DeviceArray
