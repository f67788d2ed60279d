"""The numbers of a training run, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["History"]


class History:
    """What `fit` returns: the numbers of each finished epoch.

    Attributes
    ----------
    epochs : list of dict
        One dict of numbers per finished epoch.
    interrupted : bool
        Whether Ctrl-C ended the run.
    stopped_by : str or None
        The callback that ended it early.

    Examples
    --------
    >>> history = History()
    >>> history.append({"loss": 2.0})
    >>> history.append({"loss": 1.0})
    >>> history["loss"], len(history), history.last["loss"]
    ([2.0, 1.0], 2, 1.0)
    """

    def __init__(self) -> None:
        self.epochs: list[dict[str, float]] = []
        self.interrupted = False
        self.stopped_by: str | None = None

    def append(self, numbers: Mapping[str, float]) -> None:
        """Add a finished epoch, in one operation that nothing can interrupt halfway."""
        self.epochs.append(dict(numbers))

    def names(self) -> list[str]:
        """Return the names of the numbers, in the order they first came."""
        return list(dict.fromkeys(name for epoch in self.epochs for name in epoch))

    @property
    def last(self) -> dict[str, float]:
        """The numbers of the last finished epoch.

        Raises
        ------
        IndexError
            If none has finished.
        """
        if not self.epochs:
            raise IndexError("no epoch has finished: fit(..., epochs=1) or more")
        return self.epochs[-1]

    def __getitem__(self, name: str) -> list[float]:
        if self.epochs and name not in self.names():
            raise KeyError(f"{name!r}; the history has {', '.join(self.names())}")
        return [epoch[name] for epoch in self.epochs if name in epoch]

    def __len__(self) -> int:
        return len(self.epochs)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names())

    def __contains__(self, name: object) -> bool:
        return name in self.names()

    def __repr__(self) -> str:
        ending = ", interrupted" if self.interrupted else ""
        numbers = ""
        if self.epochs:
            numbers = ": " + ", ".join(f"{name} {value:.4g}" for name, value in self.last.items())
        return f"<History of {len(self)} epochs{numbers}{ending}>"

    def plot(self, names: Sequence[str] | None = None, **settings: Any) -> Figure:
        """Draw the numbers over the epochs; see `nn.plotting.plot_history`.

        Raises
        ------
        ImportError
            If matplotlib is not installed (extra ``plot``).
        """
        from nn.plotting import plot_history

        return plot_history(self, names, **settings)
