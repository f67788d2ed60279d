"""Twins of SciPy's functions that cannot take Tensors; needs the extra ``autograd-np[scipy]``."""
