"""Choosing by conditions: select, piecewise, choose, interp."""
