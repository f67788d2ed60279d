"""The articles' own programs, with the gradients that their authors wrote by hand, faults included.

They are what the examples are compared with, never something to learn from.
"""
