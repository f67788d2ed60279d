"""A thin layer over `autograd_np`: modules, losses, optimizers and a training loop.

Examples
--------
>>> import numpy as np
>>> import nn
>>> rng = np.random.default_rng(0)
>>> x = rng.normal(size=(200, 2))
>>> inside = (np.square(x).sum(axis=1) < 1).astype(int)
>>> model = nn.Sequential(nn.Linear(2, 16, rng=rng), nn.ReLU(), nn.Linear(16, 2, rng=rng))
>>> history = nn.fit(
...     model, nn.CrossEntropyLoss(), nn.Adam(model, lr=0.02), x, inside, epochs=40,
...     rng=rng, metrics=[nn.metrics.accuracy],
... )
>>> history["accuracy"][-1] > 0.95
True
"""

from nn import init, metrics, optim
from nn.activations import Identity, LogSoftmax, ReLU, Sigmoid, Softmax, Tanh, activation
from nn.callbacks import (
    Callback,
    Checkpoint,
    EarlyStopping,
    LambdaCallback,
    PrintEvery,
    TrainingState,
)
from nn.checkpoint import load_checkpoint, save_checkpoint
from nn.compiling import compile_step
from nn.evaluation import evaluate, predict
from nn.history import History
from nn.layers import Dense, Dropout, Flatten, Linear, Sequential
from nn.losses import BCELoss, BCEWithLogitsLoss, CrossEntropyLoss, MSELoss, SumSquaredError
from nn.module import Module, Parameter
from nn.optim import (
    SGD,
    Adam,
    AdamW,
    ChainedLR,
    CosineLR,
    ExponentialLR,
    LambdaLR,
    RMSprop,
    SequentialLR,
    StepLR,
    WarmUp,
    clip_grad_norm,
    clip_grad_value,
)
from nn.substitution import functional_call
from nn.training import fit

__all__ = [
    "SGD",
    "Adam",
    "AdamW",
    "BCELoss",
    "BCEWithLogitsLoss",
    "Callback",
    "ChainedLR",
    "Checkpoint",
    "CosineLR",
    "CrossEntropyLoss",
    "Dense",
    "Dropout",
    "EarlyStopping",
    "ExponentialLR",
    "Flatten",
    "History",
    "Identity",
    "LambdaCallback",
    "LambdaLR",
    "Linear",
    "LogSoftmax",
    "MSELoss",
    "Module",
    "Parameter",
    "PrintEvery",
    "RMSprop",
    "ReLU",
    "Sequential",
    "SequentialLR",
    "Sigmoid",
    "Softmax",
    "StepLR",
    "SumSquaredError",
    "Tanh",
    "TrainingState",
    "WarmUp",
    "activation",
    "clip_grad_norm",
    "clip_grad_value",
    "compile_step",
    "evaluate",
    "fit",
    "functional_call",
    "init",
    "load_checkpoint",
    "metrics",
    "optim",
    "predict",
    "save_checkpoint",
]
