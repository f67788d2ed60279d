"""Products of vectors and matrices beyond `matmul` and `dot`."""
