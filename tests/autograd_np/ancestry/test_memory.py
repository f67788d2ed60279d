"""Looking at a computation keeps nothing alive, and takes nothing away."""

import gc
import sys
import weakref

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.frames import variables_of
from autograd_np.program import Program
from autograd_np.recording import current


@pytest.fixture(autouse=True)
def no_collector():
    """Whatever dies in these tests dies of its reference count."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def leaf(*shape):
    return ag.Tensor(np.ones(shape), requires_grad=True)


def test_the_variables_of_a_running_function_are_seen():
    def f(argument):
        local = argument + 1
        return dict(variables_of(sys._getframe())), local

    seen, local = f(1)
    assert (seen["argument"], seen["local"]) == (1, local)


def test_what_was_looked_at_can_die_while_the_function_runs():
    w = leaf(2)
    with ag.record() as program:
        big = np.tanh(w)
        y = big * 2
    dead = weakref.ref(big)
    ag.trace(y)
    program.calls.clear()
    program.variables.clear()
    del big
    ag.trace(y)
    y = program = None
    assert dead() is None


def test_trace_keeps_no_variable_alive():
    big = leaf(1000)
    y = big.sum()
    dead = weakref.ref(big)
    print(ag.trace(y))
    del big
    assert dead() is None


def test_a_recording_keeps_no_variable_alive_that_is_none_of_its_own():
    class Thing:
        pass

    thing = Thing()
    dead = weakref.ref(thing)
    with ag.record():
        y = leaf(2) * 2
    del thing
    assert dead() is None
    assert y.shape == (2,)


def test_variables_of_closures_and_cells_are_let_go_of():
    class Thing:
        pass

    free, cell = Thing(), Thing()
    dead = weakref.ref(cell)

    def inner():
        y = leaf(2) * 2
        ag.trace(y)
        return free

    assert inner() is free
    ag.trace(leaf(2) * 2)
    cell = None
    assert cell is None
    assert dead() is None


def test_the_users_own_dict_of_variables_stays_full():
    w = leaf(2)
    y = w * 2
    mine = locals()
    ag.trace(y)
    with ag.record():
        ag.trace(w * 3)
    assert mine["w"] is w
    assert mine["y"] is y


def test_a_module_namespace_stays_full():
    space = {}
    exec("import autograd_np as ag\nw = ag.Tensor(1.0, True)\ny = w * 2\np = ag.trace(y)\n", space)
    assert {"w", "y", "p", "ag"} <= space.keys()


def test_a_debugger_sees_and_keeps_all_variables():
    seen = []

    def tracer(frame, event, _):
        if frame.f_code.co_name == "debugged" and event in ("line", "return"):
            seen.append(sorted(frame.f_locals))
        return tracer

    def debugged(w):
        with ag.record():
            y = w * 2
        program = ag.trace(y)
        z = y + w
        return z, program, w, y

    w = leaf(2)
    before = sys.gettrace()
    sys.settrace(tracer)
    try:
        z, program, again, y = debugged(w)
    finally:
        sys.settrace(before)
    assert again is w
    assert z.shape == y.shape == (2,)
    assert [v.label for v in program.variables.values()] == ["w", "y"]
    assert seen[-1] == ["program", "w", "y", "z"]


def died(make):
    """Whether a recording, made by `make`, dies with all that it returns."""
    program, kept = make()
    assert isinstance(program, Program)
    watched = [weakref.ref(each) for each in (program, *kept)]
    del program, kept
    return [reference() for reference in watched] == [None] * len(watched)


def forward():
    with ag.record() as program:
        y = np.tanh(leaf(3)).sum()
    return program, [y]


def with_backward():
    w = leaf(3)
    with ag.record() as program:
        y = (np.tanh(w) * w).sum()
        y.backward()
    return program, [w, y]


def with_retained_graph():
    w = leaf(3)
    with ag.record() as program:
        y = (w * w).sum()
        y.backward(retain_graph=True)
        y.backward()
    return program, [w, y]


def second_order():
    w = leaf(3)
    with ag.record() as program:
        y = (w**3).sum()
        y.backward(create_graph=True)
        g = w.grad
        z = (g * g).sum()
        z.backward()
        w.grad = None
    return program, [w, y, g, z]


def several_outputs():
    a = ag.Tensor(np.diag([1.0, 2.0, 3.0]), requires_grad=True)
    with ag.record() as program:
        u, s, vt = np.linalg.svd(a)
        (u.sum() + s.sum()).backward()
    return program, [a, u, s, vt]


def module_and_optimizer():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with ag.record() as program:
        loss = model(np.ones((4, 2))).sum()
        loss.backward()
        optimizer.step()
    return program, [loss, model, optimizer]


def plain_arrays():
    x = np.ones((4, 3))
    with ag.record() as program:
        y = (x @ leaf(3)).sum()
    return program, [y]


def hooks():
    w = leaf(3)
    with ag.record() as program:
        h = w * 2
        h.register_hook(lambda g: g * 2)
        h.sum().backward()
    return program, [w, h]


def after_an_exception():
    w = leaf(3)
    h = None
    try:
        with ag.record() as program:
            h = np.tanh(w)
            h @ np.ones(7)
    except ValueError:
        pass
    return program, [w, h]


def looked_at():
    w = leaf(3)
    with ag.record() as program:
        y = np.tanh(w).sum()
    found = ag.trace(y)
    assert str(found)
    return program, [w, y]


@pytest.mark.parametrize(
    "make",
    [
        forward, with_backward, with_retained_graph, second_order, several_outputs,
        module_and_optimizer, plain_arrays, hooks, after_an_exception, looked_at,
    ],
)  # fmt: skip
def test_a_recording_is_in_no_cycle(make):
    assert died(make)


def test_a_result_keeps_its_recording():
    program, (y,) = forward()
    reference = weakref.ref(program)
    del program
    assert reference() is not None
    assert len(ag.trace(y).calls) == 2
    del y
    assert reference() is None


def test_nodes_do_not_keep_the_trace_of_a_compiled_function():
    traces, leaked, w = [], [], leaf(3)

    @ag.compile
    def step(x):
        h = (w * x).sum()
        trace = ag.trace(h)
        assert len(trace.calls) == 2
        traces.append(weakref.ref(current().program))
        leaked.append(h)
        return h

    out = step(ag.Tensor(np.ones(3)))
    gc.collect()
    assert out.shape == ()
    assert len(traces) == len(leaked) > 0
    assert [reference() for reference in traces] == [None] * len(traces)


def test_what_trace_found_dies_with_it():
    w = leaf(3)
    y = np.tanh(w).sum()
    program = ag.trace(y)
    reference = weakref.ref(program)
    del program
    assert reference() is None
