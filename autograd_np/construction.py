"""Making arrays out of parts that may be Tensors: what NumPy's own constructors cannot take."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.handle import Handle
from autograd_np.rules.nesting import stacked
from autograd_np.tensor import Tensor


def array(value: Any, dtype: Any = None, *, ndmin: int = 0) -> Tensor:
    """A Tensor from nested lists of Tensors, arrays and numbers.

    ``np.array([t, 2.0])`` cannot do it: NumPy would ask each recorded Tensor for its value, and
    lose the gradient.

    Parameters
    ----------
    value : Tensor, array, number or nested lists and tuples of them
        The parts of a list have one shape; lists become axes, as in `numpy.array`.
    dtype : dtype, optional
        By default that which NumPy finds for the parts.
    ndmin : int
        The least number of axes, new ones standing first.

    Returns
    -------
    Tensor
        Gradients flow to every Tensor in `value`.

    Raises
    ------
    ValueError
        If the parts of a list have different shapes.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> angle = ag.Tensor(0.0, requires_grad=True)
    >>> rotation = ag.array(
    ...     [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    ... )
    >>> rotation.shape
    (2, 2)
    >>> rotation[1, 0].backward()
    >>> angle.grad
    array(1.)
    """
    made: Any = stacked(value)
    if not isinstance(made, Handle):
        return Tensor(np.array(made, dtype=dtype, ndmin=ndmin))
    result: Any = np.copy(made) if made is value else made
    if dtype is not None and result.dtype != np.dtype(dtype):
        result = result.astype(dtype)
    return _with_axes(result, ndmin, -1)  # type: ignore[no-any-return]


class _Concatenator:
    """What stands behind `r_` and `c_`: as `numpy.r_`, and Tensors may be among the parts.

    Parameters
    ----------
    axis : int
        Along which the parts are joined.
    ndmin : int
        The least number of axes of each part.
    place : int
        Where the axes of a part with fewer stand among them; -1 for the last.
    """

    def __init__(self, axis: int = 0, ndmin: int = 1, place: int = -1) -> None:
        self.axis = axis
        self.ndmin = ndmin
        self.place = place

    def __getitem__(self, key: Any) -> Tensor:
        parts = list(key) if isinstance(key, tuple) else [key]
        axis, ndmin, place = self.axis, self.ndmin, self.place
        if parts and isinstance(parts[0], str):
            directive = parts.pop(0)
            if directive in ("r", "c"):
                raise TypeError(
                    f"the directive {directive!r} makes a matrix (numpy.matrix), which a Tensor "
                    f"cannot be. Write ag.r_['0,2', ...] for rows, ag.r_['1,2,0', ...] for columns."
                )
            axis, ndmin, place = _directive(directive, ndmin, place)
        grown = [_with_axes(_part(part), ndmin, place) for part in parts]
        joined: Any = np.concatenate(_alike(parts, grown), axis)
        return joined if isinstance(joined, Tensor) else Tensor(joined)


def _directive(text: str, ndmin: int, place: int) -> tuple[int, int, int]:
    """The axis, the number of axes and their place that a string such as '0,2,-1' gives."""
    try:
        numbers = [int(each) for each in text.split(",")]
        axis, ndmin, place = [*numbers, *(0, ndmin, place)[len(numbers) :]]
    except ValueError:
        raise ValueError(
            f"r_ was given the directive {text!r}; expected up to three whole numbers: the axis to "
            f"join along, the least number of axes, and where old axes stand. Write '0,2,-1'."
        ) from None
    return axis, ndmin, place


def _part(part: Any) -> Any:
    """One part as an array: a slice is a range, or with a complex step a number of samples."""
    if not isinstance(part, slice):
        return stacked(part)
    start = 0 if part.start is None else part.start
    step = 1 if part.step is None else part.step
    if isinstance(step, complex):
        return np.linspace(start, part.stop, int(abs(step)))
    if any(isinstance(each, Handle) for each in (start, part.stop, step)):
        raise TypeError(
            "a range whose bounds are Tensors would have a length that depends on their values; "
            "expected a number of samples. Write start:stop:5j."
        )
    return np.arange(start, part.stop, step)


def _with_axes(part: Any, ndmin: int, place: int) -> Any:
    """A part with at least `ndmin` axes, its own ones standing from `place` on."""
    shape = np.shape(part)
    missing = ndmin - len(shape)
    if missing <= 0:
        return part
    before = place if place >= 0 else missing + 1 + place
    return np.reshape(part, (1,) * before + shape + (1,) * (missing - before))


def _alike(parts: list[Any], grown: list[Any]) -> list[Any]:
    """Python numbers among the parts in the dtype of the others: they are weak."""
    weak = [type(part) in (bool, int, float, complex) for part in parts]
    if all(weak) or not any(weak):
        return grown
    dtypes = [part.dtype for part, number in zip(grown, weak, strict=True) if not number]
    dtype = np.result_type(*dtypes, *(p for p, number in zip(parts, weak, strict=True) if number))
    return [
        part.astype(dtype) if number else part for part, number in zip(grown, weak, strict=True)
    ]


r_ = _Concatenator()
c_ = _Concatenator(-1, 2, 0)
