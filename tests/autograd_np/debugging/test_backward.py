"""Anomaly mode, backward: gradients that are not finite, and arrays changed since."""

import ctypes
import inspect

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.debugging.watching import halves, leaf, line, raised, temporary

__all__ = ["halves", "temporary"]


class TestBackward:
    def test_square_root_of_zero(self):
        x, here = leaf(4.0, 0.0), line() + 3

        def run():
            y = np.sqrt(x)
            y.sum().backward()

        error = raised(run)
        assert (error.kind, error.direction, error.operation, error.rule, error.index) == (
            "inf",
            "backward",
            "divide",
            "sqrt",
            (1,),
        )
        assert error.source == (__file__, here)
        text = str(error)
        assert text.splitlines()[0] == (
            f"sqrt made an inf at test_backward.py:{here}, going backward, in its "
            f"gradient with respect to x, from g = 1, out = 0: index (1,) of shape (2,) (1 of 2 "
            f"elements)"
        )
        assert "rule(np.sqrt, x=lambda g, out:" in text
        assert "g: (2,) float64: 1\n" in text
        assert "out: (2,) float64: 0\n" in text
        assert error.shapes == {"g": (2,), "out": (2,), "gradient": (2,)}
        assert x.grad is None

    def test_the_where_trap(self):
        def run():
            x = leaf(4.0, 0.0)
            np.where(x > 0, np.sqrt(x), 0).sum().backward()

        error = raised(run)
        assert (error.kind, error.operation, error.rule, error.index) == (
            "nan",
            "multiply",
            "sqrt",
            (1,),
        )
        assert "divide made an inf: x = 0.5, y = 0\n" in str(error)
        assert "multiply made a NaN: x = 0, y = inf\n" in str(error)

    def test_overflow_on_the_edge(self):
        def run():
            (leaf(1.0) * np.ones(3)).backward(np.full(3, 1e308))

        error = raised(run)
        assert (error.kind, error.direction, error.rule) == ("inf", "backward", "multiply")
        assert "going backward with the gradient of multiply, from a = all 1e+308" in str(error)

    def test_overflow_of_the_sum_of_two_paths(self):
        def run():
            x = leaf(1.0)
            y = x * 1.0
            (y + y).backward([1e308])

        assert raised(run).operation == "add"

    def test_overflow_of_accumulated_gradients(self):
        x = leaf(1.0)

        def run():
            for _ in range(2):
                (x * 1e308).backward([1.0])

        error = raised(run)
        assert (error.operation, error.direction) == ("add", "backward")

    def test_a_gradient_that_is_infinite_because_a_constant_is(self):
        error = raised(lambda: (leaf(1.0) * np.array([np.inf])).sum().backward())
        assert (error.rule, error.kind) == ("multiply", "inf")
        assert "y: (1,) float64: inf\n" in str(error)

    @pytest.mark.parametrize("bad", [np.nan, np.inf])
    def test_a_seed(self, bad):
        error = raised(lambda: (leaf(1.0, 2.0) * 2).backward([1.0, bad]))
        assert str(error).startswith("the gradient that the pass was started with, for the result")
        assert "at index (1,) of shape (2,), going backward\n" in str(error)
        assert (error.index, error.direction) == ((1,), "backward")

    def test_a_hook(self):
        def run():
            y = leaf(1.0) * 2
            y.register_hook(lambda g: g * np.nan)
            y.sum().backward()

        assert str(raised(run)).startswith("the gradient that a hook returned")

    def test_a_call_with_several_outputs_shows_the_formula_of_the_one(self, halves):
        def run(weight):
            root, rest = halves(leaf(4.0, 0.0))
            (root if weight is None else root + weight * rest).sum().backward()

        for weight in (None, 3.0):
            error = raised(run, weight)
            assert (error.rule, error.operation, error.index) == ("halves", "divide", (1,))
            assert '"root": lambda g, root: g * (0.5 / root)' in str(error)
            assert "g of root: (2,) float64: 1\n" in str(error)
            assert "root: (2,) float64: 0\n" in str(error)

    def test_in_a_transform_inside_a_transform(self):
        def run():
            ag.grad(ag.grad(lambda x: x**1.5))(0.0)

        error = raised(run)
        assert (error.rule, error.direction, error.kind) == ("power", "backward", "inf")
        assert str(error).startswith("sqrt, in the derivative of power, made an inf at ")
        assert "sqrt in the derivative of power" in str(error)
        assert error.source[1] == inspect.getsourcelines(run)[1] + 1

    @pytest.mark.parametrize(
        "run",
        [
            lambda: ag.jacobian(np.sqrt)(np.array([1.0, 0.0])),
            lambda: ag.jvp(np.sqrt, [np.array([1.0, 0.0])], [np.ones(2)]),
            lambda: ag.vjp(np.sqrt, np.array([1.0, 0.0]))[1](np.ones(2)),
            lambda: np.sqrt(leaf(1.0, 0.0)).sum().backward(create_graph=True),
        ],
    )
    def test_in_every_way_to_a_gradient(self, run):
        error = raised(run)
        assert (error.rule, error.direction, error.index) == ("sqrt", "backward", (1,))


class TestForwardMode:
    """Forward mode runs two passes, and only the second has numbers of the user's."""

    def test_a_derivative_that_exists_is_no_anomaly(self):
        # Its second derivative is infinite there, and the first is not.
        with ag.detect_anomaly():
            value, tangent = ag.jvp(lambda x: x**1.5, [np.zeros(1)], [np.ones(1)])
        np.testing.assert_array_equal([value, tangent], [[0], [0]])

    def test_the_numbers_are_those_of_the_tangent(self):
        error = raised(lambda: ag.jvp(np.sqrt, [np.zeros(1)], [np.full(1, 3.0)]))
        assert (error.rule, error.operation, error.kind) == ("sqrt", "multiply", "inf")
        head = str(error).splitlines()[0]
        assert head.startswith("multiply, in the derivative of sqrt, made an inf at ")
        assert "g = 3, y = inf" in head

    def test_mutation_is_found_in_the_first_pass(self):
        x, y = np.ones(2), np.ones(2)
        view = y[:]

        def multiplied(t):
            out = t * y
            view[0] = 9
            return out

        with ag.detect_anomaly(), pytest.raises(RuntimeError, match=r"multiply at .* keeps y"):
            ag.jvp(multiplied, [x], [np.ones(2)])


class TestMutation:
    def test_by_a_view_made_before(self):
        t, x = leaf(1.0, 2.0, 3.0), np.ones(3)
        view = x[:]
        with ag.detect_anomaly():
            y, here = t * x, line()
            view[0] = 9
            with pytest.raises(RuntimeError) as caught:
                y.sum().backward()
        assert str(caught.value).startswith(
            f"multiply at test_backward.py:{here} keeps y, an array of shape (3,), "
            f"for its derivative, and the array was changed"
        )

    def test_by_foreign_code(self):
        t, x = leaf(1.0, 2.0), np.ones(2)
        address = x.__array_interface__["data"][0]
        with ag.detect_anomaly():
            y = t * x
            ctypes.memset(address, 0, 8)
            with pytest.raises(RuntimeError, match=r"multiply at .* keeps y"):
                y.sum().backward()

    def test_with_the_guard_off(self):
        t, x = leaf(1.0, 2.0), np.ones(2)
        with ag.detect_anomaly(), ag.mutation_guard(False):
            y = (t * x).sum()
            x[1] = 2
            with pytest.raises(RuntimeError, match="multiply"):
                y.backward()

    def test_of_an_array_inside_an_argument(self):
        t, rows = leaf(1.0, 2.0), np.array([0, 1])
        with ag.detect_anomaly(), ag.mutation_guard(False):
            y = t[(rows,)].sum()
            rows[1] = 0
            with pytest.raises(RuntimeError, match=r"getitem at .* keeps index"):
                y.backward()

    def test_of_a_result(self):
        t = leaf(1.0, 2.0)
        with ag.detect_anomaly():
            y = np.exp(t)
            y._value[0] = 7
            with pytest.raises(RuntimeError, match=r"exp at .* keeps out"):
                y.sum().backward()

    def test_in_a_full_recording(self):
        t, x = leaf(1.0, 2.0), ag.Tensor([1.0, 2.0])
        with ag.detect_anomaly(), ag.record():
            y = t * x
            x._value.flags.writeable = True
            x._value[0] = 7
            with pytest.raises(RuntimeError, match=r"multiply at .* keeps y"):
                y.sum().backward()

    def test_a_leaf_keeps_its_own_message(self):
        t, w = leaf(1.0, 2.0), leaf(3.0, 4.0, name="w")
        with ag.detect_anomaly():
            y = t * w
            w.data[0] = 9
            with pytest.raises(RuntimeError, match="the Tensor 'w' of shape"):
                y.sum().backward()

    def test_none_is_found_where_none_was(self):
        t, x = leaf(1.0, 2.0), np.ones(2)
        with ag.detect_anomaly():
            y = (t * x * t).sum()
            y.backward(retain_graph=True)
            y.backward()
        x[0] = 5
        np.testing.assert_array_equal(t.grad, [4, 8])
