"""`reduce`, `accumulate`, `reduceat`, `outer` and `at` of ufuncs, against NumPy and by hand."""

import itertools

import numpy as np
import pytest

import autograd_np as ag

INF, NAN = np.inf, np.nan

BINARY = [
    np.add,
    np.subtract,
    np.multiply,
    np.divide,
    np.power,
    np.float_power,
    np.maximum,
    np.minimum,
    np.fmax,
    np.fmin,
    np.hypot,
    np.logaddexp,
    np.logaddexp2,
    np.arctan2,
    np.remainder,
    np.fmod,
    np.floor_divide,
    np.copysign,
    np.heaviside,
    np.nextafter,
]
REORDERABLE = [np.add, np.multiply, *BINARY[6:13]]
NAMES = {"ids": lambda v: getattr(v, "__name__", None)}

X = np.random.default_rng(0).uniform(0.5, 2, (3, 4))
MASK = np.random.default_rng(1).random((3, 4)) < 0.5


def leaf(a):
    return ag.Tensor(a, requires_grad=True)


def value(result):
    return result.numpy() if isinstance(result, ag.Tensor) else result


def exact(ufunc):
    """The ufunc as NumPy should reduce it.

    With AVX-512, NumPy (2.2 to 2.5) reduces `power` and `arctan2` wrongly along a contiguous axis:
    ``np.power.reduce([1.1, 2, 3, 0.5])`` gives 1.1**0.5. Python's objects take another loop.
    """
    return np.frompyfunc(ufunc, 2, 1) if ufunc in (np.power, np.arctan2) else ufunc


def gradient(f, a, weights):
    t = leaf(a)
    out = f(t)
    out.backward(weights[: out.size].reshape(out.shape))
    return t.grad


def step_by_step(ufunc, t):
    total = t[0]
    for row in t[1:]:
        total = ufunc(total, row)
    return total


WEIGHTS = np.random.default_rng(2).normal(size=100)

CALLS = [
    {},
    {"axis": 1},
    {"axis": -1, "keepdims": True},
    {"axis": 0, "initial": 1.5},
    {"axis": 1, "initial": 1.5, "where": MASK},
    {"axis": ()},
]
CALLS_OVER_AXES = [
    {"axis": None},
    {"axis": (0, -1), "keepdims": True},
    {"axis": None, "initial": 2.5, "where": MASK},
]


@pytest.mark.parametrize("ufunc", BINARY, **NAMES)
def test_reduce_gives_numpys_values(ufunc):
    for kwargs in CALLS + (CALLS_OVER_AXES if ufunc in REORDERABLE else []):
        expected = np.asarray(exact(ufunc).reduce(X, **kwargs), float)
        found = ufunc.reduce(leaf(X), **kwargs)
        assert found.dtype == float
        assert found.shape == expected.shape
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-13)


@pytest.mark.parametrize("ufunc", [u for u in BINARY if u is not np.float_power], **NAMES)
def test_reduce_and_accumulate_in_another_dtype(ufunc):
    for method in ("reduce", "accumulate"):
        expected = getattr(ufunc, method)(X, dtype=np.float32)
        found = getattr(ufunc, method)(leaf(X), dtype=np.float32)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("ufunc", BINARY, **NAMES)
def test_accumulate_reduceat_and_outer_give_numpys_values(ufunc):
    t = leaf(X)
    for axis in (0, 1, -1):
        expected = exact(ufunc).accumulate(X, axis).astype(float)
        np.testing.assert_allclose(ufunc.accumulate(t, axis).numpy(), expected, rtol=1e-13)
    for axis, indices in [(0, [0, 1]), (0, [2, 0, 0, 1]), (1, [1, 3]), (-1, np.array([3, 1]))]:
        expected = exact(ufunc).reduceat(X, indices, axis).astype(float)
        np.testing.assert_allclose(ufunc.reduceat(t, indices, axis).numpy(), expected, rtol=1e-13)
    for a, b in [(t, X[0]), (X[0], t), (t, 2.0), (2, t), (t, [1.0, 2.0]), (t, t)]:
        expected = ufunc.outer(value(a), value(b))
        found = ufunc.outer(a, b)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(found.numpy(), expected, rtol=1e-14)


@pytest.mark.parametrize("ufunc", BINARY, **NAMES)
def test_gradient_of_reduce_is_that_of_the_steps(ufunc):
    expected = gradient(lambda t: step_by_step(ufunc, t), X, WEIGHTS)
    np.testing.assert_allclose(gradient(ufunc.reduce, X, WEIGHTS), expected, rtol=1e-11)


@pytest.mark.parametrize("ufunc", BINARY, **NAMES)
def test_gradient_of_accumulate_is_that_of_the_steps(ufunc):
    def steps(t):
        return np.stack([step_by_step(ufunc, t[: i + 1]) for i in range(len(X))])

    expected = gradient(steps, X, WEIGHTS)
    np.testing.assert_allclose(
        gradient(ufunc.accumulate, X, WEIGHTS), expected, rtol=1e-11, atol=1e-13
    )


RUNNING = [np.maximum, np.minimum, np.fmax, np.fmin]


@pytest.mark.parametrize("ufunc", RUNNING, **NAMES)
@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 33])
@pytest.mark.parametrize("holes", [False, True])
def test_running_extremes_share_ties_as_the_steps_do(ufunc, length, holes):
    a = np.random.default_rng(length).integers(0, 4, length).astype(float)
    if holes and ufunc in (np.fmax, np.fmin):
        a[::3] = NAN

    def steps(t):
        return np.stack([step_by_step(ufunc, t[: i + 1]) for i in range(length)])

    np.testing.assert_allclose(
        gradient(ufunc.accumulate, a, WEIGHTS), gradient(steps, a, WEIGHTS), rtol=1e-13
    )


def test_running_maximum_halves_at_each_tie():
    found = gradient(np.maximum.accumulate, np.array([1.0, 1.0, 0.0, 1.0, 2.0]), np.ones(5))
    np.testing.assert_array_equal(found, [1 + 0.5 * 2.5, 0.5 * 2.5, 0, 0.5, 1])


def test_extremes_of_numbers_pass_over_nan():
    a = np.array([[1.0, NAN, NAN], [NAN, 3.0, NAN]])
    for ufunc, kwargs in itertools.product(
        (np.fmax, np.fmin), [{}, {"axis": 1}, {"initial": 2.0}, {"initial": 2.0, "where": a != 3}]
    ):
        expected = ufunc.reduce(a, **kwargs)
        np.testing.assert_array_equal(ufunc.reduce(leaf(a), **kwargs).numpy(), expected)
    np.testing.assert_array_equal(gradient(np.fmax.reduce, a, np.ones(3)), [[1, 0, 0], [0, 1, 0]])
    np.testing.assert_array_equal(gradient(np.fmax.reduce, np.full(4, 2.0), np.ones(1)), [0.25] * 4)


def test_logaddexp_is_stable_and_shares_infinities():
    for a in ([1000.0, 1000.0], [-1000.0, -1001.0], [-INF, -INF], [INF, INF], [-INF, 3.0]):
        np.testing.assert_allclose(
            np.logaddexp.reduce(leaf(a)).item(), np.logaddexp.reduce(a), rtol=1e-15
        )
        grad = gradient(np.logaddexp.reduce, a, np.ones(1))
        np.testing.assert_allclose(grad.sum(), 1, rtol=1e-12)
    np.testing.assert_array_equal(
        gradient(np.logaddexp.reduce, [-INF, -INF], np.ones(1)), [0.5] * 2
    )


def test_hypot_neither_overflows_nor_divides_by_zero():
    np.testing.assert_allclose(np.hypot.reduce(leaf([3e200, 4e200])).item(), 5e200, rtol=1e-15)
    np.testing.assert_array_equal(gradient(np.hypot.reduce, np.zeros(3), np.ones(1)), [0, 0, 0])


def test_integers_are_reduced_in_numpys_dtype():
    t = ag.Tensor([7, 2, 2])
    for ufunc in (np.add, np.subtract, np.divide, np.floor_divide, np.hypot, np.fmax):
        expected = ufunc.reduce(t.numpy())
        found = ufunc.reduce(t)
        assert found.dtype == expected.dtype
        np.testing.assert_allclose(value(found), expected)


@pytest.mark.parametrize(
    "call",
    [
        lambda t: np.subtract.reduce(t, axis=(0, 1)),
        lambda t: np.subtract.reduce(t, axis=None),
        lambda t: np.subtract.reduce(t, where=MASK),
        lambda t: np.fmax.reduce(t, where=MASK),
        lambda t: np.maximum.reduce(t, where=MASK),
        lambda t: np.subtract.reduce(t[:0]),
        lambda t: np.fmax.reduce(t[:0]),
        lambda t: np.hypot.reduce(t[:0], initial=None),
        lambda t: np.maximum.reduce(t[:0]),
        lambda t: np.subtract.reduce(t, axis=2),
        lambda t: np.hypot.reduce(t, axis=(0, 0)),
        lambda t: np.add.accumulate(t, axis=None),
        lambda t: np.subtract.accumulate(t, axis=None),
        lambda t: np.subtract.accumulate(t[0, 0]),
        lambda t: np.subtract.reduceat(t, [3]),
        lambda t: np.add.reduceat(t, [3]),
        lambda t: np.add.reduceat(t, [-1]),
        lambda t: np.subtract.reduceat(t[0, 0], [0]),
        lambda t: np.divmod.reduce(t),
        lambda t: np.exp.reduce(t),
        lambda t: np.matmul.reduce(t),
        lambda t: np.ldexp.reduce(t),
    ],
)
def test_what_numpy_refuses_is_refused(call):
    with pytest.raises((ValueError, TypeError, IndexError, RuntimeError)) as expected:
        call(X)
    with pytest.raises(expected.type):
        call(leaf(X))


@pytest.mark.parametrize(
    ("call", "advice"),
    [
        (lambda t: np.add.at(t, [0, 0], 1.0), "bincount"),
        (lambda t: np.multiply.at(t, [0, 0], 1.0), r"t\[index\] = np.multiply\(t\[index\], value"),
        (lambda t: np.exp.at(t, [0]), r"t\[index\] = np.exp\(t\[index\]\)"),
        (lambda t: np.add.at(np.zeros(3), [0], t[0, 0]), "bincount"),
        (lambda t: np.add.reduce(t, out=np.empty(4)), "new name"),
        (lambda t: np.subtract.reduce(t, out=np.empty(4)), "new name"),
        (lambda t: np.maximum.accumulate(t, out=np.empty((3, 4))), "new name"),
        (lambda t: np.add.outer(t, t, out=np.empty((3, 4, 3, 4))), "new name"),
    ],
)
def test_writing_in_place_is_refused_with_advice(call, advice):
    with pytest.raises(TypeError, match=advice):
        call(leaf(X))


def test_methods_of_ufuncs_without_a_derivative_give_plain_arrays():
    t = leaf(X)
    for found, expected in [
        (np.logical_and.reduce(t > 0), np.logical_and.reduce(X > 0)),
        (np.logical_or.reduce(t, axis=1), np.logical_or.reduce(X, axis=1)),
        (np.less.outer(t, 1.0), np.less.outer(X, 1.0)),
        (np.bitwise_or.reduce(ag.Tensor([1, 2])), 3),
    ]:
        assert not isinstance(found, ag.Tensor)
        np.testing.assert_array_equal(found, expected)


def test_outer_of_several_outputs():
    quotient, remainder = np.divmod.outer(leaf(X[0]), np.array([0.3, 0.4]))
    np.testing.assert_array_equal(quotient.numpy(), np.divmod.outer(X[0], [0.3, 0.4])[0])
    np.testing.assert_array_equal(remainder.numpy(), np.divmod.outer(X[0], [0.3, 0.4])[1])


def test_many_float16_neither_overflow_nor_lose_their_dtype():
    ones = np.ones(70_000, np.float16)
    t = leaf(ones)
    np.testing.assert_allclose(np.logaddexp.reduce(t).item(), 1 + np.log(7e4), rtol=1e-3)
    np.testing.assert_allclose(np.hypot.reduce(t).item(), 7e4**0.5, rtol=1e-3)
    assert np.hypot.reduce(t).dtype == np.float16


def test_float16_stays():
    t = leaf(np.arange(4, dtype=np.float16))
    for f in (np.add.reduce, np.hypot.reduce, np.fmax.reduce, np.maximum.accumulate):
        assert gradient(f, t.numpy(), WEIGHTS.astype(np.float16)).dtype == np.float16
        assert f(t).dtype == np.float16


def test_a_slice_of_one_element_is_that_element():
    x = np.array([-1.5, 2.0, -3.0])
    expected = np.hypot.reduceat(x, [0, 1, 2])
    np.testing.assert_array_equal(np.hypot.reduceat(leaf(x), [0, 1, 2]).numpy(), expected)
    np.testing.assert_array_equal(expected, x)


@pytest.mark.parametrize("ufunc", [np.hypot, np.arctan2, np.logaddexp, np.copysign], **NAMES)
def test_complex_numbers_are_refused_where_numpy_refuses_them(ufunc):
    for method in ("reduce", "accumulate"):
        with pytest.raises(TypeError, match="not supported"):
            getattr(ufunc, method)(leaf(np.array([1 + 1j, 2.0])))


def test_initial_and_float_power_have_numpys_dtype():
    single = leaf(np.array([1.5, 0.5], np.float32))
    for ufunc in (np.divide, np.hypot, np.fmax, np.logaddexp):
        assert ufunc.reduce(single, initial=np.array(2.0)).dtype == np.float32
    assert np.float_power.accumulate(single).dtype == np.float64


def test_a_number_to_begin_with_has_the_dtype_of_the_elements():
    x = np.array([3, 4])
    for ufunc in (np.subtract, np.fmod, np.power):
        found, expected = (ufunc.reduce(a, initial=7.5) for a in (ag.Tensor(x), x))
        assert found.dtype == expected.dtype
        assert found.item() == expected
