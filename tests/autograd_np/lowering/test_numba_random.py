"""Random programs, natively and replayed: what is fused, reused and overwritten where."""

import random

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.naming import value_names
from autograd_np.lowering.numba_backend import lower
from autograd_np.lowering.passes import run_passes
from autograd_np.rules.indexing import index_set
from tests.autograd_np.lowering.numba_steps import assert_close
from tests.autograd_np.lowering.recordings import record

pytest.importorskip("numba")

SHAPES = [(40, 4), (4,), (40, 1), (4, 40), (4, 4), (), (40,)]
OPERATIONS = (
    lambda a, b: a + b,
    lambda a, b: a * b,
    np.maximum,
    lambda a, b: np.sum(a, axis=0),
    lambda a, b: np.sum(a, axis=-1, keepdims=True),
    lambda a, b: np.max(a),
    lambda a, b: a @ b,
    lambda a, b: a.T,
    lambda a, b: np.tanh(a),
    lambda a, b: np.reshape(a, (-1,)),
    lambda a, b: np.reshape(a, (-1, 4)),
    lambda a, b: np.where(a > 0, a, b),
    lambda a, b: a[np.array([0, 1, 1])],
    lambda a, b: index_set(a, np.array([0, 1]), 1.0),
    lambda a, b: np.concatenate([a, a]),
)


def random_program(seed):
    choose, rng = random.Random(seed), np.random.default_rng(seed)
    inputs = [ag.Tensor(rng.standard_normal(s), name=f"x{i}") for i, s in enumerate(SHAPES)]
    with record() as program:
        for tensor in inputs:
            program.ref(tensor)
        pool = list(inputs)
        for _ in range(30):
            a, b = choose.choice(pool), choose.choice(pool)
            try:
                value = choose.choice(OPERATIONS)(a, b)
            except (ValueError, IndexError, TypeError):
                continue
            if 0 < value.size <= 5000:
                # Large numbers would hide small ones.
                pool.append(np.tanh(value) if np.max(np.abs(value.numpy())) > 1e3 else value)
        program.outputs = [program.ref(each) for each in choose.sample(pool, 4)]
        for tensor in choose.sample(inputs, 3):
            alike = [each for each in pool if each.shape == tensor.shape]
            program.updates[program.ref(tensor).index] = program.ref(choose.choice(alike))
    return run_passes(program, without=["flat_updates"])


@pytest.mark.parametrize("seed", range(12))
def test_random_programs(seed):
    program = random_program(seed)
    native = lower(program, value_names(program))
    values = {ref.index: np.array(program.variables[ref.index].value) for ref in program.inputs}
    outputs, updates = interpret(program, {index: each.copy() for index, each in values.items()})
    results = native.run(*(values[ref.index] for ref in native.wants))
    for got, wanted in zip(results, outputs, strict=True):
        assert_close(got, wanted)
    for index, wanted in updates.items():
        assert_close(values[index], wanted)
