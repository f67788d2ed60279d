"""Graphs as pictures."""

from autograd_np.drawing.dot import draw

__all__ = ["draw"]
