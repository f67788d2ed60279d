"""Gradients against central differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.handle import unwrap
from autograd_np.jacobians import jacobian
from autograd_np.transforms import jvp, vjp
from autograd_np.trees import flatten, map_leaves

Array = np.ndarray[Any, Any]

_STEP = 1e-3
_TOLERANCE = 1e-6


class GradcheckError(AssertionError):
    """A gradient that disagrees with finite differences."""


def gradcheck(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    mode: Sequence[str] = ("reverse", "forward"),
) -> None:
    """Compare the derivatives of a function with central differences.

    The differences are extrapolated (Richardson) from three steps, with an error of the sixth
    order in the step.

    Parameters
    ----------
    function : callable
        Of arrays or Tensors; returns an array or nested containers of arrays.
    *inputs
        float64 arrays, or nested containers of them, at which to check.
    order : int
        2 checks the derivative of the gradient, too.
    mode : sequence of 'reverse' and 'forward'

    Raises
    ------
    GradcheckError
        If a derivative disagrees or is NaN, naming input, element, both values and the tolerance.
    TypeError
        If an input is not of dtype float64.

    Examples
    --------
    >>> import numpy as np
    >>> from autograd_np.testing import gradcheck
    >>> gradcheck(np.tanh, np.array([0.5, -1.0]), order=2)
    """
    arrays, rebuild = flatten(list(inputs))
    arrays = [np.asarray(unwrap(array)) for array in arrays]
    for number, array in enumerate(arrays):
        if array.dtype != np.float64:
            raise TypeError(
                f"gradcheck: input {number} is of dtype {array.dtype}, too coarse for finite "
                f"differences. Write gradcheck(f, x.astype(np.float64))."
            )

    def flat(*leaves: Any) -> Any:
        outputs, _ = flatten(function(*rebuild(list(leaves))))
        return [out for out in outputs if np.asarray(unwrap(out)).dtype.kind in "fc"]

    _check(flat, arrays, mode, "gradient")
    if order >= 2:
        _check(_gradient_of(flat, arrays), arrays, mode, "second derivative")


def _gradient_of(flat: Callable[..., Any], arrays: list[Array]) -> Callable[..., Any]:
    """The gradient of a fixed random combination of all outputs."""
    weights = [
        np.random.default_rng(0).uniform(0.5, 1.5, np.shape(out)) for out in _values(flat, arrays)
    ]

    def gradient(*leaves: Any) -> Any:
        _, pullback = vjp(flat, *leaves)
        return list(pullback(weights))

    return gradient


def _values(flat: Callable[..., Any], arrays: Sequence[Array]) -> list[Array]:
    return [np.asarray(out) for out in map_leaves(_plain, flat(*arrays))]


def _plain(value: Any) -> Any:
    return np.array(unwrap(value))


def _check(flat: Callable[..., Any], arrays: list[Array], mode: Sequence[str], what: str) -> None:
    numeric = _numeric_jacobian(flat, arrays)
    if "reverse" in mode:
        rows = jacobian(flat, range(len(arrays)))(*arrays)
        for output, row in enumerate(rows):
            for number, block in enumerate(row):
                _compare(_plain(block), numeric[output][number], f"reverse {what}", output, number)
    if "forward" in mode:
        rng = np.random.default_rng(1)
        tangents = [np.asarray(rng.uniform(0.5, 1.5, array.shape)) for array in arrays]
        _, pushed = jvp(flat, arrays, tangents)
        for output, tangent in enumerate(pushed):
            terms: list[Any] = [
                np.tensordot(block, direction, axes=direction.ndim)
                for block, direction in zip(numeric[output], tangents, strict=True)
            ]
            _compare(_plain(tangent), np.asarray(sum(terms)), f"forward {what}", output, None)


def _numeric_jacobian(flat: Callable[..., Any], arrays: list[Array]) -> list[list[Array]]:
    """For each output and input, an array of shape ``output.shape + input.shape``."""
    outputs = _values(flat, arrays)
    blocks = [[np.zeros(out.shape + array.shape) for array in arrays] for out in outputs]
    for number, array in enumerate(arrays):
        for index in np.ndindex(array.shape):
            for output, slope in enumerate(_slope(flat, arrays, number, index)):
                blocks[output][number][(..., *index)] = slope
    return blocks


def _slope(
    flat: Callable[..., Any], arrays: list[Array], number: int, index: tuple[int, ...]
) -> list[Array]:
    step = _STEP * max(1.0, abs(float(arrays[number][index])))
    estimates = []
    for scale in (1.0, 0.5, 0.25):
        ends = []
        for sign in (1, -1):
            moved = list(arrays)
            moved[number] = arrays[number].copy()
            moved[number][index] += sign * scale * step
            ends.append(_values(flat, moved))
        estimates.append(
            [(a - b) / (2 * scale * step) for a, b in zip(ends[0], ends[1], strict=True)]
        )
    return [
        (first - 20 * second + 64 * third) / 45
        for first, second, third in zip(*estimates, strict=True)
    ]


def _compare(got: Array, expected: Array, what: str, output: int, number: int | None) -> None:
    if got.shape != expected.shape:
        raise GradcheckError(f"{what}: shape {got.shape}, expected {expected.shape}.")
    if not got.size:
        return
    scale = max(1.0, float(np.abs(expected).max()))
    error = np.where(np.isnan(got) | np.isnan(expected), np.inf, np.abs(got - expected))
    worst = np.unravel_index(int(np.argmax(error)), error.shape)
    if error[worst] > _TOLERANCE * scale:
        of = "" if number is None else f" with respect to input {number}"
        raise GradcheckError(
            f"{what} of output {output}{of} at {tuple(int(i) for i in worst)}: "
            f"{got[worst]:.12g}, central differences give {expected[worst]:.12g} "
            f"(tolerance {_TOLERANCE * scale:.3g})."
        )
