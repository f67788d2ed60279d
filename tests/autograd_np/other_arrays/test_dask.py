"""Dask arrays: NumPy's gradients, and nothing computed before the user asks."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing.catalogue import label
from autograd_np.trees import flatten
from tests.autograd_np.other_arrays import dask_support
from tests.autograd_np.samples import CASES, differentiable, recorded

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

# Where Dask would compute in order to use NumPy, it warns. Here that is an error.
pytestmark = pytest.mark.filterwarnings("error::FutureWarning")


class ComputedError(BaseException):
    """Something was computed before the user had asked."""


def refusing(*args, **kwargs):
    """A scheduler that finds out what asks for values too early."""
    raise ComputedError


def in_two(value):
    """An array of floats in two chunks along its first axis; what else a call has stays NumPy's."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fc":
        return value
    chunks = tuple(max(1, -(-n // 2)) if axis == 0 else n for axis, n in enumerate(value.shape))
    return da.from_array(value, chunks=chunks)


def in_one(value):
    """An array of floats in one chunk."""
    return da.from_array(value, chunks=-1) if in_two(value) is not value else value


def gradients(call, arrays):
    """The values of the recorded results, and the gradients of their weighted sum."""
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    for number, out in enumerate(outs):
        out.backward(np.ones_like(out.data) * (0.5 + number), retain_graph=True)
    return [*(out.data for out in outs), *(tensor.grad for tensor in tensors)]


def lazily(function, sample, convert):
    """Values and gradients of a sample by Dask, computed at the end only."""
    call, arrays = differentiable(function, sample, convert=convert)
    with dask.config.set(scheduler=refusing):
        found = gradients(call, arrays)
    for each in found:
        assert each is None or isinstance(each, da.Array)
    with np.errstate(all="ignore"):
        return dask.compute(*found, scheduler="synchronous", optimize_graph=False)


# Integrals by quadrature are graphs of many thousand tasks.
QUADRATURES = {"log_gamma_moment", "log_beta_moment", "special.betainc"}


def marked(case):
    function, _ = case.values
    marks = [pytest.mark.nightly] if label(function) in QUADRATURES else []
    return pytest.param(*case.values, id=case.id, marks=marks)


@pytest.mark.parametrize(
    ("function", "sample"),
    [marked(case) for case in CASES],
)
def test_gradient_is_that_of_numpy_or_refused(function, sample):
    """What is not supported says so: it is neither wrong nor computed by NumPy in passing."""
    name = label(function)
    convert = in_one if name in dask_support.IN_ONE_CHUNK else in_two
    try:
        found = lazily(function, sample, convert)
    except Exception:
        if dask_support.is_supported(name, sample.name):
            raise
        return
    expected = gradients(*differentiable(function, sample))
    for ours, theirs in zip(expected, found, strict=True):
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert theirs.dtype == ours.dtype
            np.testing.assert_allclose(theirs, ours, rtol=1e-12, atol=1e-13)


def test_the_tables_name_what_is_there():
    names = {label(case.values[0]) for case in CASES}
    assert names >= dask_support.SUPPORTED
    samples = {(label(case.values[0]), case.values[1].name) for case in CASES}
    assert samples >= dask_support.REFUSED


def polar(a):
    """The factors of singular values and vectors, put together again."""
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    return np.sum(np.cos((u * s**2) @ vh)) + np.sum(s)


def triangular(a):
    q, r = np.linalg.qr(a)
    return np.sum(np.sin(q @ r)) + np.sum(np.abs(np.diagonal(r)))


@pytest.mark.parametrize("function", [polar, triangular])
@pytest.mark.parametrize("chunks", [(2, 3), (5, 3)], ids=str)
def test_vectors_of_other_signs(function, chunks):
    """Several chunks lead to other signs than one; nothing here depends on them."""
    a = np.random.default_rng(0).normal(size=(5, 3))
    with dask.config.set(scheduler=refusing):
        found = ag.grad(function)(by_dask(a, chunks))
    expected = ag.grad(function)(a)
    np.testing.assert_allclose(found.compute(scheduler="synchronous"), expected, rtol=1e-11)


@pytest.mark.parametrize("function", [np.linalg.svd, np.linalg.eigh, np.sort, np.median], ids=label)
def test_what_dask_does_not_have_is_not_computed(function):
    with dask.config.set(scheduler=refusing), pytest.raises((NotImplementedError, FutureWarning)):
        ag.grad(lambda a: np.sum(function(a)[0]))(by_dask(A[:, :, 0], (5, 4)))


A = np.arange(60.0).reshape(5, 4, 3) / 7
CHUNKS = [(2, 2, 3), (5, 4, 3), (1, 4, 1)]


def by_dask(values, chunks=2):
    return da.from_array(np.asarray(values), chunks=chunks)


def computed(index):
    if isinstance(index, tuple):
        return tuple(map(computed, index))
    return index.compute() if isinstance(index, da.Array) else index


INDICES = {
    "number": 3,
    "from the end": (..., -1),
    "slices": (slice(1, 4), None, 0),
    "backwards": slice(None, None, -2),
    "nothing": slice(0, 0),
    "none of them": [],
    "new axis": None,
    "list": [0, -1, 0, 2],
    "last axis": (..., [2, 0]),
    "table": np.array([[1, 2], [-1, 1]]),
    "table along an axis": (slice(None), np.array([[0, 1], [1, -1]])),
    "mask of an axis": np.array([True, False, True, True, False]),
    "mask of two": A[..., 0] > 2,
    "pairs": ([0, 1, 0], [1, 1, 1]),
    "apart": ([0, 0], slice(None), 1),
    "numbers by Dask": by_dask([0, -1, 2, 2]),
    "number by Dask": by_dask(2),
    "table by Dask": (slice(None), by_dask([[0, 1], [1, -1]])),
}


@pytest.mark.parametrize("chunks", CHUNKS, ids=str)
@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES.keys())
def test_indexing(index, chunks):
    with dask.config.set(scheduler=refusing):
        value, pullback = ag.vjp(lambda a: a[index], by_dask(A, chunks))
        (found,) = pullback(value * value + 1)
    expected_value, pullback = ag.vjp(lambda a: a[computed(index)], A)
    (expected,) = pullback(expected_value * expected_value + 1)
    np.testing.assert_array_equal(value.compute(scheduler="synchronous"), expected_value)
    np.testing.assert_allclose(found.compute(scheduler="synchronous"), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "index", [1, slice(1, 4), [0, 3], (..., [2, 0]), ([0, 1], [1, 1])], ids=str
)
def test_assignment(index):
    def assigned(a, value):
        t = a * 1
        t[index] = value
        return t * t

    value = A[index] + 1
    with dask.config.set(scheduler=refusing):
        out, pullback = ag.vjp(assigned, by_dask(A), by_dask(value))
        found = pullback(out)
    expected_out, pullback = ag.vjp(assigned, A, value)
    results = dask.compute(out, *found, scheduler="synchronous")
    for ours, theirs in zip(results, [expected_out, *pullback(expected_out)], strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_unknown_chunk_sizes_are_refused():
    x = by_dask(A[:, 0, 0])
    chosen = x[x > 1]
    with pytest.raises(ValueError, match=r"compute_chunk_sizes\(\)"):
        ag.Tensor(chosen, requires_grad=True)
    t = ag.Tensor(x, requires_grad=True)
    with pytest.raises(ValueError, match=r"np\.where\(mask, x, 0\)"):
        t[x > 1]
    with pytest.raises(ValueError, match=r"compute_chunk_sizes\(\)"):
        np.compress(x > 1, t)
    known = ag.Tensor(chosen.compute_chunk_sizes(), requires_grad=True)
    np.sum(known * known).backward()
    np.testing.assert_array_equal(known.grad.compute(), 2 * A[A[:, 0, 0] > 1, 0, 0])


def network(parameters, x, labels):
    w1, b1, w2, b2 = parameters
    return ag.cross_entropy(ag.relu(x @ w1 + b1) @ w2 + b2, labels)


@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_a_network_trains_on_a_chunked_batch(scheduler):
    rng = np.random.default_rng(0)
    parameters = [rng.normal(size=shape) for shape in [(6, 5), (5,), (5, 3), (3,)]]
    x, labels = rng.normal(size=(20, 6)), rng.integers(3, size=20)

    def trained(parameters, x, labels):
        losses = []
        for _ in range(3):
            loss, gradients = ag.value_and_grad(network)(parameters, x, labels)
            parameters = [p - 0.1 * g for p, g in zip(parameters, gradients, strict=True)]
            losses.append(loss)
        return [*losses, *parameters]

    with dask.config.set(scheduler=refusing):
        lazy = trained(parameters, by_dask(x, (7, 6)), by_dask(labels, 7))
    assert all(isinstance(each, da.Array) for each in lazy)
    found = dask.compute(*lazy, scheduler=scheduler, num_workers=2)
    for ours, theirs in zip(found, trained(parameters, x, labels), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_numbers_by_dask_choose_rows_of_parameters():
    """An embedding: the same row is taken in several chunks, and its gradients add up."""
    table, words = np.arange(12.0).reshape(4, 3), np.array([1, 3, 1, 0, 1])
    with dask.config.set(scheduler=refusing):
        found = ag.grad(lambda t: np.sum(np.sin(t[by_dask(words)])))(by_dask(table))
    expected = ag.grad(lambda t: np.sum(np.sin(t[words])))(table)
    np.testing.assert_allclose(found.compute(scheduler="synchronous"), expected, rtol=1e-12)


def f(x):
    return np.sum(np.exp(x) * x[::-1] ** 2)


X = np.array([0.5, -1.0, 2.0])
D = np.array([1.0, 0.5, -2.0])


def recorded_in_full(x, d):
    t = ag.Tensor(x, requires_grad=True)
    with ag.record():
        f(t).backward(create_graph=True)
    return t.grad.data


TRANSFORMS = {
    "value_and_grad": lambda x, d: ag.value_and_grad(f)(x),
    "vjp": lambda x, d: ag.vjp(np.exp, x)[1](d),
    "jvp": lambda x, d: ag.jvp(np.exp, [x], [d]),
    "jvp through complex numbers": lambda x, d: ag.jvp(lambda x: np.real(np.exp(1j * x)), [x], [d]),
    "hvp": lambda x, d: ag.hvp(f, [x], [d]),
    "hessian": lambda x, d: ag.hessian(f)(x),
    "jacobian by rows": lambda x, d: ag.jacobian(np.sum)(x),
    "jacobian by columns": lambda x, d: ag.jacobian(lambda x: np.outer(x, x))(x),
    "elementwise_grad": lambda x, d: ag.elementwise_grad(np.sin)(x),
    "checkpoint": lambda x, d: ag.grad(lambda x: ag.checkpoint(f)(x))(x),
    "grad of grad": lambda x, d: ag.grad(lambda x: np.sum(ag.grad(f)(x) ** 2))(x),
    "full recording": recorded_in_full,
}


@pytest.mark.parametrize("transform", TRANSFORMS.values(), ids=TRANSFORMS.keys())
def test_transforms(transform):
    with dask.config.set(scheduler=refusing):
        found, _ = flatten(transform(by_dask(X), by_dask(D)))
    expected, _ = flatten(transform(X, D))
    for theirs, ours in zip(found, expected, strict=True):
        assert isinstance(theirs, da.Array)
        np.testing.assert_allclose(theirs.compute(scheduler="synchronous"), ours, rtol=1e-12)


def test_looking_computes_nothing():
    with dask.config.set(scheduler=refusing):
        assert "dask" in repr(ag.Tensor(by_dask(X), requires_grad=True))
