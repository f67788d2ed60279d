"""Anomaly mode changes nothing else: bits, types, memory, other threads, and nothing when off."""

import contextvars
import gc
import pickle
import threading
import tracemalloc

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np import recording, reverse
from autograd_np.debugging.provenance import WatchedNode
from autograd_np.graph import Node
from tests.autograd_np.debugging.watching import leaf, line, raised
from tests.autograd_np.samples import CASES, differentiable, recorded, value_and_gradients


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_changes_no_bit_of_any_rule(function, sample):
    call, arrays = differentiable(function, sample)

    out, gradients = value_and_gradients(call, arrays)
    with ag.detect_anomaly():
        watched_out, watched = value_and_gradients(call, arrays)
    # What picks an output saves nothing, and a leaf may be returned as it is.
    assert isinstance(watched_out.node, WatchedNode) or not watched_out.node.saved
    np.testing.assert_array_equal(watched_out.numpy(), out.numpy())
    for ours, plain in zip(watched, gradients, strict=True):
        assert type(ours) is type(plain)
        if plain is None:
            continue
        assert (ours.dtype, ours.shape) == (plain.dtype, plain.shape)
        assert ours.flags.writeable
        assert ours.flags.c_contiguous
        np.testing.assert_array_equal(ours, plain)


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_what_a_node_saved_is_named_as_the_formulas_read_it(function, sample):
    call, arrays = differentiable(function, sample)
    out = recorded(call(*[ag.Tensor(a, requires_grad=True) for a in arrays]))[0]
    for node in (out.node, *out.node.parents):
        if hasattr(node.derivative, "names"):
            assert len(node.derivative.names) == len(node.saved)


class TestLeanSemantics:
    def test_gradients_and_hooks_are_arrays(self):
        seen = []
        x = leaf(1.0, 2.0)
        with ag.detect_anomaly():
            y = x * x
            y.retain_grad()
            y.register_hook(lambda g: seen.append(g))
            y.sum().backward()
            y = x * 3
            y.sum().backward()
        assert [type(each) for each in (x.grad, seen[0])] == [np.ndarray] * 2
        np.testing.assert_array_equal(x.grad, [5, 7])

    def test_gradients_share_no_memory(self):
        a, b = leaf(1.0, 2.0), leaf(3.0, 4.0)
        with ag.detect_anomaly():
            (a + b).sum().backward()
        a.grad[0] = 9
        np.testing.assert_array_equal(b.grad, [1, 1])

    def test_a_graph_is_freed_by_its_pass(self):
        x = leaf(1.0)
        with ag.detect_anomaly():
            y = x * x
            y.backward([1.0])
            with pytest.raises(RuntimeError, match="freed by an earlier backward"):
                y.backward([1.0])

    def test_warnings_are_replaced_even_by_errors_of_numpy(self):
        with np.errstate(all="raise"):
            assert raised(lambda: np.log(leaf(0.0))).operation == "log"

    def test_no_grad_inside(self):
        with ag.detect_anomaly(), ag.no_grad():
            y = leaf(1.0) * 2
            assert not y.requires_grad
            with pytest.raises(ag.AnomalyError):
                np.log(y - 2)
            with ag.enable_grad(), pytest.raises(ag.AnomalyError):
                np.log(leaf(0.0))

    def test_transforms_return_arrays(self):
        with ag.detect_anomaly():
            gradient = ag.grad(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
            hessian = ag.hessian(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
            value, tangent = ag.jvp(np.square, [np.array([1.0])], [np.array([2.0])])
        assert {type(each) for each in (gradient, hessian, value, tangent)} == {np.ndarray}
        np.testing.assert_array_equal(gradient, [3, 12])
        np.testing.assert_array_equal(hessian, [[6, 0], [0, 12]])
        np.testing.assert_array_equal(tangent, [4])

    def test_nested_containers(self):
        def loss(tree):
            return np.sum(np.sqrt(tree["w"][0])) + np.sum(tree["b"])

        tree = {"w": [np.array([1.0, 0.0])], "b": np.ones(2)}
        error = raised(ag.grad(loss), tree)
        assert (error.rule, error.index) == ("sqrt", (1,))

    def test_create_graph(self):
        x = leaf(2.0)
        with ag.detect_anomaly():
            (x**3).backward([1.0], create_graph=True)
            gradient, x.grad = x.grad, None
            gradient.backward([1.0])
        np.testing.assert_array_equal(x.grad, [12])


class TestWithARecording:
    @pytest.mark.parametrize("outside", [True, False])
    def test_both_do_their_work(self, outside):
        first, second = ag.record(), ag.detect_anomaly()
        x = leaf(4.0, 1.0)
        plain = self.program(x)
        with first if outside else second as a, second if outside else first as b:
            program = a if outside else b
            np.sqrt(x).sum().backward()
            with pytest.raises(ag.AnomalyError):
                np.log(x - 2)
        assert [call.function for call in program.calls[: len(plain)]] == plain
        assert program.calls[-1].function is np.subtract

    @staticmethod
    def program(x):
        with ag.record() as program:
            np.sqrt(x).sum().backward()
        x.grad = None
        return [call.function for call in program.calls]

    def test_backward(self):
        with ag.record():
            error = raised(lambda: np.sqrt(leaf(0.0)).sum().backward())
        assert (error.rule, error.direction) == ("sqrt", "backward")


class TestWithNn:
    def model(self):
        return nn.Sequential(nn.Linear(3, 4, rng=0), nn.ReLU(), nn.Linear(4, 1, rng=1))

    def fit(self, x, y):
        model = self.model()
        optimizer = nn.Adam(model, lr=0.01)
        nn.fit(model, nn.MSELoss(), optimizer, x, y, epochs=3, rng=0, progress=False)
        return model.state_dict()

    def test_fit_gives_the_same_bits(self):
        rng = np.random.default_rng(0)
        x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 1))
        plain = self.fit(x, y)
        with ag.detect_anomaly():
            watched = self.fit(x, y)
        for name, value in plain.items():
            np.testing.assert_array_equal(watched[name], value)

    def test_nan_in_a_layer_points_at_the_user_and_at_the_layer(self):
        model = self.model()
        x = np.array([[1.0, np.nan, 2.0]])
        error, here = raised(lambda: model(x)), line()
        assert error.source == (__file__, here)
        assert "nn" in error.via[0]
        assert "  in nn, " in str(error)
        assert error.index == (0, 0)

    def test_a_package_of_the_users_own_may_be_called_nn(self):
        source = compile(
            "import numpy as np\ndef run(x): return np.log(x)", "/own/nn/own.py", "exec"
        )
        own = {"__name__": "nn.own"}
        exec(source, own)
        error = raised(own["run"], leaf(-1.0))
        assert (error.source, error.via) == (("/own/nn/own.py", 2), None)

    def test_inf_in_the_data_of_fit(self):
        x, y = np.ones((40, 3)), np.ones((40, 1))
        x[7, 1] = np.inf
        error = raised(lambda: self.fit(x, y))
        assert str(error).startswith("linear was given an inf at test_transparent.py")

    def test_nan_in_the_data_of_fit(self):
        x, y = np.ones((40, 3)), np.ones((40, 1))
        x[7, 1] = np.nan
        error = raised(lambda: self.fit(x, y))
        assert (error.operation, error.kind) == ("linear", "nan")


class TestThreads:
    def test_another_thread_is_not_watched(self):
        results = []

        def run():
            with np.errstate(all="ignore"):
                results.append(np.log(leaf(0.0)).numpy())

        with ag.detect_anomaly():
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        assert results[0] == -np.inf

    def test_threads_that_share_a_watch(self):
        errors = {}

        def run(number):
            for _ in range(20):
                try:
                    x = leaf(*range(4))
                    np.sqrt(np.maximum(x - number, 0)).sum().backward()
                except ag.AnomalyError as error:
                    errors.setdefault(number, set()).add((error.rule, error.index))

        with ag.detect_anomaly():
            threads = [
                threading.Thread(target=contextvars.copy_context().run, args=(run, number))
                for number in range(3)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert errors == {number: {("sqrt", (0,))} for number in range(3)}


class TestNothingRemains:
    def step(self):
        w, x = leaf(1.0, 2.0), np.ones((4, 2))
        (np.tanh(x * w) @ w).sum().backward()

    def test_a_long_loop_does_not_grow(self):
        gc.collect()
        tracemalloc.start()
        try:
            with ag.detect_anomaly():
                for _ in range(30):
                    self.step()
                gc.collect()
                before = tracemalloc.get_traced_memory()[0]
                for _ in range(1000):
                    self.step()
                gc.collect()
                after = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        # The least that a step could leave behind is a node, of more than 100 bytes.
        assert after - before < 50_000

    def test_nodes_die_by_reference_count(self):
        gc.disable()
        try:
            with ag.detect_anomaly():
                self.step()
                assert not [each for each in gc.get_objects() if isinstance(each, WatchedNode)]
        finally:
            gc.enable()

    def test_an_error_leaves_the_mode_as_it_was(self):
        raised(lambda: np.sqrt(leaf(0.0)).sum().backward())
        assert recording.current() is recording.LEAN

    def test_the_error_can_be_pickled(self):
        error = pickle.loads(pickle.dumps(raised(lambda: np.log(leaf(-1.0)))))
        assert (error.operation, error.index, error.kind) == ("log", (0,), "nan")
        assert isinstance(error, FloatingPointError)


def test_nothing_runs_while_it_is_off(monkeypatch):
    """The fast paths are taken, nodes are plain, and the reverse pass lifts nothing."""
    lifted = []
    real = reverse.pull_back

    def spy(*args, lift=None, **kwargs):
        lifted.append(lift)
        return real(*args, lift=lift, **kwargs)

    def unreachable(*args, **kwargs):
        raise AssertionError("the watch was consulted")

    monkeypatch.setattr("autograd_np.backward.pull_back", spy)
    monkeypatch.setattr("autograd_np.backward.differentiate", unreachable)
    monkeypatch.setattr("autograd_np.calls._apply_in_full", unreachable)
    monkeypatch.setattr("autograd_np.debugging.watch.Watch.check", unreachable)
    monkeypatch.setattr("autograd_np.debugging.watch.Watch.node", unreachable)
    with ag.detect_anomaly():
        pass
    assert recording.current() is recording.LEAN
    assert recording.with_grad(False) is recording.NO_GRAD
    w, b, x = leaf(1.0, 2.0), ag.Tensor(0.5, requires_grad=True), np.ones((3, 2))
    loss = ag.relu(x @ w + b).sum()
    assert type(loss.node) is Node
    loss.backward()
    assert lifted == [None]
    np.testing.assert_array_equal(w.grad, [3, 3])
