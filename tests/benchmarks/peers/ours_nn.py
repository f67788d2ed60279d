"""`nn`: modules, a loss and the SGD optimizer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import nn
from tests.benchmarks.networks import Array, Problem
from tests.benchmarks.peers import Trainer


class Parts(NamedTuple):
    """What a step is made of."""

    model: nn.Sequential
    criterion: Any
    optimizer: nn.SGD
    parameters: Callable[[], list[Array]]


def parts(problem: Problem) -> Parts:
    """Make the modules, with the problem's initial parameters."""
    network = problem.network
    linears: list[nn.Linear] = []
    model = nn.Sequential()
    for W, b in problem.initial:
        linear = nn.Linear(W.shape[0], W.shape[1], bias=b is not None, dtype=problem.x.dtype)
        linear.weight.data = W.T
        if b is not None and linear.bias is not None:
            linear.bias.data = b
        if linears:
            model.append(nn.ReLU())
        model.append(linear)
        linears.append(linear)
    criterion: Any
    if network.loss == "cross_entropy":
        criterion = nn.CrossEntropyLoss()
    elif network.loss == "binary_cross_entropy":
        model.append(nn.Sigmoid())
        criterion = nn.BCELoss()
    else:
        criterion = nn.SumSquaredError()

    def parameters() -> list[Array]:
        found: list[Array] = []
        for linear in linears:
            found.append(linear.weight.numpy().T)
            if linear.bias is not None:
                found.append(linear.bias.numpy())
        return found

    return Parts(model, criterion, nn.SGD(model.parameters(), lr=network.lr), parameters)


def build(problem: Problem) -> Trainer:
    """Train an `nn.Sequential` with `nn.SGD`; inputs and labels stay plain arrays."""
    model, criterion, optimizer, parameters = parts(problem)
    x, y = problem.x, problem.y

    def step() -> Any:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return Trainer(step, parameters)
