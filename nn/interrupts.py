"""Ctrl-C that waits for the end of an update, so that no parameter is left half-written."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Shield"]


class Shield:
    """While installed, SIGINT inside ``with shield:`` is handled when that block ends.

    Outside such a block it is handled at once, by the handler that was there before. In threads
    other than the main one, where Python handles no signals, it does nothing.

    Examples
    --------
    >>> with Shield().installed() as shield:
    ...     with shield:
    ...         pass
    """

    def __init__(self) -> None:
        self._depth = 0
        self._pending: tuple[int, FrameType | None] | None = None
        self._previous: Any = None

    def installed(self) -> _Installed:
        """Return a context manager that installs the shield and puts the old handler back."""
        return _Installed(self)

    def __enter__(self) -> Shield:
        self._depth += 1
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._depth -= 1
        if self._pending is not None and not self._depth:
            pending, self._pending = self._pending, None
            self._previous(*pending)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._depth:
            self._pending = number, frame
        else:
            self._previous(number, frame)


class _Installed:
    def __init__(self, shield: Shield) -> None:
        self.shield = shield
        self.active = False

    def __enter__(self) -> Shield:
        previous = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread() and callable(previous):
            self.shield._previous = previous
            signal.signal(signal.SIGINT, self.shield._handle)
            self.active = True
        return self.shield

    def __exit__(self, *_: object) -> None:
        if self.active:
            signal.signal(signal.SIGINT, self.shield._previous)
