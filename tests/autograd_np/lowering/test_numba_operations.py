"""Every kind of operation that the numba backend knows, against NumPy."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import autograd_np as ag
from autograd_np.lowering.lowered import CannotLowerError
from autograd_np.rules.indexing import index_add, index_set
from tests.autograd_np.lowering.numba_steps import check, lowered

pytest.importorskip("numba")

DTYPES = ("float32", "float64")
PLACES = np.array([2, 0, -1, 1])
TABLE = np.array([[1, 0], [3, 2]])


def numbers(*shape, dtype="float64", seed=0):
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_reductions(dtype):
    check(
        lambda a, b: (
            np.sum(a), np.sum(a * 2, axis=0), np.sum(a, axis=1, keepdims=True),
            np.sum(b + 1, axis=(0, 2)), np.sum(b, axis=1), np.max(a, axis=1), np.min(a, axis=0),
            np.mean(a, axis=(0, 1)), np.mean(b, axis=-1), np.prod(a, axis=1),
            np.sum(a > 0), np.sum(a > 0, axis=0), np.any(a > 1), np.all(a > -9, axis=1),
        ),
        numbers(7, 5, dtype=dtype), numbers(3, 4, 5, dtype=dtype),
    )  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
def test_variances_and_norms(dtype):
    check(
        lambda a: (
            np.var(a, axis=0), np.std(a), np.var(a, axis=1, ddof=1, keepdims=True),
            np.linalg.norm(a), np.linalg.norm(a, axis=1),
            (a - np.mean(a, axis=0)) / np.sqrt(np.var(a, axis=0) + 1e-5),
        ),
        numbers(50, 7, dtype=dtype),
    )  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
def test_broadcasting(dtype):
    check(
        lambda a, b, c, d: (a * b + c, d + a, np.exp(d) * d, np.where(a > 0, a, c * 0.5), c + 1),
        numbers(4, 1, 3, dtype=dtype), numbers(5, 1, dtype=dtype), numbers(3, dtype=dtype),
        numbers(dtype=dtype),
    )  # fmt: skip


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_by_rows_and_columns(dtype):
    check(
        lambda a, b: (
            ag.softmax(a, axis=0), ag.softmax(b), ag.logsumexp(b, axis=1), ag.log_softmax(a),
            (b - np.mean(b, axis=0)) / np.sqrt(np.mean(b * b, axis=0) + 1e-5),
        ),
        numbers(5, 70, dtype=dtype), numbers(200, 7, dtype=dtype),
    )  # fmt: skip


def test_views():
    check(
        lambda a, b: (
            a.T + 1, a.reshape(5, 4) * 2, a[::-1, 1:3] - 1, np.expand_dims(a, 0) + a[None],
            np.flip(a, 1) * 3, a.T.reshape(-1) + 1, (a * 2).T.reshape(2, -1), a.T, a, a[0],
            a[0, 0], np.squeeze(b) * 2, np.swapaxes(b, 0, 2) + 1, np.broadcast_to(a[0], (3, 5)),
        ),
        numbers(4, 5), numbers(3, 1, 2),
    )  # fmt: skip


@pytest.mark.parametrize("dtype", [*DTYPES, "int64"])
def test_products(dtype):
    def matrix(*shape):
        return (numbers(*shape) * 4).astype(dtype)

    check(
        lambda a, b, c, d: (
            a @ b, a @ c, c[:4] @ a, (c @ c) * 2, a.T @ a, a[:, ::2] @ b[::2], a[:, :1] @ b[:1],
            a @ b[:, 2], d @ b, d @ d.swapaxes(1, 2), d[0, :1] @ c, a[::-1] @ b, b.T @ a.T,
        ),
        matrix(4, 5), matrix(5, 6), matrix(5), matrix(3, 4, 5),
    )  # fmt: skip


def test_products_of_stacks_and_tensors():
    check(
        lambda a, b, c: (
            a @ b, np.tensordot(a, c, axes=([1, 3], [2, 0])), np.outer(a[0, 0, 0], c[0]),
            np.inner(c[0, 0], c[0, 1]), np.einsum("ij,jk->ik", c[0], c[1].T),
        ),
        numbers(2, 1, 4, 5), numbers(3, 5, 4), numbers(5, 2, 1),
    )  # fmt: skip


def test_sums_by_products_with_ones():
    rows, column = np.ones(4), np.ones((5, 1))
    for array in (rows, column):
        array.flags.writeable = False
    native = check(lambda a: (np.dot(rows, a), np.dot(a, column)), numbers(4, 5))
    assert "gemm" not in native.source


def test_places():
    check(
        lambda a, b: (
            a[PLACES], np.take(a, PLACES, axis=0), np.take(a, TABLE, axis=1), b[:, TABLE],
            a[np.arange(4), PLACES], a[TABLE] + 1, b[PLACES % 3, :, PLACES % 2],
            np.take_along_axis(a, np.argsort(numbers(4, 5, seed=1), 1), 1),
            np.argmax(a, axis=0), np.argmin(a, axis=1), np.argmax(b, axis=2),
            index_set(a, PLACES, a[0]), index_set(a, (slice(1, 3), 2), 0), index_set(a, 0, a[1]),
            index_set(a, (np.arange(4), PLACES), 1.5),
            index_add(a[:3], np.array([1, 1, 0]), (4, 5)),
            index_add(a[:, :3], (slice(None), np.array([1, 1, 0])), (4, 5)),
            index_add(a[:2], slice(1, 3), (4, 5)),
        ),
        numbers(4, 5), numbers(3, 5, 4),
    )  # fmt: skip


def test_traced_places_count_from_both_ends():
    labels = np.array([0, 4, -2, -5])
    native, program = lowered(lambda a, b: a[np.arange(4), b], numbers(4, 5), labels)
    values = [program.variables[ref.index].value for ref in native.wants]
    np.testing.assert_array_equal(native.run(*values)[0], values[0][np.arange(4), labels])
    for outside in (5, -6):
        with pytest.raises(IndexError, match="out of bounds"):
            native.run(values[0], np.array([0, outside, 0, 0]))


def test_joining_and_splitting():
    check(
        lambda a, b: (
            np.concatenate([a * 2, b]), np.concatenate([a, a + 1], axis=1), np.stack([a, a * a]),
            np.stack([a, a * a], axis=-1), np.hstack([a, a]), np.concatenate([a, b], axis=None),
            *(part * 2 for part in np.split(a, 2, axis=1)),
        ),
        numbers(4, 6), numbers(2, 6),
    )  # fmt: skip


def test_dtypes():
    check(
        lambda a, b, c: (
            a.astype("float32"), a.astype("int64"), (a > 0).astype("float32"), a + b, b * 2,
            b / 2, c + 1, c // 2, c % 3, -c, c * c, (a > 0) & (b > 0), a * (a > 0), c > 1,
            np.maximum(c, 2), np.where(c > 1, c, 0), b + np.float64(1), b * np.float32(0.1),
        ),
        numbers(4, 5), numbers(4, 5, dtype="float32"),
        np.arange(-10, 10, dtype="int32").reshape(4, 5),
    )  # fmt: skip


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (0,)])
def test_empty(shape):
    check(lambda a: (a * 2, np.sum(a, axis=0), np.sum(a), a + 1), np.zeros(shape))


def test_empty_products():
    check(
        lambda a, b, c: (a @ b, b.T @ a.T, c @ a),
        numbers(0, 5), numbers(5, 2), numbers(3, 0),
    )  # fmt: skip


def test_six_axes():
    check(lambda a, b: a * b, numbers(2, 1, 2, 1, 2, 1), numbers(1, 3, 1, 3, 1, 3))


def test_one_value_returned_twice_is_two_arrays():
    native, program = lowered(lambda a: (a + 1,) * 2, numbers(3))
    first, second = native.run(program.variables[native.wants[0].index].value)
    assert not np.may_share_memory(first, second)
    np.testing.assert_array_equal(first, second)


@given(
    rows=st.integers(1, 70), columns=st.integers(1, 9), inner=st.integers(1, 9),
    dtype=st.sampled_from(DTYPES), seed=st.integers(0, 9),
)  # fmt: skip
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
def test_layers_of_any_shape(rows, columns, inner, dtype, seed):
    def layer(a, b, c):
        h = ag.relu(a @ b + c)
        g = h * (h > 0) - 0.5 * np.mean(h, axis=0)
        return h, g @ b.T, a.T @ g, np.sum(g, axis=0), np.sum(np.square(g))

    check(
        layer,
        numbers(rows, inner, dtype=dtype, seed=seed), numbers(inner, columns, dtype=dtype),
        numbers(columns, dtype=dtype),
    )  # fmt: skip


@pytest.mark.parametrize(
    "function",
    [np.sort, np.linalg.inv, lambda a: np.fft.fft(a).real, lambda a: a.astype("float16")],
)
def test_what_it_has_no_code_for_is_named(function):
    with pytest.raises(CannotLowerError, match=r"\(at .*test_numba_operations.py:\d+\)"):
        lowered(lambda a: np.abs(function(a)), numbers(4, 4))
