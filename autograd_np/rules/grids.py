"""Grids, spacings and differences."""
