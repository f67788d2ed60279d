"""What simple mistake would explain a wrong derivative.

Each hypothesis says what the derivative would be if the mistake were mended. The first that turns
the analytic numbers into the numeric ones is the diagnosis.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np

from autograd_np.testing.evidence import CLOSER, Array, Evidence
from autograd_np.testing.report import Diagnosis
from autograd_np.testing.space import reals

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


def _numbers(evidence: Evidence) -> tuple[Array, Array]:
    """The real numbers that the derivatives consist of where they were looked at."""
    known = evidence.known
    return reals(evidence.analytic[known]), reals(evidence.numeric[known])


def _precision(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    analytic, numeric = _numbers(evidence)
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
    analytic, numeric = _numbers(evidence)
    if (analytic == np.rint(analytic)).all() and (np.abs(analytic - numeric) < 1).all():
        return Diagnosis(
            "precision",
            "the gradient was rounded to integers: an integer array is made, or // divides.",
        )
    return None


def _conjugated(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    table = evidence.analytic
    if not np.iscomplexobj(table) or evidence.explains(-table):
        return None
    mended = {"the gradient is the conjugate of the right one": np.conj(table)}
    if evidence.parts:
        flipped = table * np.reshape([1, -1], (2,) + (1,) * evidence.ndim)
        mended["the incoming gradient is conjugated"] = flipped
        mended["the incoming gradient is multiplied with the conjugate of the right derivative"] = (
            np.conj(flipped)
        )
    for what, right in mended.items():
        if evidence.explains(right):
            return Diagnosis("conjugate", f"{what}: np.conj is missing, or one too many.")
    return None


def _real(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    known, analytic, numeric = evidence.known, evidence.analytic, evidence.numeric
    if not np.iscomplexobj(analytic):
        return None
    text = "np.real is taken too early"
    close = np.abs(analytic - np.real(numeric)) <= evidence.tolerance
    if close[known].all() and not np.imag(analytic)[known].any():
        return Diagnosis("real", f"the imaginary part of the gradient is lost: {text}.")
    if not evidence.parts:
        return None
    right, lost = (evidence.part(each, number) for number, each in enumerate((~wrong, analytic)))
    if right.all() and not lost[evidence.part(known, 1)].any():
        return Diagnosis("real", f"the imaginary part of the incoming gradient is lost: {text}.")
    return None


def _factor(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    a, n = evidence.analytic[wrong], evidence.numeric[wrong]
    if not a.any() or not n.any():
        return None
    largest = np.abs(n).max()
    a, n = a / largest, n / largest
    fitted = complex(np.vdot(n, a) / np.vdot(n, n))
    if abs(fitted.imag) > CLOSER * abs(fitted):
        return _complex_factor(evidence, wrong, fitted)
    factor = fitted.real
    simple = _is_simple(factor)
    if wrong.sum() < 2 and not simple:
        # Some factor always explains a single number.
        return None
    mended = np.where(wrong, evidence.analytic / factor, evidence.analytic)
    if not evidence.explains(mended, CLOSER if simple else 1e-6):
        return None
    partly = _partly(evidence, wrong)
    if abs(factor + 1) < 1e-3:
        return Diagnosis("sign", f"the sign is flipped{partly}.")
    lengths = sorted({*evidence.shape, *evidence.analytic.shape[-evidence.ndim :]} - {0, 1})
    elements = math.prod(evidence.analytic.shape[axis] for axis in evidence.axes)
    lengths += [math.prod(evidence.shape), elements]
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


def _complex_factor(evidence: Evidence, wrong: Array, factor: complex) -> Diagnosis | None:
    """One with an imaginary part, to be believed only if it is simple: 1j, -2j, (1 + 1j) / 2."""
    if not _is_simple(factor):
        return None
    if not evidence.explains(np.where(wrong, evidence.analytic / factor, evidence.analytic)):
        return None
    # Rounding is no part of it.
    named = complex(round(factor.real, 6), round(factor.imag, 6))
    text = f"{named:.6g}" if named.real else f"{named.imag:.6g}j"
    partly = _partly(evidence, wrong)
    return Diagnosis("factor", f"off by the constant factor {text}{partly}.")


def _partly(evidence: Evidence, wrong: Array) -> str:
    """Where it is wrong, unless everywhere."""
    if not evidence.numeric[evidence.known & ~wrong].any():
        return ""
    return f", at {int(wrong.sum())} of the {int(evidence.known.sum())} elements looked at"


def _swapped(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    if any(evidence.explains(other) for other in evidence.others):
        return Diagnosis("swapped", "this is the gradient of another input: two are exchanged.")
    return None


def _reversed(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    for count in (1, 2):
        for axes in itertools.combinations(evidence.axes, count):
            if evidence.explains(np.flip(evidence.analytic, axes)):
                return Diagnosis(
                    "reversed",
                    "the gradient runs the wrong way along an axis: reverse it with [::-1].",
                )
    return None


def _transposed(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    axes, ndim = evidence.axes, evidence.ndim
    results, inputs = axes[: len(axes) - ndim], axes[len(axes) - ndim :]
    inner: Iterator[tuple[int, ...]] = (
        (*results, *order) for order in itertools.permutations(inputs)
    )
    every = itertools.permutations(axes) if len(axes) <= 4 else iter(())
    for which, orders in (("the gradient", inner), ("an operand in the rule", every)):
        for order in orders:
            if list(order) == axes:
                continue
            sources = list(range(evidence.analytic.ndim))
            for axis, source in zip(axes, order, strict=True):
                sources[axis] = source
            if evidence.explains(np.transpose(evidence.analytic, sources)):
                return Diagnosis("transposed", f"{which} is transposed.")
    return None


def _broadcast(evidence: Evidence, wrong: Array) -> Diagnosis | None:
    results = len(evidence.axes) - evidence.ndim
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
    _conjugated,
    _real,
    _factor,
    _integer,
    _swapped,
    _reversed,
    _transposed,
    _broadcast,
    _missing,
)


def _is_simple(factor: complex) -> bool:
    """Whether it is, or both of its parts are, a whole number over one up to 12."""
    for denominator in range(1, 13):
        whole = factor * denominator
        nearest = complex(round(whole.real), round(whole.imag))
        if abs(whole - nearest) < 1e-6 * abs(whole):
            return True
    return False


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
