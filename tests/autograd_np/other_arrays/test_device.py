"""The whole catalogue on a strict make-believe device: NumPy's protocols suffice."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import backends
from autograd_np.testing.catalogue import label
from autograd_np.trees import flatten, map_leaves
from tests.autograd_np.other_arrays import device
from tests.autograd_np.other_arrays.device import DeviceArray
from tests.autograd_np.samples import CASES, differentiable, recorded


@pytest.fixture(autouse=True)
def _backend(monkeypatch):
    monkeypatch.setitem(backends.implementations, "tests", device)


def to_device(value):
    return DeviceArray(value) if isinstance(value, np.ndarray) else value


# What cannot be done without values that are on the device, and so has to raise: the functions,
# or one of their samples, and which values those are.
NEEDS_VALUES = {
    "np.trim_zeros": "which elements are 0 decides how many are left",
    "np.repeat array": "the numbers of repetitions decide how many elements there are",
    "np.delete mask": "the mask decides how many elements are left",
    "np.insert mask": "the mask decides how many elements there are",
    "np.add.reduceat matrix": "where the slices begin decides what is added up",
    "np.add.reduceat no slices": "where the slices begin decides what is added up",
    "np.multiply.reduceat matrix": "where the slices begin decides what is multiplied",
    "np.multiply.reduceat no slices": "where the slices begin decides what is multiplied",
    "np.hypot.reduceat matrix": "where the slices begin decides what is added up",
    "np.hypot.reduceat no slices": "where the slices begin decides what is added up",
    "extended": "np.pad finds the places, on the host",
}


def needs_values(function, sample):
    name = label(function)
    return name in NEEDS_VALUES or f"{name} {sample.name}" in NEEDS_VALUES


def derivatives(call, arrays, order):
    """Results, gradients of their weighted sum, and those of the squares of the gradients.

    The last only where they are defined to second order.
    """
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    for number, out in enumerate(outs):
        out.backward(np.ones_like(out.data) * (0.5 + number), create_graph=True)
    gradients = [tensor.grad for tensor in tensors]
    for tensor, gradient in zip(tensors, gradients, strict=True):
        tensor.grad = None
        if order > 1 and gradient is not None and gradient.requires_grad:
            np.sum(np.real(gradient * np.conjugate(gradient))).backward(retain_graph=True)
    seconds = [tensor.grad for tensor in tensors]
    return [None if each is None else each.data for each in (*outs, *gradients)], seconds


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_derivatives_are_those_of_the_host(function, sample):
    call, arrays = differentiable(function, sample, convert=to_device)
    if needs_values(function, sample):
        with pytest.raises(TypeError):
            derivatives(call, arrays, sample.order)
        return
    values, seconds = derivatives(*differentiable(function, sample), sample.order)
    on_device, found = derivatives(call, arrays, sample.order)
    for ours, theirs in zip([*values, *seconds], [*on_device, *found], strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert type(theirs) is DeviceArray
            np.testing.assert_allclose(theirs.get(), ours, rtol=1e-12, atol=1e-13)


def test_the_device_is_strict():
    x = DeviceArray(np.ones(3))
    for convert in (np.asarray, float, bool, int):
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


def test_a_library_has_to_say_how_to_add_at_an_index(monkeypatch):
    monkeypatch.setitem(backends.implementations, "tests", None)
    x = ag.Tensor(DeviceArray(X), requires_grad=True)
    with pytest.raises(TypeError, match=r"backends\.register\('tests', module\)"):
        np.sum(x[1:]).backward()


def test_a_reverse_pass_for_a_picture_stays_on_the_device():
    x = ag.Tensor(DeviceArray(X), requires_grad=True)
    assert "rule of the reverse pass" in ag.draw(f(x), backward=True).source
    assert x.grad is None
