"""einsum in all its forms, its gradients, and convolutions."""

import itertools

import numpy as np
import pytest

import autograd_np as ag
from autograd_np.rules.contract import contract
from tests.autograd_np.against_numpy import assert_as_numpy

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(size=shape)


A, B, C = normal(2, 3), normal(3, 4), normal(4, 2)
SQUARE, CUBE = normal(3, 3), normal(3, 3, 3)


def gradients(function, *arrays, seed=None):
    tensors = [ag.Tensor(a, requires_grad=True) for a in arrays]
    out = function(*tensors)
    out.backward(np.ones(out.shape, out.dtype) if seed is None else seed)
    return [t.grad for t in tensors]


@pytest.mark.parametrize(
    ("text", "operands"),
    [
        ("ij,jk", [A, B]),
        ("ij,jk->ki", [A, B]),
        (" i j , j k -> i k ", [A, B]),
        ("ba", [A]),
        ("bA", [A]),
        ("Zz,zy->yZ", [A, B]),
        ("ii", [SQUARE]),
        ("ii->i", [SQUARE]),
        ("iij->ji", [CUBE]),
        ("iii", [CUBE]),
        ("iij,kj->ik", [CUBE, A]),
        ("ii,ii", [SQUARE, SQUARE]),
        ("i->", [A[0]]),
        ("ij,ij,ij->j", [A, A, A]),
        ("ij,jk,kl->", [A, B, C]),
        ("ij,jk,kl,ab->ail", [A, B, C, A]),
        ("...,...", [A, A[0]]),
        ("...j,jk->...k", [CUBE, B]),
        ("i...->...", [A]),
        ("ij...->...", [A]),
        ("i...j,...j->...", [CUBE, A[:1]]),
        ("...i,...i->...", [CUBE, A[:1]]),
        ("a...a->...", [CUBE]),
        ("i...->i...", [A]),
        ("ij->...ji", [A]),
        ("ij,jk->ik", [A[:, :1], B]),
        ("ij,jk->ik", [A[:, :1], B[:0]]),
        ("i...,i->...", [A, A[0, :1]]),
        ("ij,jk->ik", [normal(2, 0), normal(0, 3)]),
        (",ij->ij", [np.array(2.0), A]),
        (",,->", [np.array(2.0), np.array(3.0), np.array(0.5)]),
        ("ij,j", [A, [1, 2, 3]]),
        ("ij,j", [A, np.arange(3)]),
        ("ij,j", [A.astype(np.float32), np.arange(3)]),
        (",i", [2.0, A[0].astype(np.float32)]),
        ("ij,jk", [A.astype(np.float32), B]),
        ("ij,jk", [A.astype(np.float16), B.astype(np.float16)]),
        ("ij,j", [A, A[0] > 0]),
        ("ij,jk", [A + 1j * A, B]),
        ("ij,jk->ik", [A, 1j * B]),
        # What follows is refused.
        ("ij,jk", [A]),
        ("i", [A[0], A[0]]),
        ("ij,jk", [A, A]),
        ("ij,jk", [A[:, :2], B]),
        ("ii", [A]),
        ("ii", [A[:1]]),
        ("i", [A]),
        ("ijk", [A]),
        ("ij->ijj", [A]),
        ("ij->ik", [A]),
        ("ij->ii", [A]),
        ("...i->i", [A]),
        ("i.j", [A]),
        ("i....", [A]),
        ("i...j...", [A]),
        ("i1", [A]),
        ("ij->i->j", [A]),
        ("i-j", [A]),
        ("ijk...", [A]),
    ],
)
@pytest.mark.parametrize("optimize", [False, True])
def test_einsum(text, operands, optimize):
    if optimize and text == "...i->i":
        # With `optimize` NumPy sums over the ellipsis; without, it refuses, and so do we.
        with pytest.raises(ValueError, match=r"Write '->\.\.\.i'"):
            np.einsum(text, ag.Tensor(A, requires_grad=True), optimize=True)
    else:
        assert_as_numpy(np.einsum, text, *operands, optimize=optimize)


@pytest.mark.parametrize(
    "arguments",
    [
        (A, [0, 1], B, [1, 2]),
        (A, [0, 1], B, [1, 2], [2, 0]),
        (A, (5, 1), B, (1, 2), ()),
        (A, [1, 0]),
        (A, [30, 20]),
        (CUBE, [..., 0], SQUARE, [0, 1], [..., 1]),
        (SQUARE, [0, 0]),
        (A, [0, 52], [0]),
        (A, [0, -1], [0]),
        (A, [0, "j"], [0]),
        (A, [0]),
        (A,),
    ],
)
def test_einsum_with_numbered_axes(arguments):
    assert_as_numpy(np.einsum, *arguments)


@pytest.mark.parametrize(
    "settings",
    [
        {"dtype": np.float64},
        {"dtype": np.float32},
        {"dtype": np.float32, "casting": "same_kind"},
        {"dtype": complex},
        {"dtype": int, "casting": "unsafe"},
        {"order": "F"},
        {"optimize": "greedy"},
        {"optimize": "optimal"},
        {"optimize": ("greedy", 1)},
        {"optimize": ["einsum_path", (0, 1, 2)]},
        {"optimize": ["einsum_path", (0, 2), (0, 1)]},
        {"optimize": ["einsum_path", (0, 1)]},
        {"optimize": "none such"},
        {"none": "such"},
    ],
)
def test_settings_of_einsum(settings):
    assert_as_numpy(np.einsum, "ij,jk,kl->il", A, B, C, **settings)


def test_einsum_path_is_numpys():
    t = ag.Tensor(A, requires_grad=True)
    path = np.einsum_path("ij,jk,kl", t, B, C)
    assert path == np.einsum_path("ij,jk,kl", A, B, C)
    assert_as_numpy(np.einsum, "ij,jk,kl", A, B, C, optimize=path[0])


def test_einsum_refuses_out():
    with pytest.raises(TypeError, match="Write the result to a new name"):
        np.einsum("ij,jk", ag.Tensor(A, requires_grad=True), B, out=np.empty((2, 4)))


@pytest.mark.parametrize(
    ("text", "operands", "advice"),
    [
        ("ij,jk", [A, A], "axes for 'j' are of the lengths 3 and 2"),
        ("i", [A], "Write '...' for axes that have no letter"),
        ("...i->i", [A], "Write '->...i'"),
        ("ij->ik", [A], "'k' that no operand has"),
    ],
)
def test_errors_of_einsum_say_what_is_wrong(text, operands, advice):
    with pytest.raises(ValueError, match=advice):
        np.einsum(text, *(ag.Tensor(x, requires_grad=True) for x in operands))


@pytest.mark.parametrize("text", ["ij", "ij->ji", "ij->ij", "...->..."])
def test_the_result_is_not_the_operand(text):
    w = ag.Tensor(A, requires_grad=True)
    out = np.einsum(text, w)
    expected = np.einsum(text, A).copy()
    w.data += 1
    np.testing.assert_array_equal(out.numpy(), expected)


def test_gradient_of_a_trace_is_on_the_diagonal():
    (g,) = gradients(lambda a: np.einsum("ii", a), SQUARE)
    np.testing.assert_array_equal(g, np.eye(3))


def test_gradient_of_summed_subscripts_is_spread():
    g, h = gradients(lambda a, b: np.einsum("ij,kl->l", a, b), A, C)
    np.testing.assert_allclose(g, np.full((2, 3), C.sum()))
    np.testing.assert_allclose(h, np.full((4, 2), A.sum()))


def test_gradient_of_a_stretched_axis_is_summed():
    g, h = gradients(lambda a, b: np.einsum("ij,jk->ik", a, b), A[:, :1], B)
    np.testing.assert_allclose(g, np.full((2, 1), B.sum()))
    np.testing.assert_allclose(h, np.full((3, 4), A[:, 0].sum()))


def test_complex_gradient_points_uphill():
    z = A + 1j * A[::-1]
    (g,) = gradients(lambda z: np.einsum("ij,ij->", z, np.conj(z)).real, z)
    np.testing.assert_allclose(g, 2 * z)


def test_float16_sums_do_not_overflow_on_the_way():
    big = np.full((4, 2), 3e4, np.float16)
    small = np.full((2, 3), 1e-3, np.float16)
    (g,) = gradients(lambda a: np.einsum("ij,jk->k", a, small), big)
    assert_as_numpy(np.einsum, "ij,jk->k", big, small)
    assert g.dtype == np.float16
    np.testing.assert_allclose(g, 3e-3, rtol=2e-3)


_FACTORS = [
    f"{''.join(a)},{''.join(b)}"
    for a, b in itertools.product(
        itertools.chain.from_iterable(itertools.permutations("xyz", n) for n in range(4)), repeat=2
    )
]


@pytest.mark.parametrize("factors", _FACTORS)
def test_contract_whatever_the_order_of_axes(factors):
    """Every product of at most three axes, as NumPy's own loops have it."""
    a, b = factors.split(",")
    lengths = {"x": 2, "y": 3, "z": 4}
    arrays = [normal(*(lengths[letter] for letter in term)) for term in (a, b)]
    once = set(a) ^ set(b)
    for size in range(4):
        for result in itertools.permutations(sorted({*a, *b}), size):
            if once <= set(result):
                text = f"{factors}->{''.join(result)}"
                given = contract(*arrays, text)
                np.testing.assert_allclose(given, np.einsum(text, *arrays), rtol=1e-12)


def test_contract_of_other_dtypes_is_einsum():
    a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    for dtype in (bool, np.int8, np.float16):
        given = contract(a.astype(dtype), b.astype(dtype), "ij,jk->ik")
        assert given.dtype == dtype
        np.testing.assert_array_equal(
            given, np.einsum("ij,jk->ik", a.astype(dtype), b.astype(dtype))
        )


LENGTHS = [1, 2, 3, 4, 5]


@pytest.mark.parametrize("function", [np.convolve, np.correlate])
@pytest.mark.parametrize("mode", ["full", "same", "valid", 0, 1, 2])
def test_convolutions(function, mode):
    for n, m in itertools.product(LENGTHS, repeat=2):
        assert_as_numpy(function, normal(n), normal(m), mode)
        assert_as_numpy(function, normal(n) + 1j * normal(n), normal(m) + 1j * normal(m), mode)
        assert_as_numpy(function, normal(n).astype(np.float32), np.arange(m), mode=mode)


@pytest.mark.parametrize("function", [np.convolve, np.correlate])
def test_convolutions_refuse_what_numpy_refuses(function):
    vector, matrix, number, empty = A[0], A, np.array(2.0), A[0, :0]
    for pair in itertools.product([vector, matrix, number, empty, [1.0, 2.0], 3.0], repeat=2):
        if any(isinstance(x, np.ndarray) for x in pair):
            assert_as_numpy(function, *pair)
    for mode in ("none", 3, -1, None):
        assert_as_numpy(function, vector, vector, mode)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_gradient_of_a_convolution_sums_the_taps_that_meet(mode):
    """By the matrix that a convolution is."""
    for n, m in itertools.product(LENGTHS, repeat=2):
        a, v = normal(n), normal(m)
        matrix = np.stack([np.convolve(row, v, mode) for row in np.eye(n)])
        seed = normal(matrix.shape[1])
        g, _ = gradients(lambda a, v: np.convolve(a, v, mode), a, v, seed=seed)
        np.testing.assert_allclose(g, matrix @ seed, atol=1e-14)


def test_gradients_of_a_valid_convolution_cost_no_more_than_it():
    """Long vectors of about the same length have few products, and so have the gradients."""
    a, v = normal(200_000), normal(199_999)
    g, h = gradients(lambda a, v: np.convolve(a, v, "valid"), a, v)
    np.testing.assert_allclose(g[:2], [v[-1], v[-1] + v[-2]])
    np.testing.assert_allclose(h[0], a[-1] + a[-2])
