"""What operations keep for the reverse pass, against what nodes and memory really hold."""

import gc
import tracemalloc

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry import program_of
from autograd_np.drawing.kept import kept_bytes
from autograd_np.graph import ancestors
from autograd_np.trees import flatten
from tests.autograd_np.samples import CASES, differentiable, recorded

# Small arrays that a recording has twice, such as one reshaped to what it was.
SMALL = 16


def held(outs, tensors):
    """The bytes that lean nodes keep, each array once and parameters not."""
    own = {id(t._value) for t in tensors}
    saved = [value for out in outs for node in ancestors(out.node) for value in node.saved or ()]
    arrays = {id(v): v for v in flatten(saved)[0] if isinstance(v, (np.ndarray, np.generic))}
    return sum(array.nbytes for key, array in arrays.items() if key not in own)


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_kept_bytes(function, sample):
    call, arrays = differentiable(function, sample)
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*tensors))
    if not outs:
        # Of arguments whose shape alone is read.
        return
    with ag.record():
        others = recorded(call(*(ag.Tensor(a, requires_grad=True) for a in arrays)))
    wanted = held(outs, tensors)
    nodes = [out.node for out in outs]
    lean, full = (program_of(tuple(each), None, "draw") for each in (outs, others))
    assert sum(kept_bytes(lean, lean.calls, nodes).values()) == wanted
    found = sum(kept_bytes(full, full.calls).values())
    assert 0 <= found - wanted <= SMALL


def test_each_array_is_counted_where_it_is_first_kept():
    x = ag.Tensor(np.ones(100), requires_grad=True, name="x")
    y = np.exp(x)
    z = np.sum(y * y)
    program = ag.trace(z)
    assert list(kept_bytes(program, program.calls, [z.node]).values()) == [800, 0, 0]


@pytest.mark.parametrize("record", [False, True])
def test_after_the_reverse_pass_has_freed_it(record):
    x = ag.Tensor(np.ones(100), requires_grad=True, name="x")
    with ag.record() if record else ag.enable_grad():
        z = np.sum(np.exp(x))
    z.backward()
    program = ag.trace(z)
    assert list(kept_bytes(program, program.calls, [z.node]).values()) == [800, 0]


def test_a_gradient_that_can_be_differentiated_keeps_values_too():
    x = ag.Tensor(np.ones(100), requires_grad=True, name="x")
    with ag.record() as program:
        np.sum(np.exp(x)).backward(create_graph=True)
    forward = [call for call in program.calls if call.derivative_of is None]
    assert sum(kept_bytes(program, forward).values()) == 800
    assert sum(kept_bytes(program, program.calls).values()) > 800
    x.grad = None
    with ag.record() as program:
        np.sum(np.exp(x)).backward()
    assert sum(kept_bytes(program, program.calls).values()) == 800


def test_nothing_is_kept_under_no_grad():
    x = ag.Tensor(np.ones(100), requires_grad=True, name="x")
    with ag.record() as program, ag.no_grad():
        np.sum(np.exp(x))
    assert sum(kept_bytes(program, program.calls).values()) == 0


def test_the_total_fits_what_the_process_holds():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(500, 200))
    weights = [ag.Tensor(rng.normal(size=(200, 200)), requires_grad=True) for _ in range(6)]

    def loss():
        h = x
        for w in weights:
            h = np.tanh(h @ w)
        return np.sum(h)

    loss()
    gc.collect()
    tracemalloc.start()
    try:
        result = loss()
        holds = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    program = ag.trace(result)
    found = sum(kept_bytes(program, program.calls, [result.node]).values()) - x.nbytes
    assert found == 6 * x.nbytes
    assert found == pytest.approx(holds, rel=0.02)
