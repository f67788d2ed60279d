"""The rows that `fit` takes at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np

__all__ = ["Batch", "Batches", "batch_order", "contiguous", "shuffled"]

#: What `x[...]` takes: a slice, or an array of row numbers.
Batch: TypeAlias = Any
#: Batches for every epoch alike, or a function of the epoch (from 0) that makes them.
Batches: TypeAlias = Sequence[Batch] | Callable[[int], Iterable[Batch]]


def contiguous(rows: int, batch_size: int) -> list[slice]:
    """Return slices of `batch_size` rows in order; the last may be smaller.

    Examples
    --------
    >>> contiguous(5, 2)
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    return [slice(start, min(start + batch_size, rows)) for start in range(0, rows, batch_size)]


def shuffled(rows: int, batch_size: int, rng: Any) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the row numbers of a permutation drawn from `rng`, `batch_size` at a time.

    Examples
    --------
    >>> import numpy as np
    >>> [batch.tolist() for batch in shuffled(5, 2, np.random.default_rng(0))]
    [[2, 4], [3, 0], [1]]
    """
    order = rng.permutation(rows)
    for part in contiguous(rows, batch_size):
        yield order[part]


def batch_order(
    rows: int, batch_size: int | None, shuffle: bool, rng: Any, batches: Batches | None
) -> tuple[Callable[[int], Iterable[Batch]], int | None]:
    """Return a function from the epoch to its batches, and their number where it is known.

    Raises
    ------
    ValueError
        If `batch_size` is less than 1.
    TypeError
        If `batches` is an iterator, which the first epoch would use up.
    """
    if batches is not None:
        if callable(batches):
            return batches, None
        if isinstance(batches, Iterator):
            raise TypeError(
                "batches is an iterator, used up after one epoch: write batches=list(...), or a "
                "function of the epoch, batches=lambda epoch: ..."
            )
        return (lambda epoch: batches), len(batches)
    size = rows if batch_size is None else batch_size
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
        raise ValueError(
            f"batch_size={batch_size!r} must be a whole number of at least 1, or None for all rows"
        )
    fixed = contiguous(rows, int(size))
    if not shuffle:
        return (lambda epoch: fixed), len(fixed)
    return (lambda epoch: shuffled(rows, int(size), rng)), len(fixed)
