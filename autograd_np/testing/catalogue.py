"""Sample inputs for every rule: what its tests, and any checker, run on."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.rules import activations, arithmetic, indexing, linear_algebra, losses, selection

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Sample:
    """One call of a function.

    Attributes
    ----------
    name : str
    args : tuple
        float64 arrays are differentiated; everything else is passed on.
    kwargs : dict
    order : int
        To which order finite differences can be trusted here.
    """

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    order: int = 2


def real(*shape: int, seed: int = 0) -> Array:
    """Numbers between 0.5 and 2 in absolute value, of both signs, no two alike."""
    rng = np.random.default_rng([zlib.crc32(repr(shape).encode()), seed])
    return np.asarray(rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape))


def positive(*shape: int, seed: int = 0) -> Array:
    """Numbers between 0.5 and 2."""
    return np.asarray(np.abs(real(*shape, seed=seed)))


def _unary(domain: Callable[..., Array] = real) -> list[Sample]:
    return [
        Sample("matrix", (domain(2, 3),), {}),
        Sample("0-d", (domain(),), {}),
        Sample("empty", (domain(0, 3),), {}),
        Sample("one", (domain(1),), {}),
    ]


def _binary(left: Callable[..., Array] = real, right: Callable[..., Array] = real) -> list[Sample]:
    return [
        Sample("same shape", (left(2, 3), right(2, 3, seed=1)), {}),
        Sample("row", (left(2, 3), right(3)), {}),
        Sample("column", (left(2, 1), right(3)), {}),
        Sample("0-d and matrix", (left(), right(2, 2)), {}),
        Sample("0-d both", (left(), right(seed=1)), {}),
        Sample("stretched inner axis", (left(2, 1, 3), right(2, 2, 1)), {}),
        Sample("empty", (left(0, 3), right(3)), {}),
        Sample("left constant", (2, right(3)), {}),
        Sample("right constant", (left(3), 3), {}),
    ]


def _reduction(domain: Callable[..., Array] = real) -> list[Sample]:
    return [
        Sample("all", (domain(2, 3),), {}),
        Sample("axis", (domain(2, 3),), {"axis": 0}),
        Sample("negative axis", (domain(2, 3, 2),), {"axis": -2}),
        Sample("axes", (domain(2, 3, 2),), {"axis": (0, -1)}),
        Sample("keepdims", (domain(2, 3),), {"axis": 1, "keepdims": True}),
        Sample("keepdims all", (domain(2, 3),), {"keepdims": True}),
        Sample("0-d", (domain(),), {}),
        Sample("length 1", (domain(3, 1),), {"axis": 1}),
    ]


_MASK = np.array([[True, False, True], [True, True, False]])


def _masked(**more: Any) -> list[Sample]:
    return [
        Sample("where", (real(2, 3),), {"axis": 1, "where": _MASK, **more}),
        Sample("where all", (real(2, 3),), {"where": _MASK, **more}),
    ]


_EMPTY = [
    Sample("empty", (real(0, 3),), {}),
    Sample("empty axis", (real(0, 3),), {"axis": 0}),
]

_VARIANCE = [
    *(sample for sample in _reduction() if sample.name not in ("0-d", "length 1")),
    *_masked(),
    Sample("ddof", (real(4, 3),), {"axis": 0, "ddof": 1}),
    Sample("correction", (real(4, 3),), {"axis": 0, "correction": 1}),
    Sample("mean given", (real(4, 3),), {"axis": 0, "mean": real(1, 3)}),
]

_EXTREME = [
    *_reduction(),
    Sample("where", (real(2, 3),), {"axis": 1, "where": _MASK, "initial": 0.0}),
]

_LABELS = np.array([2, 0, 1, 2])
_TARGETS = np.array([[0.0, 1.0, 1.0], [1.0, 0.25, 0.0]])


def _cross_entropy() -> list[Sample]:
    samples = []
    for reduction in ("mean", "sum", "none"):
        samples += [
            Sample(f"labels, {reduction}", (real(4, 3), _LABELS, -1, reduction), {}),
            Sample(f"columns, {reduction}", (real(3, 4), _LABELS, 0, reduction), {}),
            Sample(f"deep, {reduction}", (real(2, 3, 2), _LABELS.reshape(2, 2), 1, reduction), {}),
        ]
    return samples


def _probabilities(*shape: int, seed: int = 0) -> Array:
    return positive(*shape, seed=seed) / 2.5


def _binary_loss(domain: Callable[..., Array]) -> list[Sample]:
    return [
        Sample(reduction, (domain(2, 3), _TARGETS, reduction), {})
        for reduction in ("mean", "sum", "none")
    ]


_PRODUCTS = [
    ("matrices", (2, 3), (3, 4)),
    ("vectors", (3,), (3,)),
    ("matrix and vector", (2, 3), (3,)),
    ("vector and matrix", (3,), (3, 2)),
    ("column", (3, 1), (1, 2)),
    ("empty", (0, 3), (3, 2)),
    ("empty sum", (2, 0), (0, 2)),
]

CATALOGUE: dict[Callable[..., Any], list[Sample]] = {
    np.positive: _unary(),
    np.negative: _unary(),
    np.reciprocal: _unary(),
    np.absolute: _unary(),
    np.conjugate: _unary(),
    np.sign: _unary(),
    np.square: _unary(),
    np.sqrt: _unary(positive),
    np.exp: _unary(),
    np.expm1: _unary(),
    np.log: _unary(positive),
    np.log2: _unary(positive),
    np.log10: _unary(positive),
    np.log1p: _unary(positive),
    np.sin: _unary(),
    np.cos: _unary(),
    np.tanh: _unary(),
    np.add: _binary(),
    np.subtract: _binary(),
    np.multiply: _binary(),
    np.divide: _binary(),
    np.power: [
        *_binary(positive),
        Sample("negative base", (real(4), 3.0), {}),
        Sample("zero exponent", (real(4), 0.0), {}),
        Sample("negative exponent", (real(4), -2.0), {}),
        Sample("zero base", (np.array([0.0, 1.5]), 2.0), {}),
    ],
    np.logaddexp: _binary(),
    np.maximum: _binary(),
    np.minimum: _binary(),
    np.where: [
        Sample("both", (_MASK, real(2, 3), real(2, 3, seed=1)), {}),
        Sample("row", (_MASK, real(3), real(2, 1)), {}),
        Sample("constant", (_MASK, real(2, 3), 0.0), {}),
        Sample("condition stretched", (_MASK[:, :1], 1.0, real(3)), {}),
    ],
    selection.clamp: [
        Sample("both", (real(6), -1.0, 1.0), {}),
        Sample("lower", (real(6), 0.75, None), {}),
        Sample("upper", (real(6), None, -0.75), {}),
        Sample("arrays", (real(2, 3), real(3) - 1, real(2, 1) + 1), {}),
        Sample("crossed", (real(3), np.array(0.2), np.array(0.1)), {}),
    ],
    np.sum: [*_reduction(), *_masked(), *_EMPTY, Sample("dtype", (real(3),), {"dtype": float})],
    np.mean: [*_reduction(), *_masked()],
    np.var: _VARIANCE,
    np.std: _VARIANCE,
    np.max: _EXTREME,
    np.amax: _EXTREME,
    np.min: _EXTREME,
    np.amin: _EXTREME,
    np.prod: [
        *_reduction(),
        *_masked(),
        *_EMPTY,
        Sample("initial", (real(2, 3),), {"axis": 0, "initial": 3.0}),
        Sample("a zero", (np.array([[0.0, 2, 3], [1, 4, 5]]),), {"axis": 1}),
        Sample("two zeros", (np.array([0.0, 2, 0, 3, 5]),), {}),
        Sample("all zeros", (np.zeros(3),), {}),
    ],
    np.reshape: [
        Sample("flat", (real(2, 3), (6,)), {}),
        Sample("unknown length", (real(2, 3), (3, -1)), {}),
        Sample("order F", (real(2, 3), (3, 2)), {"order": "F"}),
        Sample("empty", (real(0, 3), (3, 0)), {}),
        Sample("to 0-d", (real(1), ()), {}),
    ],
    np.ravel: [
        Sample("rows", (real(2, 3),), {}),
        Sample("order F", (real(2, 3),), {"order": "F"}),
        Sample("0-d", (real(),), {}),
    ],
    np.squeeze: [
        Sample("all", (real(1, 3, 1),), {}),
        Sample("axis", (real(1, 3, 1),), {"axis": -1}),
    ],
    np.expand_dims: [
        Sample("front", (real(2, 3), 0), {}),
        Sample("several", (real(2, 3), (0, -1)), {}),
    ],
    np.transpose: [
        Sample("reversed", (real(2, 3, 4),), {}),
        Sample("axes", (real(2, 3, 4),), {"axes": (1, 2, 0)}),
        Sample("negative axes", (real(2, 3, 4),), {"axes": (-1, 0, -2)}),
        Sample("0-d", (real(),), {}),
    ],
    np.swapaxes: [Sample("negative", (real(2, 3, 4), 0, -1), {})],
    np.broadcast_to: [
        Sample("new axis", (real(3), (2, 3)), {}),
        Sample("stretched", (real(2, 1), (2, 3)), {}),
        Sample("0-d", (real(), (2, 2)), {}),
        Sample("empty", (real(1, 3), (0, 3)), {}),
    ],
    np.copy: _unary(),
    np.astype: [Sample("same", (real(3), np.float64), {})],
    np.real: _unary(),
    np.concatenate: [
        Sample("rows", ([real(2, 3), real(1, 3)],), {}),
        Sample("negative axis", ([real(2, 1), real(2, 3)],), {"axis": -1}),
        Sample("flattened", ([real(2, 2), real(3)],), {"axis": None}),
        Sample("with a constant", ([real(2), np.arange(3)],), {}),
        Sample("with an empty", ([real(0, 2), real(1, 2)],), {}),
    ],
    np.stack: [
        Sample("front", ([real(3), real(3, seed=1)],), {}),
        Sample("back", ([real(2, 3), real(2, 3, seed=1)],), {"axis": -1}),
        Sample("0-d", ([real(), real(seed=1)],), {}),
    ],
    indexing.getitem: [
        Sample("int", (real(3, 2), 1), {}),
        Sample("slice", (real(5), slice(None, None, -2)), {}),
        Sample("mixed", (real(2, 3, 2), (..., None, 0)), {}),
        Sample("repeated", (real(4, 2), np.array([0, 2, 0, 0])), {}),
        Sample("pairs", (real(3, 3), (np.array([0, 1, 0]), np.array([1, 2, 1]))), {}),
        Sample("mask", (real(2, 3), _MASK), {}),
        Sample("list", (real(4), [3, 3, -1]), {}),
        Sample("nothing", (real(4), np.array([], int)), {}),
        Sample("slice and array", (real(2, 3), (slice(None), np.array([0, 0, 2]))), {}),
    ],
    indexing.index_add: [
        Sample("repeated", (real(3), np.array([0, 2, 0]), (4,)), {}),
        Sample("slice", (real(2), slice(1, 3), (4,)), {}),
        Sample("stretched", (real(), np.array([0, 2]), (3,)), {}),
    ],
    indexing.index_set: [
        Sample("int", (real(3, 2), 1, real(2)), {}),
        Sample("stretched", (real(3, 2), slice(0, 2), real(2)), {}),
        Sample("number", (real(4), np.array([0, 2]), 0.0), {}),
        Sample("mask", (real(2, 3), _MASK, real()), {}),
        Sample("repeated", (real(4), np.array([0, 2, 0]), real(3)), {}),
        Sample("repeated, stretched", (real(4, 2), np.array([1, 1]), real(2)), {}),
    ],
    np.matmul: [
        *(Sample(name, (real(*a), real(*b, seed=1)), {}) for name, a, b in _PRODUCTS),
        Sample("batches", (real(2, 2, 3), real(2, 3, 2, seed=1)), {}),
        Sample("batch and matrix", (real(2, 2, 3), real(3, 2)), {}),
        Sample("matrix and batch", (real(2, 3), real(2, 3, 2)), {}),
        Sample("stretched batches", (real(2, 1, 2, 3), real(2, 3, 2)), {}),
        Sample("batch and vector", (real(2, 2, 3), real(3)), {}),
        Sample("vector and batch", (real(3), real(2, 3, 2)), {}),
        Sample("constant left", (np.arange(6).reshape(2, 3), real(3, 2)), {}),
    ],
    np.dot: [
        *(Sample(name, (real(*a), real(*b, seed=1)), {}) for name, a, b in _PRODUCTS),
        Sample("numbers", (real(), real(2, 3)), {}),
        Sample("number right", (real(3), real()), {}),
        Sample("deep", (real(2, 2, 3), real(2, 3, 2)), {}),
        Sample("deep and vector", (real(2, 2, 3), real(3)), {}),
        Sample("vector and deep", (real(3), real(2, 3, 2)), {}),
    ],
    linear_algebra.linear: [
        Sample("matrix", (real(4, 3), real(2, 3), real(2)), {}),
        Sample("no bias", (real(4, 3), real(2, 3)), {}),
        Sample("vector", (real(3), real(2, 3), real(2)), {}),
        Sample("batches", (real(2, 2, 3), real(2, 3), real(2)), {}),
    ],
    activations.relu: _unary(),
    activations.sigmoid: _unary(),
    activations.softmax: [
        Sample("last axis", (real(2, 3),), {}),
        Sample("first axis", (real(2, 3), 0), {}),
        Sample("both axes", (real(2, 3), (0, 1)), {}),
        Sample("vector", (real(3),), {}),
    ],
    activations.log_softmax: [
        Sample("last axis", (real(2, 3),), {}),
        Sample("first axis", (real(2, 3), 0), {}),
        Sample("vector", (real(3),), {}),
    ],
    activations.logsumexp: [
        Sample("all", (real(2, 3),), {}),
        Sample("axis", (real(2, 3), -1), {}),
        Sample("keepdims", (real(2, 3), 0, True), {}),
    ],
    losses.cross_entropy: _cross_entropy(),
    losses.binary_cross_entropy: _binary_loss(_probabilities),
    losses.binary_cross_entropy_with_logits: _binary_loss(real),
    arithmetic.stop_gradient: [],
}
