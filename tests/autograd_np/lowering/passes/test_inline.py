"""Functions of ours as NumPy's: the same bits, and a call wherever that is not certain."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.handle import unwrap
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.passes.inline import PRIMITIVES, inline
from tests.autograd_np.lowering.programs import (
    NAMES,
    assert_same,
    described,
    recorded,
    training_step,
)
from tests.autograd_np.lowering.recordings import record

rng = np.random.default_rng(0)


def ours(program):
    """The functions of ours that a program still calls."""
    left = [call.function for call in program.calls if hasattr(call.function, "implementation")]
    return [function.__name__ for function in left if function not in PRIMITIVES]


def labelled(**settings):
    return lambda z, y: ag.cross_entropy(z, y, **settings)


def floats(*shape):
    return rng.normal(size=shape)


CASES = {
    "relu": (ag.relu, floats(7, 5)),
    "relu, large": (ag.relu, floats(400, 400)),
    "sigmoid": (ag.sigmoid, floats(7, 5) * 500),
    "softmax, few classes": (ag.softmax, floats(31, 5)),
    "softmax, many classes": (ag.softmax, floats(3, 70)),
    "softmax, first axis": (lambda x: ag.softmax(x, axis=0), floats(31, 5)),
    "log_softmax, few classes": (ag.log_softmax, floats(31, 5)),
    "log_softmax, many classes": (ag.log_softmax, floats(3, 70)),
    "logsumexp": (ag.logsumexp, floats(31, 5)),
    "logsumexp, rows": (lambda x: ag.logsumexp(x, axis=1), floats(31, 5)),
    "logsumexp, kept": (lambda x: ag.logsumexp(x, axis=0, keepdims=True), floats(31, 5)),
    "cross_entropy": (labelled(), floats(150, 3), rng.integers(0, 3, 150)),
    "cross_entropy, of int32": (labelled(), floats(9, 3), rng.integers(0, 3, 9).astype("i4")),
    "cross_entropy, each": (labelled(reduction="none"), floats(9, 3), rng.integers(0, 3, 9)),
    "cross_entropy, sum": (labelled(reduction="sum"), floats(9, 3), rng.integers(0, 3, 9)),
    "cross_entropy, many classes": (labelled(), floats(9, 70), rng.integers(0, 70, 9)),
    "cross_entropy, first axis": (labelled(axis=0), floats(4, 9), rng.integers(0, 4, 9)),
    "binary_cross_entropy": (ag.binary_cross_entropy, rng.random((9, 1)), rng.random((9, 1))),
    "binary_cross_entropy_with_logits": (
        ag.binary_cross_entropy_with_logits,
        floats(9, 1),
        rng.random((9, 1)),
    ),
    "linear": (ag.linear, floats(9, 4), floats(3, 4), floats(3)),
    "linear without bias": (ag.linear, floats(9, 4), floats(3, 4)),
    "linear of batches": (ag.linear, floats(2, 9, 4), floats(3, 4), floats(3)),
    "linear of a vector": (ag.linear, floats(4), floats(3, 4), floats(3)),
    "clip": (lambda x: np.clip(x, -0.5, 0.5), floats(7, 5)),
    "copy": (np.copy, floats(7, 5)),
    "copy of a transpose": (lambda x: np.copy(x.T), floats(7, 5)),
    "astype": (lambda x: x.astype("f4"), floats(7, 5)),
    "astype to integers": (lambda x: x.astype(int), floats(7, 5)),
    "detach": (lambda x: x.detach(), floats(7, 5)),
    "full_like": (lambda x: np.full_like(x, 2.0), floats(7, 5)),
    "einsum by BLAS": (lambda a, b: np.einsum("ij,kj->ki", a, b), floats(7, 5), floats(3, 5)),
    "einsum of batches": (
        lambda a, b: np.einsum("bij,bjk->bik", a, b),
        floats(2, 7, 5),
        floats(2, 5, 3),
    ),
    "einsum of strided batches": (
        lambda a, b: np.einsum("bij,bjk->bik", a.T, b),
        floats(5, 7, 2),
        floats(2, 5, 3),
    ),
    "einsum by loops": (lambda a, b: np.einsum("ij,ij->i", a, b), floats(7, 5), floats(7, 5)),
    "einsum, outer": (lambda a, b: np.einsum("i,j->ji", a, b), floats(7), floats(5)),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CASES)
def test_a_function_of_ours_becomes_calls_of_numpy_with_the_same_bits(name, dtype):
    function, *values = CASES[name]
    values = [v.astype(dtype) if v.dtype.kind == "f" else v for v in values]
    program = recorded(function, *values)
    expanded = inline(program)
    assert ours(program)
    assert not ours(expanded)
    assert_same(expanded, program)
    with np.errstate(all="ignore"):
        eager = unwrap(function(*map(ag.Tensor, values)))
    assert described(interpret(expanded, {})[0][0]) == described(eager)


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_same_at_zeros_infinities_and_nan(name):
    function, *values = CASES[name]
    program = recorded(function, *values)
    special = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, 1e308, -1e308])
    given = {}
    for ref, value in zip(program.inputs, values, strict=True):
        given[ref.index] = np.resize(special, value.shape) if value.dtype.kind == "f" else value
    with np.errstate(all="ignore"):
        before, after = (interpret(each, given)[0] for each in (program, inline(program)))
    np.testing.assert_array_equal(before[0], after[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_step_of_each_network_consists_of_numpy_and_indexing(name):
    program = training_step(name)
    expanded = inline(program)
    assert not ours(expanded)
    assert_same(expanded, program)


@pytest.mark.parametrize(
    ("shape", "zeros"),
    [((3, 2), (3, 2)), ((512, 512), (512,)), ((512, 2), (512, 2)), ((100_000, 2), None)],
)
def test_relu_is_a_maximum_with_zeros_that_nobody_can_write(shape, zeros):
    (call,) = inline(recorded(ag.relu, floats(*shape))).calls
    _, zero = call.args
    assert call.function is np.maximum
    assert not np.any(zero)
    assert getattr(zero, "shape", None) == zeros
    assert zeros is None or not zero.flags.writeable


def test_calls_keep_the_line_and_the_value_whose_gradient_they_pass_on():
    x = ag.Tensor(floats(3, 2), requires_grad=True)
    with record() as program:
        ag.binary_cross_entropy_with_logits(x, ag.Tensor(np.ones((3, 2)))).backward()
    (sigmoid,) = [call for call in program.calls if call.function.__name__ == "sigmoid"]
    (exp,) = [call for call in inline(program).calls if call.function is np.exp and _late(call)]
    assert exp.source == sigmoid.source
    assert exp.derivative_of == sigmoid.derivative_of is not None


def _late(call):
    return call.derivative_of is not None


def test_the_program_that_is_given_stays_as_it_is():
    program = recorded(ag.sigmoid, floats(3))
    before = str(program), dict(program.variables)
    inline(program)
    assert (str(program), program.variables) == before


def test_an_array_of_the_callers_is_read_at_each_call():
    targets = np.zeros((4, 1))
    with ag.mutation_guard(False):
        program = inline(
            recorded(lambda p: ag.binary_cross_entropy(p, targets), rng.random((4, 1)))
        )
    targets[:] = 0.75
    (p,) = [program.variables[ref.index].value for ref in program.inputs]
    assert interpret(program, {})[0][0] == ag.binary_cross_entropy(p, targets)
