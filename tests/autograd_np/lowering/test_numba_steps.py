"""Whole training steps as one native call, and what must hold whatever they compute."""

import builtins
import re
import sys
import traceback

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.naming import value_names
from autograd_np.lowering.numba_backend import assembly, lower, outlining
from autograd_np.lowering.passes import run_passes
from autograd_np.lowering.weak import number
from tests.autograd_np.lowering.numba_steps import assert_close, check, lowered, own_memory
from tests.autograd_np.lowering.programs import OPTIMIZERS, SMALL, random_inputs, training_step
from tests.autograd_np.lowering.recordings import record

pytest.importorskip("numba")

DTYPES = ("float32", "float64")


def assert_step(program, native, passed, seed):
    values = random_inputs(program, seed)
    outputs, updates = interpret(program, values)
    memory = own_memory(passed, values)
    results = native.run(*(memory[ref.index] for ref in native.wants))
    for got, wanted in zip(results, outputs, strict=True):
        assert_close(got, wanted)
    for index, wanted in updates.items():
        assert_close(memory[index], wanted)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", SMALL)
def test_networks(name, dtype):
    program = training_step(name, "sgd", dtype)
    passed = run_passes(program)
    native = lower(passed, value_names(passed))
    for seed in range(2):
        assert_step(program, native, passed, seed)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_optimizers(optimizer):
    program = training_step(SMALL[0], optimizer, "float64")
    passed = run_passes(program)
    native = lower(passed, value_names(passed))
    assert_step(program, native, passed, 1)


def test_without_other_passes_than_inlining():
    program = training_step(SMALL[0], "adam", "float64")
    names = {"copies", "constants", "flat_updates", "dead_code", "common_subexpressions"}
    passed = run_passes(program, without=names)
    assert not passed.packs
    assert_step(program, lower(passed, value_names(passed)), passed, 0)


def test_a_network_whose_numbers_overflow_is_as_bad_as_in_numpy():
    program = training_step(SMALL[0], "sgd", "float32")
    passed = run_passes(program)
    native = lower(passed, value_names(passed))
    for bad in (np.nan, np.inf, 1e38):
        values = random_inputs(program)
        first = next(ref for ref in program.inputs if program.variables[ref.index].name == "x")
        values[first.index] = values[first.index].copy()
        values[first.index][3, 1] = bad
        memory = own_memory(passed, values)
        outputs, updates = interpret(program, values)
        results = native.run(*(memory[ref.index] for ref in native.wants))
        np.testing.assert_array_equal(np.isnan(results[0]), np.isnan(outputs[0]))
        for index, wanted in updates.items():
            np.testing.assert_array_equal(np.isnan(memory[index]), np.isnan(wanted))
            np.testing.assert_array_equal(np.isinf(memory[index]), np.isinf(wanted))


SPECIAL = np.array([0.0, -0.0, 1, -1, np.nan, np.inf, -np.inf, 1e-30, 88.8, -104, 1e30, 0.5])


@pytest.mark.parametrize("dtype", DTYPES)
def test_nan_and_infinity_are_where_numpy_has_them(dtype):
    with np.errstate(all="ignore"):
        a, b = (each.astype(dtype) for each in np.meshgrid(SPECIAL, SPECIAL))
    check(
        lambda a, b: (
            a + b, a - b, a * b, a / b, (a - b) + b, a * (b > 0), np.maximum(a, b),
            np.minimum(a, b), ag.relu(a), np.exp(a), np.log(a), np.sqrt(a), np.log1p(a),
            np.expm1(a), np.sin(b), np.tanh(a), 1 / (1 + np.exp(-a)), np.abs(a), np.square(a),
            np.where(a > b, a, b), np.isnan(a), np.isinf(a), np.isfinite(a), np.sign(a),
            np.arctan2(a, b), np.logaddexp(a, b), np.fmax(a, b), np.floor(a), np.rint(a),
        ),
        a, b,
    )  # fmt: skip
    check(
        lambda a, b: (
            np.sum(a, axis=0), np.max(a, axis=0), np.max(a, axis=1), np.min(b, axis=1),
            np.sum(a), np.max(a), np.argmax(a, axis=1), np.argmin(b, axis=0), np.prod(b, axis=1),
            ag.softmax(a), ag.logsumexp(b, axis=0), a @ b,
        ),
        a, b,
    )  # fmt: skip


def updating(make, *values):
    """Native code of a function that returns outputs, and new values for its first arguments."""
    tensors = [ag.Tensor(value, name=name) for value, name in zip(values, "abcd", strict=False)]
    with record() as program:
        for tensor in tensors:
            program.ref(tensor)
        outputs, new = make(*tensors)
        program.outputs = [program.ref(each) for each in outputs]
        for tensor, value in zip(tensors, values, strict=True):
            # A Tensor has memory of its own; what is handed in later may not.
            program.variables[program.ref(tensor).index].value = value
        for tensor, value in zip(tensors, new, strict=False):
            program.updates[program.ref(tensor).index] = program.ref(value)
    program = run_passes(program, without=["flat_updates"])
    return lower(program, value_names(program))


def test_updates_happen_after_everything_else():
    a, b = np.array([1.0, 2.0, 3.0]), np.array([10.0, 20.0, 30.0])
    native = updating(lambda a, b: ([a, a[::-1], a + b], [b, a]), a, b)
    first, second = a.copy(), b.copy()
    results = native.run(first, second)
    np.testing.assert_array_equal(results, [a, a[::-1], a + b])
    np.testing.assert_array_equal([first, second], [b, a])


def test_an_update_that_others_read_elsewhere():
    a = np.arange(6.0).reshape(2, 3)
    native = updating(lambda a: ([np.sum(a, axis=0)], [a * np.sum(a) + a[::-1]]), a)
    memory = a.copy()
    (total,) = native.run(memory)
    np.testing.assert_array_equal(total, a.sum(0))
    np.testing.assert_allclose(memory, a * a.sum() + a[::-1], rtol=1e-15)


def test_inputs_in_one_memory_are_read_before_they_are_overwritten():
    both = np.arange(4.0)
    native = updating(lambda a, b: ([], [a + b, b * 2]), both[:3], both[1:])
    memory = np.arange(4.0)
    native.run(memory[:3], memory[1:])
    # In NumPy, too, what is written last stays.
    np.testing.assert_array_equal(memory, [1, 2, 4, 6])


def test_nothing_returned_is_ever_overwritten():
    native, _ = lowered(lambda a: (a * 2, np.sum(a), a, a.T), np.ones((2, 3)))
    hoard = [native.run(np.full((2, 3), float(n))) for n in range(20)]
    for n, (double, total, same, turned) in enumerate(hoard):
        np.testing.assert_array_equal(double, np.full((2, 3), 2.0 * n))
        np.testing.assert_array_equal(same, np.full((2, 3), n))
        np.testing.assert_array_equal(turned, np.full((3, 2), n))
        assert total == 6 * n


@pytest.mark.parametrize("turn", [np.asfortranarray, lambda a: np.repeat(a, 2, 1)[:, ::2]])
def test_arrays_that_do_not_lie_row_by_row(turn):
    a, b = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    native = updating(lambda a, b: ([a @ b.T], [a - b]), a, b)
    memory, other = turn(a), turn(b)
    (product,) = native.run(memory, other)
    np.testing.assert_array_equal(product, a @ b.T)
    np.testing.assert_array_equal(memory, a - b)


def test_read_only_arrays_are_read():
    native, _ = lowered(lambda a: a * 2, np.ones(3))
    a = np.ones(3)
    a.flags.writeable = False
    np.testing.assert_array_equal(native.run(a)[0], [2, 2, 2])


def test_arrays_of_another_size_or_dtype_are_refused():
    native, _ = lowered(lambda a: a * 2, np.ones(3))
    with pytest.raises(ValueError, match="another size"):
        native.run(np.ones(4))
    with pytest.raises(TypeError):
        native.run(np.ones(3, "float32"))


def test_captured_arrays_are_read_at_each_call():
    captured = np.array([1.0, 2.0, 3.0])
    native, program = lowered(lambda a: a * captured, np.ones(3))
    del program
    captured[0] = 5
    np.testing.assert_array_equal(native.run(np.ones(3))[0], [5, 2, 3])


def test_captured_arrays_in_another_order_are_not_copied():
    captured = np.arange(6.0).reshape(2, 3)
    native, program = lowered(lambda a: (a @ captured.T, a + captured), np.ones((2, 3)))
    del program
    captured[0, 0] = 9
    product, total = native.run(np.ones((2, 3)))
    np.testing.assert_array_equal(product, np.ones((2, 3)) @ captured.T)
    np.testing.assert_array_equal(total, 1 + captured)
    held = [each for each in native.run.__globals__.values() if isinstance(each, np.ndarray)]
    assert all(each.flags.c_contiguous for each in held)


def test_large_updates_are_written_early():
    n = 400

    def step(a, b, c):
        h = a @ b
        return [np.sum(h)], [a, b - a.T @ h, c - h.T @ h]

    values = [np.random.default_rng(0).standard_normal((n, n)) / n for _ in range(3)]
    native = updating(step, *values)
    starts = re.findall(r"part\(scratch, (\d+), float64\)", native.source)
    # Room for h and one gradient.
    assert max(map(int, starts)) <= n * n * 8 + 64
    a, b, c = (each.copy() for each in values)
    native.run(a, b, c)
    h = values[0] @ values[1]
    np.testing.assert_allclose(b, values[1] - values[0].T @ h, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(c, values[2] - h.T @ h, rtol=1e-10, atol=1e-14)


def test_labels_out_of_range_are_refused_before_anything_is_overwritten():
    w = ag.Tensor(np.ones((2, 3)), requires_grad=True)

    @ag.compile(backend="numba")
    def step(x, y):
        loss = ag.cross_entropy(x @ w, y)
        loss.backward()
        w.data = w - w.grad
        w.grad = None
        return loss

    x = np.ones((4, 2))
    step(x, np.array([0, 1, 2, 0]))
    step(x, np.array([0, 1, 2, 0]))
    before = w.numpy().copy()
    with pytest.raises(ValueError, match="outside 0 to 2"):
        step(x, np.array([0, 1, 3, 0]))
    np.testing.assert_array_equal(w.numpy(), before)


def test_numbers_take_the_dtype_of_arrays():
    rate = number(0.1, "rate")
    a = ag.Tensor(np.ones(3, "float32"), name="a")
    with record() as program:
        for each in (rate, a):
            program.ref(each)
        program.outputs = [program.ref(a * (1 - rate**2)), program.ref(np.sum(a) * rate)]
    native = lower(program, value_names(program))
    for value in (0.1, 0.25, 2):
        by_name = {program.ref(rate): value, program.ref(a): np.ones(3, "float32")}
        results = native.run(*(by_name[ref] for ref in native.wants))
        assert [each.dtype.name for each in results] == ["float32", "float32"]
        np.testing.assert_allclose(results[0], np.full(3, 1 - value**2), rtol=1e-6)
        np.testing.assert_allclose(results[1], 3 * value, rtol=1e-6)


def test_callbacks_run_at_every_call():
    drawn = []

    def draw():
        drawn.append(len(drawn))
        return np.full(3, float(len(drawn)))

    noisy = ag.compile(lambda a: a + ag.callback(draw), backend="numba")
    noisy(np.ones(3))
    start = len(drawn)
    for n in (1, 2):
        np.testing.assert_array_equal(noisy(np.ones(3)), np.full(3, 1.0 + start + n))


def test_bad_numbers_are_found_before_anything_is_overwritten():
    w = ag.Tensor([1.0, 2.0])

    @ag.compile(backend="numba")
    def step(x):
        loss = ag.require_finite(np.sum(w * x), "the loss")
        w.data = w * 2
        return loss

    assert step(np.ones(2)) == 3
    assert step(np.ones(2)) == 6
    with pytest.raises(FloatingPointError, match="the loss is not finite"):
        step(np.array([np.nan, 1.0]))
    np.testing.assert_array_equal(w.data, [4, 8])


def test_the_source_is_readable_and_in_tracebacks():
    native, _ = lowered(lambda a, b: a[b] * 2, np.ones(3), np.zeros(2, int))
    assert "a[b] * 2" in native.source
    assert "float64[2]" in native.source
    with pytest.raises(IndexError) as caught:
        native.run(np.ones(3), np.array([7, 0]))
    shown = "".join(traceback.format_exception(caught.value))
    assert "step(a, b, scratch, output_0)" in shown
    assert "raise IndexError('index is out of bounds for an axis of length 3')" in shown


def test_without_numba_the_extra_is_named(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name == "numba" or name.startswith("numba."):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "numba", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(ImportError, match=r"pip install 'autograd-np\[numba\]'"):
        lowered(lambda a: a * 2, np.ones(3))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_long_programs_are_several_functions(optimizer, monkeypatch):
    monkeypatch.setattr(assembly, "_LONGEST", 60)
    monkeypatch.setattr(outlining, "_OFTEN", 2)
    program = training_step(SMALL[1], optimizer, "float64")
    passed = run_passes(program)
    native = lower(passed, value_names(passed))
    assert "def native_3(" in native.source
    assert "@shared" in native.source
    assert_step(program, native, passed, 0)


def test_long_programs_take_arrays_that_do_not_lie_row_by_row(monkeypatch):
    monkeypatch.setattr(assembly, "_LONGEST", 1)
    a, b = np.arange(6.0).reshape(2, 3), np.ones((2, 3))
    native = updating(lambda a, b: ([a @ b.T], [a - b]), a, b)
    memory = np.asfortranarray(a)
    (product,) = native.run(memory, np.asfortranarray(b))
    np.testing.assert_array_equal(product, a @ b.T)
    np.testing.assert_array_equal(memory, a - b)


def test_the_scratch_is_used_again():
    native, program = lowered(lambda a: ((a @ a) @ a) @ a, np.ones((40, 40)))
    starts = re.findall(r"part\(scratch, (\d+), float64\)", native.source)
    assert max(map(int, starts)) <= 40 * 40 * 8
    assert len(program.calls) == 3
