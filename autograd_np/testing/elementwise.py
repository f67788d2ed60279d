"""Every element of a Jacobian held against central differences."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd_np.testing.differences import Slope
from autograd_np.testing.evidence import NUMBER, Evidence, derivative
from autograd_np.testing.failure import Disagreement, fail
from autograd_np.testing.point import Point
from autograd_np.testing.space import within
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
    together = slopes[0].times(tangent[0])
    for slope, factor in zip(slopes[1:], tangent[1:], strict=True):
        together = together.plus(slope.times(factor))
    allowed = point.tolerance(together, point.scale(together.value))
    with np.errstate(invalid="ignore"):
        return bool((np.abs(pushed - together.value) <= allowed).all())


class _Table:
    """A Jacobian, with one row for each result and one column for each element of the inputs."""

    def __init__(self, point: Point, mode: str, analytic: Array, slopes: list[Slope]) -> None:
        self.point = point
        self.mode = mode
        self.analytic = analytic
        self.slopes = list(slopes)
        self.numeric = np.stack([slope.value for slope in slopes], axis=1)
        self.scale = np.zeros(analytic.shape)
        self.allowed = np.zeros(analytic.shape)
        self.judge()

    def judge(self) -> None:
        """Work out scales and tolerances from the slopes that are known now."""
        for part in self.point.inputs:
            columns = np.where(np.isfinite(self.numeric[:, part]), self.numeric[:, part], 0)
            largest = np.abs(columns).max(axis=1, initial=0)
            self.scale[:, part] = self.point.scale(largest)[:, None]
        for i, slope in enumerate(self.slopes):
            self.allowed[:, i] = self.point.tolerance(slope, self.scale[:, i])

    def check(self) -> None:
        """Look more closely at each column that seems wrong, the worst first; raise if it is."""
        excess = np.stack([self.excess(i) for i in range(len(self.slopes))], axis=1)
        for column in np.argsort(-excess.max(axis=0)).tolist():
            if self.excess(column).max() <= 1:
                continue
            slope = self.point.refined(self.point.unit(column))
            self.slopes[column], self.numeric[:, column] = slope, slope.value
            self.judge()
            closely = self.excess(column)
            if closely.max() > 1:
                # An element of a result says more than the combination in the last row.
                row = closely[:-1].argmax() if closely[:-1].max(initial=0) > 1 else -1
                self.fail(int(row) % len(closely), column)

    def excess(self, column: int) -> Array:
        """Error over tolerance; inf where something is not finite or not to be trusted."""
        slope, analytic = self.slopes[column], self.analytic[:, column]
        return self.point.excess(analytic, slope, self.allowed[:, column], self.scale[:, column])

    def fail(self, row: int, column: int) -> None:
        point = self.point
        inputs = point.subject.inputs
        which, _ = within(point.results, row)
        number, _ = within(point.inputs, column)
        rows, result = point.results[which], [*point.subject.outputs, NUMBER][which]

        def block(table: Array, number: int) -> Array:
            return table[rows, point.inputs[number]].reshape((*result.axes, *inputs[number].axes))

        evidence = Evidence.of_reals(
            [block(table, number) for table in (self.analytic, self.numeric, self.allowed)],
            result,
            inputs[number],
            shape=result.shape,
            others=[
                derivative(block(self.analytic, other), result, inputs[other])
                for other in range(len(inputs))
                if other != number
            ],
        )
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
                direction=point.unit(column),
            ),
        )
