"""What simple mistake would explain a wrong derivative.

Each hypothesis says what the derivative would be if the mistake were mended. The first that turns
the analytic numbers into the numeric ones is the diagnosis.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_np.testing.report import Diagnosis

Array = np.ndarray[Any, Any]

# A mended derivative must come this much closer than the one that was given.
_CLOSER = 1e-3

_CONSTANTS = {
    "pi": math.pi,
    "2 pi": 2 * math.pi,
    "ln 2": math.log(2),
    "ln 10": math.log(10),
    "sqrt(2)": math.sqrt(2),
    "sqrt(pi)": math.sqrt(math.pi),
    "sqrt(2 pi)": math.sqrt(2 * math.pi),
    "e": math.e,
}


@dataclass(frozen=True)
class Evidence:
    """A derivative by two ways.

    Attributes
    ----------
    analytic, numeric : array of shape ``(*result, *input)``
        NaN in `numeric` where it was not looked at.
    tolerance : array of the same shape
    ndim : int
        How many of the axes are those of the input, the last ones.
    shape : tuple of int
        Of the result before anything was combined.
    others : sequence of array
        The analytic derivatives for the other inputs.
    """

    analytic: Array
    numeric: Array
    tolerance: Array
    ndim: int
    shape: tuple[int, ...] = ()
    others: Sequence[Array] = ()

    @property
    def known(self) -> Array:
        """Which elements were looked at."""
        return np.isfinite(self.numeric)

    @property
    def wrong(self) -> Array:
        """Which elements disagree."""
        with np.errstate(invalid="ignore"):
            close = np.abs(self.analytic - self.numeric) <= self.tolerance
        return np.asarray(self.known & ~close)

    def explains(self, mended: Array, closer: float = _CLOSER) -> bool:
        """Whether `mended` agrees where the analytic derivative did not, and elsewhere."""
        if mended.shape != self.numeric.shape:
            return False
        known = self.known
        gap = float(np.abs(self.analytic - self.numeric)[known].max(initial=0))
        allowed = np.maximum(self.tolerance, closer * gap)[known]
        if float(np.abs(mended - self.analytic)[known].max(initial=0)) < 0.5 * gap:
            # It mends nothing: the tolerance was wide, and the table symmetric perhaps.
            return False
        return bool((np.abs(mended - self.numeric)[known] <= allowed).all())


def diagnose(evidence: Evidence) -> Diagnosis | None:
    """The first mistake that explains the evidence; None if there is none."""
    wrong = evidence.wrong
    if not np.isfinite(evidence.analytic[evidence.known]).all():
        return Diagnosis(
            "nan",
            "the gradient is not finite where the function's slope is.",
        )
    if not wrong.any():
        return None
    with np.errstate(all="ignore"):
        for hypothesis in _HYPOTHESES:
            found = hypothesis(evidence, wrong)
            if found is not None:
                return found
    return None


def _zero(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    if evidence.analytic[evidence.known].any():
        return None
    return Diagnosis(
        "zero",
        "the gradient is zero, and the function does depend on this input.",
    )


def _precision(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    analytic, numeric = evidence.analytic[evidence.known], evidence.numeric[evidence.known]
    for dtype in (np.float32, np.float16):
        close = np.abs(analytic - numeric) <= 4 * np.finfo(dtype).eps * np.abs(numeric).max()
        if close.all() and (analytic.astype(dtype) == analytic).all():
            return Diagnosis(
                "precision",
                f"the gradient was rounded to {np.dtype(dtype)} on the way: an array of that dtype "
                f"is made. Keep the dtype of the arguments.",
            )
    return None


def _integer(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    analytic, numeric = evidence.analytic[evidence.known], evidence.numeric[evidence.known]
    if (analytic == np.rint(analytic)).all() and (np.abs(analytic - numeric) < 1).all():
        return Diagnosis(
            "precision",
            "the gradient was rounded to integers: an integer array is made, or // divides.",
        )
    return None


def _factor(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    a, n = evidence.analytic[wrong], evidence.numeric[wrong]
    if not a.any() or not n.any():
        return None
    largest = np.abs(n).max()
    a, n = a / largest, n / largest
    factor = float(a @ n) / float(n @ n)
    simple = _is_simple(factor)
    if wrong.sum() < 2 and not simple:
        # Some factor always explains a single number.
        return None
    mended = np.where(wrong, evidence.analytic / factor, evidence.analytic)
    if not evidence.explains(mended, _CLOSER if simple else 1e-6):
        return None
    partly = ""
    if evidence.numeric[evidence.known & ~wrong].any():
        partly = f", at {int(wrong.sum())} of the {int(evidence.known.sum())} elements looked at"
    if abs(factor + 1) < 1e-3:
        return Diagnosis("sign", f"the sign is flipped{partly}.")
    lengths = sorted({*evidence.shape, *evidence.analytic.shape[-evidence.ndim :]} - {0, 1})
    lengths += [math.prod(evidence.shape), math.prod(evidence.analytic.shape)]
    for length in lengths:
        # A 2 that belongs to the formula is likelier than a batch of two.
        if length < 3:
            continue
        for ratio, text in ((length, "missing"), (1 / length, "one too many")):
            if abs(factor / ratio - 1) < 1e-6:
                return Diagnosis(
                    "mean",
                    f"off by the constant factor {_named(factor)}{partly}, the number of elements "
                    f"along an axis: a mean over the batch is {text}"
                    f"{', or a mean stands where a sum belongs' if ratio < 1 else ''}.",
                )
    return Diagnosis("factor", f"off by the constant factor {_named(factor)}{partly}.")


def _swapped(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    if any(evidence.explains(other) for other in evidence.others):
        return Diagnosis("swapped", "this is the gradient of another input: two are exchanged.")
    return None


def _reversed(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    ndim = evidence.analytic.ndim
    for count in (1, 2):
        for axes in itertools.combinations(range(ndim), count):
            if evidence.explains(np.flip(evidence.analytic, axes)):
                return Diagnosis(
                    "reversed",
                    "the gradient runs the wrong way along an axis: reverse it with [::-1].",
                )
    return None


def _transposed(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    total, ndim = evidence.analytic.ndim, evidence.ndim
    fixed = tuple(range(total - ndim))
    inner: Iterator[tuple[int, ...]] = (
        fixed + order for order in itertools.permutations(range(total - ndim, total))
    )
    every = itertools.permutations(range(total)) if total <= 4 else iter(())
    for which, orders in (("the gradient", inner), ("an operand in the rule", every)):
        for order in orders:
            if order == tuple(range(total)):
                continue
            if evidence.explains(np.transpose(evidence.analytic, order)):
                return Diagnosis("transposed", f"{which} is transposed.")
    return None


def _broadcast(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    results = evidence.analytic.ndim - evidence.ndim
    if evidence.analytic[wrong].any():
        return None
    for count in range(1, results + 1):
        for axes in itertools.combinations(range(results), count):
            others = tuple(i for i in range(wrong.ndim) if i not in axes)
            right = np.asarray(~wrong.any(axis=others) & evidence.analytic.any(axis=others))
            if right.sum() == 1 and right.size > 1:
                index = tuple(int(i) for i in np.argwhere(right)[0])
                return Diagnosis(
                    "broadcast",
                    f"only index {index} along axes {axes} of the result is counted: the input "
                    f"was broadcast along them, and the sum over them is missing.",
                )
    return None


def _missing(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    if evidence.analytic[wrong].any() or wrong.sum() < 2:
        return None
    return Diagnosis(
        "missing",
        f"zero at {int(wrong.sum())} of the {int(evidence.known.sum())} elements looked at, and "
        f"right at the others: terms are missing.",
    )


_HYPOTHESES: tuple[Callable[[Evidence, Array], Diagnosis | None], ...] = (
    _zero,
    _precision,
    _factor,
    _integer,
    _swapped,
    _reversed,
    _transposed,
    _broadcast,
    _missing,
)


def _is_simple(factor: float) -> bool:
    size = abs(factor)
    return any(abs(size * d - round(size * d)) < 1e-6 * size * d for d in range(1, 13))


def _named(factor: float) -> str:
    """A factor as people write it: 2, 1/3, -pi, 1/ln 2."""
    if abs(factor - 1) < 1e-3:
        return f"1 {'-' if factor < 1 else '+'} {abs(factor - 1):.3g}"
    sign, size = ("-" if factor < 0 else ""), abs(factor)
    for text, value in _CONSTANTS.items():
        for named, number in ((text, value), (f"1/({text})", 1 / value)):
            if abs(size / number - 1) < 1e-6:
                return f"{sign}{named} ({factor:.6g})"
    for denominator in range(1, 100):
        numerator = round(size * denominator)
        short = denominator == 1 or numerator * denominator < 1000
        if numerator and short and abs(size * denominator / numerator - 1) < 1e-7:
            return f"{sign}{numerator}" + (f"/{denominator}" if denominator > 1 else "")
    return f"{factor:.9g}"
