"""CuPy arrays: NumPy's gradients, on the GPU from beginning to end."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing.catalogue import label
from tests.autograd_np.other_arrays.test_device import needs_values
from tests.autograd_np.samples import CASES, differentiable, recorded

cupy = pytest.importorskip("cupy")

# How CuPy says that it has no such function, or not all of its arguments.
REFUSALS = (AttributeError, NotImplementedError, TypeError, ValueError)


@pytest.fixture(autouse=True, scope="module")
def _a_gpu():
    try:
        count = cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError:
        count = 0
    if not count:
        pytest.skip("CuPy finds no GPU")


def to_cupy(value):
    return cupy.asarray(value) if isinstance(value, np.ndarray) else value


def gradients(call, arrays):
    """The values of the recorded results, and the gradients of their weighted sum."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    for number, out in enumerate(outs):
        out.backward(np.ones_like(out.data) * (0.5 + number), retain_graph=True)
    return [*(out.data for out in outs), *(tensor.grad for tensor in tensors)]


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_gradient_is_that_of_numpy(function, sample):
    call, arrays = differentiable(function, sample, convert=to_cupy)
    try:
        call(*arrays)
    except REFUSALS:
        pytest.skip(f"CuPy itself does not compute {label(function)} of these")
    if needs_values(function, sample):
        pytest.skip("needs values that are on the device")
    try:
        found = gradients(call, arrays)
    except TypeError as error:
        # What NumPy says where a library has no function of some name.
        if "no implementation found" not in str(error):
            raise
        pytest.skip(f"the rule of {label(function)} calls what CuPy does not have")
    expected = gradients(*differentiable(function, sample))
    for ours, theirs in zip(expected, found, strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert isinstance(theirs, cupy.ndarray)
            np.testing.assert_allclose(theirs.get(), ours, rtol=1e-10, atol=1e-11)


A = np.arange(60.0).reshape(5, 4, 3) / 7


@pytest.mark.parametrize(
    "index",
    [
        3,
        (..., -1),
        slice(None, None, -2),
        slice(0, 0),
        None,
        [0, -1, 0, 2],
        (slice(None), np.array([[0, 1], [1, -1]])),
        np.array([True, False, True, True, False]),
        A > 4,
        ([0, 1, 0], [1, 1, 1]),
        ([0, 0], slice(None), 1),
    ],
    ids=str,
)
def test_indexing(index):
    """By lists and NumPy's arrays, too; repeated places add up."""
    value, pullback = ag.vjp(lambda a: a[index], cupy.asarray(A))
    (found,) = pullback(value * value + 1)
    expected_value, pullback = ag.vjp(lambda a: a[index], A)
    (expected,) = pullback(expected_value * expected_value + 1)
    assert isinstance(found, cupy.ndarray)
    np.testing.assert_array_equal(value.get(), expected_value)
    np.testing.assert_allclose(found.get(), expected, rtol=1e-12)


def test_indexing_by_cupy():
    index = np.array([2, 0, 2])
    found = ag.grad(lambda a: np.sum(np.sin(a[cupy.asarray(index)])))(cupy.asarray(A))
    expected = ag.grad(lambda a: np.sum(np.sin(a[index])))(A)
    np.testing.assert_allclose(found.get(), expected, rtol=1e-12)


@pytest.mark.parametrize("index", [1, slice(1, 4), [0, 3], A > 4], ids=str)
def test_assignment(index):
    def assigned(a, value):
        t = a * 1
        t[index] = value
        return t * t

    out, pullback = ag.vjp(assigned, cupy.asarray(A), cupy.asarray(A[index] + 1))
    expected_out, expected = ag.vjp(assigned, A, A[index] + 1)
    for theirs, ours in zip(pullback(out), expected(expected_out), strict=True):
        np.testing.assert_allclose(theirs.get(), ours, rtol=1e-12)


def test_assignment_to_a_place_twice_is_refused():
    t = ag.Tensor(cupy.asarray(A), requires_grad=True) * 1
    value = ag.Tensor(cupy.ones((2, 4, 3)), requires_grad=True)
    t[[1, 1]] = value
    with pytest.raises(ValueError, match="repeatedly"):
        np.sum(t).backward()


def test_a_network_trains_on_the_gpu():
    rng = np.random.default_rng(0)
    parameters = [rng.normal(size=shape) for shape in [(6, 5), (5,), (5, 3), (3,)]]
    x, labels = rng.normal(size=(20, 6)), rng.integers(3, size=20)

    def network(parameters, x, labels):
        w1, b1, w2, b2 = parameters
        return ag.cross_entropy(ag.relu(x @ w1 + b1) @ w2 + b2, labels)

    loss, found = ag.value_and_grad(network)(
        [cupy.asarray(p) for p in parameters], cupy.asarray(x), cupy.asarray(labels)
    )
    expected_loss, expected = ag.value_and_grad(network)(parameters, x, labels)
    for theirs, ours in zip([loss, *found], [expected_loss, *expected], strict=True):
        assert isinstance(theirs, cupy.ndarray)
        np.testing.assert_allclose(theirs.get(), ours, rtol=1e-10)
