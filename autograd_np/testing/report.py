"""What a failed check says, and the error that says it."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_np.columns import aligned


@dataclass(frozen=True)
class Diagnosis:
    """What is probably wrong.

    Attributes
    ----------
    kind : str
        One word for programs: 'factor', 'sign', 'conjugate', 'real', 'transposed', 'reversed',
        'swapped', 'broadcast', 'mean', 'missing', 'zero', 'cut', 'kink', 'discontinuous',
        'noisy', 'precision', 'nan', 'mutated', 'random', 'stale', 'shape', 'dtype', 'value' or
        'raised'.
    text : str
        A sentence for people.
    """

    kind: str
    text: str


@dataclass(frozen=True)
class Report:
    """A derivative that disagrees, where, by how much, and why perhaps.

    Attributes
    ----------
    what : str
        The derivative: 'reverse gradient', 'forward second derivative' ...
    function : str
        Name of the function.
    input, index
        The input, as the call of `gradcheck` named it, and the element of it with the worst error;
        None where the fault is not one of an element. Of a complex input it is a part that is
        named: 'the imaginary part of input 0'.
    output, output_index
        The result (or its part), and the element of it; None for a random combination of all
        results.
    analytic, numeric : float or None
        By the rules, and by central differences.
    error, tolerance : float or None
        Their difference, and how much of it was allowed.
    reason : str
        Where the tolerance comes from.
    disagreeing : tuple of (int, int) or None
        How many elements of how many that were looked at disagree.
    diagnosis : Diagnosis or None
    seed : int
        Of the random directions.
    """

    what: str
    function: str
    seed: int
    input: str | None = None
    index: tuple[int, ...] | None = None
    output: str | None = None
    output_index: tuple[int, ...] | None = None
    analytic: float | None = None
    numeric: float | None = None
    error: float | None = None
    tolerance: float | None = None
    reason: str = ""
    disagreeing: tuple[int, int] | None = None
    diagnosis: Diagnosis | None = None

    def __str__(self) -> str:
        diagnosis = self.diagnosis.text if self.diagnosis else ""
        if self.analytic is None:
            return f"gradcheck of {self.function}, {self.what}: {diagnosis}"
        at = f" at {_place(self.index)}" if self.index else ""
        of = f" of {self.output}" if self.output else " of a random combination of the results"
        if self.output and self.output_index:
            of += f" at {_place(self.output_index)}"
        lines = [f"gradcheck of {self.function}: the {self.what} is wrong.", ""]
        pairs = (
            ("with respect to", f"{self.input}{at}"),
            ("", of.strip()),
            ("analytic", _number(self.analytic)),
            ("numeric", f"{_number(self.numeric)}  (central differences)"),
            ("error", f"{_short(self.error)}, tolerance {_short(self.tolerance)}"),
            ("tolerance from", self.reason),
            ("disagree", _counted(self.disagreeing)),
            ("diagnosis", diagnosis or "none: no simple mistake explains the numbers"),
            ("seed", str(self.seed)),
        )
        lines += [f"  {line}" for line in aligned([pair for pair in pairs if pair[1]])]
        return "\n".join(lines)


class GradcheckError(AssertionError):
    """A gradient that disagrees with finite differences.

    Attributes
    ----------
    report : Report
    diagnosis : Diagnosis or None
    """

    # Where users import it from, which is what a traceback shows.
    __module__ = "autograd_np.testing"

    def __init__(self, report: Report) -> None:
        super().__init__(str(report))
        self.report = report

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What is probably wrong, None where no simple mistake explains the numbers."""
        return self.report.diagnosis


def _place(index: tuple[int, ...] | None) -> str:
    return f"[{', '.join(map(str, index or ()))}]"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value: .12g}"


def _short(value: float | None) -> str:
    return "-" if value is None else f"{value:.3g}"


def _counted(counts: tuple[int, int] | None) -> str:
    return "" if counts is None else f"{counts[0]} of {counts[1]} elements looked at"
