"""select, piecewise, choose, compress, extract, interp: values as NumPy's, edges as promised."""

import numpy as np
import pytest

import autograd_np as ag

RNG = np.random.default_rng(0)
A, B = RNG.normal(size=(2, 3, 4))
LOW, HIGH = A < -0.5, A > 0.5
INF = np.inf


def recorded(a):
    return ag.Tensor(a, requires_grad=True)


def assert_as_numpy(function, *arrays):
    """The same value and dtype for Tensors as for arrays, and a result that was recorded."""
    out, expected = function(*map(recorded, arrays)), function(*arrays)
    assert out.requires_grad
    assert out.dtype == expected.dtype
    np.testing.assert_array_equal(out.numpy(), expected)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "complex64"])
@pytest.mark.parametrize("default", [0, 0.5, np.float32(2), np.arange(4)])
def test_select(dtype, default):
    assert_as_numpy(
        lambda a, b: np.select([LOW, HIGH, ~LOW], [a, 1, b[0]], default),
        A.astype(dtype),
        B.astype(dtype),
    )


def test_the_first_condition_decides_and_infinite_gradients_stay_on_their_side():
    a, b = recorded(np.zeros(3)), recorded(np.zeros(3))
    conditions = [np.array([False, True, False]), np.array([True, True, False])]
    np.select(conditions, [a, b], 5.0).backward(np.array([INF, np.nan, 1]))
    np.testing.assert_array_equal(a.grad, [0, np.nan, 0])
    np.testing.assert_array_equal(b.grad, [INF, 0, 0])


def test_select_refuses_what_numpy_refuses():
    t = recorded(A)
    with pytest.raises(ValueError, match="2 conditions and 1 choices"):
        np.select([LOW, HIGH], [t])
    with pytest.raises(TypeError, match="condition != 0"):
        np.select([np.ones((3, 4), int)], [t])


PIECES = {
    "functions": ([LOW, HIGH], [np.sin, np.exp]),
    "rest": ([LOW, HIGH], [np.sin, np.exp, np.cos]),
    "constants": ([LOW, HIGH], [1, -2.5, 7]),
    "overlap": ([LOW, ~HIGH], [np.sin, np.exp]),
    "array of conditions": (np.array([LOW, HIGH]), [np.sin, np.exp]),
    "one condition": (LOW, [np.sin]),
    "nowhere": ([A > 9], [np.sin, np.exp]),
}


@pytest.mark.parametrize("case", PIECES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "complex128"])
def test_piecewise(case, dtype):
    conditions, functions = PIECES[case]
    if case == "one condition":
        assert_as_numpy(lambda a: np.piecewise(a, LOW[0], functions), A[0].astype(dtype))
    else:
        assert_as_numpy(lambda a: np.piecewise(a, conditions, functions), A.astype(dtype))


def test_piecewise_hands_each_function_its_own_elements_and_the_arguments():
    seen = []

    def scaled(x, factor, power=1):
        seen.append(x.shape)
        return factor * x**power

    x, factor = np.array([-1.0, 2, 3]), recorded(2.0)
    t = recorded(x)
    out = np.piecewise(t, [x > 0], [scaled], factor, power=3)
    out.backward(np.ones(3))
    assert seen == [(2,)]
    np.testing.assert_array_equal(out.numpy(), [0, 16, 54])
    np.testing.assert_array_equal(t.grad, [0, 24, 54])
    assert factor.grad == 35


def test_piecewise_never_computes_where_it_must_not():
    x = np.array([0.0, 4.0])
    root = ag.grad(lambda t: np.sum(np.piecewise(t, [t > 0], [np.sqrt])))
    np.testing.assert_array_equal(root(x), [0, 0.25])


def test_piecewise_of_constants_has_a_recorded_zero_gradient():
    t = recorded(A)
    np.sum(np.piecewise(t, [LOW], [1.0, 2.0])).backward()
    np.testing.assert_array_equal(t.grad, np.zeros_like(A))


@pytest.mark.parametrize("functions", [[], [np.sin] * 4])
def test_piecewise_counts_its_functions(functions):
    with pytest.raises(ValueError, match="2 conditions"):
        np.piecewise(recorded(A), [LOW, HIGH], functions)


NUMBERS = np.array([[2, 0, 1, 1]])


@pytest.mark.parametrize(
    ("numbers", "mode"), [(NUMBERS, "raise"), (NUMBERS - 4, "wrap"), (NUMBERS * 7 - 5, "clip")]
)
@pytest.mark.parametrize("dtype", ["float32", "float64", "complex64"])
def test_choose(numbers, mode, dtype):
    a, b = A.astype(dtype), B.astype(dtype)
    assert_as_numpy(lambda a, b: np.choose(numbers, [a, b[0], b], mode=mode), a, b)
    assert_as_numpy(lambda a: np.choose(numbers, a, mode=mode), a)


def test_choose_keeps_infinite_gradients_from_what_was_not_chosen():
    t, u = recorded(np.zeros(2)), recorded(np.zeros(2))
    np.choose(np.array([0, 1]), [t, u]).backward(np.array([INF, np.nan]))
    np.testing.assert_array_equal(t.grad, [INF, 0])
    np.testing.assert_array_equal(u.grad, [0, np.nan])


def test_choose_refuses():
    with pytest.raises(ValueError, match="invalid entry"):
        np.choose(np.array([5]), [recorded(A), 1.0])
    with pytest.raises(TypeError, match="out"):
        np.choose(NUMBERS, [recorded(A), 1.0], out=np.empty((3, 4)))


@pytest.mark.parametrize("condition", [[1, 0, 1], np.array([False, True]), [0, 1, 1, 0, 0], []])
def test_compress(condition):
    assert_as_numpy(lambda a: np.compress(condition, a, 0), A)
    assert_as_numpy(lambda a: np.compress(condition, a, -2), A)
    assert_as_numpy(lambda a: np.compress(condition, a), A)


def test_compress_refuses():
    t = recorded(A)
    with pytest.raises(IndexError):
        np.compress([0, 0, 0, 1], t, 0)
    with pytest.raises(ValueError, match="one axis"):
        np.compress(LOW, t)
    with pytest.raises(np.exceptions.AxisError):
        np.compress([True], t, 2)
    with pytest.raises(TypeError, match="out"):
        np.compress([True], t, out=np.empty(1))


def test_extract():
    assert_as_numpy(lambda a: np.extract(LOW, a), A)
    assert_as_numpy(lambda a: np.extract(np.arange(12) % 3, a), A.astype("float32"))
    np.testing.assert_array_equal(ag.grad(lambda a: np.sum(np.extract(LOW, a)))(A), LOW)


XP = np.array([-1.0, 0, 0.5, 2])
FP = np.array([3.0, 1, -2, 5])
X = np.array([[-3, -1, -0.5, 0], [0.25, 0.5, 2, 2.5]])
TABLES = {
    "plain": (X, XP, FP),
    "complex": (X, XP, FP + 1j * FP[::-1]),
    "a jump": (X, np.array([-1, 0.5, 0.5, 2]), FP),
    "one point": (X, XP[2:3], FP[2:3]),
    "no number": (np.array([np.nan, 0.1, INF, -INF]), XP, FP),
    "ends at infinity": (np.append(X, [INF, -INF]), np.array([-INF, 0, 0.5, INF]), FP),
    "infinite values": (X, XP, np.array([1, INF, INF, 2])),
    "values that are no number": (X, XP, np.array([1, np.nan, 3, 2])),
}


@pytest.mark.parametrize("case", TABLES)
@pytest.mark.parametrize("ends", [{}, {"left": 7.5}, {"left": -INF, "right": np.nan}])
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_interp(case, ends):
    x, xp, fp = TABLES[case]
    assert_as_numpy(lambda x, xp, fp: np.interp(x, xp, fp, **ends), x, xp, fp)
    assert_as_numpy(lambda x: np.interp(x, xp, fp, **ends), x)


@pytest.mark.parametrize("period", [3.5, -3.5, 10, 0.75])
def test_interp_with_a_period(period):
    out = np.interp(recorded(X), recorded(XP), recorded(FP), period=period, left=99.0)
    np.testing.assert_allclose(out.numpy(), np.interp(X, XP, FP, period=period), rtol=1e-14)


def test_interp_computes_in_double_precision_as_numpy_does():
    x, xp, fp = (v.astype("float32") for v in (X, XP, FP))
    assert_as_numpy(np.interp, x, xp, fp)
    assert ag.grad(lambda x: np.sum(np.interp(x, xp, fp)))(x).dtype == np.float32
    assert_as_numpy(lambda fp: np.interp(0.3, [0, 1], fp), FP[:2])


def test_the_slope_at_a_point_of_the_table_is_that_to_its_right_and_at_the_end_to_its_left():
    slopes = np.diff(FP) / np.diff(XP)
    got = ag.grad(lambda x: np.sum(np.interp(x, XP, FP)))(XP)
    np.testing.assert_array_equal(got, slopes[[0, 1, 2, 2]])
    outside = ag.grad(lambda x: np.sum(np.interp(x, XP, FP)))(np.array([-1.5, 2.5]))
    np.testing.assert_array_equal(outside, [0, 0])


def test_the_ends_of_a_table_take_the_gradient_from_beyond_unless_given():
    fp = recorded(FP)
    left = recorded(0.0)
    np.interp(np.array([-9.0, -8, 7]), XP, fp, left=left).backward(np.array([1.0, 2, 4]))
    np.testing.assert_array_equal(fp.grad, [0, 0, 0, 4])
    assert left.grad == 3


def test_a_longer_table_is_a_linear_map_of_its_values():
    x, xp = np.sort(RNG.uniform(-1, 5, 40)), np.sort(RNG.uniform(0, 4, 9))
    expected = np.stack([np.interp(x, xp, row) for row in np.eye(9)], axis=1)
    got = ag.jacobian(lambda fp: np.interp(x, xp, fp))(RNG.normal(size=9))
    np.testing.assert_allclose(got, expected, atol=1e-15)


@pytest.mark.parametrize(
    ("xp", "fp", "options", "match"),
    [
        (XP, FP[:3], {}, r"\(4,\) and \(3,\)"),
        (XP[:0], FP[:0], {}, "at least 1"),
        (XP, FP, {"period": 0}, "period other than 0"),
    ],
)
def test_interp_refuses(xp, fp, options, match):
    with pytest.raises(ValueError, match=match):
        np.interp(recorded(X), xp, fp, **options)


def test_where_of_a_condition_alone_gives_plain_indices():
    rows, columns = np.where(recorded(A) > 0.5)
    np.testing.assert_array_equal((rows, columns), np.where(HIGH))
    assert type(rows) is np.ndarray


def test_lists_are_compressed():
    out = np.compress(recorded([0.0, 2.0]).detach(), [3.0, 4.0])
    np.testing.assert_array_equal(out, [4])


def test_lists_choose_as_arrays_do():
    a, b = recorded([1.0, 2.0]), recorded([3.0, 4.0])
    np.sum(np.choose([0, 1], [a, b])).backward()
    np.testing.assert_array_equal((a.grad, b.grad), ([1, 0], [0, 1]))
    out = np.select([[True, False], [False, False]], [a, [7.0, 8.0]], [5.0, 6.0])
    np.testing.assert_array_equal(out.numpy(), [1, 6])


@pytest.mark.parametrize("period", [None, 2.5])
def test_interp_of_constant_tables_is_traced(period):
    x, xp, fp = np.array([0.3, 1.2]), np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0])
    with ag.record():
        t = recorded(x)
        np.sum(np.interp(t, xp, ag.Tensor(fp), period=period)).backward()
    np.testing.assert_array_equal(t.grad, [1, 3])
