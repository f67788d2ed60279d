"""MyGrad's tensors, with its memory guard on (its default) and off."""

from __future__ import annotations

from typing import Any

import mygrad
import numpy as np
from mygrad.nnet.activations import relu, sigmoid
from mygrad.nnet.losses import softmax_crossentropy

from tests.benchmarks.networks import Problem
from tests.benchmarks.peers import HasItem, Trainer

mg: Any = mygrad  # its annotations refuse mixtures of arrays and tensors, which it supports


def build_guarded(problem: Problem) -> Trainer:
    """Train with the arrays of a live graph locked against writing."""
    step, parameters = _build(problem)

    def guarded() -> HasItem:
        mg.turn_memory_guarding_on()
        return step()

    return Trainer(guarded, parameters)


def build_unguarded(problem: Problem) -> Trainer:
    """Train with the guard off, for the whole process as MyGrad has it."""
    step, parameters = _build(problem)

    def unguarded() -> HasItem:
        mg.turn_memory_guarding_off()
        return step()

    return Trainer(unguarded, parameters)


def _build(problem: Problem) -> Trainer:
    x, kind, lr = problem.x, problem.network.loss, problem.network.lr
    y: Any = problem.y
    layers: list[tuple[Any, Any]] = [
        (mg.tensor(W), None if b is None else mg.tensor(b)) for W, b in problem.initial
    ]
    *hidden, last = layers
    parameters = [p for layer in layers for p in layer if p is not None]

    def affine(h: Any, W: Any, b: Any) -> Any:
        return mg.matmul(h, W) if b is None else mg.matmul(h, W) + b

    def step() -> Any:
        h: Any = x
        for W, b in hidden:
            h = relu(affine(h, W, b))
        z = affine(h, *last)
        loss: Any
        if kind == "cross_entropy":
            loss = softmax_crossentropy(z, y)
        elif kind == "binary_cross_entropy":
            p = sigmoid(z)
            loss = -mg.mean(y * mg.log(p) + (1 - y) * mg.log(1 - p))
        else:
            loss = mg.sum((z - y) ** 2)
        loss.backward()
        for p in parameters:
            p.data -= lr * p.grad
        return loss

    return Trainer(step, lambda: [np.array(p.data) for p in parameters])
