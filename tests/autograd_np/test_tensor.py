"""Tensor: construction, operators, methods, NumPy's protocols."""

import copy
import operator
import pickle
import subprocess
import sys
import threading

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import dispatched


def leaf(value, **kwargs):
    return ag.Tensor(value, requires_grad=True, **kwargs)


class TestConstruction:
    def test_converts_as_numpy_does(self):
        assert ag.Tensor(1.0).dtype == np.float64
        assert ag.Tensor([1, 2]).dtype == np.int64
        assert ag.Tensor(np.float32(1)).dtype == np.float32
        assert ag.Tensor([[1.0], [2.0]]).shape == (2, 1)

    @pytest.mark.parametrize("value", [[1, 2], [True], np.arange(3)])
    def test_integers_and_booleans_cannot_require_gradients(self, value):
        with pytest.raises(TypeError, match=r"astype\(float\)"):
            leaf(value)

    def test_complex_values_may_stand_in_between(self):
        t = leaf([2.0, -3.0])
        (np.abs(t * 1j) + np.real((t * 1j) ** 2)).sum().backward()
        np.testing.assert_allclose(t.grad, [1 - 4, -1 + 6])

    def test_a_detached_result_can_become_a_leaf(self):
        w = (leaf([1.0, 2.0]) * 2).detach()
        w.requires_grad = True
        (w * w).sum().backward()
        w.data -= w.grad
        np.testing.assert_array_equal(w.data, [-2, -4])

    @pytest.mark.parametrize("value", ["text", [None], np.array(["a"])])
    def test_only_numbers(self, value):
        with pytest.raises(TypeError, match="holds numbers"):
            ag.Tensor(value)

    def test_name_and_repr(self):
        t = leaf(np.zeros(2, np.float32), name="w")
        assert repr(t) == "Tensor([0., 0.], name='w', dtype=float32, requires_grad=True)"
        t.name = "v"
        assert t.name == "v"

    def test_shape_properties(self):
        t = ag.Tensor(np.zeros((2, 3)))
        assert (t.shape, t.ndim, t.size, t.T.shape, t.mT.shape) == ((2, 3), 2, 6, (3, 2), (3, 2))

    def test_requires_grad_can_be_switched_on_leaves(self):
        t = ag.Tensor([1.0])
        t.requires_grad = True
        (t * 2).sum().backward()
        assert t.grad == 2
        t.requires_grad = False
        assert not (t * 2).requires_grad
        with pytest.raises(RuntimeError, match="detach"):
            (leaf(1.0) * 2).requires_grad = False

    def test_equality_is_elementwise_and_hashing_by_identity(self):
        a, b = leaf([1.0, 2.0]), leaf([1.0, 3.0])
        np.testing.assert_array_equal(a == b, [True, False])
        np.testing.assert_array_equal(a != b, [False, True])
        assert len({a, b, a}) == 2


BINARY = [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow]
OTHERS = [
    2.0,
    3,
    np.float64(1.5),
    np.float32(1.5),
    np.array([1.0, 2.0, 3.0]),
    np.array(2.0),
    ag.Tensor([1.0, 2.0, 3.0]),
]


@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("other", OTHERS, ids=repr)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_operators_give_numpys_values_and_dtypes(op, other, dtype):
    array = np.array([0.5, 1.0, 2.0], dtype)
    plain = other.numpy() if isinstance(other, ag.Tensor) else other
    for left, right, a, b in ((array, plain, None, other), (plain, array, other, None)):
        t = leaf(array)
        # NumPy 2.2's ** takes a 0-d float64 exponent for a Python number; its np.power does not.
        zero_d = op is operator.pow and isinstance(right, np.ndarray) and right.ndim == 0
        expected = np.power(left, right) if zero_d else op(left, right)
        got = op(t if a is None else a, t if b is None else b)
        assert type(got) is ag.Tensor
        assert got.requires_grad
        assert got.dtype == expected.dtype
        np.testing.assert_array_equal(got.numpy(), expected)
        got.sum().backward()
        assert t.grad.dtype == dtype
        assert t.grad.shape == (3,)


def test_unary_operators_and_comparisons():
    t = leaf([-1.0, 2.0])
    np.testing.assert_array_equal((-t).numpy(), [1, -2])
    np.testing.assert_array_equal((+t).numpy(), [-1, 2])
    np.testing.assert_array_equal(abs(t).numpy(), [1, 2])
    for op in (operator.lt, operator.le, operator.gt, operator.ge):
        result = op(t, 0.0)
        assert type(result) is np.ndarray
        np.testing.assert_array_equal(result, op(t.numpy(), 0.0))
    assert type(t.argmax()) is np.int64


@pytest.mark.parametrize(("a", "b"), [((2, 3), (3, 4)), ((3,), (3,)), ((2, 2, 3), (3,))])
def test_matmul_both_ways_round(a, b):
    left, right = np.random.default_rng(0).normal(size=a), np.random.default_rng(1).normal(size=b)
    for x, y in ((leaf(left), right), (left, leaf(right)), (leaf(left), leaf(right))):
        np.testing.assert_array_equal((x @ y).numpy(), left @ right)


def test_numpy_functions_record():
    t, a = leaf([1.0, 2.0]), np.array([3.0, 4.0])
    for result in (
        np.exp(t),
        np.matmul(a, t),
        np.float64(2) * t,
        np.concatenate([t, a]),
        np.stack([a, t]),
        np.add.reduce(t),
        np.where(a > 3, t, 0),
        np.clip(t, 0, 1.5),
        np.dot(t, a),
    ):
        assert result.requires_grad


METHODS = [
    ("sum", (), {}),
    ("sum", (0,), {}),
    ("mean", (), {"axis": 1, "keepdims": True}),
    ("var", (), {"ddof": 1}),
    ("std", (), {"axis": 0}),
    ("max", (), {"axis": 0}),
    ("min", (), {}),
    ("prod", (1,), {}),
    ("reshape", (3, 2), {}),
    ("reshape", ((-1,),), {}),
    ("transpose", (), {}),
    ("transpose", (1, 0), {}),
    ("swapaxes", (0, 1), {}),
    ("ravel", (), {}),
    ("flatten", (), {}),
    ("squeeze", (), {}),
    ("dot", (np.ones(3),), {}),
    ("clip", (0.0, 1.0), {}),
    ("copy", (), {}),
    ("conj", (), {}),
    ("astype", (np.float32,), {}),
    ("any", (), {}),
    ("all", (), {"axis": 0}),
    ("argmin", (), {"axis": 1}),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), METHODS)
def test_methods_are_ndarrays_own(name, args, kwargs):
    array = np.random.default_rng(0).normal(size=(2, 3))
    got = getattr(leaf(array), name)(*args, **kwargs)
    expected = getattr(array, name)(*args, **kwargs)
    value = got.numpy() if isinstance(got, ag.Tensor) else got
    np.testing.assert_array_equal(value, expected)
    assert value.dtype == expected.dtype


def test_every_ndarray_method_with_a_rule_is_there():
    missing = {
        name
        for name in [
            "sum",
            "mean",
            "var",
            "std",
            "max",
            "min",
            "prod",
            "reshape",
            "transpose",
            "swapaxes",
            "ravel",
            "squeeze",
            "dot",
            "clip",
            "argmax",
            "argmin",
            "any",
            "all",
            "copy",
            "astype",
            "item",
            "flatten",
        ]
        if not hasattr(ag.Tensor, name)
    }
    assert not missing


def test_splits():
    t = leaf(np.arange(6.0))
    a, b, c = np.split(t, 3)
    (a * 1 + b * 10 + c * 100).sum().backward()
    np.testing.assert_array_equal(t.grad, [1, 1, 10, 10, 100, 100])
    assert [p.shape for p in np.array_split(t, 4)] == [(2,), (2,), (1,), (1,)]
    assert [p.shape for p in np.split(t.reshape(2, 3), [1], axis=-1)] == [(2, 1), (2, 2)]
    with pytest.raises(ValueError, match="array_split"):
        np.split(t, 4)


def test_reductions_give_0d_arrays():
    total = leaf([1.0, 2.0]).sum()
    assert type(total.data) is np.ndarray
    assert total.shape == ()


def test_tolist():
    assert leaf([[1.0, 2.0]]).tolist() == [[1.0, 2.0]]


def test_testing_is_imported_on_use():
    code = (
        "import sys, autograd_np as ag; assert 'autograd_np.testing' not in sys.modules; "
        "ag.testing.gradcheck"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert not hasattr(ag, "nothing")


def test_item():
    assert leaf([[3.0]]).item() == 3.0
    with pytest.raises(ValueError, match="one element"):
        leaf([1.0, 2.0]).item()


@pytest.mark.parametrize(
    "duplicate", [copy.copy, copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))]
)
def test_copies_are_leaves_of_their_own(duplicate):
    t = leaf([1.0, 2.0], name="w")
    other = duplicate(t)
    (other * other).sum().backward()
    np.testing.assert_array_equal(other.grad, [2, 4])
    assert t.grad is None
    assert (other.name, other.requires_grad) == ("w", True)
    other.data += 1
    np.testing.assert_array_equal(t.data, [1, 2])
    with pytest.raises(TypeError, match=r"t\.detach\(\)"):
        duplicate(t * 2)


class TestFunctionsWithoutARule:
    def test_names_the_nearest_and_how_to_add_one(self):
        @dispatched
        def log_softmin(x):
            return x

        expected = r"log_softmin has no .* nearest .*log_softmax.*rule\(log_softmin"
        with pytest.raises(TypeError, match=expected):
            log_softmin(leaf(1.0))

    def test_ufunc_methods(self):
        t = leaf([[1.0, 2.0], [3.0, 4.0]])
        np.testing.assert_array_equal(np.add.reduce(t).numpy(), [4, 6])
        np.testing.assert_array_equal(np.maximum.reduce(t, axis=1).numpy(), [2, 4])
        with pytest.raises(TypeError, match="in place"):
            np.add.at(t, 0, 1.0)
        assert np.add.outer(t, t).shape == (2, 2, 2, 2)

    def test_where_keyword_of_a_ufunc(self):
        with pytest.raises(TypeError, match=r"np\.where\(mask"):
            np.exp(leaf([1.0, 2.0]), where=np.array([True, False]))

    def test_an_argument_that_cannot_be_differentiated(self):
        with pytest.raises(TypeError, match="'condition'"):
            np.where(leaf([1.0]), 1.0, 2.0)


class TestBackward:
    def test_needs_a_recorded_number(self):
        with pytest.raises(RuntimeError, match="nothing was recorded"):
            ag.Tensor(1.0).backward()
        with pytest.raises(ValueError, match=r"t\.sum\(\)\.backward"):
            (leaf([1.0, 2.0]) * 2).backward()
        with pytest.raises(ValueError, match=r"shape \(2,\).*\(3,\)"):
            (leaf([1.0, 2.0]) * 2).backward(np.ones(3))

    def test_twice_raises_unless_retained(self):
        w = leaf(3.0)
        y = w * w
        y.backward(retain_graph=True)
        y.backward()
        assert w.grad == 12
        with pytest.raises(RuntimeError, match="retain_graph=True"):
            y.backward()
        assert w.grad == 12

    def test_leaves_accumulate_and_reuse_adds_up(self):
        w = leaf(3.0)
        for _ in range(2):
            (w * w + w).backward()
        assert w.grad == 14
        w.zero_grad()
        assert w.grad is None

    def test_a_leaf_itself(self):
        w = leaf([1.0, 2.0])
        w.backward(np.array([3.0, 4.0]))
        np.testing.assert_array_equal(w.grad, [3, 4])

    def test_create_graph(self):
        w = leaf(3.0)
        (w**3).backward(create_graph=True)
        first = w.grad
        assert isinstance(first, ag.Tensor)
        w.grad = None
        first.backward()
        assert w.grad == 18

    def test_create_graph_of_a_linear_function_gives_a_tensor(self):
        w = leaf(3.0)
        (w * 2.0).backward(create_graph=True)
        assert isinstance(w.grad, ag.Tensor)

    def test_gradient_has_the_dtype_of_its_input(self):
        a, b = leaf(np.ones(2, np.float32)), leaf(np.ones(2))
        (a * b).sum().backward()
        assert (a.grad.dtype, b.grad.dtype) == (np.float32, np.float64)

    def test_hooks(self):
        w = leaf(2.0)
        y = w * 3
        seen = []
        y.register_hook(seen.append)
        remove = y.register_hook(lambda g: 10 * g)
        (y * y).backward(retain_graph=True)
        assert [float(g) for g in seen] == [12]
        assert w.grad == 360
        remove()
        w.grad = None
        (y * y).backward()
        assert w.grad == 36
        with pytest.raises(RuntimeError, match="requires a gradient"):
            ag.Tensor(1.0).register_hook(print)

    def test_a_hook_that_changes_the_shape(self):
        w = leaf([1.0, 2.0])
        w.register_hook(lambda g: g[:1])
        with pytest.raises(TypeError, match=r"shape \(2,\).*\(1,\)"):
            (w * 2).sum().backward()

    def test_retain_grad(self):
        w = leaf(2.0)
        y = w * 3
        y.retain_grad()
        (y * y).backward()
        assert y.grad == 12

    def test_an_interrupted_pass_leaves_nothing(self):
        w = leaf(2.0)
        y = w * w

        def interrupt(g):
            raise KeyboardInterrupt

        remove = w.register_hook(interrupt)
        with pytest.raises(KeyboardInterrupt):
            y.backward(retain_graph=True)
        assert w.grad is None
        remove()
        y.backward()
        assert w.grad == 4

    def test_grad_of_another_shape_is_refused(self):
        w = leaf([1.0])
        with pytest.raises(ValueError, match="shape"):
            w.grad = np.ones(2)


class TestModes:
    def test_no_grad(self):
        w = leaf(2.0)
        with ag.no_grad():
            assert not ag.is_grad_enabled()
            y = w * 2 + ag.relu(w) + np.sum(w)
            with ag.enable_grad():
                assert (w * 2).requires_grad
        assert not y.requires_grad
        assert ag.is_grad_enabled()

        @ag.no_grad()
        def evaluate():
            return w * 2

        assert not evaluate().requires_grad

    def test_no_grad_is_per_thread(self):
        w = leaf(2.0)
        recorded = []
        with ag.no_grad():
            thread = threading.Thread(target=lambda: recorded.append((w * 2).requires_grad))
            thread.start()
            thread.join()
        assert recorded == [True]

    def test_threads_agree_with_one(self):
        rng = np.random.default_rng(0)
        x, start = rng.normal(size=(20, 5)), rng.normal(size=(5, 5))

        def train():
            w = leaf(start)
            for _ in range(100):
                (np.tanh(x @ w) ** 2).mean().backward()
                w.data -= 0.1 * w.grad
                w.grad = None
            return w.numpy()

        results = []
        threads = [threading.Thread(target=lambda: results.append(train())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 4
        for result in results:
            np.testing.assert_array_equal(result, train())
        assert x.flags.writeable

    def test_detach_stops_the_gradient(self):
        w = leaf(3.0)
        (w * w.detach()).backward()
        assert w.grad == 3


def test_a_ufunc_that_computes_in_another_dtype():
    t = leaf([-3.0])
    np.imag(np.power(t, 0.5, dtype=complex)).backward(np.ones(1))
    np.testing.assert_allclose(t.grad, [-0.5 / np.sqrt(3)])
    t = leaf([2.0])
    assert np.exp(t, dtype=np.float32).dtype == np.float32
    with pytest.raises(TypeError, match="cast"):
        np.exp(leaf([1j]), dtype=float)


def test_results_of_whole_numbers_are_constants():
    counts = ag.Tensor(np.arange(3))
    assert not np.max(counts, initial=leaf(1.0)).requires_grad


def test_what_lists_and_arrays_can_do_with_elements():
    t = leaf([1.0, 2.0])
    assert 2.0 in t
    assert 3.0 not in t
    assert t.item(1) == 2.0
