"""The derivatives of a subject by the rules, and whether the pass keeps its promises."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd_np.handle import unwrap
from autograd_np.tensor import Tensor
from autograd_np.testing.space import pack, reals, unpack
from autograd_np.testing.subject import Array, Subject, fault
from autograd_np.transforms import jvp, vjp

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

# Two ways to compute one value may round differently, by so many units in the last place.
_ULPS = 4096


class Analytic:
    """The derivatives at one point.

    Parameters
    ----------
    subject : Subject
    arrays : sequence of array
        The point.
    weights : sequence of array
        The cotangents of the gradient, one for each result.
    noise : sequence of array
        How far apart two computations of each result may be.

    Attributes
    ----------
    gradient : array of shape (n,)
        Of the weighted sum of the results, by one reverse pass.
    recorded : bool
        Whether any result was recorded at all.

    Raises
    ------
    FaultError
        If recording changes values, shapes or dtypes; if the pass raises, or writes into what is
        not its own; if a second pass disagrees with the first.
    """

    def __init__(
        self,
        subject: Subject,
        arrays: Sequence[Array],
        weights: Sequence[Array],
        noise: Sequence[Array],
    ) -> None:
        self.subject = subject
        self.arrays = arrays
        self._weights = weights
        self._noise = noise
        first, repeated = self._reverse()
        second, _ = self._reverse()
        exactly = [0.0] * len(first)
        if not _agree(first, second, exactly):
            raise fault(
                "random",
                "two passes at the same point give different gradients: a rule draws random "
                "numbers.",
            )
        if not _agree(first, repeated, exactly):
            raise fault(
                "mutated",
                "a second pass over one graph gives another gradient: a rule writes into what it "
                "reads. A rule returns new arrays: g * y, not np.multiply(g, y, out=y).",
            )
        self.gradient = pack(first)

    def again(self) -> Array:
        """The gradient once more, by a new run."""
        return pack(self._reverse()[0])

    def interleaved(self, between: Callable[[], object]) -> Array:
        """The gradient by a pass with something else done between the run and the pass."""
        _, pullback = vjp(self.subject.traced, *self._copies())
        between()
        with _guarded():
            return pack(pullback([weight.copy() for weight in self._weights]))

    def jacobian(self) -> Array:
        """All derivatives, of shape (m, n), by rows or by columns, whichever are fewer."""
        inputs, outputs = self.subject.inputs, self.subject.outputs
        rows, columns = (sum(space.size for space in spaces) for spaces in (outputs, inputs))
        if rows > columns:
            return np.stack([self.push(unit) for unit in np.eye(columns)], axis=1)
        _, pullback = vjp(self.subject.traced, *self._copies())
        with _guarded():
            pulled = [pack(pullback(unpack(unit, outputs))) for unit in np.eye(rows)]
        return np.reshape(pulled, (rows, columns))

    def push(self, direction: Array, at: Sequence[Array] | None = None) -> Array:
        """The derivative of all results along a direction, in forward mode, of shape (m,)."""
        tangents = self.subject.unpack(direction)
        with _guarded():
            _, pushed = jvp(self.subject.traced, at or self._copies(), tangents)
        return pack(pushed)

    def _copies(self) -> list[Array]:
        return [array.copy() for array in self.arrays]

    def _reverse(self) -> tuple[list[Array], list[Array]]:
        """The gradient, by two passes over one graph."""
        outputs: list[Any] = []

        def run(*inputs: Any) -> list[Any]:
            outputs[:] = self.subject.traced(*inputs)
            return list(outputs)

        given = self._copies()
        value, pullback = vjp(run, *given)
        self.recorded = any(isinstance(each, Tensor) and each.requires_grad for each in outputs)
        self._check_results(value)
        cotangents = [weight.copy() for weight in self._weights]
        with _guarded():
            parts = [np.array(part) for part in pullback(cotangents)]
            repeated = [np.array(part) for part in pullback(cotangents)]
        self._check_unwritten(given, cotangents, value, outputs)
        for space, part in zip(self.subject.inputs, parts, strict=True):
            if part.shape != space.shape or part.dtype != space.dtype:
                raise fault(
                    "shape" if part.shape != space.shape else "dtype",
                    f"the gradient for {space.label} is of shape {part.shape} and dtype "
                    f"{part.dtype}; expected those of the input, {space.shape} and {space.dtype}.",
                )
        return parts, repeated

    def _check_results(self, value: list[Any]) -> None:
        plain = self.subject.plain(self._copies())
        for space, recorded, expected in zip(self.subject.outputs, value, plain, strict=True):
            shape, dtype = np.shape(recorded), np.asarray(recorded).dtype
            if shape != expected.shape or dtype != expected.dtype:
                raise fault(
                    "value" if shape != expected.shape else "dtype",
                    f"{space.label} is of shape {expected.shape} and dtype {expected.dtype} for "
                    f"arrays, and of shape {shape} and dtype {dtype} when it is recorded.",
                )
        if not _agree(value, plain, self._noise):
            raise fault(
                "value", "the function has one value for arrays and another when it is recorded."
            )

    def _check_unwritten(
        self, given: list[Array], cotangents: list[Array], value: list[Any], outputs: list[Any]
    ) -> None:
        pairs = (
            ("its input x", given, self.arrays),
            ("the incoming gradient g", cotangents, self._weights),
            ("the result of the function", [unwrap(each) for each in outputs], value),
        )
        for what, after, before in pairs:
            same = (
                a.tobytes() == np.asarray(b).tobytes() for a, b in zip(after, before, strict=True)
            )
            if not all(same):
                raise fault(
                    "mutated",
                    f"the reverse pass wrote into {what}, which others read. A rule returns new "
                    f"arrays: g * y, not np.multiply(g, y, out=g).",
                )


@contextlib.contextmanager
def _guarded() -> Iterator[None]:
    """Turn what the reverse pass raises into a `FaultError`."""
    try:
        yield
    except Exception as error:
        text = str(error)
        if "read-only" in text or "was written after" in text:
            found = fault("mutated", f"a rule writes into an array that it was given ({text}).")
        elif isinstance(error, TypeError) and "a gradient of shape" in text:
            found = fault("shape", text)
        else:
            found = fault("raised", f"the reverse pass raised {type(error).__name__}: {text}")
        raise found from error


def _agree(first: Sequence[Any], second: Sequence[Any], noise: Sequence[Any]) -> bool:
    """Whether arrays are equal but for rounding; NaN equals NaN."""
    for a, b, sigma in zip(map(reals, first), map(reals, second), noise, strict=True):
        with np.errstate(invalid="ignore"):
            scale = float(np.fmax.reduce(np.abs(b), axis=None, initial=0))
            allowed = _ULPS * np.finfo(b.dtype).eps * scale + 100 * np.asarray(sigma)
            if not ((np.abs(a - b) <= allowed) | (a == b) | (np.isnan(a) & np.isnan(b))).all():
                return False
    return True
