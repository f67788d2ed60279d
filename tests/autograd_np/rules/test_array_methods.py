"""Operators and ndarray methods of a Tensor, against those of an array."""

import operator

import numpy as np
import pytest

import autograd_np as ag

X = np.array([[2.5, -1.5, 0.7], [-3.2, 4.1, 1.9]])
POSITIVE = np.abs(X)
Z = X + 1j * X[::-1]


def leaf(a):
    return ag.Tensor(a, requires_grad=True)


def same(found, expected):
    if isinstance(expected, tuple):
        assert len(found) == len(expected)
        for f, e in zip(found, expected, strict=True):
            same(f, e)
        return
    assert found.dtype == expected.dtype
    assert found.shape == np.shape(expected)
    np.testing.assert_array_equal(
        found.numpy() if isinstance(found, ag.Tensor) else found, expected
    )


BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    operator.pow,
    divmod,
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]


@pytest.mark.parametrize("op", BINARY, ids=lambda op: op.__name__)
@pytest.mark.parametrize(
    "other", [2, 0.5, POSITIVE[0], POSITIVE[:1], [1.0, 2.0, 3.0], np.float64(2)]
)
def test_binary_operators_both_ways_round(op, other):
    same(op(leaf(POSITIVE), other), op(POSITIVE, other))
    same(op(other, leaf(POSITIVE)), op(other, POSITIVE))
    same(op(leaf(POSITIVE), leaf(POSITIVE + 1)), op(POSITIVE, POSITIVE + 1))


@pytest.mark.parametrize(
    "op",
    [operator.floordiv, operator.mod, lambda x, y: divmod(x, y)[0], lambda x, y: divmod(x, y)[1]],
)
def test_modular_operators_are_recorded(op):
    t, u = leaf(X), leaf(POSITIVE[0])
    out = op(t, u)
    assert out.requires_grad
    out.backward(np.ones(X.shape))
    assert t.grad.shape == X.shape
    assert u.grad.shape == (3,)


@pytest.mark.parametrize("op", [operator.neg, operator.pos, abs], ids=lambda op: op.__name__)
def test_unary_operators(op):
    same(op(leaf(X)), op(X))
    same(op(leaf(Z)), op(Z))


def test_round():
    same(round(leaf(X)), np.round(X))
    same(round(leaf(X), 1), np.round(X, 1))
    same(leaf(X).round(1), X.round(1))


BITWISE = [operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift]


@pytest.mark.parametrize("op", BITWISE, ids=lambda op: op.__name__)
def test_bitwise_operators_of_whole_numbers_give_arrays(op):
    a = np.array([6, 3])
    same(op(ag.Tensor(a), 2), op(a, 2))
    same(op(2, ag.Tensor(a)), op(2, a))
    same(~ag.Tensor(a), ~a)
    with pytest.raises(TypeError):
        op(leaf(X), 2)


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/", "//", "%", "**"])
def test_augmented_assignment(symbol):
    update = f"t {symbol}= 2.0"
    names = {"t": leaf(POSITIVE) * 1.0}
    earlier = names["t"]
    exec(update, names)
    same(names["t"], eval(f"a {symbol} 2.0", {"a": POSITIVE}))
    same(earlier, POSITIVE)
    with pytest.raises(RuntimeError, match="no_grad"):
        exec(update, {"t": leaf(POSITIVE)})
    with ag.no_grad():
        names = {"t": leaf(POSITIVE)}
        exec(update, names)
        same(names["t"], eval(f"a {symbol} 2.0", {"a": POSITIVE}))


CALLS = [
    ("sum", (), {}),
    ("sum", (0,), {}),
    ("sum", (1, np.float32), {"keepdims": True}),
    ("mean", (), {}),
    ("mean", (0,), {"keepdims": True}),
    ("var", (0,), {"ddof": 1}),
    ("std", (), {"axis": 1}),
    ("max", (1,), {}),
    ("min", (), {"axis": 0, "keepdims": True}),
    ("prod", (1,), {"initial": 2.0}),
    ("cumsum", (), {}),
    ("cumsum", (1,), {}),
    ("cumprod", (), {"axis": 0}),
    ("trace", (), {}),
    ("trace", (1,), {}),
    ("diagonal", (), {"offset": 1}),
    ("dot", (X.T,), {}),
    ("round", (), {"decimals": 1}),
    ("conj", (), {}),
    ("conjugate", (), {}),
    ("argmax", (), {}),
    ("argmin", (1,), {}),
    ("argsort", (0,), {}),
    ("argpartition", (1,), {}),
    ("nonzero", (), {}),
    ("any", (), {"axis": 0}),
    ("all", (1,), {}),
    ("swapaxes", (0, 1), {}),
    ("squeeze", (), {}),
    ("ravel", (), {}),
    ("ravel", ("F",), {}),
    ("flatten", ("F",), {}),
    ("reshape", (3, 2), {}),
    ("reshape", ((3, -1),), {"order": "F"}),
    ("transpose", (), {}),
    ("transpose", (1, 0), {}),
    ("transpose", ((1, 0),), {}),
    ("repeat", (2,), {}),
    ("repeat", ([1, 2],), {"axis": 0}),
    ("take", ([0, 2], 1), {}),
    ("take", (5,), {"mode": "wrap"}),
    ("compress", ([True, False, True],), {"axis": 1}),
    ("clip", (0.0, 1.0), {}),
    ("clip", (), {"max": 1.0}),
    ("copy", (), {}),
    ("astype", (np.float32,), {}),
    ("item", (), {}),
    ("tolist", (), {}),
]


@pytest.mark.parametrize(("name", "args", "kwargs"), CALLS)
def test_methods_give_what_arrays_give(name, args, kwargs):
    for a in (X, X.astype(np.float32)):
        a = a[:1, :1] if name in ("item", "squeeze") else a
        expected = getattr(a, name)(*args, **kwargs)
        found = getattr(leaf(a), name)(*args, **kwargs)
        if name in ("item", "tolist"):
            assert found == expected
        else:
            same(found, expected)


def test_searchsorted_and_choose():
    same(leaf([1.0, 2.0, 3.0]).searchsorted([1.5, 9.0]), np.array([1, 3]))
    chosen = ag.Tensor([1, 0]).choose([leaf([1.0, 2.0]), leaf([3.0, 4.0])])
    same(chosen, np.array([3.0, 2.0]))
    assert chosen.requires_grad


@pytest.mark.parametrize("a", [X, Z], ids=["real", "complex"])
def test_properties(a):
    t = leaf(a)
    for name in ("T", "mT", "real", "imag"):
        same(getattr(t, name), getattr(a, name))
    for name in ("shape", "dtype", "ndim", "size", "itemsize", "nbytes"):
        assert getattr(t, name) == getattr(a, name)


@pytest.mark.parametrize(
    ("name", "args", "advice"),
    [
        ("sort", (), "np.sort"),
        ("partition", (1,), "np.partition"),
        ("resize", (2, 2), "np.resize"),
        ("put", ([0], 1.0), r"t\[index\] = value"),
        ("fill", (0.0,), "np.full_like"),
        ("view", (np.int64,), "astype"),
    ],
)
def test_methods_that_change_an_array_in_place_say_what_to_write(name, args, advice):
    for t in (leaf(X), ag.Tensor(X)):
        with pytest.raises(TypeError, match=advice):
            getattr(t, name)(*args)
        same(t, X)


def test_astype_checks_the_cast():
    with pytest.raises(TypeError, match="casting='safe'"):
        leaf(X).astype(np.float32, casting="safe")
    same(leaf(X).astype(np.float32, casting="same_kind"), X.astype(np.float32))


def test_every_method_of_an_array_is_there_or_left_out_on_purpose():
    """Those left out are about memory, files and buffers, of which a Tensor is no view."""
    left_out = {
        "base",
        "byteswap",
        "ctypes",
        "device",
        "dump",
        "dumps",
        "flags",
        "flat",
        "getfield",
        "setfield",
        "setflags",
        "strides",
        "to_device",
        "tobytes",
        "tofile",
        "tostring",
    }
    # NumPy 2.2 still lists methods that it no longer has.
    public = {name for name in dir(X) if not name.startswith("_") and hasattr(X, name)}
    assert {name for name in public if not hasattr(ag.Tensor, name)} <= left_out
