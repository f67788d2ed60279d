"""Repeating, rolling, padding and diagonals."""
