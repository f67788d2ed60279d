"""Every rule, on every sample of the catalogue."""

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules import COMPOSITES, RULES
from autograd_np.rules.arithmetic import stop_gradient
from autograd_np.rules.families import load_all
from autograd_np.testing import CATALOGUE, gradcheck
from autograd_np.trees import flatten
from tests.autograd_np.samples import CASES, differentiable, recorded, single, value_and_gradients


def test_every_function_has_samples_and_every_sample_a_function():
    load_all()
    # Methods of ufuncs that have no faster way go through one function for all.
    methods = {f for f in CATALOGUE if isinstance(getattr(f, "__self__", None), np.ufunc)}
    # Examples and other tests have rules of their own.
    ours = ("numpy", "scipy", "autograd_np.rules")
    known = {
        f
        for f in (*RULES, *COMPOSITES)
        if (getattr(f, "__module__", None) or "numpy").startswith(ours)
    }
    assert known | methods == set(CATALOGUE)
    without = {f for f, samples in CATALOGUE.items() if not samples}
    assert without == {f for f in known & set(RULES) if not RULES[f].formulas}


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_agrees_with_central_differences_to_second_order(function, sample):
    call, arrays = differentiable(function, sample)
    gradcheck(call, *arrays, order=sample.order)


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_single_precision_is_kept(function, sample):
    call, arrays = differentiable(function, sample)
    singles = [single(a) for a in arrays]
    tensors = [ag.Tensor(a, requires_grad=True) for a in singles]
    result = call(*tensors)
    for out, plain in zip(flatten(result)[0], flatten(call(*singles))[0], strict=True):
        assert getattr(out, "dtype", None) == getattr(plain, "dtype", None)
    for out in recorded(result):
        out.backward(np.ones(out.shape, out.dtype), retain_graph=True)
    for tensor in tensors:
        if tensor.grad is not None:
            assert tensor.grad.dtype == tensor.dtype
            assert tensor.grad.shape == tensor.shape
            assert tensor.grad.flags.writeable
            assert tensor.grad.flags.c_contiguous


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_rule_is_linear_in_the_gradient(function, sample):
    call, arrays = differentiable(function, sample)
    value, pullback = ag.vjp(call, *arrays)
    outputs, rebuild = flatten(value)
    rng = np.random.default_rng(0)
    a, b = (rebuild([_random(rng, out) for out in outputs]) for _ in range(2))
    both = rebuild([2 * x + 3 * y for x, y in zip(flatten(a)[0], flatten(b)[0], strict=True)])
    for together, x, y in zip(pullback(both), pullback(a), pullback(b), strict=True):
        np.testing.assert_allclose(together, 2 * x + 3 * y, rtol=1e-12, atol=1e-12)
    zeros = rebuild([np.zeros_like(out) for out in outputs])
    for gradient in pullback(zeros):
        assert not gradient.any()


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_full_recording_gives_the_same_bits(function, sample):
    call, arrays = differentiable(function, sample)

    lean_out, lean = value_and_gradients(call, arrays)
    with ag.record():
        full_out, full = value_and_gradients(call, arrays)
    np.testing.assert_array_equal(lean_out.numpy(), full_out.numpy())
    for a, b in zip(lean, full, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            np.testing.assert_array_equal(a, b.numpy() if isinstance(b, ag.Tensor) else b)


@pytest.mark.parametrize(("function", "sample"), CASES)
def test_saves_no_more_than_the_formula_reads(function, sample):
    """A node of float64 arrays dies with its Tensor, and its locks with it."""
    call, arrays = differentiable(function, sample)
    out = call(*[ag.Tensor(a, requires_grad=True) for a in arrays])
    del out
    for array in arrays:
        assert array.flags.writeable


def _random(rng, like):
    values = rng.normal(size=np.shape(like))
    return values + 1j * rng.normal(size=np.shape(like)) if np.iscomplexobj(like) else values


def test_stop_gradient_has_none():
    x = ag.Tensor(2.0, requires_grad=True)
    y = x * stop_gradient(x)
    y.backward()
    assert x.grad == 2.0
