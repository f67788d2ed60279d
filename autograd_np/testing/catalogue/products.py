"""Products of vectors, matrices and tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.rules import linear_algebra, products
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real

Shape = tuple[int, ...]

_PRODUCTS = [
    ("matrices", (2, 3), (3, 4)),
    ("vectors", (3,), (3,)),
    ("matrix and vector", (2, 3), (3,)),
    ("vector and matrix", (3,), (3, 2)),
    ("column", (3, 1), (1, 2)),
    ("empty", (0, 3), (3, 2)),
    ("empty sum", (2, 0), (0, 2)),
    ("empty vectors", (0,), (0,)),
    ("empty vector and matrix", (0,), (0, 2)),
]


def _pairs(*shapes: tuple[str, Shape, Shape], **settings: Any) -> list[Sample]:
    """A sample of two real arrays for each name and shapes."""
    return [Sample(name, (real(*a), real(*b, seed=1)), settings) for name, a, b in shapes]


def _complex(a: Shape, b: Shape, *settings: Any) -> list[Sample]:
    """Two complex arrays, and a complex with a real one."""
    return [
        Sample("complex", (imaginary(*a), imaginary(*b, seed=1), *settings), {}),
        Sample("complex and real", (imaginary(*a), real(*b), *settings), {}),
        Sample("real and complex", (real(*a), imaginary(*b), *settings), {}),
    ]


_MATMUL = [
    *_pairs(*_PRODUCTS),
    *_complex((2, 3), (3, 2)),
    *_pairs(
        ("batches", (2, 2, 3), (2, 3, 2)),
        ("batch and matrix", (2, 2, 3), (3, 2)),
        ("matrix and batch", (2, 3), (2, 3, 2)),
        ("stretched batches", (2, 1, 2, 3), (2, 3, 2)),
        ("stretched batch of one", (1, 2, 3), (2, 3, 2)),
        ("batch and vector", (2, 2, 3), (3,)),
        ("vector and batch", (3,), (2, 3, 2)),
        ("no batches", (0, 2, 3), (0, 3, 2)),
        ("no batches and matrix", (0, 2, 3), (3, 2)),
    ),
]

_DOT = [
    *_pairs(*_PRODUCTS),
    *_complex((2, 3), (3, 2)),
    *_pairs(
        ("numbers", (), (2, 3)),
        ("number right", (3,), ()),
        ("0-d both", (), ()),
        ("deep", (2, 2, 3), (2, 3, 2)),
        ("deep and vector", (2, 2, 3), (3,)),
        ("vector and deep", (3,), (2, 3, 2)),
        ("matrix and deep", (2, 3), (2, 3, 2)),
        ("empty deep", (2, 0), (2, 0, 2)),
    ),
    Sample("complex vector and deep", (imaginary(3), imaginary(2, 3, 2)), {}),
]

_VECDOT = [
    *_pairs(
        ("vectors", (3,), (3,)),
        ("rows", (2, 3), (2, 3)),
        ("rows and vector", (2, 3), (3,)),
        ("stretched", (2, 1, 3), (2, 3)),
        ("empty", (2, 0), (2, 0)),
    ),
    *_complex((2, 3), (3,)),
]

_OUTER = [
    *_pairs(("vectors", (2,), (3,)), ("empty", (0,), (3,)), ("one", (1,), (1,))),
    *_complex((2,), (3,)),
]

_TENSORDOT = [
    *_pairs(("two axes", (2, 2, 3), (2, 3, 2))),
    *_pairs(("one axis", (2, 3), (3, 2)), axes=1),
    *_pairs(("outer", (2,), (3,)), ("0-d", (), (2,)), axes=0),
    *_pairs(("lists", (3, 2, 2), (2, 2, 3)), axes=([0, 1], [2, 0])),
    *_pairs(("numbers", (3, 2), (2, 3)), axes=(0, -1)),
    *_pairs(("empty", (2, 0), (0, 3)), axes=1),
    *(Sample(s.name, s.args, {"axes": 1}) for s in _complex((2, 3), (3, 2))),
]

_CROSS = [
    *_pairs(("vectors", (3,), (3,)), ("rows", (2, 3), (2, 3)), ("stretched", (2, 1, 3), (2, 3))),
    *_pairs(("empty", (0, 3), (3,))),
    *_pairs(("axis", (3, 2), (3, 2)), axis=0),
    *_complex((3,), (3,)),
]

_TRACE = [
    Sample("square", (real(3, 3),), {}),
    Sample("offset", (real(2, 3),), {"offset": 1}),
    Sample("negative offset", (real(3, 3),), {"offset": -1}),
    Sample("outside", (real(2, 2),), {"offset": 3}),
    Sample("empty", (real(0, 0),), {}),
    Sample("dtype", (real(2, 2),), {"dtype": np.complex128}),
    Sample("complex", (imaginary(2, 2),), {}),
]


def _square(*shape: int, kind: Callable[..., Any] = real) -> Any:
    """Matrices that are far from singular."""
    return kind(*shape) + 4 * np.eye(shape[-1])


SAMPLES: Samples = {
    np.matmul: [
        *_MATMUL,
        Sample("constant left", (np.arange(6).reshape(2, 3), real(3, 2)), {}),
        *_pairs(("axes", (2, 3, 2), (2, 4, 3)), axes=[(2, 1), (2, 1), (0, 1)]),
        *_pairs(("axes of a vector", (3,), (2, 3)), axes=[(0,), (1, 0), (0,)]),
        Sample("dtype", (real(2, 3), real(3, 2)), {"dtype": np.complex128}),
    ],
    np.linalg.matmul: _MATMUL,
    np.dot: _DOT,
    np.vdot: [
        *_pairs(("vectors", (3,), (3,)), ("matrices", (2, 3), (2, 3)), ("shapes", (6,), (3, 2))),
        *_pairs(("0-d", (), ()), ("empty", (0,), (0,))),
        *_complex((2, 3), (6,)),
    ],
    np.inner: [
        *_pairs(
            ("vectors", (3,), (3,)),
            ("matrices", (2, 3), (4, 3)),
            ("deep", (2, 2, 3), (2, 3)),
            ("vector and matrix", (3,), (2, 3)),
            ("0-d", (), (2, 3)),
            ("0-d both", (), ()),
            ("empty sum", (2, 0), (3, 0)),
        ),
        *_complex((2, 3), (3,)),
    ],
    np.outer: [*_OUTER, *_pairs(("flattened", (2, 2), (3,)), ("0-d", (), (3,)))],
    np.linalg.outer: _OUTER,
    np.vecdot: [
        *_VECDOT,
        *_pairs(("axis", (3, 2), (3, 2)), axis=0),
        *_pairs(("keepdims", (3, 2), (2, 3, 2)), axis=-2, keepdims=True),
        *_pairs(("axes", (3, 2), (2, 3)), axes=[0, 1]),
        *_pairs(("axes, keepdims", (3, 2), (2, 2, 3)), axes=[0, -1, 0], keepdims=True),
        Sample("dtype", (real(3), real(3, seed=1)), {"dtype": np.complex128}),
    ],
    np.linalg.vecdot: [*_VECDOT, *_pairs(("axis", (3, 2), (3, 2)), axis=0)],
    np.matvec: [
        *_pairs(
            ("matrix", (2, 3), (3,)),
            ("batch of vectors", (2, 3), (4, 3)),
            ("batch of matrices", (4, 2, 3), (3,)),
            ("batches", (2, 2, 3), (2, 3)),
            ("empty sum", (2, 0), (0,)),
        ),
        *_complex((2, 3), (3,)),
        *_pairs(("axes", (3, 2, 2), (2, 3)), axes=[(1, 0), 1, 0]),
    ],
    np.vecmat: [
        *_pairs(
            ("matrix", (3,), (3, 2)),
            ("batch of vectors", (4, 3), (3, 2)),
            ("batch of matrices", (3,), (4, 3, 2)),
            ("batches", (2, 3), (2, 3, 2)),
            ("empty sum", (0,), (0, 2)),
        ),
        *_complex((3,), (3, 2)),
        *_pairs(("axes", (3, 2), (2, 3, 2)), axes=[0, (1, 2), 0]),
    ],
    np.kron: [
        *_pairs(
            ("matrices", (2, 2), (2, 3)),
            ("vectors", (2,), (3,)),
            ("matrix and vector", (2, 2), (3,)),
            ("vector and matrix", (3,), (2, 2)),
            ("0-d", (), (2, 2)),
            ("0-d both", (), ()),
            ("empty", (0, 2), (2, 2)),
        ),
        *_complex((2, 2), (2,)),
    ],
    np.tensordot: _TENSORDOT,
    np.linalg.tensordot: _TENSORDOT,
    np.trace: [
        *_TRACE,
        Sample("axes", (real(2, 3, 2),), {"axis1": -1, "axis2": 0}),
        Sample("deep", (real(2, 2, 3),), {}),
    ],
    np.linalg.trace: [*_TRACE, Sample("deep", (real(3, 2, 2),), {"offset": -1})],
    products.cross_product: _pairs(("vectors", (3,), (3,)), ("stretched", (2, 1, 3), (2, 3))),
    np.cross: [
        *_CROSS,
        *_pairs(("axes", (3, 2), (2, 3)), axisa=0, axisb=1, axisc=0),
        *_pairs(("deep axes", (2, 3, 2), (3, 2)), axisa=1, axisb=-2, axisc=0),
    ],
    np.linalg.cross: _CROSS,
    np.linalg.multi_dot: [
        Sample("two", ([real(2, 3), real(3, 2)],), {}),
        Sample("three", ([real(2, 3), real(3, 4), real(4, 2)],), {}),
        Sample("four", ([real(4, 2), real(2, 3), real(3, 1), real(1, 3)],), {}),
        Sample("vectors at the ends", ([real(2), real(2, 3), real(3)],), {}),
        Sample("vector first", ([real(2), real(2, 3), real(3, 2)],), {}),
        Sample("vector last", ([real(2, 3), real(3, 2), real(2)],), {}),
        Sample("complex", ([imaginary(2, 2), real(2, 3), imaginary(3, 1)],), {}),
        Sample("with a constant", ([real(2, 2), np.eye(2, dtype=int), real(2, 2)],), {}),
    ],
    np.linalg.matrix_power: [
        *(Sample(f"power {n}", (_square(2, 2) / 4, n), {}) for n in (0, 1, 2, 3, 6, -1, -3)),
        Sample("stack", (_square(2, 2, 2) / 4, 3), {}),
        Sample("stack to the power 0", (_square(2, 2, 2), 0), {}),
        Sample("stack, negative", (_square(2, 2, 2) / 4, -2), {}),
        Sample("empty", (real(0, 0), 2), {}),
        Sample("complex", (_square(2, 2, kind=imaginary) / 4, 3), {}),
        Sample("complex, negative", (_square(2, 2, kind=imaginary) / 4, -2), {}),
    ],
    np.linalg.tensorinv: [
        Sample("two and two", (_square(4, 4).reshape(2, 2, 2, 2),), {}),
        Sample("one and two", (_square(4, 4).reshape(4, 2, 2),), {"ind": 1}),
        Sample("complex", (_square(4, 4, kind=imaginary).reshape(4, 2, 2),), {"ind": 1}),
    ],
    np.linalg.tensorsolve: [
        Sample("two and two", (_square(4, 4).reshape(2, 2, 2, 2), real(2, 2)), {}),
        Sample("vector", (_square(4, 4).reshape(4, 2, 2), real(4)), {}),
        Sample("axes", (_square(4, 4).reshape(2, 4, 2), real(4)), {"axes": (0, 2)}),
        Sample("complex", (_square(4, 4, kind=imaginary).reshape(4, 2, 2), imaginary(4)), {}),
    ],
    linear_algebra.linear: [
        Sample("matrix", (real(4, 3), real(2, 3), real(2)), {}),
        Sample("no bias", (real(4, 3), real(2, 3)), {}),
        Sample("vector", (real(3), real(2, 3), real(2)), {}),
        Sample("batches", (real(2, 2, 3), real(2, 3), real(2)), {}),
        Sample("complex", (imaginary(4, 3), imaginary(2, 3), imaginary(2)), {}),
    ],
}
