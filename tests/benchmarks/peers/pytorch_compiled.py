"""PyTorch with `torch.compile`: loss, gradient and update as one compiled function."""

from __future__ import annotations

import os
import shutil
from typing import Any

# One core compiles faster alone than through a pool of processes.
os.environ.setdefault("TORCHINDUCTOR_COMPILE_THREADS", "1")

import torch
from torch.nn import functional

from tests.benchmarks.networks import Problem
from tests.benchmarks.peers import Trainer

if shutil.which(os.environ.get("CXX", "g++")) is None:
    raise ImportError("torch.compile writes C++, and there is no g++: install it, or set CXX")

torch.set_num_threads(1)


def build(problem: Problem) -> Trainer:
    """Train through `torch.func.grad_and_value`.

    A compiled loss with `backward()` and an update compiled by itself take up to 2.5 times as long.
    """
    kind, lr = problem.network.loss, problem.network.lr
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
    layers = [tuple(torch.tensor(p) for p in layer if p is not None) for layer in problem.initial]

    def loss_of(layers: list[tuple[torch.Tensor, ...]], x: Any, y: Any) -> Any:
        *hidden, last = layers
        for layer in hidden:
            x = torch.relu(affine(x, *layer))
        z = affine(x, *last)
        if kind == "cross_entropy":
            return functional.cross_entropy(z, y)
        if kind == "binary_cross_entropy":
            return functional.binary_cross_entropy(torch.sigmoid(z), y)
        return (z - y).square().sum()

    def affine(h: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None = None) -> torch.Tensor:
        return h @ W if b is None else h @ W + b

    @torch.compile
    def update(layers: list[tuple[torch.Tensor, ...]], x: Any, y: Any) -> Any:
        gradient, loss = torch.func.grad_and_value(loss_of)(layers, x, y)
        for layer, layer_gradient in zip(layers, gradient, strict=True):
            for p, g in zip(layer, layer_gradient, strict=True):
                p -= lr * g
        return loss

    return Trainer(
        lambda: update(layers, x, y), lambda: [p.numpy() for layer in layers for p in layer]
    )
