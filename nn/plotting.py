"""Pictures of a training run; needs matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from nn.history import History

__all__ = ["plot_history"]

# Okabe and Ito's colours, told apart by the colour-blind too.
_TRAINING, _VALIDATION = "#0072B2", "#D55E00"


def plot_history(
    history: History,
    names: Sequence[str] | None = None,
    *,
    log: bool = False,
    title: str | None = None,
) -> Figure:
    """Draw each number over the epochs, one panel each; ``val_`` numbers beside their own.

    Parameters
    ----------
    history : History
    names : sequence of str, optional
        Which panels; by default all but the learning rate and the time.
    log : bool
        Whether the loss is drawn on a logarithmic scale.
    title : str, optional

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ImportError
        If matplotlib is not installed (extra ``plot``).
    ValueError
        If no epoch has finished, or there is no such number.
    """
    try:
        import matplotlib.pyplot as plt
        from matplotlib.ticker import MaxNLocator
    except ImportError as error:
        raise ImportError("plotting needs matplotlib: pip install 'autograd-np[plot]'") from error
    if not len(history):
        raise ValueError("no epoch has finished: there is nothing to plot")
    known = [name for name in history.names() if not name.startswith("val_")]
    panels = [name for name in known if name not in ("lr", "seconds")] if names is None else names
    for name in panels:
        if name not in history:
            raise ValueError(f"there is no {name!r}; the history has {', '.join(history.names())}")
    figure, grid = plt.subplots(
        1, len(panels), figsize=(4.8 * len(panels), 3.6), squeeze=False, layout="constrained"
    )
    for axes, name in zip(grid[0], panels, strict=True):
        values = history[name]
        marker = "o" if len(values) == 1 else None
        lines = [
            (name, "training", _TRAINING, "-"),
            (f"val_{name}", "validation", _VALIDATION, "--"),
        ]
        for key, label, colour, style in lines:
            if key in history:
                epochs = [n + 1 for n, epoch in enumerate(history.epochs) if key in epoch]
                axes.plot(epochs, history[key], style, color=colour, label=label, marker=marker)
        if log and "loss" in name:
            axes.set_yscale("log")
        axes.set(xlabel="epoch", ylabel=name.replace("_", " "))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        if f"val_{name}" in history:
            axes.legend(frameon=False)
    if title:
        figure.suptitle(title)
    return figure
