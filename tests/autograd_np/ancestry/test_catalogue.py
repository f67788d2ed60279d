"""Every sample of the catalogue: what is known of a lean graph agrees with a full recording."""

from dataclasses import replace

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.ancestry import program_of
from autograd_np.lowering.interpret import interpret
from autograd_np.lowering.rewriting import operands
from tests.autograd_np.ancestry.alike import differences
from tests.autograd_np.samples import CASES, differentiable, recorded

# Recorded, these are given the array; their gradient passes through its rows.
GIVEN_AN_ARRAY = {(np.concatenate, "an array"), (np.stack, "an array")}


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_lean_and_recorded(function, sample):
    call, arrays = differentiable(function, sample)
    here = [ag.Tensor(a, requires_grad=True) for a in arrays]
    there = [ag.Tensor(a, requires_grad=True) for a in arrays]
    outs = recorded(call(*here))
    with ag.record():
        others = recorded(call(*there))
    if not outs:
        # Of arguments whose shape alone is read.
        assert not others
        return
    lean = program_of(tuple(outs), None, "trace", backward=True)
    full = program_of(tuple(others), None, "trace", backward=True)
    assert_sound(lean)
    assert_sound(full)
    assert_replays(full)
    assert_the_same_forward(full, program_of(tuple(others), None, "trace"))
    for one, other in zip(here, there, strict=True):
        assert one.grad is None
        assert other.grad is None
    if (function, sample.name) in GIVEN_AN_ARRAY:
        return
    missing, paired = differences(lean, full)
    assert not missing
    assert [paired[ref.index] for ref in lean.outputs] == [ref.index for ref in full.outputs]
    for one, other in zip(here, there, strict=True):
        if one.node.index in lean.variables:
            assert paired[one.node.index] == other.node.index
            assert one.node.index in lean.gradient_of
            assert other.node.index in full.gradient_of


def assert_sound(program):
    """Every value is made once, before it is read, and known; so is what gradients belong to."""
    made = {ref.index for ref in program.inputs}
    assert len(made) == len(program.inputs)
    for call in program.calls:
        assert {ref.index for ref in operands(call)} <= made
        outputs = {ref.index for ref in call.outputs}
        assert not outputs & made
        made |= outputs
        assert call.derivative_of is None or call.derivative_of in made
        assert (call.rule is None) == (call.derivative_of is None)
    assert {ref.index for ref in program.outputs} <= made
    assert made <= set(program.variables)
    assert set(program.gradient_of) <= made
    assert set(program.gradient_of.values()) <= set(program.variables)
    assert set(program.gradients.values()) <= set(program.gradient_of)


def assert_replays(program):
    """Run again, every value of a recorded program is what it was."""
    refs = [ref for call in program.calls for ref in call.outputs]
    values, _ = interpret(replace(program, outputs=refs), {})
    for ref, value in zip(refs, values, strict=True):
        np.testing.assert_array_equal(value, program.variables[ref.index].value)


def assert_the_same_forward(both, forward):
    """A program with the reverse pass begins with that without."""
    user = [call.outputs for call in both.calls if call.derivative_of is None]
    alone = [call.outputs for call in forward.calls]
    assert [outputs for outputs in user if outputs in alone] == alone
    assert not any(call.derivative_of for call in forward.calls)
