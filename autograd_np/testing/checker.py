"""Gradients against central differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_np.recording import outermost
from autograd_np.testing.directional import agrees, check_directions, random_direction
from autograd_np.testing.elementwise import check_elements
from autograd_np.testing.point import Point
from autograd_np.testing.report import Diagnosis, GradcheckError, Report
from autograd_np.testing.subject import Array, FaultError, Subject, fault
from autograd_np.transforms import vjp

# pytest shows the lines of the user, not those of this file.
__tracebackhide__ = True

# Inputs of so many elements, with Jacobians of so many, are checked element by element.
_FEW, _MANY = 256, 2**20
_DIRECTIONS = 4
_NEARBY = 2.0**-10
_STALE = (
    "right at the point that was given, wrong at another one visited after it: does a rule keep a "
    "value of an earlier call?"
)
_MODES = ("reverse", "forward")
_ORDERS = {1: "gradient", 2: "second derivative", 3: "third derivative"}


def gradcheck(
    function: Callable[..., Any],
    *inputs: Any,
    order: int = 1,
    mode: str | Sequence[str] = _MODES,
    seed: int = 0,
    directions: int | None = None,
    allow_float32: bool = False,
) -> None:
    """Compare the derivatives of a function with central differences.

    The differences are extrapolated from several steps, and how far they can be trusted is
    measured: the tolerance follows from that and from the dtype, and a function too noisy to be
    checked is refused. Checked as well: that values, shapes and dtypes are the same recorded and
    not; that nothing writes into the inputs; that two runs agree; that a second point, visited
    later, is right too.

    Parameters
    ----------
    function : callable
        Of arrays, Tensors, or nested containers of them, returning the same; or a module of `nn`,
        whose parameters are then checked with the inputs.
    *inputs
        The point at which to check. Numbers of dtype float64 and complex128, however deep in
        tuples, lists and dicts, are differentiated; integers, booleans and everything else are
        passed on. Complex numbers are checked by their parts, so that the function need not be
        holomorphic; the gradient with respect to ``a + ib`` is ``dL/da + i dL/db``.
    order : int
        2 checks the derivative of the gradient, too.
    mode : 'reverse', 'forward', or a sequence of them
    seed : int
        Of all random choices.
    directions : int, optional
        Check along so many random directions for each input. By default each element is checked
        on its own where the inputs have no more than 256 in all, and 4 directions are taken
        beyond: one wrong element among 100,000 is found if it is off by a tenth of a percent.
    allow_float32 : bool
        Accept float32 and complex64 inputs, checked as far as their precision allows.

    Raises
    ------
    GradcheckError
        If a derivative is wrong or not finite, or cannot be trusted, with a report: which input
        and element, both values, the tolerance and where it comes from, and a diagnosis.
    TypeError
        If no input is a float or complex, or one is too coarse.
    ValueError
        If `mode`, `order` or `directions` is none of the above.

    Examples
    --------
    >>> import numpy as np, autograd_np as ag
    >>> from autograd_np.testing import gradcheck
    >>> gradcheck(np.tanh, np.array([0.5, -1.0]), order=2)
    >>> gradcheck(lambda z: z * np.conj(z), np.array([0.5 - 1j, 2j]), order=2)
    >>> gradcheck(lambda x: x * ag.stop_gradient(x), np.array([2.0, 3.0]))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    autograd_np.testing.GradcheckError: gradcheck of <lambda>: the reverse gradient is wrong.
    <BLANKLINE>
      with respect to  input 0 at [1]
                       of the result at [1]
      analytic          3
      numeric           6  (central differences)
      error            3, tolerance 6.01e-09
      ...
      diagnosis        the recording is cut by stop_gradient(t) at ...
      seed             0
    """
    modes = (mode,) if isinstance(mode, str) else tuple(mode)
    if not modes or not set(modes) <= set(_MODES):
        raise ValueError(
            f"gradcheck was given mode={mode!r}; expected 'reverse', 'forward' or a sequence of "
            f"them. Write gradcheck(f, x, mode='reverse')."
        )
    if not isinstance(order, int) or order < 1:
        raise ValueError(
            f"gradcheck was given order={order!r}; expected 1, 2 or more. Write "
            f"gradcheck(f, x, order=2)."
        )
    if directions is not None and directions < 1:
        raise ValueError(
            f"gradcheck was given directions={directions}; expected 1 or more. Leave it out to "
            f"have each element of small inputs checked."
        )
    name, what = getattr(function, "__name__", type(function).__name__), "function"
    try:
        # What is not finite is judged by its value, not by NumPy's warnings.
        with np.errstate(all="ignore"), outermost():
            subject = Subject(function, inputs, allow_float32)
            for number in range(1, order + 1):
                what = _ORDERS.get(number, f"derivative of order {number}")
                if number > 1:
                    subject = subject.gradient(seed)
                _check(subject, modes, seed, directions, thoroughly=number == 1)
    except FaultError as error:
        found, cause = error, error.__cause__
    else:
        return
    if found.mode:
        what = f"{found.mode} {what}"
    report = Report(what, name, seed, diagnosis=found.diagnosis, **found.fields)
    # Outside the handler, so that the traceback shows the user's line and nothing of ours.
    raise GradcheckError(report) from cause


def _check(
    subject: Subject, modes: Sequence[str], seed: int, directions: int | None, thoroughly: bool
) -> None:
    """Check a subject at its inputs; thoroughly, also for values kept from call to call."""
    point = Point(subject, subject.arrays, seed)
    moved = point.x + _NEARBY * point.scales * point.rng.uniform(-1, 1, point.x.shape)
    thoroughly = thoroughly and point.x.size > 0
    if thoroughly:
        _check_stateless(point, moved)
    _compare(point, modes, directions)
    if thoroughly:
        _look_again(point, moved, modes, seed, directions)


def _compare(point: Point, modes: Sequence[str], directions: int | None) -> None:
    few = point.x.size <= _FEW and point.x.size * point.weights.size <= _MANY
    if directions is None and few:
        check_elements(point, modes)
    else:
        check_directions(point, modes, directions or _DIRECTIONS)


def _check_stateless(point: Point, moved: Array) -> None:
    """See whether the gradient depends on where the function was called before, or meanwhile."""
    subject, analytic = point.subject, point.analytic

    def elsewhere() -> None:
        inputs = subject.unpack(moved)
        subject.plain(inputs)
        vjp(subject.traced, *inputs)

    meanwhile = analytic.interleaved(elsewhere)
    elsewhere()
    before = analytic.again()
    if not (_agree(meanwhile, analytic.gradient) and _agree(before, analytic.gradient)):
        raise fault(
            "stale",
            "the gradient at a point changes when the function is called at another point before "
            "it, or between the run and the reverse pass: a rule keeps a value of another call.",
        )


def _look_again(
    first: Point, moved: Array, modes: Sequence[str], seed: int, directions: int | None
) -> None:
    """Check a second point close by: a rule that keeps the first value it saw is right once."""
    try:
        point = Point(first.subject, first.subject.unpack(moved), seed + 1)
        if not agrees(point, modes[0], random_direction(point)):
            _compare(point, modes, directions)
    except FaultError as error:
        if error.diagnosis is not None and error.diagnosis.kind == "nan":
            # The first point was right, and a step away is beyond where the function is defined.
            return
        if error.diagnosis is None:
            # Perhaps the first look was lucky.
            _compare(Point(first.subject, first.subject.arrays, seed + 1), modes, directions)
            largest = max(abs(error.fields["analytic"]), abs(error.fields["numeric"]))
            if error.fields["error"] > 1e-3 * _NEARBY * largest:
                error.diagnosis = Diagnosis("stale", _STALE)
        raise


def _agree(first: Array, second: Array) -> bool:
    largest = float(np.abs(first).max(initial=0))
    return bool(np.allclose(first, second, rtol=1e-11, atol=1e-13 * largest, equal_nan=True))
