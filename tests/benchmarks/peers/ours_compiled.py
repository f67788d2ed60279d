"""Our steps again, compiled: the same function through `ag.compile`, the same modules likewise."""

from __future__ import annotations

import autograd_np as ag
import nn
from tests.benchmarks.networks import Problem
from tests.benchmarks.peers import Trainer, ours, ours_nn


def build_tensors(problem: Problem, backend: str) -> Trainer:
    """Compile the step of `ours`, which captures its Tensors, inputs and labels."""
    eager = ours.build_tensors(problem)
    return Trainer(ag.compile(eager.step, backend=backend), eager.parameters)


def build_nn(problem: Problem, backend: str) -> Trainer:
    """Compile the step of the model, loss and optimizer of `ours_nn`."""
    model, criterion, optimizer, parameters = ours_nn.parts(problem)
    step = nn.compile_step(model, criterion, optimizer, backend=backend)
    x, y = problem.x, problem.y
    return Trainer(lambda: step(x, y), parameters)


def tensors_numpy(problem: Problem) -> Trainer:
    """`build_tensors` with readable NumPy."""
    return build_tensors(problem, "numpy")


def tensors_numba(problem: Problem) -> Trainer:
    """`build_tensors` with fused native loops."""
    return build_tensors(problem, "numba")


def nn_numpy(problem: Problem) -> Trainer:
    """`build_nn` with readable NumPy."""
    return build_nn(problem, "numpy")


def nn_numba(problem: Problem) -> Trainer:
    """`build_nn` with fused native loops."""
    return build_nn(problem, "numba")
