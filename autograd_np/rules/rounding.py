"""Rounding, remainders and the parts of floating-point numbers."""
