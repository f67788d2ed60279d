"""The table of hand-written gradients beside the automatic ones."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.testing import Comparison, compare
from autograd_np.testing.catalogue import real

X = real(6, 2)
PARAMETERS = {"W": real(2, 3, seed=1), "b": real(3, seed=2)}


def loss(p, x):
    return np.sum(np.tanh(x @ p["W"] + p["b"]))


def by_hand(p, x, **changes):
    slope = 1 - np.tanh(x @ p["W"] + p["b"]) ** 2
    right = {"W": x.T @ slope, "b": slope.sum(axis=0)}
    return {name: changes.get(name, lambda g, s: g)(g, slope) for name, g in right.items()}


def faulty(**changes):
    """The gradient by hand with changes, each of the right value and the slope."""
    return compare(lambda p, x: by_hand(p, x, **changes), loss, PARAMETERS, X)


def squares(*arrays):
    return sum(np.sum(a * a) for a in arrays)


def test_what_is_right_agrees():
    found = faulty()
    assert isinstance(found, Comparison)
    assert found.agree
    assert [row.name for row in found.rows] == ["W", "b"]
    for row in (*found.rows, found.total):
        assert row.agrees
        assert row.relative_error < 1e-14
        assert row.cosine == pytest.approx(1)
        assert row.length == pytest.approx(1)
        assert row.diagnosis is None


def test_every_column_by_hand():
    automatic, given = np.array([[2.0, -4.0], [4.0, 0.0]]), np.array([[2.0, -4.0], [1.0, 4.0]])
    found = compare(lambda w: given, lambda w: np.sum(w * automatic), np.zeros((2, 2)))
    row = found["w"]
    assert (row.name, row.shape, row.index) == ("w", (2, 2), (1, 1))
    assert (row.hand_written, row.automatic) == (4, 0)
    assert row.relative_error == pytest.approx(5 / 6)
    assert row.cosine == pytest.approx((4 + 16 + 4) / (6 * np.sqrt(37)))
    assert row.length == pytest.approx(np.sqrt(37) / 6)
    assert not row.agrees
    assert not found.agree


def test_the_total_is_one_long_vector():
    total = faulty(b=lambda g, s: 2 * g).total
    right = by_hand(PARAMETERS, X)
    size = np.sqrt(sum(np.sum(g * g) for g in right.values()))
    assert total.shape == (9,)
    assert total.relative_error == pytest.approx(np.linalg.norm(right["b"]) / size)


MISTAKES = {
    "sign": ({"W": lambda g, s: -g}, "W", "sign"),
    "factor": ({"W": lambda g, s: 0.5 * g}, "W", "factor"),
    "mean": ({"W": lambda g, s: g / len(s)}, "W", "mean"),
    "missing sum": ({"b": lambda g, s: s}, "b", "broadcast"),
    "transposed": ({"W": lambda g, s: g.T}, "W", "transposed"),
    "zero": ({"b": lambda g, s: 0 * g}, "b", "zero"),
    "reversed": ({"b": lambda g, s: g[::-1]}, "b", "reversed"),
    "float32": ({"W": lambda g, s: np.float32(g) * 2}, "W", "factor"),
    "a wrong shape": ({"b": lambda g, s: g[:2]}, "b", "shape"),
    "not finite": ({"b": lambda g, s: g * np.nan}, "b", "nan"),
    "something else": ({"b": lambda g, s: g**2}, "b", None),
}


@pytest.mark.parametrize(("changes", "name", "kind"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_named(changes, name, kind):
    found = faulty(**changes)
    wrong = found[name]
    assert (wrong.diagnosis and wrong.diagnosis.kind) == kind
    assert [row.name for row in found.rows if not row.agrees] == [name]
    assert not found.agree
    assert not found.total.agrees
    if kind is not None:
        assert str(found).splitlines()[-1] == f"{name}: {wrong.diagnosis.text}"


def test_a_square_matrix_transposed():
    found = compare(lambda a: (2 * a).T, squares, real(3, 3))
    assert found["arrays"].diagnosis.kind == "transposed"


def test_gradients_of_two_arguments_exchanged():
    found = compare(
        lambda a, b: (a, b), lambda a, b: np.sum(a * b), real(4), real(4, seed=1), argnums=(0, 1)
    )
    assert [row.diagnosis.kind for row in found.rows] == ["swapped", "swapped"]


@pytest.mark.parametrize("given", [(1, 3), (3, 1), (3,), (1, 3, 1)])
def test_axes_of_length_1_do_not_matter(given):
    found = compare(lambda b: (2 * b).reshape(given), squares, real(3))
    assert found.agree
    assert found.rows[0].shape == (3,)


@pytest.mark.parametrize(("argnums", "names"), [(0, ["a"]), (1, ["b"]), (-1, ["c"])])
def test_one_argument(argnums, names):
    arguments = real(3), real(3, seed=1), real(3, seed=2)
    found = compare(
        lambda a, b, c: (b * c, a * c, a * b)[argnums],
        lambda a, b, c: np.sum(a * b * c),
        *arguments,
        argnums=argnums,
    )
    assert found.agree
    assert [row.name for row in found.rows] == names


@pytest.mark.parametrize("container", [tuple, list])
def test_several_arguments(container):
    found = compare(
        lambda a, b, c: container([a * b, b * c]),
        lambda a, b, c: np.sum(a * b * c),
        *(real(3), real(3, seed=1), real(3, seed=2)),
        argnums=(2, 0),
    )
    assert found.agree
    assert [row.name for row in found.rows] == ["c", "a"]


def test_names_in_containers():
    def gradient(p, q):
        return {"w": 2 * p["w"], "deep": [{"v": 2 * p["deep"][0]["v"]}]}, [2 * q[0]]

    def function(p, q):
        return squares(p["w"], p["deep"][0]["v"], q[0])

    found = compare(
        gradient, function, {"w": real(2), "deep": [{"v": real(3)}]}, [real(1)], argnums=(0, 1)
    )
    assert found.agree
    assert [row.name for row in found.rows] == ["p['w']", "p['deep'][0]['v']", "q[0]"]


def test_names_of_a_flat_dict_are_its_keys():
    state = {"0.weight": real(2, 2), "0.bias": real(2)}
    found = compare(
        lambda p: {name: 2 * value for name, value in reversed(p.items())},
        lambda p: squares(*p.values()),
        state,
    )
    assert found.agree
    assert [row.name for row in found.rows] == list(state)


def test_an_unknown_name():
    with pytest.raises(KeyError, match="no parameter 'V'; there are W, b"):
        faulty()["V"]


@pytest.mark.parametrize(
    ("function", "text"),
    [
        (lambda p, x: {"W": p["W"]}, "holds W, and the parameters are W, b"),
        (lambda p, x: {**p, "c": p["b"]}, "holds W, b, c, and the parameters are W, b"),
        (lambda p, x: None, "holds nothing, and the parameters are W, b"),
        (lambda p, x: [p["W"], p["b"]], r"holds \[0\], \[1\], and the parameters are W, b"),
    ],
)
def test_other_parameters_are_refused(function, text):
    with pytest.raises(ValueError, match=text):
        compare(function, loss, PARAMETERS, X)


def test_a_wrong_number_of_gradients():
    with pytest.raises(ValueError, match=r"1 gradients were returned for argnums=\(0, 1\)"):
        compare(lambda a, b: (b,), lambda a, b: np.sum(a * b), X, X, argnums=(0, 1))


def test_a_loss_that_is_no_number():
    with pytest.raises(ValueError, match="needs a function that returns one number"):
        compare(lambda a: a, lambda a: a, X)


@pytest.mark.parametrize(
    ("dtype", "error", "agrees"),
    [
        (np.float64, 1e-8, True),
        (np.float64, 1e-6, False),
        (np.float32, 1e-5, True),
        (np.float32, 1e-3, False),
    ],
)
def test_what_agrees_depends_on_the_dtype(dtype, error, agrees):
    x = real(5).astype(dtype)
    found = compare(lambda a: (2 * a * (1 + error)).astype(dtype), squares, x)
    assert found.agree == agrees


@pytest.mark.parametrize(("rtol", "agrees"), [(0.2, True), (0.05, False)])
def test_what_agrees_can_be_chosen(rtol, agrees):
    found = compare(lambda a: 2.2 * a, squares, X, rtol=rtol)
    assert found.agree == agrees
    assert found.rows[0].relative_error == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("hand", "automatic", "relative", "agrees"),
    [(0, 0, 0, True), (0, 1, 1, False), (1, 0, np.inf, False)],
)
def test_zero_gradients(hand, automatic, relative, agrees):
    row = compare(lambda a: hand * a, lambda a: automatic * squares(a) / 2, X).rows[0]
    assert np.isnan(row.cosine)
    assert (row.relative_error, row.agrees) == (relative, agrees)


@pytest.mark.parametrize("given", [6.0, np.array(6.0), ag.Tensor(6.0), 6])
def test_numbers(given):
    row = compare(lambda a: given, lambda a: a * a, 2.0).rows[0]
    assert (row.shape, row.index, row.hand_written, row.automatic) == ((), (), 6, 4)
    assert row.diagnosis.kind == "factor"


def test_empty_parameters():
    found = compare(lambda a: a, lambda a: np.sum(a) + 1.0, np.zeros((0, 2)))
    assert found.agree
    assert "(0, 2)" in str(found)


@pytest.mark.parametrize("scale", [1e-200, 1e-8, 1e8, 1e200])
def test_gradients_of_any_size(scale):
    def function(a):
        return np.sum(scale * a * a) / 2

    right = compare(lambda a: scale * a, function, X).rows[0]
    assert right.agrees
    assert (right.cosine, right.length) == (pytest.approx(1), pytest.approx(1))
    wrong = compare(lambda a: 3 * scale * a, function, X).rows[0]
    assert not wrong.agrees
    assert (wrong.relative_error, wrong.length) == (pytest.approx(2), pytest.approx(3))


def test_the_inputs_stay_as_they_were():
    x = real(3)

    def gradient(a):
        a *= 2
        return a

    assert compare(gradient, squares, x).agree
    np.testing.assert_array_equal(x, real(3))


TABLE = """\
              shape   rel. error  cosine  length  worst at  by hand  automatic
------------------------------------------------------------------------------
W             (2, 2)           0   1.000       1    [0, 0]      0.5        0.5
b             (3,)             2  -1.000       1       [2]       12        -12
all together  (7,)          1.95  -0.893       1
b: the sign is flipped."""


def test_the_table():
    parameters = {"W": np.array([[0.25, -1], [0.5, 1]]), "b": np.array([1.0, 2, -6])}
    found = compare(
        lambda p: {"W": 2 * p["W"], "b": -2 * p["b"]}, lambda p: squares(*p.values()), parameters
    )
    assert str(found) == TABLE
