"""What the native code needs that numba does not have: pointers, BLAS, sums in any order.

Imported with numba, late.
"""

# numba has no type hints; its intrinsics are functions of a typing context.
# mypy: ignore-errors
from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import get_cython_function_address, intrinsic

_INT32, _BYTE = ir.IntType(32), ir.IntType(8)
_GEMM = {types.float32: "sgemm", types.float64: "dgemm"}


@intrinsic
def pointer(typing: Any, array: Any) -> Any:
    """To the first element of a contiguous array."""
    # Booleans lie in bytes.
    kind = types.uint8 if array.dtype == types.boolean else array.dtype

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        return builder.bitcast(data, context.get_value_type(signature.return_type))

    return types.CPointer(kind)(array), generate


@intrinsic
def part(typing: Any, scratch: Any, start: Any, dtype: Any) -> Any:
    """To numbers of a dtype, at a byte of the scratch."""
    result = types.CPointer(dtype.dtype)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array = context.make_array(signature.args[0])(context, builder, args[0])
        start = builder.gep(array.data, [args[1]])
        return builder.bitcast(start, context.get_value_type(result))

    return result(scratch, start, dtype), generate


@intrinsic
def moved(typing: Any, start: Any, count: Any) -> Any:
    """A pointer some elements further on."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.gep(args[0], [args[1]])

    return start(start, count), generate


@intrinsic
def rounds(typing: Any, count: Any) -> Any:
    """A number that the compiler takes for unknown, so that it does not write a loop out."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = context.get_value_type(types.intp)
        return builder.asm(ir.FunctionType(kind, [kind]), "", "=r,0", args, side_effect=False)

    return types.intp(types.intp), generate


def _reduction(name: str) -> Any:
    """Addition (or multiplication) whose order does not matter: the terms go into vectors."""

    @intrinsic
    def combine(typing: Any, total: Any, term: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(builder, name)(*args, flags=("reassoc", "contract"))

        return (total(total, total), generate) if isinstance(total, types.Float) else None

    return combine


plus = _reduction("fadd")
times = _reduction("fmul")


def _extreme(name: str, compare: str) -> Any:
    """The greater (or lesser) of two numbers; NaN if one of them is."""

    @intrinsic
    def extreme(typing: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            kind = signature.return_type
            if isinstance(kind, types.Float):
                value = context.get_value_type(kind)
                short = "f32" if kind.bitwidth == 32 else "f64"
                function = cgutils.get_or_insert_function(
                    builder.module,
                    ir.FunctionType(value, [value, value]),
                    f"llvm.{name}.{short}",
                )
                return builder.call(function, args)
            signed = isinstance(kind, types.Integer) and kind.signed
            better = (builder.icmp_signed if signed else builder.icmp_unsigned)(compare, *args)
            return builder.select(better, *args)

        return left(left, left), generate

    return extreme


maximum = _extreme("maximum", ">")
minimum = _extreme("minimum", "<")


@intrinsic
def gemm(
    typing: Any, ta: Any, tb: Any, m: Any, n: Any, k: Any,
    a: Any, lda: Any, b: Any, ldb: Any, c: Any, ldc: Any,
) -> Any:  # fmt: skip
    """BLAS's product of matrices that lie column by column: ``c = op(a) op(b)``."""
    address = get_cython_function_address("scipy.linalg.cython_blas", _GEMM[c.dtype])
    number, size = types.intp, types.intp
    signature = types.void(number, number, size, size, size, a, size, b, size, c, size)

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        ta, tb, m, n, k, a, lda, b, ldb, c, ldc = args
        value = context.get_value_type(c_type)

        def slot(number: Any, kind: Any) -> Any:
            memory = cgutils.alloca_once(builder, kind)
            builder.store(
                builder.trunc(number, kind) if kind in (_INT32, _BYTE) else number, memory
            )
            return memory

        one, zero = (slot(ir.Constant(value, number), value) for number in (1.0, 0.0))
        given = [
            slot(ta, _BYTE), slot(tb, _BYTE), slot(m, _INT32), slot(n, _INT32), slot(k, _INT32),
            one, a, slot(lda, _INT32), b, slot(ldb, _INT32), zero, c, slot(ldc, _INT32),
        ]  # fmt: skip
        kind = ir.FunctionType(ir.VoidType(), [each.type for each in given])
        constant = ir.Constant(context.get_value_type(types.intp), address)
        builder.call(builder.inttoptr(constant, kind.as_pointer()), given)
        return context.get_dummy_value()

    c_type = c.dtype
    return signature, generate


SCOPE = {
    "pointer": pointer,
    "part": part,
    "moved": moved,
    "rounds": rounds,
    "plus": plus,
    "times": times,
    "maximum": maximum,
    "minimum": minimum,
    "gemm": gemm,
    **{kind.name: kind for kind in types.number_domain if kind.name.startswith(("int", "uint"))},
    "float32": types.float32,
    "float64": types.float64,
}
