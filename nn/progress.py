"""The progress bar of `fit`: tqdm, and nothing at all where nobody is watching."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["Progress"]

# Short enough that the numbers at its end are not cut off in a narrow terminal.
_FORMAT = "{desc} |{bar:20}| {n_fmt}/{total_fmt} {elapsed}{postfix}"


class Progress:
    """One bar per epoch over its batches; a single bar over the epochs when each has one batch.

    Parameters
    ----------
    show : bool or None
        None shows bars when stderr is a terminal and tqdm is installed.
    epochs : int
        The number of the last epoch.
    batches : int or None

    Raises
    ------
    ImportError
        If `show` is True and tqdm is not installed.
    """

    def __init__(self, show: bool | None, epochs: int, first: int, batches: int | None) -> None:
        self.epochs = epochs
        self.first = first
        self.batches = batches
        self.over_epochs = batches == 1
        self._bar: Any = None
        self._tqdm: Any = None
        if show is False or (show is None and not sys.stderr.isatty()):
            return
        try:
            from tqdm.auto import tqdm
        except ImportError as error:
            if show is None:
                return
            raise ImportError(
                "the progress bar needs tqdm: pip install 'autograd-np[progress]', or write "
                "progress=False"
            ) from error
        self._tqdm = tqdm

    @property
    def shown(self) -> bool:
        """Whether there is a bar."""
        return self._tqdm is not None

    def begin_epoch(self, epoch: int) -> None:
        """Open the bar of an epoch."""
        if self._tqdm is None:
            return
        if not self.over_epochs:
            name = f"epoch {epoch}/{self.epochs}"
            self._bar = self._open(name, self.batches)
        elif self._bar is None:
            self._bar = self._open("training", self.epochs - self.first)

    def _open(self, name: str, total: int | None) -> Any:
        return self._tqdm(total=total, desc=name, bar_format=_FORMAT, dynamic_ncols=True)

    def batch(self, loss: float) -> None:
        """Move on by one batch."""
        if self._bar is not None and not self.over_epochs:
            self._bar.set_postfix_str(f"loss {loss:.4g}", refresh=False)
            self._bar.update()

    def end_epoch(self, numbers: Mapping[str, float]) -> None:
        """Write the epoch's numbers at the end of its bar."""
        if self._bar is None:
            return
        text = ", ".join(
            f"{name} {value:.4g}"
            for name, value in numbers.items()
            if name not in ("lr", "seconds")
        )
        self._bar.set_postfix_str(text, refresh=not self.over_epochs)
        if self.over_epochs:
            self._bar.update()
        else:
            self.close()

    def close(self) -> None:
        """Close the bar that is open."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
