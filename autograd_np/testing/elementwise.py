"""Every element of a Jacobian held against central differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd_np.testing.diagnosis import Evidence
from autograd_np.testing.differences import Slope
from autograd_np.testing.failure import Disagreement, fail
from autograd_np.testing.point import Point
from autograd_np.testing.subject import Array

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True


def check_elements(point: Point, modes: Sequence[str]) -> None:
    """Compare every element of the Jacobian.

    Raises
    ------
    FaultError
        For the worst element that disagrees.
    """
    units = np.eye(point.x.size)
    if not units.size:
        return
    slopes = [point.slope(unit) for unit in units]
    if "reverse" in modes:
        analytic = np.vstack([point.analytic.jacobian(), point.analytic.gradient])
        _Table(point, "reverse", analytic, slopes).check()
    if "forward" in modes:
        along = point.along("forward")
        tangent = np.asarray(point.rng.uniform(0.5, 1.5, point.x.shape))
        if not _agrees_on_the_whole(point, along(tangent), slopes, tangent):
            analytic = np.stack([along(unit) for unit in units], axis=1)
            _Table(point, "forward", analytic, slopes).check()


def _agrees_on_the_whole(point: Point, pushed: Array, slopes: list[Slope], tangent: Array) -> bool:
    """Whether the derivative along one tangent agrees with all numeric ones together."""
    expected = np.stack([slope.value for slope in slopes], axis=1) @ tangent
    error = np.stack([slope.error for slope in slopes], axis=1) @ tangent
    allowed = point.tolerance(error, point.scale(expected))
    with np.errstate(invalid="ignore"):
        return bool((np.abs(pushed - expected) <= allowed).all())


class _Table:
    """A Jacobian, with one row for each result and one column for each element of the inputs."""

    def __init__(self, point: Point, mode: str, analytic: Array, slopes: list[Slope]) -> None:
        self.point = point
        self.mode = mode
        self.analytic = analytic
        self.slopes = list(slopes)
        self.numeric = np.stack([slope.value for slope in slopes], axis=1)
        self.scale = np.zeros(analytic.shape)
        for part in point.inputs:
            columns = np.where(np.isfinite(self.numeric[:, part]), self.numeric[:, part], 0)
            largest = np.abs(columns).max(axis=1, initial=0)
            self.scale[:, part] = point.scale(largest)[:, None]
        self.allowed = np.stack(
            [point.tolerance(slope.error, self.scale[:, i]) for i, slope in enumerate(slopes)],
            axis=1,
        )

    def check(self) -> None:
        """Look more closely at each column that seems wrong, the worst first; raise if it is."""
        units = np.eye(self.point.x.size)
        excess = np.stack([self.excess(i) for i in range(len(units))], axis=1)
        for column in np.argsort(-excess.max(axis=0)):
            if excess[:, column].max() <= 1:
                return
            slope = self.point.refined(units[column])
            self.slopes[column], self.numeric[:, column] = slope, slope.value
            self.allowed[:, column] = self.point.tolerance(slope.error, self.scale[:, column])
            refined = self.excess(column)
            if refined.max() > 1:
                # An element of a result says more than the combination in the last row.
                row = refined[:-1].argmax() if refined[:-1].max(initial=0) > 1 else -1
                self.fail(int(row) % len(refined), int(column))

    def excess(self, column: int) -> Array:
        """Error over tolerance; inf where something is not finite or not to be trusted."""
        return self.point.excess(
            self.analytic[:, column],
            self.numeric[:, column],
            self.allowed[:, column],
            self.scale[:, column],
        )

    def fail(self, row: int, column: int) -> None:
        point = self.point
        shapes = [array.shape for array in point.subject.arrays]
        rows, outer = next(
            (part, shape)
            for part, shape in zip(point.results, [*point.subject.shapes, ()], strict=True)
            if part.start <= row < part.stop
        )
        number = next(i for i, part in enumerate(point.inputs) if part.start <= column < part.stop)
        tables = (self.analytic, self.numeric, self.allowed)
        analytic, numeric, allowed = (
            table[rows, point.inputs[number]].reshape((*outer, *shapes[number])) for table in tables
        )
        others = [
            self.analytic[rows, part].reshape((*outer, *shape))
            for i, (part, shape) in enumerate(zip(point.inputs, shapes, strict=True))
            if i != number
        ]
        evidence = Evidence(analytic, numeric, allowed, len(shapes[number]), outer, others)
        fail(
            point,
            Disagreement(
                mode=self.mode,
                row=row,
                column=column,
                analytic=float(self.analytic[row, column]),
                slope=self.slopes[column],
                allowed=self.allowed[:, column],
                scale=self.scale[:, column],
                evidence=(evidence,),
            ),
        )
