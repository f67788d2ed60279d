"""A hand-written gradient beside the automatic one."""

from __future__ import annotations

import inspect
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_np.columns import aligned
from autograd_np.handle import unwrap
from autograd_np.testing.diagnosis import diagnose
from autograd_np.testing.evidence import Evidence
from autograd_np.testing.report import Diagnosis
from autograd_np.transforms import grad
from autograd_np.trees import flatten, map_leaves, paths

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Row:
    """One parameter's gradient, written by hand and automatic.

    Attributes
    ----------
    name : str
    shape : tuple of int
        Of the automatic gradient.
    relative_error : float
        Euclidean length of the difference over that of the automatic gradient.
    cosine : float
        Of the angle between them: 1 where they point the same way, NaN where one is zero. Complex
        numbers count as two real ones.
    length : float
        That of the hand-written gradient over that of the automatic one.
    index : tuple of int
        The element with the largest error.
    hand_written, automatic : float or complex
        The values there.
    agrees : bool
    diagnosis : Diagnosis or None
    """

    name: str
    shape: tuple[int, ...]
    relative_error: float
    cosine: float
    length: float
    index: tuple[int, ...]
    hand_written: complex
    automatic: complex
    agrees: bool
    diagnosis: Diagnosis | None

    def cells(self) -> tuple[str, ...]:
        """What a table shows of it."""
        return (
            self.name,
            str(self.shape),
            f"{self.relative_error:.3g}",
            f"{self.cosine:.3f}",
            f"{self.length:.3g}",
            str(list(self.index)),
            f"{self.hand_written:.4g}",
            f"{self.automatic:.4g}",
        )


@dataclass(frozen=True)
class Comparison:
    """What `compare` found; printed, a table.

    Attributes
    ----------
    rows : tuple of Row
        One for each parameter.
    total : Row
        All parameters as one long vector.
    agree : bool
        Whether every row agrees.
    """

    rows: tuple[Row, ...]
    total: Row

    @property
    def agree(self) -> bool:
        """Whether every row agrees."""
        return all(row.agrees for row in self.rows)

    def __getitem__(self, name: str) -> Row:
        for row in self.rows:
            if row.name == name:
                return row
        raise KeyError(f"no parameter {name!r}; there are {', '.join(r.name for r in self.rows)}")

    def __str__(self) -> str:
        head = ("", "shape", "rel. error", "cosine", "length", "worst at", "by hand", "automatic")
        rows = [row.cells() for row in self.rows]
        if len(rows) > 1:
            rows.append((*self.total.cells()[:5], "", "", ""))
        lines = aligned([head, *rows], right=range(2, len(head)))
        lines.insert(1, "-" * max(map(len, lines)))
        lines += [f"{row.name}: {row.diagnosis.text}" for row in self.rows if row.diagnosis]
        return "\n".join(lines)


def compare(
    hand_written: Callable[..., Any],
    function: Callable[..., Any],
    *inputs: Any,
    argnums: int | Sequence[int] = 0,
    rtol: float | None = None,
) -> Comparison:
    """Hold a hand-written gradient against the automatic one, parameter by parameter.

    Parameters
    ----------
    hand_written : callable
        Called as `function`; returns the gradient with the containers of the arguments that
        `argnums` names, as `autograd_np.grad` would.
    function : callable
        Returns one number: the loss, L. For a complex parameter ``a + ib`` the gradient is
        ``dL/da + i dL/db``, as in PyTorch.
    *inputs
        The arguments of both.
    argnums : int or sequence of ints
        The arguments that hold the parameters.
    rtol : float, optional
        The largest relative error of a parameter that still agrees; by default 1e-7, or 1e-4
        where float32 or float16 is involved.

    Returns
    -------
    Comparison

    Raises
    ------
    ValueError
        If the two gradients do not hold the same parameters.

    Examples
    --------
    Somebody forgot to divide by the number of rows:

    >>> import numpy as np
    >>> from autograd_np.testing import compare
    >>> x, y = np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 1.0]]), np.array([1.0, 0.0, 2.0])
    >>> def loss(w, x, y):
    ...     return np.mean((x @ w - y) ** 2)
    >>> def by_hand(w, x, y):
    ...     return 2 * x.T @ (x @ w - y)
    >>> comparison = compare(by_hand, loss, np.array([0.5, -1.0]), x, y)
    >>> comparison.agree, round(comparison["w"].relative_error, 6)
    (False, 2.0)
    >>> comparison["w"].diagnosis.kind
    'mean'
    """
    gradient = grad(function, argnums)(*inputs)
    expected = _by_name(gradient, function, argnums)
    own = map_leaves(lambda leaf: np.array(leaf) if isinstance(leaf, np.ndarray) else leaf, inputs)
    given = _by_name(hand_written(*own), function, argnums)
    if set(expected) != set(given):
        raise ValueError(
            f"compare: the hand-written gradient holds {', '.join(given) or 'nothing'}, and the "
            f"parameters are {', '.join(expected)}. Return one gradient for each parameter, in "
            f"the containers of the argument."
        )
    lengths = {n for leaf in flatten(list(inputs))[0] for n in np.shape(unwrap(leaf))}
    arrays = (*expected.values(), *given.values())
    coarse = any(array.real.dtype.itemsize < 8 for array in arrays)
    limit = rtol if rtol is not None else 1e-4 if coarse else 1e-7
    fitted = {name: _fitted(given[name], automatic) for name, automatic in expected.items()}
    hand = {name: array for name, (array, _) in fitted.items()}
    rows = []
    for name, automatic in expected.items():
        others = [array for other, array in hand.items() if other != name]
        row = _row(name, hand[name], automatic, limit)
        found = fitted[name][1]
        if found is None and not row.agrees:
            allowed = np.full(automatic.shape, limit * float(np.abs(automatic).max(initial=0)))
            shape = tuple(sorted(lengths))
            by_hand, right = np.stack([hand[name], automatic])
            evidence = Evidence(by_hand, right, allowed, automatic.ndim, shape, others)
            found = _of_a_real(hand[name], automatic) or diagnose(evidence)
        rows.append(replace(row, diagnosis=found))
    total = _row("all together", _flat(hand), _flat(expected), limit)
    return Comparison(tuple(rows), total)


def _flat(arrays: dict[str, Array]) -> Array:
    return np.concatenate([np.ravel(array) for array in arrays.values()])


def _by_name(
    gradient: Any, function: Callable[..., Any], argnums: int | Sequence[int]
) -> dict[str, Array]:
    """The arrays of a gradient by the names that a person would give them."""
    if isinstance(argnums, int):
        trees = {argnums: gradient}
    elif len(gradient) == len(argnums):
        trees = dict(zip(argnums, gradient, strict=True))
    else:
        raise ValueError(
            f"compare: {len(gradient)} gradients were returned for argnums={tuple(argnums)}. "
            f"Return a tuple with one for each."
        )
    named: dict[str, Array] = {}
    for number, tree in trees.items():
        argument = _argument(function, number)
        for path, leaf in zip(paths(tree), flatten(tree)[0], strict=True):
            name = _plain(path) if isinstance(argnums, int) and path else f"{argument}{path}"
            named[name] = np.asarray(unwrap(leaf))
    return named


def _argument(function: Callable[..., Any], number: int) -> str:
    try:
        names = list(inspect.signature(function).parameters)
        return names[number]
    except (ValueError, TypeError, IndexError):
        return f"argument {number}"


def _plain(path: str) -> str:
    """``['w1']`` as ``w1``; deeper paths as they are."""
    inner = path[2:-2]
    return inner if path == f"[{inner!r}]" else path


def _fitted(hand: Array, automatic: Array) -> tuple[Array, Diagnosis | None]:
    """The hand-written gradient in the shape that it should have, or NaN and why it has not."""
    if hand.shape == automatic.shape:
        return hand, None
    ones = [tuple(n for n in array.shape if n != 1) for array in (hand, automatic)]
    if ones[0] == ones[1]:
        return hand.reshape(automatic.shape), None
    shapes = f"shape {hand.shape} for a parameter of shape {automatic.shape}"
    found = Diagnosis("shape", f"{shapes}.")
    if hand.T.shape == automatic.shape and np.allclose(hand.T, automatic):
        found = Diagnosis("transposed", f"{shapes}: the gradient is transposed.")
    for count in range(1, hand.ndim + 1):
        for axes in itertools.combinations(range(hand.ndim), count):
            summed = hand.sum(axis=axes)
            if summed.size == automatic.size and np.allclose(summed.ravel(), automatic.ravel()):
                text = f"{shapes}: the sum over axis {', '.join(map(str, axes))} is missing."
                found = Diagnosis("broadcast", text)
    return np.full(automatic.shape, np.nan), found


def _of_a_real(hand: Array, automatic: Array) -> Diagnosis | None:
    """What to say of a complex gradient whose real part is right, for a real parameter."""
    if not np.iscomplexobj(hand) or np.iscomplexobj(automatic):
        return None
    if not np.allclose(np.real(hand), automatic):
        return None
    return Diagnosis("dtype", "complex, for a parameter that is real: write np.real(...).")


def _row(name: str, hand: Array, automatic: Array, limit: float) -> Row:
    error = np.abs(hand - automatic)
    # Lengths are those of scaled arrays, whose squares neither overflow nor vanish.
    unit = float(max(np.abs(hand).max(initial=0), np.abs(automatic).max(initial=0))) or 1.0
    long, short, apart = (float(np.linalg.norm(a / unit)) for a in (hand, automatic, error))
    relative = apart / short if short else (math.inf if apart else 0.0)
    product = float(np.vdot(hand / unit, automatic / unit).real)
    worst = int(np.argmax(error)) if error.size else 0
    index = np.unravel_index(worst, automatic.shape) if automatic.size else ()
    return Row(
        name=name,
        shape=automatic.shape,
        relative_error=relative,
        cosine=product / (short * long) if short * long else math.nan,
        length=long / short if short else (math.inf if long else math.nan),
        index=tuple(int(i) for i in index),
        hand_written=hand.flat[worst].item() if error.size else math.nan,
        automatic=automatic.flat[worst].item() if error.size else math.nan,
        agrees=relative <= limit,
        diagnosis=None,
    )
