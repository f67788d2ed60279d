"""Article 004 as written: iris, 4-6-8-10-3, with hand-written gradients, which are wrong.

The fault is kept: the list of every layer's input and pre-activation is never cleared, and the
backward pass reads it from its front, so from the second epoch on it uses the first epoch's values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Labels = NDArray[np.integer]


@dataclass
class Network:
    """Dense layers, ``x @ w.T + b``: ReLU in the hidden ones, softmax in the last.

    Attributes
    ----------
    weights : one array of shape (outputs, inputs) per layer
    biases : one array of shape (1, outputs) per layer
    memory : every layer's (input, pre-activation), in the order in which they were computed
    mended : whether `memory` is cleared before each forward pass; False is as written
    """

    weights: list[Array]
    biases: list[Array]
    mended: bool = False
    memory: list[tuple[Array, Array]] = field(default_factory=list)

    @classmethod
    def draw(cls, seed: int = 99, sizes: tuple[int, ...] = (4, 6, 8, 10, 3)) -> Network:
        """Draw every weight uniformly from [-1, 1), first layer first; biases are zero."""
        uniform = np.random.RandomState(seed).uniform
        pairs = list(pairwise(sizes))
        weights = [uniform(-1, 1, size=(out, into)) for into, out in pairs]
        return cls(weights, [np.zeros((1, out)) for _, out in pairs])

    def forward(self, x: Array) -> Array:
        """Return the probabilities, shape (rows, classes), and append to the memory."""
        if self.mended:
            self.memory.clear()
        last = len(self.weights) - 1
        for i, (w, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            z = x @ w.T + b
            self.memory.append((x, z))
            x = z if i == last else np.maximum(z, 0)
        exponentials = np.exp(x)
        return np.asarray(exponentials / np.sum(exponentials, axis=1, keepdims=True))

    def backward(self, probabilities: Array, labels: Labels) -> tuple[list[Array], list[Array]]:
        """Return the article's gradients of the mean cross-entropy: weights' and biases'."""
        count = len(self.weights)
        dz = (probabilities - np.eye(probabilities.shape[1])[labels]) / len(labels)
        dw: list[Array] = [np.empty(0)] * count
        db: list[Array] = [np.empty(0)] * count
        for i in reversed(range(count)):
            x, _ = self.memory[i]
            dw[i] = dz.T @ x
            db[i] = np.sum(dz, axis=0, keepdims=True)
            if i:
                dz = dz @ self.weights[i] * (self.memory[i - 1][1] > 0)
        return dw, db

    def step(self, x: Array, labels: Labels, learning_rate: float = 0.01) -> tuple[float, float]:
        """Take one step of gradient descent; return the accuracy and the loss before it."""
        probabilities = self.forward(x)
        loss = float(-np.mean(np.log(probabilities[np.arange(len(labels)), labels])))
        accuracy = float(np.mean(np.argmax(probabilities, axis=1) == labels))
        dw, db = self.backward(probabilities, labels)
        for parameter, gradient in zip(self.weights + self.biases, dw + db, strict=True):
            parameter -= learning_rate * gradient
        return accuracy, loss

    def train(self, x: Array, labels: Labels, epochs: int = 200) -> list[tuple[float, float]]:
        """Run full-batch gradient descent; return (accuracy, loss) before every epoch's update."""
        return [self.step(x, labels) for _ in range(epochs)]
