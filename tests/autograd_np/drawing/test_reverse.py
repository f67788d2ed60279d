"""The reverse pass beside the forward one: rules, gradients, ties."""

import itertools
import shutil
import subprocess

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry import program_of
from autograd_np.drawing.calls import leading_to
from autograd_np.drawing.facts import type_text
from autograd_np.drawing.formulas import broken, renamed
from autograd_np.lowering.rewriting import operands
from tests.autograd_np.drawing.reading import needs_dot, read
from tests.autograd_np.samples import CASES, differentiable, recorded, some_by_day

DOTTED = {"style": "dotted", "dir": "none", "constraint": "false"}


def ties(picture):
    return {e.tail: e.head for e in picture.edges if e.attributes.get("style") == "dotted"}


def flows(picture):
    """The edges of gradients: from where each flows to where it goes, and its label."""
    found = [e for e in picture.edges if e.attributes.get("dir") == "back"]
    return [(e.head, e.tail, e.lines) for e in found]


def drawn(function, sample, record):
    """The results of a sample, on Tensors; none where nothing was recorded."""
    call, arrays = differentiable(function, sample)
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    with ag.record() if record else ag.enable_grad():
        return recorded(call(*tensors))


@pytest.mark.parametrize("record", [False, True], ids=["lean", "recorded"])
@pytest.mark.parametrize(("function", "sample"), some_by_day(2))
def test_every_rule(function, sample, record):
    outs = drawn(function, sample, record)
    if not outs:
        # Of arguments whose shape alone is read.
        return
    picture = read(ag.draw(*outs, backward=True, values=True, gradients=True, norms=True))
    program = program_of(tuple(outs), None, "draw", True)
    forward = leading_to((ref.index for ref in program.outputs), program.calls)
    assert len(picture.only("n")) == len(forward)
    tied = ties(picture)
    ids = {id(call): f"n{number}" for number, call in enumerate(forward, 1)}
    made_by = {ref.index: ids[id(call)] for call in forward for ref in call.outputs}
    leaves = [r.index for r in program.inputs if r.index in program.gradient_of]
    found = flows(picture)
    for call in forward:
        outputs = [ref.index for ref in call.outputs]
        wanted = [r.index for r in operands(call) if program.variables[r.index].requires_grad]
        if not any(index in program.gradient_of for index in outputs):
            assert ids[id(call)] not in tied
            continue
        rule = tied[ids[id(call)]]
        # A formula, or the operations that the rule ran.
        assert len(picture.vertices[rule].lines) > 1
        for index in dict.fromkeys(wanted):
            end = tied.get(made_by[index]) if index in made_by else f"d{leaves.index(index) + 1}"
            if end is not None:
                variable = program.variables[index]
                shape = type_text(variable.dtype, variable.shape)
                assert any(f[:2] == (rule, end) and f[2][-1] == shape for f in found)
        for index in outputs:
            if index in program.gradient_of:
                gradient = program.variables[program.gradient_of[index]]
                assert gradient.shape == program.variables[index].shape
    assert {v.tail for v in picture.only("g")} == set(tied.values())
    assert len(picture.only("d")) == len(leaves)


@needs_dot
def test_graphviz_accepts_all_of_them():
    # One sample of each function: most of the time goes into the layout.
    first = {
        function: (function, sample) for function, sample in (c.values for c in reversed(CASES))
    }
    sources = []
    for function, sample in first.values():
        outs = drawn(function, sample, True)
        if outs:
            sources.append(ag.draw(*outs, backward=True, values=True, legend=False).source)
    assert len(sources) > 300
    ran = subprocess.run(
        [shutil.which("dot"), "-Tsvg"], input="".join(sources).encode(), capture_output=True
    )
    assert ran.returncode == 0
    assert ran.stdout.count(b"<svg") == len(sources)
    assert b"yntax" not in ran.stderr


def names(picture, prefix):
    return [v.lines[0] for v in picture.only(prefix)]


def test_a_loss_in_full():
    x = np.arange(6.0).reshape(3, 2)
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    b = ag.Tensor(0.5, requires_grad=True, name="b")
    z = x @ w
    u = z + b
    h = np.exp(u)
    loss = np.sum(h)
    picture = read(ag.draw(loss, backward=True, gradients=True))
    assert [v.lines for v in picture.only("g")] == [
        ["matmul's rule", "w: x.T @ dz"],
        ["add's rule", "z: du", "b: du"],
        ["exp's rule", "u: dh * h"],
        ["sum's rule", "h: spread(dloss, h, axis, keepdims, where)"],
    ]
    assert ties(picture) == {"n1": "g1", "n2": "g2", "n3": "g3", "n4": "g4"}
    assert flows(picture) == [
        ("g1", "d1", ["float64 (2,)"]),
        ("g2", "g1", ["dz", "float64 (3,)"]),
        ("g2", "d2", ["float64 ()"]),
        ("g3", "g2", ["du", "float64 (3,)"]),
        ("g4", "g3", ["dh", "float64 (3,)"]),
        ("r1", "g4", ["dloss", "float64 ()"]),
    ]
    g = np.exp(x @ w.numpy() + b.numpy())
    dw = x.T @ g
    assert [v.lines for v in picture.only("d")] == [
        ["dw", f"[{dw[0]:.4g} {dw[1]:.4g}]"],
        ["db", f"{g.sum():.4g}"],
    ]


def test_a_rule_stands_in_the_box_of_its_operation_beside_it():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record(), ag.named_scope("outer"), ag.named_scope("inner"):
        y = np.exp(w)
    drawing = ag.draw(y, backward=True)
    boxes = read(drawing).boxes
    assert boxes["n1"] == boxes["g1"] == boxes["i1"] == boxes["d1"] == ["outer", "inner"]
    assert "{ rank=same n1 g1 }" in drawing.source


def test_values_used_twice_and_broadcasting():
    w = ag.Tensor(np.ones((1, 3)), requires_grad=True, name="w")
    v = ag.Tensor(np.ones(3), requires_grad=True, name="v")
    h = np.exp(w)
    y = np.ones((2, 3)) * h + h * v
    picture = read(ag.draw(y, backward=True))
    to_h = [(start, lines) for start, end, lines in flows(picture) if end == "g1"]
    assert [lines for _, lines in to_h] == [["dh", "float64 (1, 3)"]] * 2
    assert len({start for start, _ in to_h}) == 2
    assert [lines for _, end, lines in flows(picture) if end in ("d1", "d2")] == [
        ["float64 (1, 3)"],
        ["float64 (3,)"],
    ]


def test_a_gradient_that_is_passed_on_bears_the_name_of_each():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    bias = ag.Tensor([1.0, 2.0], requires_grad=True, name="0.bias")
    picture = read(ag.draw(np.sum(w + bias), backward=True))
    assert names(picture, "d") == ["dw", "0.bias.grad"]


def test_one_operand_twice_is_one_gradient():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    picture = read(ag.draw(w * w, backward=True))
    assert picture.only("g")[0].lines[1:] == ["w: dt1 * w", "w: dt1 * w"]
    assert [f[:2] for f in flows(picture)] == [("g1", "d1"), ("r1", "g1")]


def test_settings_in_formulas():
    w = ag.Tensor(np.ones((2, 3)), requires_grad=True, name="w")
    y = np.sum(w, axis=1)
    (rule,) = read(ag.draw(y, backward=True)).only("g")
    # Their values stand at the operation.
    assert rule.lines[1:] == ["w: spread(dy, w, axis, keepdims, where)"]


def test_negative_numbers_in_formulas():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    y = w * -2.0
    z = w * 3.0
    assert [v.lines[1] for v in read(ag.draw(y, z, backward=True)).only("g")] == [
        "w: dy * (-2.0)",
        "w: dz * 3.0",
    ]


@pytest.mark.parametrize("record", [False, True])
def test_nothing_is_changed(record):
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    calls = []
    w.register_hook(calls.append)
    with ag.record() if record else ag.enable_grad():
        h = np.exp(w)
        h.register_hook(calls.append)
        loss = np.sum(h)
    for _ in range(2):
        assert read(ag.draw(loss, backward=True, gradients=True)).only("d")
    assert w.grad is None
    assert not calls
    loss.backward()
    assert len(calls) == 2
    np.testing.assert_allclose(w.grad, np.exp([1.0, 2.0]))


def test_one_that_was_recorded_is_the_one_that_is_shown():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record():
        y = w * 3.0
        y.backward(np.array([10.0, 100.0]))
    picture = read(ag.draw(y, backward=True, values=True, gradients=True))
    assert picture.only("d")[0].lines[-1] == "[30 300]"
    # Where none was, the gradient of the sum is.
    with ag.record():
        y = w * 3.0
    picture = read(ag.draw(y, backward=True, gradients=True))
    assert picture.only("d")[0].lines[-1] == "[3 3]"


def test_what_gets_no_gradient_has_no_rule():
    w = ag.Tensor([1.0, -2.0], requires_grad=True, name="w")
    with ag.record():
        y = np.where(w > 0, w, 0.0 * w)
    picture = read(ag.draw(y, backward=True))
    rules = [f"{v.lines[0].split(' = ')[1]}'s rule" for v in picture.only("n")]
    assert "greater's rule" in rules
    rules.remove("greater's rule")
    assert names(picture, "g") == rules
    assert names(picture, "d") == ["dw"]


def test_no_gradient_flows_through_integers():
    w = ag.Tensor([1.5, -6.0], requires_grad=True, name="w")
    with ag.record():
        mantissa, exponent = np.frexp(w)
        y = np.ldexp(mantissa, exponent)
    picture = read(ag.draw(y, backward=True))
    assert len(picture.between("n1", "n2")) == 2
    assert [f[2] for f in flows(picture) if f[:2] == ("g2", "g1")] == [
        ["dmantissa", "float64 (2,)"]
    ]


def test_rules_of_an_earlier_reverse_pass_are_operations_of_the_later():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    with ag.record():
        h = np.exp(w)
        np.sum(h).backward(create_graph=True)
        z = np.sum(w.grad * h)
    picture = read(ag.draw(z, backward=True))
    assert picture.only("g")[0].lines[0] == "exp's rule"
    # The contribution of the later pass, and the sum with that of the other way to h.
    assert picture.only("g")[0].attributes["tooltip"].count("multiply(") == 1


def test_a_freed_graph_says_what_to_do():
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    loss = np.sum(np.exp(w))
    loss.backward()
    with pytest.raises(RuntimeError, match=r"before backward\(\).*with ag\.record\(\):"):
        ag.draw(loss, backward=True)
    assert read(ag.draw(loss)).only("n")


def test_a_rule_of_the_users():
    @ag.custom_op(x=lambda g, out: g * out)
    def grow(x):
        return np.exp(x)

    def shrinking(g, x):
        return g * np.exp(-x)

    shrink = ag.custom_op(lambda x: -np.exp(-x), x=shrinking)
    w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    picture = read(ag.draw(shrink(grow(w)), backward=True))
    assert picture.only("g")[0].lines == ["grow's rule", "w: dt1 * t1"]
    # A function with branches has no text: the operations that it ran stand for it.
    assert picture.only("g")[1].lines[1:] == ["negative, exp, multiply"]


@pytest.mark.parametrize("kind", [0, 3])
def test_depth_of_rules_is_no_matter(kind):
    y = ag.Tensor([1.0], requires_grad=True, name="w")
    for _ in range(kind):
        y = np.sin(y)
    picture = read(ag.draw(np.sum(y), backward=True))
    chain = [f[:2] for f in flows(picture)]
    assert ("g1", "d1") in chain
    assert set(itertools.pairwise(f"g{n}" for n in range(kind + 1, 0, -1))) <= set(chain)


def test_formulas_in_other_names():
    known = {"g": "dy", "x": "0.weight", "out": "a b"}
    assert renamed("g * (x.T @ out)", known) == "dy * (0.weight.T @ a b)"
    assert renamed("sum of g over x", known) == "sum of g over x"
    assert "\n".join(broken("x: " + " + ".join(["abcdefgh"] * 9))).count("\n") == 2
    assert broken("a" * 100) == ["a" * 100]
    assert broken("") == [""]
