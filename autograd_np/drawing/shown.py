"""Pictures that show themselves, with and without Graphviz's programs."""

from __future__ import annotations

import contextlib
import html
from collections.abc import Iterator
from typing import Any

import graphviz

from autograd_np.listing import listing
from autograd_np.program import Program

#: How to install what makes files of pictures.
INSTALL = (
    "Graphviz's program `dot` is not installed: apt install graphviz, brew install graphviz, "
    "conda install graphviz, or choco install graphviz."
)


class DotNotFoundError(graphviz.ExecutableNotFound):  # type: ignore[misc]
    """Raised by `render` and its like where Graphviz's programs are not installed."""

    def __str__(self) -> str:
        return f"{INSTALL} The picture's text is in .source, and .save(file) writes it."


@contextlib.contextmanager
def _advising(program: str) -> Iterator[None]:
    try:
        yield
    except graphviz.ExecutableNotFound as error:
        raise DotNotFoundError([program]) from error


class Drawing(graphviz.Digraph):  # type: ignore[misc]
    """A picture: a `graphviz.Digraph` that notebooks show even without Graphviz's programs.

    Attributes
    ----------
    program : Program or None
        What it shows; printed, a listing.
    """

    program: Program | None = None

    def __repr__(self) -> str:
        count = 0 if self.program is None else len(self.program.calls)
        of = f" of {count:,} operation{'' if count == 1 else 's'}" if count else ""
        return f'<Drawing{of}: .view() shows it, .render("name", format="png") writes a file>'

    def pipe(self, *args: Any, **kwargs: Any) -> Any:
        """As `graphviz.Digraph.pipe`; DotNotFoundError says how to install what is missing."""
        with _advising("dot"):
            return super().pipe(*args, **kwargs)

    def render(self, *args: Any, **kwargs: Any) -> Any:
        """As `graphviz.Digraph.render`; DotNotFoundError says how to install what is missing."""
        with _advising("dot"):
            return super().render(*args, **kwargs)

    def unflatten(self, *args: Any, **kwargs: Any) -> Any:
        """As `graphviz.Digraph.unflatten`; DotNotFoundError says how to install what is missing."""
        with _advising("unflatten"):
            return super().unflatten(*args, **kwargs)

    def copy(self) -> Drawing:
        """As `graphviz.Digraph.copy`."""
        copied: Drawing = super().copy()
        copied.program = self.program
        return copied

    def __getstate__(self) -> dict[str, Any]:
        # A program holds functions and values, not all of which can be pickled.
        return self.__dict__ | {"program": None}

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._repr_mimebundle_(*args, **kwargs)
        except graphviz.ExecutableNotFound:
            shown = self.source if self.program is None else listing(self.program)
            text = f"{shown}\n\n{INSTALL}"
            return {"text/plain": text, "text/html": f"<pre>{html.escape(text)}</pre>"}
