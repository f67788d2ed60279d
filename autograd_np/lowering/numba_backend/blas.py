"""Products of matrices as source: calls of BLAS, loops where BLAS cannot go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from autograd_np.lowering.numba_backend.form import Product
from autograd_np.lowering.numba_backend.names import Names


@dataclass(frozen=True, slots=True)
class Matrix:
    """A matrix in memory."""

    pointer: str
    rows: int
    columns: int
    row: int
    column: int

    @property
    def by_columns(self) -> int | None:
        """The distance of columns, if the elements of each lie together; else None."""
        if self.row == 1 or self.rows == 1:
            distance = self.column if self.columns > 1 else self.rows
            return distance if distance >= max(self.rows, 1) else None
        return None

    @property
    def turned(self) -> Matrix:
        """The transpose."""
        return Matrix(self.pointer, self.columns, self.rows, self.column, self.row)


def product(names: Names, operation: Product) -> list[str]:
    """The source of a product."""
    left, right, out = (
        names.views[each] for each in (operation.left, operation.right, operation.out)
    )
    a, b = left.shape, right.shape
    a_strides, b_strides = left.strides, right.strides
    if len(a) == 1:
        a, a_strides = (1, *a), (0, *a_strides)
    if len(b) == 1:
        b, b_strides = (*b, 1), (*b_strides, 0)
    stack = np.broadcast_shapes(a[:-2], b[:-2])
    kept = [*([0] if len(left.shape) == 1 else []), *([1] if len(right.shape) == 1 else [])]
    c_strides = list(out.strides[len(stack) :])
    for axis in kept:
        c_strides.insert(axis, 0)
    lines: list[str] = []
    pad = ""
    moves = {"a": "", "b": "", "c": ""}
    for depth, length in enumerate(stack):
        index = "ijkl"[depth]
        lines.append(f"{pad}for {index} in range({length}):")
        pad += "    "
        for key, shape, strides in (
            ("a", a, a_strides), ("b", b, b_strides), ("c", (*stack, 0, 0), out.strides),
        ):  # fmt: skip
            axis = depth - len(stack) + len(shape) - 2
            if axis >= 0 and shape[axis] != 1:
                moves[key] += f" + {index} * {strides[axis]}"
    pointers = {}
    for key, value in (("a", operation.left), ("b", operation.right), ("c", operation.out)):
        memory, start = names.located(value)
        offset = f"{start}{moves[key]}"
        pointers[key] = memory if offset == "0" else f"moved({memory}, {offset})"
    matrices = (
        Matrix(pointers["a"], a[-2], a[-1], a_strides[-2], a_strides[-1]),
        Matrix(pointers["b"], b[-2], b[-1], b_strides[-2], b_strides[-1]),
        Matrix(pointers["c"], a[-2], b[-1], c_strides[0], c_strides[1]),
    )
    call = _gemm(*matrices) if names.dtype(operation.out).kind == "f" else None
    body = [call] if call is not None else _loops(names, operation, *matrices)
    return [*lines, *(pad + line for line in body)]


def _gemm(a: Matrix, b: Matrix, c: Matrix) -> str | None:
    """A call of BLAS; None if it cannot look at the matrices as they lie."""
    if 0 in (a.rows, a.columns, b.columns):
        return None
    if c.by_columns is None:
        # The transposes in reverse order give the transpose of the product.
        if c.turned.by_columns is None:
            return None
        return _gemm(b.turned, a.turned, c.turned)
    settings = []
    for matrix in (a, b):
        straight, turned = matrix.by_columns, matrix.turned.by_columns
        distance = straight if straight is not None else turned
        if distance is None:
            return None
        settings.append(("N" if straight is not None else "T", matrix.pointer, distance))
    (ta, pa, lda), (tb, pb, ldb) = settings
    return (
        f"gemm({ta}, {tb}, {c.rows}, {c.columns}, {a.columns}, "
        f"{pa}, {lda}, {pb}, {ldb}, {c.pointer}, {c.by_columns})"
    )


def _loops(names: Names, operation: Product, a: Matrix, b: Matrix, c: Matrix) -> list[str]:
    """Three loops, for whole numbers and for matrices that lie in no way that BLAS knows."""
    dtype = names.dtype(operation.out)
    total = names.fresh("total")
    zero = names.literal(0, dtype)
    x = f"{a.pointer}[row * {a.row} + inner * {a.column}]"
    y = f"{b.pointer}[inner * {b.row} + column * {b.column}]"
    add = f"plus({total}, {x} * {y})" if dtype.kind == "f" else f"{total} + {x} * {y}"
    return [
        f"for row in range({a.rows}):",
        f"    for column in range({b.columns}):",
        f"        {total} = {zero}",
        f"        for inner in range({a.columns}):",
        f"            {total} = {add}",
        f"        {c.pointer}[row * {c.row} + column * {c.column}] = {total}",
    ]
