"""Products of vectors, matrices and tensors are NumPy's own, and so are their errors."""

import itertools

import numpy as np
import pytest

import autograd_np as ag
from tests.autograd_np.against_numpy import assert_as_numpy

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.normal(size=shape)


def phased(*shape):
    return normal(*shape) + 1j * normal(*shape)


SHAPES = [(), (1,), (3,), (0,), (2, 3), (3, 3), (3, 0), (1, 3), (2, 3, 3), (2, 1, 3), (0, 3, 3)]

PRODUCTS = [
    np.matmul,
    np.linalg.matmul,
    np.dot,
    np.vdot,
    np.inner,
    np.outer,
    np.linalg.outer,
    np.vecdot,
    np.linalg.vecdot,
    np.matvec,
    np.vecmat,
    np.kron,
    np.tensordot,
]


@pytest.mark.parametrize("function", PRODUCTS, ids=lambda f: f.__name__)
def test_every_pair_of_shapes(function):
    for one, other in itertools.product(SHAPES, repeat=2):
        assert_as_numpy(function, normal(*one), normal(*other))
        assert_as_numpy(function, phased(*one), phased(*other))


@pytest.mark.parametrize("function", PRODUCTS, ids=lambda f: f.__name__)
def test_dtypes(function):
    matrix = normal(3, 3)
    single, half = matrix.astype(np.float32), matrix.astype(np.float16)
    if function is np.linalg.outer:
        matrix, single, half = matrix[0], single[0], half[0]
    for other in (single, matrix, np.ones(matrix.shape, int), matrix > 0, matrix + 1j):
        assert_as_numpy(function, single, other)
        assert_as_numpy(function, other, single)
    assert_as_numpy(function, half, half)
    assert_as_numpy(function, single, matrix.tolist())
    for number in (2, 2.0, np.float32(2)):
        assert_as_numpy(function, single, number)
        assert_as_numpy(function, number, single)


@pytest.mark.parametrize(
    ("function", "shapes", "settings"),
    [
        (np.matmul, [(2, 3), (3, 4)], {"axes": [(0, 1), (0, 1), (1, 0)]}),
        (np.matmul, [(3, 2), (4, 3)], {"axes": [(1, 0), (1, 0), (0, 1)]}),
        (np.matmul, [(3,), (4, 3)], {"axes": [0, (1, 0), 0]}),
        (np.matmul, [(3,), (3,)], {"axes": [0, 0, ()]}),
        (np.matmul, [(3,), (3,)], {"axes": [0, 0]}),
        (np.matmul, [(2, 3), (3, 4)], {"axes": [(0, 1), (0, 1)]}),
        (np.matmul, [(2, 3), (3, 4)], {"axes": [(0, 0), (0, 1), (0, 1)]}),
        (np.matmul, [(2, 3), (3, 4)], {"axes": ((0, 1), (0, 1), (0, 1))}),
        (np.matmul, [(2, 3), (3, 4)], {"axis": 0}),
        (np.matmul, [(2, 3), (3, 4)], {"keepdims": True}),
        (np.matmul, [(2, 3), (3, 4)], {"order": "F"}),
        (np.vecdot, [(3, 2), (3, 2)], {"axis": 0}),
        (np.vecdot, [(3, 2), (3, 5, 2)], {"axis": 0}),
        (np.vecdot, [(3, 2), (3, 2)], {"axis": 7}),
        (np.vecdot, [(3, 2), (3, 2)], {"axis": 0, "keepdims": True}),
        (np.vecdot, [(3, 2), (5, 3, 2)], {"axis": -2, "keepdims": True}),
        (np.vecdot, [(3, 2), (3, 5, 2)], {"axes": [0, 0], "keepdims": True}),
        (np.vecdot, [(3, 2), (3, 5, 2)], {"axes": [0, 0, 1], "keepdims": True}),
        (np.vecdot, [(3, 2), (3, 5, 2)], {"axes": [(0,), 0, (-1,)], "keepdims": True}),
        (np.vecdot, [(3, 2), (3, 5, 2)], {"axes": [0, 0, 1]}),
        (np.vecdot, [(3, 2), (2, 3)], {"axes": [0, 1]}),
        (np.vecdot, [(3, 2), (3, 2)], {"axes": [0, 0], "axis": 0}),
        (np.matvec, [(3, 2, 2), (2, 3)], {"axes": [(1, 0), 1, 0]}),
        (np.matvec, [(3, 2), (3,)], {"axes": [(1, 0), 0]}),
        (np.matvec, [(3, 2), (2,)], {"axis": 0}),
        (np.matvec, [(3, 2), (2,)], {"keepdims": True}),
        (np.vecmat, [(3, 2), (2, 3, 2)], {"axes": [0, (1, 2), 0]}),
        (np.linalg.vecdot, [(3, 2), (3, 2)], {"axis": 0}),
        (np.linalg.vecdot, [(3, 2), (3, 2)], {"axis": 3}),
    ],
)
def test_keywords_of_generalized_ufuncs(function, shapes, settings):
    assert_as_numpy(function, *(normal(*shape) for shape in shapes), **settings)
    assert_as_numpy(function, *(phased(*shape) for shape in shapes), **settings)


@pytest.mark.parametrize("function", [np.matmul, np.vecdot, np.matvec, np.vecmat])
def test_dtype_of_generalized_ufuncs(function):
    matrix = normal(3, 3)
    assert_as_numpy(function, matrix, matrix, dtype=np.float32)
    assert_as_numpy(function, matrix, matrix, dtype=complex)
    assert_as_numpy(function, matrix, matrix, dtype=int, casting="unsafe")
    t = ag.Tensor(matrix, requires_grad=True)
    for settings in ({"dtype": int}, {"dtype": np.float32, "casting": "safe"}):
        with pytest.raises(TypeError, match="does not cast to it"):
            function(t, matrix, **settings)


@pytest.mark.parametrize(
    "axes",
    [
        0,
        1,
        2,
        3,
        (-1, 0),
        (0, -1),
        ([0], [2]),
        ([0, 1], [1, 2]),
        ((0, 2), (1, 0)),
        ([], []),
        ([0, 1], [0]),
        ([0, 0], [0, 0]),
        (5, 0),
        ([0, 1], [0, 0]),
    ],
)
@pytest.mark.parametrize("function", [np.tensordot, np.linalg.tensordot])
def test_axes_of_tensordot(function, axes):
    if axes == ([0, 0], [0, 0]) or axes == ([0, 1], [0, 0]):
        with pytest.raises(ValueError, match="repeated axis"):
            function(ag.Tensor(normal(2, 2, 2), requires_grad=True), normal(2, 2, 2), axes=axes)
    else:
        assert_as_numpy(function, normal(2, 2, 2), normal(2, 2, 2), axes=axes)
        assert_as_numpy(function, normal(2, 3, 2), normal(2, 2, 3), axes=axes)


@pytest.mark.parametrize("offset", [-3, -1, 0, 1, 3])
@pytest.mark.parametrize("axes", [(0, 1), (1, 0), (-1, 0), (0, 2), (1, 1), (0, 3)])
def test_trace(offset, axes):
    assert_as_numpy(np.trace, normal(2, 3, 4), offset, *axes)
    assert_as_numpy(np.trace, normal(2, 3, 4), offset=offset, axis1=axes[0], axis2=axes[1])


def test_trace_of_matrices():
    assert_as_numpy(np.trace, normal(3, 3).astype(np.float32))
    assert_as_numpy(np.trace, normal(3, 3).astype(np.float32), dtype=np.float64)
    assert_as_numpy(np.trace, normal(3))
    assert_as_numpy(np.linalg.trace, normal(2, 3, 3), offset=1)
    assert_as_numpy(np.linalg.trace, normal(2, 3, 3), dtype=np.float32)
    with pytest.raises(TypeError, match="Write the result to a new name"):
        np.trace(ag.Tensor(normal(2, 2), requires_grad=True), out=np.empty(()))


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.parametrize("lengths", list(itertools.product([1, 2, 3, 4], repeat=2)))
def test_components_of_cross(lengths):
    one, other = lengths
    assert_as_numpy(np.cross, normal(one), normal(other))
    assert_as_numpy(np.cross, normal(2, one), normal(other))
    assert_as_numpy(np.cross, normal(2, 1, one), normal(4, other))
    assert_as_numpy(np.cross, normal(one, 2), normal(2, other), axisa=0, axisc=0)
    assert_as_numpy(np.linalg.cross, normal(one), normal(other))


@pytest.mark.parametrize("axis", [None, 0, 1, -1, 2])
def test_axes_of_cross(axis):
    assert_as_numpy(np.cross, normal(3, 3), normal(3, 3), axis=axis)
    assert_as_numpy(np.cross, normal(3, 4, 3), normal(3, 4), 0, 0, -1)
    assert_as_numpy(np.cross, phased(3, 4, 3), phased(3, 4), 2, 0, 0)
    assert_as_numpy(np.cross, normal(), normal(3))
    if axis is not None:
        assert_as_numpy(np.linalg.cross, normal(3, 3), normal(3, 3), axis=axis)


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) >= "2.5.0", reason="NumPy refuses them")
@pytest.mark.parametrize("lengths", [(2, 2), (2, 3), (3, 2)])
def test_gradient_of_cross_in_the_plane(lengths):
    """As of vectors whose third component is 0."""
    ours = [normal(2, n) for n in lengths]
    tensors = [ag.Tensor(x, requires_grad=True) for x in ours]
    out = np.cross(*tensors)
    seed = normal(*out.shape)
    out.backward(seed)
    padded = [np.concatenate([x, np.zeros((2, 3 - x.shape[1]))], axis=1) for x in ours]
    full = seed if seed.ndim == 2 else seed[:, None] * [0, 0, 1]
    expected = np.cross(padded[1], full), np.cross(full, padded[0])
    for t, g in zip(tensors, expected, strict=True):
        np.testing.assert_allclose(t.grad, g[:, : t.shape[1]])


@pytest.mark.parametrize("function", [np.vdot, np.vecdot, np.linalg.vecdot])
def test_the_first_vector_is_conjugated(function):
    """The gradient of the squared length points uphill: 2 z."""
    z = ag.Tensor(phased(3), requires_grad=True)
    function(z, z).real.backward()
    np.testing.assert_allclose(z.grad, 2 * z.data)


def test_vecmat_conjugates_its_vector_and_matvec_does_not():
    v, m, seed = phased(3), phased(3, 3), phased(3)
    for function, args, expected in (
        (np.matvec, (m, v), m.conj().T @ seed),
        (np.vecmat, (v, m), np.conj(m.conj() @ seed)),
    ):
        tensors = [ag.Tensor(x, requires_grad=True) for x in args]
        function(*tensors).backward(seed)
        vector = next(t for t in tensors if t.ndim == 1)
        np.testing.assert_allclose(vector.grad, expected)


def test_gradient_of_kron_gathers_blocks():
    a, b, seed = normal(2, 3), normal(4, 2), normal(8, 6)
    tensors = [ag.Tensor(x, requires_grad=True) for x in (a, b)]
    np.kron(*tensors).backward(seed)
    blocks = seed.reshape(2, 4, 3, 2)
    np.testing.assert_allclose(tensors[0].grad, (blocks * b[None, :, None]).sum(axis=(1, 3)))
    np.testing.assert_allclose(
        tensors[1].grad, (blocks * a[:, None, :, None]).sum(axis=(0, 2)), atol=1e-14
    )


def test_out_is_refused():
    t = ag.Tensor(normal(2), requires_grad=True)
    with pytest.raises(TypeError, match="Write the result to a new name"):
        np.outer(t, t, out=np.empty((2, 2)))


@pytest.mark.filterwarnings("ignore:Arrays of 2-dimensional vectors:DeprecationWarning")
@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) >= "2.5.0", reason="NumPy refuses them")
def test_cross_of_unsigned_numbers_does_not_wrap_before_it_must():
    plane, space = np.array([[4, 252]], np.uint8), np.array([[4, -1, -2]])
    found = np.cross(ag.Tensor(plane), space)
    np.testing.assert_array_equal(found.numpy(), np.cross(plane, space))
