"""Running natively what a program says, beside its plain replay."""

import numpy as np

from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.naming import value_names
from autograd_np.lowering.numba_backend import lower
from autograd_np.lowering.passes import run_passes
from tests.autograd_np.lowering.programs import recorded

#: How far results may differ, relative to the largest number of an array.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def lowered(function, *values):
    """A function of Tensors as native code, and its program."""
    with np.errstate(all="ignore"):
        program = run_passes(recorded(function, *values))
    return lower(program, value_names(program)), program


def own_memory(program, values):
    """Copies of the inputs, those of a pack in the memory of the flat one."""
    memory = {
        index: np.array(value) if isinstance(value, np.ndarray) else value
        for index, value in values.items()
    }
    for flat, members in program.packs.items():
        memory[flat] = np.concatenate([memory[ref.index].ravel() for ref in members])
        start = 0
        for ref in members:
            shape, size = memory[ref.index].shape, memory[ref.index].size
            memory[ref.index] = memory[flat][start : start + size].reshape(shape)
            start += size
    return memory


def assert_close(got, wanted):
    """Fail unless two arrays are as close as the backend promises, NaN and infinity included."""
    got, wanted = np.asarray(got), np.asarray(wanted)
    assert (got.shape, got.dtype) == (wanted.shape, wanted.dtype)
    if wanted.dtype.kind != "f":
        np.testing.assert_array_equal(got, wanted)
        return
    finite = np.isfinite(wanted)
    np.testing.assert_array_equal(np.isfinite(got), finite)
    np.testing.assert_array_equal(got[~finite], wanted[~finite])
    largest = np.max(np.abs(wanted[finite]), initial=0.0)
    off = np.max(np.abs(got[finite] - wanted[finite]), initial=0.0)
    assert off <= TOLERANCE[wanted.dtype.name] * largest


def check(function, *values):
    """Fail unless a function does natively what it does in NumPy; return the lowered one."""
    native, program = lowered(function, *values)
    given = {ref.index: program.variables[ref.index].value for ref in program.inputs}
    outputs, _ = interpret(program, given)
    memory = own_memory(program, given)
    results = native.run(*(memory[ref.index] for ref in native.wants))
    assert len(results) == len(outputs)
    for got, wanted in zip(results, outputs, strict=True):
        assert type(got) is np.ndarray
        assert_close(got, wanted)
    return native
