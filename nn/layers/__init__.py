"""Layers: modules with a forward pass of their own."""

from nn.layers.dense import Dense
from nn.layers.dropout import Dropout
from nn.layers.flatten import Flatten
from nn.layers.linear import Linear
from nn.layers.sequential import Sequential

__all__ = ["Dense", "Dropout", "Flatten", "Linear", "Sequential"]
