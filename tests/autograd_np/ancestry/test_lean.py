"""What is known of a computation for which no full recording was made."""

import threading
import time

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry.lean_calls import UNKNOWN
from autograd_np.graph import ancestors
from autograd_np.program import Ref


def functions(program):
    """The names of the functions that a program calls, in order."""
    return [call.function.__name__ for call in program.calls]


def leaf(*shape, name=None):
    return ag.Tensor(np.ones(shape), requires_grad=True, name=name)


def test_structure_shapes_and_settings():
    w = leaf(2, 3, name="w")
    program = ag.trace(np.sum(np.tanh(w) * w, axis=0, keepdims=True))
    assert functions(program) == ["tanh", "multiply", "sum"]
    tanh, multiply, total = program.calls
    assert program.inputs == [Ref(w.node.index)]
    assert tanh.args == (Ref(w.node.index),)
    assert multiply.args == (tanh.outputs[0], Ref(w.node.index))
    assert total.kwargs == {"axis": 0, "keepdims": True}
    assert program.outputs == list(total.outputs)
    variable = program.variables[total.outputs[0].index]
    assert (variable.shape, variable.dtype, variable.value) == ((1, 3), np.float64, None)
    np.testing.assert_array_equal(program.variables[w.node.index].value, w.numpy())


def test_what_no_rule_reads_is_unknown_and_what_one_reads_is_kept():
    w, kept, lost = leaf(3), np.full(3, 2.0), np.full(3, 5.0)
    add = ag.trace(w + lost).calls[0]
    assert add.args[1] is UNKNOWN
    assert repr(UNKNOWN) == "?"
    program = ag.trace(w * kept)
    (constant,) = [ref for ref in program.inputs if program.variables[ref.index].constant]
    assert program.calls[0].args == (Ref(w.node.index), constant)
    assert program.variables[constant.index].value is kept
    assert program.variables[constant.index].label == "kept"


def test_one_array_that_two_calls_read_is_one_input():
    w, x = leaf(3), np.full(3, 2.0)
    program = ag.trace(w * x, np.tanh(w) * x)
    assert [program.variables[ref.index].label for ref in program.inputs] == ["w", "x"]


def test_settings_as_usual_are_left_out():
    w = leaf(3)
    assert ag.trace(np.concatenate([w, w], axis=0)).calls[0].kwargs == {}
    assert ag.trace(np.stack([w, w], axis=1)).calls[0].kwargs == {"axis": 1}


@pytest.mark.parametrize("join", [np.concatenate, np.stack])
def test_a_list_shows_all_its_elements(join):
    w = leaf(2)
    ref = Ref(w.node.index)
    call = ag.trace(join([np.zeros(2), w, np.zeros(2), np.zeros(2)])).calls[0]
    assert call.args[0] == [UNKNOWN, ref, UNKNOWN, UNKNOWN]
    assert call.kwargs == {}


def test_of_a_list_that_the_rule_reads_all_is_known():
    read = ag.custom_op(
        lambda parts: parts[0] * parts[1] * parts[2],
        parts=lambda g, parts: [
            g * parts[1] * parts[2], g * parts[0] * parts[2], g * parts[0] * parts[1],
        ],
        lists=["parts"],
    )  # fmt: skip
    w, c = leaf(2), np.full(2, 3.0)
    program = ag.trace(read([w, c, w]))
    first, second, third = program.calls[0].args[0]
    assert first == third == Ref(w.node.index)
    assert program.variables[second.index].value is c


def test_a_custom_operation_goes_by_its_name():
    @ag.custom_op(x=lambda g, x: 3 * g * x**2)
    def cube(x):
        return x**3

    program = ag.trace(cube(leaf(2)))
    assert functions(program) == ["cube"]
    assert program.calls[0].args == (program.inputs[0],)


def test_an_index_is_known_however_it_nests():
    w, rows = leaf(4, 5, 6), np.array([0, 2])
    (call,) = ag.trace(w[rows, 1:, None, ...]).calls
    found = call.args[1]
    assert isinstance(found[0], Ref)
    assert found[1:] == (slice(1, None), None, Ellipsis)


def test_calls_with_several_outputs_are_one_call():
    a = leaf(3, 3)
    u, s, vt = np.linalg.svd(a + np.eye(3))
    program = ag.trace((u * 2).sum() + s.sum() + vt.sum())
    calls = [call for call in program.calls if len(call.outputs) > 1]
    assert [call.function.__name__ for call in calls] == ["singular_system"]
    assert [program.variables[r.index].shape for r in calls[0].outputs] == [(3, 3), (3,), (3, 3)]
    assert [r.index for r in calls[0].outputs] == [t.node.index for t in (u, s, vt)]
    made = [ref for call in program.calls for ref in call.outputs]
    assert len(made) == len(set(made))


def test_of_several_outputs_those_stand_there_that_are_read():
    _, s, _ = np.linalg.svd(leaf(4, 3))
    call = ag.trace(s.sum()).calls[0]
    assert [ref.index for ref in call.outputs] == [s.node.index]


@pytest.mark.parametrize(
    ("function", "count"),
    [(np.modf, 2), (np.linalg.eigh, 2), (lambda a: np.split(a, 3), 3), (np.linalg.slogdet, 2)],
    ids=["modf", "eigh", "split", "slogdet"],
)
def test_each_output_is_a_value(function, count):
    given = ag.Tensor(np.diag([1.25, 2.5, 3.75]), requires_grad=True)
    outputs = [t for t in function(given) if t.requires_grad]
    assert len(outputs) == count
    program = ag.trace(*outputs)
    assert [ref.index for ref in program.outputs] == [t.node.index for t in outputs]
    (call,) = program.calls
    assert set(program.outputs) <= set(call.outputs)


@pytest.mark.parametrize("shape", [(), (0,), (0, 3), (1,)], ids=str)
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex64, np.complex128])
def test_every_shape_and_dtype(shape, dtype):
    t = ag.Tensor(np.ones(shape, dtype), requires_grad=True)
    y = np.exp(t * t)
    program = ag.trace(y)
    variable = program.variables[y.node.index]
    assert (variable.shape, variable.dtype) == (shape, dtype)
    assert f"{np.dtype(dtype).name}[{','.join(map(str, shape))}]  exp(" in str(program)


def test_a_leaf_is_a_program_without_calls():
    w = leaf(2, name="w")
    program = ag.trace(w)
    assert program.calls == []
    assert program.inputs == program.outputs == [Ref(w.node.index)]
    assert str(program) == "w  float64[2]  parameter"


def test_several_results_share_what_they_share():
    w = leaf(2)
    h = np.tanh(w)
    program = ag.trace(h.sum(), h.mean(), h)
    assert functions(program) == ["tanh", "sum", "mean"]
    assert program.outputs[2] == program.calls[0].outputs[0]


def test_a_checkpoint_is_one_call():
    y = ag.checkpoint(lambda a: np.exp(a) * 2)(leaf(2))
    assert functions(ag.trace(y.sum())) == ["checkpoint", "sum"]


def test_after_backward_the_structure_is_still_there():
    w = leaf(2, name="w")
    y = (w * w).sum()
    before = str(ag.trace(y))
    y.backward()
    assert str(ag.trace(y)) == before
    np.testing.assert_array_equal(w.grad, [2, 2])


def test_gradients_of_leaves_are_shown_as_they_lie_there():
    w = leaf(2)
    y = (w * w).sum()
    y.backward()
    program = ag.trace(y)
    gradient = program.gradient_of[w.node.index]
    assert program.gradients[gradient] == w.node.index
    np.testing.assert_array_equal(program.variables[gradient].value, [2, 2])


def update_by_data(w):
    w.data = w.data + 1


def update_in_place(w):
    w.data -= 1


def update_an_element(w):
    w.data[0] = 7


@pytest.mark.parametrize("update", [update_by_data, update_in_place, update_an_element])
def test_a_leaf_that_was_updated_since_has_no_value_to_show(update):
    w, other = leaf(2), leaf(2)
    y = (w * other).sum()
    update(w)
    program = ag.trace(y)
    assert program.variables[w.node.index].value is None
    np.testing.assert_array_equal(program.variables[other.node.index].value, [1, 1])
    np.testing.assert_array_equal(ag.trace((w * 2).sum()).variables[w.node.index].value, w.numpy())


def test_nothing_is_changed_by_being_looked_at():
    w = leaf(2)
    y = (w * w).sum()
    nodes = [(n.index, n.parents, n.saved) for n in ancestors(y.node)]
    program = ag.trace(y)
    program.variables[w.node.index].name = "other"
    program.calls[0].source = ("elsewhere", 3)
    assert [(n.index, n.parents, n.saved) for n in ancestors(y.node)] == nodes
    assert w.name is None
    assert w.grad is None
    assert ag.trace(y).calls[0].source[1] == 0
    y.backward()
    np.testing.assert_array_equal(w.grad, [2, 2])


def test_a_chain_of_100_000_operations_in_seconds():
    y = leaf()
    for _ in range(100_000):
        y = y * 1.0
    start = time.perf_counter()
    program = ag.trace(y)
    seconds = time.perf_counter() - start
    assert len(program.calls) == 100_000
    assert seconds < 15


def test_a_module_without_a_recording():
    model = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    program = ag.trace(model(np.ones((4, 2))).sum())
    names = [program.variables[ref.index].name for ref in program.inputs]
    assert [n for n in names if n] == ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert functions(program) == ["linear", "tanh", "linear", "sum"]
    assert [len(call.args) for call in program.calls] == [3, 1, 3, 1]
    bare = ag.trace(nn.Linear(2, 3, bias=False)(np.ones((4, 2)))).calls[0]
    assert (len(bare.args), bare.kwargs) == (2, {})


def test_each_thread_sees_its_own():
    found = {}

    def work(number):
        w = leaf(number + 1, name=f"w{number}")
        for _ in range(50):
            y = np.tanh(w).sum()
            found[number] = str(ag.trace(y))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(4):
        assert found[number].splitlines()[:3] == [
            f"w{number}  float64[{number + 1}]  parameter",
            f"t1  float64[{number + 1}]  tanh(w{number})",
            "y   float64[]   sum(t1)",
        ]


def test_within_a_compiled_function_the_trace_is_shown():
    texts = []

    @ag.compile
    def f(x):
        y = (x * 2.0).sum()
        texts.append(str(ag.trace(y)))
        return y

    assert f(np.ones(3)) == 6
    assert "multiply(x, 2.0)" in texts[0]
    assert "sum(t1)" in texts[0]


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        (3, r"an int\. Write ag\.trace\(loss\)"),
        ("x", r"a str\. Write ag\.trace\(loss\)"),
        (None, r"a NoneType\. Write"),
        (np.ones(2), r"an array, .* x = ag\.Tensor\(array, requires_grad=True\)"),
        (np.exp, r"the function exp\. Write ag\.trace\(exp\(x\)\)"),
        (lambda x: x, r"the function <lambda>\. Write ag\.trace\(f\(x\)\)"),
        (nn.Linear, r"the class Linear\. Make one, .* ag\.trace\(loss\)"),
        (ag.Program(), r"a Program, .* print\(program\), or ag\.draw\(program\)"),
        ((1, 2), r"a tuple\. Write ag\.trace\(\*tensors\)"),
        ([1], r"a list\. Write ag\.trace\(\*tensors\)"),
        (nn.Linear(2, 1), r"the module Linear\. Write ag\.trace\(model\(x\)\)"),
        (ag.Tensor(1.0), r"ag\.Tensor\(value, requires_grad=True\)"),
    ],
    ids=[
        "int",
        "str",
        "None",
        "array",
        "ufunc",
        "lambda",
        "class",
        "program",
        "tuple",
        "list",
        "module",
        "constant",
    ],
)
def test_wrong_arguments_name_what_to_pass(given, advice):
    with pytest.raises(TypeError, match=advice):
        ag.trace(given)
    with pytest.raises(TypeError, match=advice):
        ag.trace(leaf(2).sum(), given)


def test_no_argument():
    with pytest.raises(TypeError, match=r"trace\(\) .* was given none\. Write ag\.trace\(loss\)"):
        ag.trace()


def test_dask_arrays():
    da = pytest.importorskip("dask.array")
    w = leaf(3, name="w")
    x = da.ones((4, 3), chunks=2)
    program = ag.trace(np.tanh(ag.Tensor(x) @ w).sum())
    assert functions(program) == ["matmul", "tanh", "sum"]
    assert program.variables[program.calls[0].outputs[0].index].shape == (4,)
    assert "matmul(" in str(program)
