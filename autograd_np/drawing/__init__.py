"""Graphs as pictures."""

from autograd_np.drawing.draw import draw

__all__ = ["draw"]
