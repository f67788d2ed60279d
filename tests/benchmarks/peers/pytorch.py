"""PyTorch in eager mode: plain tensors, and `torch.nn` with `torch.optim.SGD`."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from tests.benchmarks.networks import Array, Problem
from tests.benchmarks.peers import Trainer

torch.set_num_threads(1)


def build_tensors(problem: Problem) -> Trainer:
    """Train leaf tensors; the update is written out under `no_grad`."""
    kind, lr = problem.network.loss, problem.network.lr
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
    layers: list[tuple[Any, Any]] = [
        (
            torch.tensor(W, requires_grad=True),
            None if b is None else torch.tensor(b, requires_grad=True),
        )
        for W, b in problem.initial
    ]
    *hidden, last = layers
    parameters = [p for layer in layers for p in layer if p is not None]

    def affine(h: torch.Tensor, W: torch.Tensor, b: torch.Tensor | None) -> torch.Tensor:
        return h @ W if b is None else h @ W + b

    def step() -> torch.Tensor:
        h = x
        for W, b in hidden:
            h = torch.relu(affine(h, W, b))
        z = affine(h, *last)
        if kind == "cross_entropy":
            loss = functional.cross_entropy(z, y)
        elif kind == "binary_cross_entropy":
            loss = functional.binary_cross_entropy(torch.sigmoid(z), y)
        else:
            loss = (z - y).square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        with torch.no_grad():
            for p in parameters:
                p -= lr * p.grad
                p.grad = None
        return loss

    return Trainer(step, lambda: [p.detach().numpy() for p in parameters])


def build_nn(problem: Problem) -> Trainer:
    """Train a `torch.nn.Sequential` with `torch.optim.SGD`."""
    network = problem.network
    x, y = torch.from_numpy(problem.x), torch.from_numpy(problem.y)
    modules: list[torch.nn.Module] = []
    linears: list[torch.nn.Linear] = []
    for W, b in problem.initial:
        linear = torch.nn.Linear(W.shape[0], W.shape[1], bias=b is not None, dtype=x.dtype)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W).T)
            if b is not None:
                linear.bias.copy_(torch.from_numpy(b))
        linears.append(linear)
        modules += [linear, torch.nn.ReLU()]
    modules.pop()
    criterion: torch.nn.Module
    if network.loss == "cross_entropy":
        criterion = torch.nn.CrossEntropyLoss()
    elif network.loss == "binary_cross_entropy":
        modules.append(torch.nn.Sigmoid())
        criterion = torch.nn.BCELoss()
    else:
        criterion = torch.nn.MSELoss(reduction="sum")
    model = torch.nn.Sequential(*modules)
    optimizer = torch.optim.SGD(model.parameters(), lr=network.lr)

    def step() -> Any:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def parameters() -> list[Array]:
        found: list[Array] = []
        for linear in linears:
            found.append(linear.weight.detach().numpy().T)
            if problem.network.bias:
                found.append(linear.bias.detach().numpy())
        return found

    return Trainer(step, parameters)
