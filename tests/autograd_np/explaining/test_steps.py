"""The steps of a walk: which there are, and what they read and write."""

import numpy as np

import autograd_np as ag
from autograd_np.ancestry import program_of
from autograd_np.explaining.names import page_names
from autograd_np.explaining.steps import Walk


def walk_of(tensor):
    """The walk, and for each step its phase, operation, reads and writes by name."""
    program = program_of((tensor,), None, "explain", backward=True)
    walk = Walk(program)
    names = page_names(program, walk)
    steps = [
        (
            step.phase,
            None if step.operation is None else walk.forward[step.operation].function.__name__,
            [names[index] for index in step.reads],
            [names[index] for index in step.writes],
        )
        for step in walk.steps
    ]
    return walk, steps


def leaf(value, name):
    return ag.Tensor(value, requires_grad=True, name=name)


def test_forward_then_back_one_step_for_each_operation():
    w = leaf([1.0, 2.0], "w")
    with ag.record():
        z = w * 3.0
        loss = z.sum()
    _, steps = walk_of(loss)
    assert steps == [
        ("start", None, [], ["w"]),
        ("forward", "multiply", ["w"], ["z"]),
        ("forward", "sum", ["z"], ["loss"]),
        ("seed", None, [], ["dloss"]),
        ("reverse", "sum", ["dloss"], ["dz"]),
        ("reverse", "multiply", ["dz"], ["dw"]),
        ("done", None, [], ["dw"]),
    ]


def test_an_operation_that_hands_its_gradient_on_has_its_step():
    w, b = leaf([1.0, 2.0], "w"), leaf([3.0, 4.0], "b")
    with ag.record():
        z = w + b
        loss = np.exp(z).sum()
    walk, steps = walk_of(loss)
    assert steps[-2] == ("reverse", "add", ["dz"], [])
    assert walk.passed_on(walk.steps[-2]) == [ref.index for ref in walk.program.inputs[:2]]
    assert len(walk.gradients) == len({"w", "b", "z", "exp", "loss"})


def test_parts_of_a_gradient_are_named_after_the_whole():
    w = leaf([1.0, 2.0], "w")
    with ag.record():
        loss = (np.exp(w) * np.sin(w)).sum()
    _, steps = walk_of(loss)
    assert ("reverse", "sin", ["dt2", "w"], ["dw_part"]) in steps
    assert steps[-2][3] == ["dw"]
    assert "dw_part" in steps[-2][2]


def test_operations_that_no_gradient_passes_have_no_step_back():
    w = leaf([1.0, -2.0], "w")
    with ag.record():
        loss = np.where(w > 0, w, 0.0).sum() + np.sum(ag.stop_gradient(w))
    _, steps = walk_of(loss)
    back = [name for phase, name, _, _ in steps if phase == "reverse"]
    assert "greater" not in back
    assert back.count("sum") == 1
    assert "where" in back


def test_a_gradient_within_the_forward_pass_belongs_to_it():
    w = leaf([1.0, -2.0], "w")
    with ag.record():
        loss = np.sum(ag.grad(lambda v: np.sum(v**3))(w) ** 2)
    walk, steps = walk_of(loss)
    back = [name for phase, name, _, _ in steps if phase == "reverse"]
    assert back.count("sum") == 1
    assert "power" not in back
    assert walk.program.variables[walk.gradients[walk.program.inputs[0].index]].shape == (2,)


def test_of_several_passes_that_the_user_recorded_one_is_shown():
    w = leaf([1.0, 2.0], "w")
    with ag.record():
        loss = (w * w).sum()
        loss.backward(retain_graph=True)
        loss.backward()
    walk, steps = walk_of(loss)
    assert [step[1] for step in steps if step[0] == "reverse"] == ["sum", "multiply"]
    assert steps[3][3] == ["dloss"]
    assert len(walk.steps[4].calls) == 2
    np.testing.assert_array_equal(w.grad, [4, 8])


def test_a_hook_of_a_leaf_has_a_step_at_the_end():
    w = leaf([1.0, 2.0], "w")
    w.register_hook(lambda g: g * 10.0)
    with ag.record():
        loss = (w * w).sum()
        loss.backward()
    walk, steps = walk_of(loss)
    assert [phase for phase, *_ in steps[-2:]] == ["collect", "done"]
    assert steps[-1][3] == ["dw"]
    gradient = walk.program.variables[walk.steps[-1].writes[0]].value
    np.testing.assert_array_equal(gradient, [20, 40])


def test_without_a_gradient_there_is_no_way_back():
    x = ag.Tensor([1.0, 2.0], name="x")
    with ag.record():
        y = np.exp(x)
    program = program_of((y,), None, "explain")
    assert [step.phase for step in Walk(program).steps] == ["start", "forward"]


def test_a_lean_graph_has_the_same_steps():
    w = leaf([1.0, 2.0], "w")
    lean = walk_of(np.exp(w * 3.0).sum())[1]
    with ag.record():
        full = np.exp(w * 3.0).sum()
    recorded = walk_of(full)[1]
    assert [step[:2] for step in lean] == [step[:2] for step in recorded]


def test_a_long_chain_needs_no_recursion():
    x = leaf(1.0, "x")
    y = x
    for _ in range(3000):
        y = y * 1.0
    assert len(walk_of(y)[1]) == 2 * 3000 + 3
