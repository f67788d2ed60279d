"""The twins of SciPy's functions: its values, its errors, and gradients."""

import inspect
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.scipy import special
from autograd_np.testing import gradcheck

sp = pytest.importorskip("scipy.special")

LISTED = (
    "expit logit log_expit erf erfc erfcx erfinv erfcinv gamma gammaln psi rgamma ndtr ndtri "
    "log_ndtr entr j0 j1 y0 y1 i0 i0e i1 i1e exp1 expi spence gammasgn dawsn beta betaln xlogy "
    "xlog1py rel_entr kl_div gammainc gammaincc jv yn iv ive expn polygamma zeta betainc "
    "multigammaln logsumexp softmax log_softmax"
)

A = np.random.default_rng(0).normal(size=(2, 3, 4))
B = np.random.default_rng(1).normal(size=(3, 1))


def same(ours, theirs, rtol=4e-15):
    """The same numbers, shapes and dtypes."""
    assert np.shape(ours) == np.shape(theirs)
    assert np.asarray(ours).dtype == np.asarray(theirs).dtype
    np.testing.assert_allclose(ours, theirs, rtol=rtol, atol=1e-15)


@pytest.mark.parametrize("name", LISTED.split())
def test_every_listed_function_is_there_and_takes_a_tensor(name):
    function = getattr(special, name)
    before = {
        "jv": (1.5,),
        "yn": (2.0,),
        "iv": (1.5,),
        "ive": (1.5,),
        "expn": (2.0,),
        "polygamma": (1,),
    }
    after = {
        **dict.fromkeys(("beta", "betaln", "xlogy", "xlog1py", "rel_entr", "kl_div"), (0.5,)),
        **dict.fromkeys(("gammainc", "gammaincc"), (0.5,)),
        "betainc": (2.0, 0.3),
        "multigammaln": (1,),
    }
    x = np.array([0.3, 0.7])
    args = (*before.get(name, ()), x, *after.get(name, ()))
    same(function(*args), getattr(sp, name)(*args))
    t = ag.Tensor(x, requires_grad=True)
    result = function(*before.get(name, ()), t, *after.get(name, ()))
    assert result.requires_grad
    np.testing.assert_array_equal(result.numpy(), function(*args))


@pytest.mark.parametrize("name", special.__all__)
def test_twins_have_scipys_parameters(name):
    ours, theirs = (inspect.signature(getattr(each, name)).parameters for each in (special, sp))
    assert list(ours) == list(theirs)
    for parameter in ours:
        assert ours[parameter].default == theirs[parameter].default


@pytest.mark.parametrize(
    "name", ["logsumexp", "softmax", "log_softmax", "polygamma", "multigammaln"]
)
def test_the_error_of_scipys_own_names_the_twin(name):
    t = ag.Tensor(np.array([1.5, 2.5]), requires_grad=True)
    args = {"polygamma": (1, t), "multigammaln": (t, 2)}.get(name, (t,))
    with pytest.raises(TypeError, match=rf"autograd_np\.scipy\.special\.{name}"):
        getattr(sp, name)(*args)


LOGSUMEXP = [
    ((A,), {}),
    ((A, 0), {}),
    ((A,), {"axis": (0, -1), "keepdims": True}),
    ((A, 1), {"b": B}),
    ((A,), {"b": B, "return_sign": True}),
    ((A,), {"axis": -1, "b": B, "return_sign": True, "keepdims": True}),
    ((3.0,), {"keepdims": True}),
    (([1.0, 2.0],), {}),
    (([1.0, 2.0],), {"b": [1, -1]}),
    ((np.zeros((0, 3)), 0), {}),
    ((np.zeros((0, 3)), 1), {}),
    (([1000.0, 0.0],), {"b": [0, 1]}),
    (([np.inf, 0.0],), {"b": [0, 1]}),
    (([-np.inf, -np.inf],), {}),
    (([-np.inf, -np.inf],), {"return_sign": True}),
    (([1000.0, np.inf],), {"b": [1, -1], "return_sign": True}),
    (([np.nan, 1.0],), {}),
    ((np.arange(4),), {}),
    ((A.astype(np.float32),), {"b": B.astype(np.float32)}),
    ((A.astype(np.float32),), {"b": 2.0}),
    ((np.ones((2, 3)),), {"b": np.ones((4, 1, 1)), "axis": 0}),
    ((A + 1j * A[::-1],), {"axis": 1}),
    ((A + 1j * A[::-1],), {"axis": 1, "return_sign": True}),
    ((A,), {"b": B + 1j, "axis": 1}),
]


@pytest.mark.parametrize(("args", "kwargs"), LOGSUMEXP)
def test_logsumexp_is_scipys(args, kwargs):
    ours, theirs = special.logsumexp(*args, **kwargs), sp.logsumexp(*args, **kwargs)
    if kwargs.get("return_sign"):
        same(ours[1], theirs[1], rtol=1e-6)
        ours, theirs = ours[0], theirs[0]
    same(ours, theirs, rtol=4e-15 if np.asarray(theirs).dtype.itemsize > 4 else 1e-6)


def test_gradients_of_logsumexp():
    gradcheck(lambda a, b: special.logsumexp(a, axis=1, b=np.abs(b)), A, B, order=2)
    gradcheck(lambda a, b: special.logsumexp(a, (0, 2), b, return_sign=True)[0], A, B, order=2)
    gradcheck(lambda a: special.logsumexp(a, keepdims=True), A, order=2)
    complex_a = A + 1j * A[::-1]
    gradcheck(lambda a, b: special.logsumexp(a, axis=1, b=b), complex_a, B + 0j)
    gradcheck(lambda a: special.logsumexp(a, 1, return_sign=True), complex_a)


def test_a_weight_of_zero_hides_an_exponent_of_any_size():
    a = np.array([2000.0, 1.0, 2.0])
    slopes = ag.grad(lambda a: special.logsumexp(a, b=np.array([0.0, 1.0, 1.0])))(a)
    np.testing.assert_allclose(slopes, [0, *sp.softmax([1.0, 2.0])], rtol=1e-14)


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
@pytest.mark.parametrize(
    "args",
    [(A,), (A, 1), (A, (0, 2)), ([1.0, 2.0],), (3.0,), (np.arange(4),), ([1000.0, -1000.0],)],
)
def test_softmax_is_scipys(name, args):
    same(getattr(special, name)(*args), getattr(sp, name)(*args))


def test_gradients_of_softmax():
    for function in (special.softmax, special.log_softmax):
        gradcheck(function, A, order=2)
        gradcheck(lambda a, f=function: f(a, axis=(0, 1)), A, order=2)


@pytest.mark.parametrize(
    "args",
    [
        (0, 2.0),
        (1, [1.0, 2.0]),
        ([0, 1, 2], 2.0),
        (np.arange(3), [[1.0], [2.0]]),
        (2, -1.5),
        (1, 0.0),
    ],
)
def test_polygamma_is_scipys(args):
    same(special.polygamma(*args), sp.polygamma(*args))


def test_polygamma_keeps_single_precision():
    assert special.polygamma(3, np.ones(2, np.float32)).dtype == np.float32


def test_derivative_of_polygamma_is_the_next():
    slope = ag.grad(lambda x: special.polygamma(2, x))(np.array(1.25))
    np.testing.assert_allclose(slope, sp.polygamma(3, 1.25), rtol=1e-14)


@pytest.mark.parametrize("args", [(2.0, 1), (3.0, 2), ([3.0, 4.0], 3), (np.full((2, 2), 5.0), 4)])
def test_multigammaln_is_scipys(args):
    same(special.multigammaln(*args), sp.multigammaln(*args))


@pytest.mark.parametrize(("a", "d"), [(3.0, 2.5), (3.0, [1]), (3.0, 0), (0.2, 2), ([9.0, 0.5], 2)])
def test_multigammaln_refuses_what_has_no_meaning(a, d):
    with pytest.raises(ValueError, match=r"a whole number from 1 on|needs a > 0\.5"):
        special.multigammaln(a, d)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'sofmax'"):
        special.sofmax  # noqa: B018


def test_without_scipy_the_extra_is_named():
    """In a process where SciPy cannot be imported."""
    program = """
        import sys
        sys.modules["scipy"] = None
        from autograd_np.scipy import special
        for name in ("erf", "polygamma"):
            try:
                getattr(special, name)(1, 2.0)
            except ImportError as error:
                assert 'pip install "autograd-np[scipy]"' in str(error), error
            else:
                raise AssertionError(name)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)
