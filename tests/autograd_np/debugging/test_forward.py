"""Anomaly mode, forward: what raises, what is accepted, and where the error points."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.registry import dispatched
from tests.autograd_np.debugging.watching import halves, leaf, line, raised, temporary

__all__ = ["halves", "temporary"]


FORWARD = {
    "log of a negative": (lambda: np.log(leaf(1.0, -1.0)), "log", "nan", (1,)),
    "0/0": (lambda: leaf(1.0, 2.0, 0.0) / np.array([1.0, 1.0, 0.0]), "divide", "nan", (2,)),
    "1/0": (lambda: 1 / leaf(1.0, 0.0), "divide", "inf", (1,)),
    "overflow of exp": (lambda: np.exp(leaf(1.0, 1000.0)), "exp", "inf", (1,)),
    "0-d": (lambda: np.log(ag.Tensor(-1.0, requires_grad=True)), "log", "nan", ()),
    "a constant Tensor": (lambda: np.sqrt(ag.Tensor([[1.0], [-1.0]])), "sqrt", "nan", (1, 0)),
    "matmul in float32": (
        lambda: (
            ag.Tensor(np.full((2, 2), 1e30, np.float32), requires_grad=True)
            @ np.array([[0, 1e30], [0, 0]], np.float32)
        ),
        "matmul",
        "inf",
        (0, 1),
    ),
    "a list of operands": (
        lambda: np.concatenate([leaf(1.0), leaf(2.0, np.nan)]),
        "concatenate",
        "nan",
        (2,),
    ),
}


@pytest.mark.parametrize(
    ("function", "operation", "kind", "index"), FORWARD.values(), ids=FORWARD.keys()
)
def test_forward(function, operation, kind, index):
    error = raised(function)
    assert (error.operation, error.kind, error.index) == (operation, kind, index)
    assert (error.direction, error.rule) == ("forward", None)


def test_one_of_several_outputs(halves):
    error = raised(lambda: halves(leaf(1.0, -1.0)))
    assert (error.operation, error.kind, error.index) == ("halves", "nan", (1,))
    error = raised(lambda: np.log(halves(leaf(1.0, 0.0))[1]))
    assert "x: result of halves[1] (test_forward.py:" in str(error)


def test_the_message_of_a_forward_anomaly():
    x, here = leaf(4.0, -1.0, 2.0, name="x"), line() + 4

    def run():
        z = 2 * x
        return np.log(z)

    head, *rest = str(raised(run)).splitlines()
    assert head == (
        f"log made a NaN at test_forward.py:{here}, going forward, from x = -2: index (1,) of "
        f"shape (3,) (1 of 3 elements)"
    )
    text = "\n".join(rest)
    assert f'File "{__file__}", line {here}\n    return np.log(z)' in text
    assert f"x: result of multiply (test_forward.py:{here - 1}) (3,) float64: -2" in text
    assert [" ".join(each.split()) for each in rest[-2:]] == [
        f"test_forward.py:{here - 1} z = 2 * x multiply (3,) float64",
        f"test_forward.py:{here} return np.log(z) log (3,) float64",
    ]


def test_file_line_and_shapes_are_exact():
    x, here = leaf(1.0, 0.0), line() + 4

    def run():
        y = x * 2
        return np.divide(np.ones((3, 1)), y)

    error = raised(run)
    assert error.source == (__file__, here)
    assert error.shapes == {"x": (3, 1), "y": (2,), "out": (3, 2)}
    assert error.index == (0, 1)


def test_a_chain_holds_the_latest_operations_newest_last():
    def run():
        y = leaf(2.0)
        for _ in range(20):
            y = y * 1.5
        np.sqrt(-y)

    lines = str(raised(run)).split("newest last:\n")[1].splitlines()
    assert len(lines) == 9
    # What comes from one line of source is shown under it.
    assert ["y = y * 1.5" in text for text in lines] == [True] + 8 * [False]
    assert [text.split()[-3] for text in lines] == [*["multiply"] * 7, "negative", "sqrt"]


class TestGiven:
    """Anomalies that were there before are blamed on what had them."""

    def test_nan_in_the_data(self):
        data = np.ones((2, 3))
        data[1, 2] = np.nan
        error = raised(lambda: leaf(1.0, 2.0, 3.0) * data)
        assert error.index == (1, 2)
        assert str(error).startswith("multiply was given a NaN at test_forward.py")
        assert "its operand y, constant array of shape (2, 3), has it at index (1, 2)" in str(error)

    def test_nan_in_a_parameter(self):
        w = leaf(1.0, np.nan, name="weight")
        error = raised(lambda: np.array([[1.0, 2.0]]) @ w)
        assert "its operand y, leaf Tensor 'weight' of shape (2,), has it at index (1,)" in str(
            error
        )

    def test_inf_in_a_parameter(self):
        error = raised(lambda: leaf(1.0, -np.inf) + np.inf)
        assert error.kind == "nan"
        error = raised(lambda: leaf(1.0, -np.inf) * 2)
        assert "multiply was given an inf" in str(error)

    def test_a_value_recorded_before_the_watch(self):
        with np.errstate(all="ignore"):
            y = np.log(leaf(0.0))
        error = raised(lambda: y * 2)
        assert "result of log, recorded before, of shape (1,), has it" in str(error)

    @pytest.mark.parametrize("bad", [np.inf, np.nan])
    def test_a_factor_of_a_matrix_product_is_data_and_no_mask(self, bad):
        data = np.ones((3, 2))
        data[2, 1] = bad
        weight = ag.Tensor(np.array([[1.0, 0.0], [1.0, 0.0]]), requires_grad=True)
        head = str(raised(lambda: data @ weight)).splitlines()[0]
        word = "an inf" if np.isinf(bad) else "a NaN"
        assert head.startswith(f"matmul was given {word} at test_forward.py")
        assert "its operand x, constant array of shape (3, 2), has it at index (2, 1)" in head

    def test_nan_that_meets_a_nan_elsewhere_is_made(self):
        error = raised(lambda: np.log(leaf(-1.0, np.nan)))
        assert str(error).startswith("log made a NaN")


class TestAccepted:
    """Infinities of constants are no mistake."""

    def test_a_mask_through_softmax_by_hand_and_ours(self):
        mask = np.array([[0, -np.inf], [0, 0]])

        def gradient():
            scores = ag.Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
            z = scores + mask
            e = np.exp(z - z.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            (p * ag.softmax(np.where(mask == 0, scores, -np.inf)) ** 2).sum().backward()
            return scores.grad

        expected = gradient()
        with ag.detect_anomaly():
            np.testing.assert_array_equal(gradient(), expected)
        assert np.any(expected)

    def test_another_inf_beside_that_of_a_constant_is_none_of_its_doing(self):
        error = raised(lambda: leaf(1e308, 1.0) * np.array([10.0, np.inf]))
        assert error.index == (0,)

    def test_an_inf_inside_a_rule_on_the_way_to_a_finite_gradient(self, temporary):
        @dispatched
        def angle(x, y):
            """Its rule overflows, in Tensors or in constants, where its derivative is 0."""
            return np.arctan(x) + np.arctan(y)

        temporary(angle, x=lambda g, x, y: g / (1 + x * x) / (1 + y * y))
        x = leaf(1e200, 1.0, 1.0)
        with ag.detect_anomaly():
            angle(x, np.array([1.0, 1.0, 1e200])).sum().backward()
        np.testing.assert_array_equal(x.grad, [0, 0.25, 0])

    def test_empty_integer_and_boolean_results(self):
        with ag.detect_anomaly():
            assert np.sum(ag.Tensor(np.zeros((0, 3)), requires_grad=True)).item() == 0
            assert (ag.Tensor([1, 2]) * 2).dtype == int
            assert isinstance(leaf(1.0) > 0, np.ndarray)
            assert np.isnan(ag.Tensor([np.nan])).all()
