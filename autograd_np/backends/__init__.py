"""What other libraries need beyond NumPy's protocols: a module for each, named as the library.

`autograd_np.rules.backends` imports one with the first array of its kind.
"""
