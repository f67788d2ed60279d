"""Optimizers, gradient clipping and learning-rate schedules."""

from nn.optim.adam import Adam, AdamW
from nn.optim.clip import clip_grad_norm, clip_grad_value, grad_norm
from nn.optim.optimizer import Optimizer
from nn.optim.rmsprop import RMSprop
from nn.optim.schedules import (
    ChainedLR,
    CosineLR,
    ExponentialLR,
    LambdaLR,
    Schedule,
    SequentialLR,
    StepLR,
    WarmUp,
)
from nn.optim.sgd import SGD

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "ChainedLR",
    "CosineLR",
    "ExponentialLR",
    "LambdaLR",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "SequentialLR",
    "StepLR",
    "WarmUp",
    "clip_grad_norm",
    "clip_grad_value",
    "grad_norm",
]
