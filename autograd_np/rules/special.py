"""The special functions of SciPy; imported when SciPy is in use."""
