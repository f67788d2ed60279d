"""Sums of products over named axes, and convolutions."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.rules import contract, convolutions
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, real

_EINSUMS: list[tuple[str, str, list[tuple[int, ...]]]] = [
    ("matrices", "ij,jk->ik", [(2, 3), (3, 2)]),
    ("implicit result", "ji,kj", [(3, 2), (2, 3)]),
    ("transposed result", "ij,jk->ki", [(2, 3), (3, 2)]),
    ("both transposed", "ji,kj->ki", [(3, 2), (2, 3)]),
    ("transpose", "ij->ji", [(2, 3)]),
    ("implicit transpose", "ba", [(2, 3)]),
    ("sum", "ij->", [(2, 3)]),
    ("row sums", "ij->i", [(2, 3)]),
    ("trace", "ii", [(3, 3)]),
    ("diagonal", "ii->i", [(3, 3)]),
    ("two diagonals", "ijij->ji", [(2, 3, 2, 3)]),
    ("threefold diagonal", "iii->i", [(2, 2, 2)]),
    ("diagonal times", "iij,j->i", [(2, 2, 3), (3,)]),
    ("trace times", "ii,jk->kj", [(2, 2), (2, 3)]),
    ("inner product", "ij,ij->", [(2, 3), (2, 3)]),
    ("inner product, transposed", "ij,ji->", [(2, 3), (3, 2)]),
    ("rows by rows", "ij,ij->i", [(2, 3), (2, 3)]),
    ("element by element", "ij,ij->ij", [(2, 3), (2, 3)]),
    ("outer", "i,j->ij", [(2,), (3,)]),
    ("batches", "bij,bjk->bik", [(2, 2, 3), (2, 3, 2)]),
    ("batches last", "ijb,jkb->ikb", [(2, 3, 2), (3, 2, 2)]),
    ("batches of vectors", "bij,bj->bi", [(2, 2, 3), (2, 3)]),
    ("two batches", "abij,bajk->iabk", [(2, 3, 2, 2), (3, 2, 2, 1)]),
    ("several summed", "ijkl,kmj->mil", [(2, 2, 3, 2), (3, 2, 2)]),
    ("scattered", "acbd,cd->ba", [(2, 2, 2, 3), (2, 3)]),
    ("alone in one operand", "ij,jk->k", [(2, 3), (3, 2)]),
    ("alone in both", "ij,kl->", [(2, 3), (3, 2)]),
    ("stretched", "ij,jk->ik", [(2, 1), (3, 2)]),
    ("stretched batch", "bij,bjk->bik", [(1, 2, 3), (2, 3, 2)]),
    ("stretched away", "ij,ij->i", [(2, 1), (2, 3)]),
    ("length 1 everywhere", "ij,jk->ik", [(2, 1), (1, 2)]),
    ("ellipsis", "...ij,...jk->...ik", [(2, 2, 3), (2, 3, 2)]),
    ("ellipsis in one", "...i,i->...", [(2, 2, 3), (3,)]),
    ("ellipsis that broadcasts", "i...,...->...i", [(2, 1, 3), (2, 1)]),
    ("ellipsis of nothing", "...i,...i", [(3,), (3,)]),
    ("ellipsis alone", "...,...", [(2, 3), (3,)]),
    ("ellipsis and diagonal", "...ii->...i", [(2, 3, 3)]),
    ("0-d", ",ij->ji", [(), (2, 3)]),
    ("0-d both", ",->", [(), ()]),
    ("three", "ij,jk,kl->il", [(2, 3), (3, 2), (2, 2)]),
    ("three, bilinear", "i,ij,j", [(2,), (2, 3), (3,)]),
    ("three of the same", "i,i,i->i", [(3,), (3,), (3,)]),
    ("three, batched", "bi,bj,bij->b", [(2, 2), (2, 3), (2, 2, 3)]),
    ("four", "ai,bi,ci,i->abc", [(2, 2), (2, 2), (2, 2), (2,)]),
    ("empty", "ij,jk->ik", [(0, 3), (3, 2)]),
    ("empty sum", "ij,jk->ik", [(2, 0), (0, 2)]),
    ("empty stretched", "ij,jk->ik", [(2, 1), (0, 2)]),
]


def _operands(shapes: list[tuple[int, ...]]) -> tuple[Any, ...]:
    return tuple(real(*shape, seed=number) for number, shape in enumerate(shapes))


_CONTRACTIONS = [
    ("matrices", "ij,jk->ik", (2, 3), (3, 2)),
    ("batches", "bij,kbj->ikb", (2, 2, 3), (2, 2, 3)),
    ("outer", "ik,j->kij", (2, 2), (3,)),
    ("element by element", "ij,ji->ji", (2, 3), (3, 2)),
    ("scattered", "acbd,cd->ba", (2, 2, 2, 3), (2, 3)),
    ("dot products", "bi,bi->b", (2, 3), (2, 3)),
    ("0-d", ",i->i", (), (3,)),
    ("empty sum", "ij,jk->ik", (2, 0), (0, 2)),
]

_MODES = ("full", "same", "valid")


def _convolutions() -> list[Sample]:
    return [
        *(Sample(mode, (real(5), real(3), mode), {}) for mode in _MODES),
        *(Sample(f"{mode}, shorter first", (real(2), real(5), mode), {}) for mode in _MODES),
        *(Sample(f"{mode}, even", (real(5), real(4), mode), {}) for mode in _MODES),
        *(Sample(f"{mode}, same length", (real(3), real(3, seed=1), mode), {}) for mode in _MODES),
        *(Sample(f"{mode}, complex", (imaginary(4), imaginary(2), mode), {}) for mode in _MODES),
        Sample("by default", (real(4), real(2)), {}),
        Sample("one", (real(1), real(1, seed=1)), {}),
        Sample("numbered mode", (real(4), real(2)), {"mode": 1}),
        Sample("real and complex", (real(4), imaginary(3)), {}),
        Sample("complex and real", (imaginary(2), real(3)), {}),
        Sample("constant taps", (real(4), np.array([1, 2])), {}),
    ]


SAMPLES: Samples = {
    contract.contract: [
        *(
            Sample(name, (real(*a), real(*b, seed=1), text), {})
            for name, text, a, b in _CONTRACTIONS
        ),
        Sample("complex", (imaginary(2, 3), imaginary(3, 2), "ij,jk->ki"), {}),
        Sample("real and complex", (real(2, 3), imaginary(3, 2), "ij,jk->ik"), {}),
    ],
    np.einsum: [
        *(Sample(name, (text, *_operands(shapes)), {}) for name, text, shapes in _EINSUMS),
        Sample("blanks", ("i j, jk -> i k", real(2, 3), real(3, 2)), {}),
        Sample("constant operand", ("ij,j", np.arange(6).reshape(2, 3), real(3)), {}),
        Sample("numbered axes", (real(2, 3), [0, 1], real(3, 2), [1, 2], [2, 0]), {}),
        Sample("numbered, implicit", (real(2, 3), [7, 3], real(3, 2), [3, 1]), {}),
        Sample("numbered ellipsis", (real(2, 3), [..., 0], real(3), [0], [...]), {}),
        Sample("optimize", ("ij,jk,kl", real(2, 3), real(3, 2), real(2, 2)), {"optimize": True}),
        Sample(
            "optimal", ("ij,jk,kl", real(2, 3), real(3, 2), real(2, 2)), {"optimize": "optimal"}
        ),
        Sample(
            "path",
            ("ij,jk,kl", real(2, 3), real(3, 2), real(2, 2)),
            {"optimize": ["einsum_path", (1, 2), (0, 1)]},
        ),
        Sample("order", ("ij,jk", real(2, 3), real(3, 2)), {"order": "F"}),
        Sample("dtype", ("ij,j", real(2, 3), real(3)), {"dtype": np.complex128}),
        Sample("complex", ("ij,jk", imaginary(2, 3), imaginary(3, 2)), {}),
        Sample("complex trace", ("ii", imaginary(3, 3)), {}),
        Sample("real and complex", ("ij,j,i", real(2, 3), imaginary(3), real(2)), {}),
    ],
    convolutions.convolve_full: [
        Sample("long first", (real(4), real(2)), {}),
        Sample("short first", (real(2), real(4)), {}),
        Sample("complex", (imaginary(3), imaginary(2)), {}),
    ],
    convolutions.convolve_valid: [
        Sample("longer", (real(4), real(2)), {}),
        Sample("same length", (real(3), real(3, seed=1)), {}),
        Sample("complex", (imaginary(3), imaginary(2)), {}),
    ],
    np.convolve: [*_convolutions(), Sample("0-d", (real(), real(3)), {})],
    np.correlate: _convolutions(),
}
