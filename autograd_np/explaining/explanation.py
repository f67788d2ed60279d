"""The page that `explain` returns."""

from __future__ import annotations

import os
from pathlib import Path

# Pixels in a notebook: the picture, the step and its numbers at one glance.
_HEIGHT = 760


class Explanation:
    """A page that walks through a computation: shown by itself in a notebook.

    Attributes
    ----------
    html : str
        The page, complete in itself: it loads nothing.
    summary : str
        What it shows, in a line.

    Examples
    --------
    >>> import autograd_np as ag
    >>> from autograd_np.explaining import explain
    >>> w = ag.Tensor([1.0, 2.0], requires_grad=True, name="w")
    >>> with ag.record():
    ...     loss = (w * w).sum()
    >>> explain(loss)
    <Explanation of loss: 2 operations, 2 steps back. Show it with .open() or .save(path).>
    """

    def __init__(self, html: str, summary: str) -> None:
        self.html = html
        self.summary = summary

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, and return its path.

        Its address opens it at a step: ``loss.html#step=8``.

        Parameters
        ----------
        path : str or path
            Such as ``"loss.html"``.
        """
        target = Path(path)
        target.write_text(self.html, encoding="utf-8")
        return target

    def open(self) -> Path:
        """Show the page in the browser; return the path of the temporary file that it is in."""
        import tempfile
        import webbrowser

        target = self.save(Path(tempfile.mkdtemp(prefix="autograd_np_")) / "explanation.html")
        webbrowser.open(target.as_uri())
        return target

    def _repr_html_(self) -> str:
        from html import escape

        # Without the right to its notebook's origin, the page can touch nothing but itself.
        return (
            f'<iframe srcdoc="{escape(self.html)}" sandbox="allow-scripts" '
            f'title="{escape(self.summary)}" '
            f'style="width:100%;height:{_HEIGHT}px;border:1px solid #8888;border-radius:6px">'
            "</iframe>"
        )

    def __repr__(self) -> str:
        return f"<Explanation of {self.summary}. Show it with .open() or .save(path).>"
