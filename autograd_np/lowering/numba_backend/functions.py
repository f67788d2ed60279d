"""exp, log and their kin in a form that the compiler turns into vector instructions.

numba calls the C library for one number at a time; these are straight lines of arithmetic. They are
right to a few units in the last place, and NaN, infinity and numbers near the limits come out as
in NumPy. What they rest on is textbook: an argument is brought near 0 (or 1) by a power of two,
and what is left goes into a Taylor polynomial.
"""

# numba has no type hints; its intrinsics are functions of a typing context.
# mypy: ignore-errors
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


@dataclass(frozen=True)
class Format:
    """Floating-point numbers of one size.

    `shifter` added to a number leaves its nearest integer in the lowest bits; `tiny` is the
    smallest number that is not subnormal; `least` and `most` are arguments beyond which exp is 0
    and infinite; the last two are how many terms the series take.
    """

    bits: int
    mantissa: int
    shifter: float
    ln2_high: float
    tiny: float
    least: float
    most: float
    exp_terms: int
    log_terms: int

    @property
    def ln2_low(self) -> float:
        """What the leading bits of ln 2 leave over."""
        return (0.6931471805599453 - self.ln2_high) + 2.3190468138462996e-17

    @property
    def bias(self) -> int:
        """What is added to exponents."""
        return (1 << (self.bits - self.mantissa - 2)) - 1


# The high parts of ln 2 end in zeros, so that their products with an exponent are exact.
SINGLE = Format(32, 23, 1.5 * 2**23, 0.693145751953125, 2.0**-126, -104.0, 89.0, 8, 5)
DOUBLE = Format(
    64, 52, 1.5 * 2**52, float.fromhex("0x1.62e42fee00000p-1"), 2.0**-1022, -746.0, 710.0, 14, 12
)  # fmt: skip


class Lines:
    """Writes arithmetic for numbers of one format."""

    def __init__(self, builder: Any, kind: Any) -> None:
        self.builder = builder
        self.format = SINGLE if kind.bitwidth == 32 else DOUBLE
        self.float = ir.FloatType() if kind.bitwidth == 32 else ir.DoubleType()
        self.int = ir.IntType(self.format.bits)

    def number(self, value: float) -> Any:
        """A constant."""
        return ir.Constant(self.float, value)

    def integer(self, value: int) -> Any:
        """A whole constant."""
        return ir.Constant(self.int, value)

    def call(self, name: str, *args: Any) -> Any:
        """A function that LLVM knows."""
        kind = ir.FunctionType(self.float, [self.float] * len(args))
        short = f"llvm.{name}.f{self.format.bits}"
        function = cgutils.get_or_insert_function(self.builder.module, kind, short)
        return self.builder.call(function, args)

    def sum_of(self, x: Any, coefficients: list[float]) -> Any:
        """A polynomial, the coefficient of the highest power first."""
        total = self.number(coefficients[0])
        for each in coefficients[1:]:
            total = self.call("fma", total, x, self.number(each))
        return total

    def chosen(self, sign: str, x: Any, limit: float, yes: Any, no: Any) -> Any:
        """`yes` where ``x sign limit``, which NaN never is."""
        return self.builder.select(self.builder.fcmp_ordered(sign, x, self.number(limit)), yes, no)

    def power_of_two(self, n: Any) -> Any:
        """Two to a whole power, as bits."""
        exponent = self.builder.add(n, self.integer(self.format.bias))
        bits = self.builder.shl(exponent, self.integer(self.format.mantissa))
        return self.builder.bitcast(bits, self.float)

    def split(self, x: Any) -> tuple[Any, Any, Any]:
        """A whole number, as a number and as an integer, and what x is more than it times ln 2."""
        b, f = self.builder, self.format
        shifted = self.call("fma", x, self.number(1 / math.log(2)), self.number(f.shifter))
        n = b.fsub(shifted, self.number(f.shifter))
        start = b.bitcast(self.number(f.shifter), self.int)
        whole = b.sub(b.bitcast(shifted, self.int), start)
        r = self.call("fma", n, self.number(-f.ln2_high), x)
        return n, whole, self.call("fma", n, self.number(-f.ln2_low), r)

    def exp(self, x: Any) -> Any:
        """The exponential function."""
        b, f = self.builder, self.format
        x = self.chosen("<", x, f.least, self.number(f.least), x)
        x = self.chosen(">", x, f.most, self.number(f.most), x)
        _, whole, r = self.split(x)
        terms = [1 / math.factorial(k) for k in reversed(range(f.exp_terms))]
        # In two steps: the power alone may be too large or too small for a number.
        half = b.ashr(whole, self.integer(1))
        first, second = self.power_of_two(half), self.power_of_two(b.sub(whole, half))
        return b.fmul(b.fmul(self.sum_of(r, terms), first), second)

    def expm1(self, x: Any) -> Any:
        """``exp(x) - 1`` to all digits."""
        b, f = self.builder, self.format
        one = self.number(1.0)
        # Where 1 is lost anyway, the exponential will do.
        near = self.chosen("<", x, -40.0, self.number(-40.0), x)
        near = self.chosen(">", near, 40.0, self.number(40.0), near)
        _, whole, r = self.split(near)
        terms = [1 / math.factorial(k) for k in reversed(range(1, f.exp_terms))]
        small = b.fmul(self.sum_of(r, terms), r)
        scale = self.power_of_two(whole)
        result = self.call("fma", small, scale, b.fsub(scale, one))
        result = self.chosen("==", x, 0.0, x, result)
        return self.chosen(">", x, 40.0, self.exp(x), result)

    def tanh(self, x: Any) -> Any:
        """The hyperbolic tangent."""
        b = self.builder
        size = self.call("fabs", x)
        size = self.chosen(">", size, 20.0, self.number(20.0), size)
        e = self.expm1(b.fadd(size, size))
        return self.call("copysign", b.fdiv(e, b.fadd(e, self.number(2.0))), x)

    def log(self, x: Any) -> Any:
        """The natural logarithm."""
        b, f = self.builder, self.format
        subnormal = b.fcmp_ordered("<", x, self.number(f.tiny))
        lift = float(f.mantissa + 2)
        scaled = b.select(subnormal, b.fmul(x, self.number(2.0**lift)), x)
        bits = b.bitcast(scaled, self.int)
        root = b.bitcast(self.number(math.sqrt(0.5)), self.int)
        exponent = b.ashr(b.sub(bits, root), self.integer(f.mantissa))
        m = b.bitcast(b.sub(bits, b.shl(exponent, self.integer(f.mantissa))), self.float)
        n = b.sitofp(exponent, self.float)
        n = b.select(subnormal, b.fsub(n, self.number(lift)), n)
        above = b.fsub(m, self.number(1.0))
        s = b.fdiv(above, b.fadd(m, self.number(1.0)))
        z = b.fmul(s, s)
        # log m = 2 artanh s; half of it times above is put in first, to all digits.
        terms = [2 / (2 * k + 1) for k in reversed(range(1, f.log_terms))]
        series = b.fmul(b.fmul(s, z), self.sum_of(z, terms))
        low = self.call("fma", n, self.number(f.ln2_low), series)
        rest = b.fadd(low, b.fadd(s, s))
        result = self.call("fma", n, self.number(f.ln2_high), rest)
        result = self.chosen("==", x, math.inf, x, result)
        result = self.chosen("==", x, 0.0, self.number(-math.inf), result)
        result = self.chosen("<", x, 0.0, self.number(math.nan), result)
        return b.select(b.fcmp_unordered("uno", x, x), x, result)

    def log1p(self, x: Any) -> Any:
        """``log(1 + x)`` to all digits."""
        b = self.builder
        u = b.fadd(x, self.number(1.0))
        # What rounding took from u is made good by the ratio: Kahan's trick.
        ratio = b.fdiv(x, b.fsub(u, self.number(1.0)))
        result = b.fmul(self.log(u), ratio)
        result = self.chosen("==", u, 1.0, x, result)
        return self.chosen("==", u, math.inf, u, result)


def _function(name: str) -> Any:
    @intrinsic
    def function(typing: Any, x: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(Lines(builder, x), name)(args[0])

        return (x(x), generate) if isinstance(x, types.Float) else None

    return function


SCOPE = {name: _function(name) for name in ("exp", "expm1", "log", "log1p", "tanh")}
