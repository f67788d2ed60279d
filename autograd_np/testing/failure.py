"""Saying why a derivative is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from autograd_np.testing.cuts import cuts
from autograd_np.testing.diagnosis import diagnose
from autograd_np.testing.differences import Slope
from autograd_np.testing.evidence import Evidence
from autograd_np.testing.point import Point
from autograd_np.testing.report import Diagnosis
from autograd_np.testing.space import within
from autograd_np.testing.subject import Array, FaultError
from autograd_np.transforms import vjp

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

_ADVICE = {
    "nan": "To find the operation, write: with ag.detect_anomaly(): ...",
    "zero": "A rule returns zeros, or passes no gradient on.",
}


@dataclass(frozen=True)
class Disagreement:
    """An element of a derivative that is wrong, or cannot be judged.

    Attributes
    ----------
    mode : 'reverse' or 'forward'
    row, column : int
        The result and the element of the inputs, as `Point` counts them.
    analytic : float
    slope : Slope
        Along `direction`.
    allowed, scale : array of shape (m + 1,)
    evidence : sequence of Evidence
        To be diagnosed in turn.
    direction : array of shape (n,)
        Of the element; or, where none could be found, what the derivative is wrong along.
    located : bool
        Whether the element could be found.
    """

    mode: str
    row: int
    column: int
    analytic: float
    slope: Slope
    allowed: Array
    scale: Array
    evidence: tuple[Evidence, ...]
    direction: Array
    located: bool = True


def fail(point: Point, found: Disagreement) -> None:
    """Raise the `FaultError` for a disagreement, unless the analytic value is itself uncertain."""
    diagnosis = _unsmooth(point, found) or _mistake(point, found)
    if diagnosis is None and _is_cancelled(point, found):
        return
    subject, row = point.subject, found.row
    number, place = within(point.inputs, found.column)
    which, element = within(point.results, row)
    if found.located:
        label, index = subject.inputs[number].place(place)
    else:
        label, index = f"{subject.inputs[number].label}, along a random direction", None
    output, output_index = None, None
    if which < len(subject.outputs):
        output, output_index = subject.outputs[which].place(element)
    numeric = float(found.slope.value[row])
    looked_at = found.evidence[0]
    raise FaultError(
        diagnosis,
        found.mode,
        input=label,
        index=index,
        output=output,
        output_index=output_index,
        analytic=found.analytic,
        numeric=numeric,
        error=abs(found.analytic - numeric),
        tolerance=float(found.allowed[row]),
        reason=point.reason(found.slope, row, float(found.scale[row])),
        disagreeing=(int(looked_at.wrong.sum()), int(looked_at.known.sum())),
    )


def _is_cancelled(point: Point, found: Disagreement) -> bool:
    """Whether rounding in the rule itself, as in (exp(x) - 1) / x near 0, explains the error."""
    noise = point.analytic_noise(found.direction)[found.row]
    error = abs(found.analytic - float(found.slope.value[found.row]))
    return bool(error <= 10 * noise + float(found.allowed[found.row]))


def _unsmooth(point: Point, found: Disagreement) -> Diagnosis | None:
    """What is wrong with the function rather than with its derivative."""
    row, direction = found.row, found.direction
    if np.isfinite(found.slope.value[row]) and not np.isfinite(found.analytic):
        return None
    scale = float(point.scales[found.column])
    trusted = point.trusted(found.analytic, found.slope, found.allowed, found.scale)[row]
    finite = np.isfinite(found.slope.value[row]) and (trusted or point.numeric.finite_around())
    if not finite:
        return Diagnosis(
            "nan",
            "the function is not finite beside this point, which lies at the border of where it "
            "is defined. Move the point inside.",
        )
    height = point.numeric.jump(direction, row, scale)
    if height:
        return Diagnosis(
            "discontinuous",
            f"the function jumps by {height:.4g} at this point, so it has no derivative. Move the "
            f"point.",
        )
    if not trusted:
        return Diagnosis(
            "noisy",
            f"the function is too noisy to be checked: its value is uncertain by "
            f"{point.numeric.noise[row]:.2g}, and its slope by {found.slope.error[row]:.2g}. Make "
            f"it deterministic, and let it compute in float64 throughout.",
        )
    left, right, error = point.numeric.one_sided(direction, row, scale)
    certain = 10 * error + 1e-3 * max(abs(left), abs(right)) + float(found.allowed[row])
    if abs(right - left) > certain:
        return Diagnosis(
            "kink",
            f"the function has a kink at this point: its slope is {left:.6g} from the left and "
            f"{right:.6g} from the right. Move the point off the kink.",
        )
    return None


def _mistake(point: Point, found: Disagreement) -> Diagnosis | None:
    diagnosis = next(filter(None, map(diagnose, found.evidence)), None)
    places = _cuts(point)
    explained = "" if diagnosis is None else f" ({diagnosis.text.rstrip('.')})"
    if places:
        return Diagnosis("cut", f"the recording is cut by {', and by '.join(places)}{explained}.")
    if not point.analytic.recorded:
        return Diagnosis(
            "cut",
            "nothing was recorded: the function never applies an operation to the Tensors it is "
            "given, or computes from values that it has kept.",
        )
    if not np.isfinite(found.analytic):
        diagnosis = Diagnosis("nan", "the gradient is not finite where the function's slope is.")
    if diagnosis is not None and diagnosis.kind in _ADVICE:
        return replace(diagnosis, text=f"{diagnosis.text} {_ADVICE[diagnosis.kind]}")
    return diagnosis


def _cuts(point: Point) -> list[str]:
    arrays = point.subject.unpack(point.x)
    return cuts(lambda: vjp(point.subject.traced, *arrays))
