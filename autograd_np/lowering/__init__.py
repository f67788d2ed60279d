"""Recorded steps lowered to NumPy source or native loops."""
