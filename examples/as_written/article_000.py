"""Article 000 as written: MNIST, 784-128-10, with hand-written gradients, which are wrong.

The four faults are kept. Each can be mended, in the order of :data:`FAULTS`, to see what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FAULTS = (
    "the sigmoid's derivative is taken at its output, not before it",
    "the ReLU's mask `output >= 0` is always 1",
    "the ReLU's factor 1 / (max + 1) is missing",
    "the derivative through the ReLU's max is missing",
)


def sigmoid(z: Array) -> Array:
    """Return the logistic function of an array of any shape."""
    return np.asarray(1 / (1 + np.exp(-z)))


def scaled_relu(z: Array) -> Array:
    """Return the article's "scaled ReLU"; the max is over the whole batch-by-units matrix."""
    return np.asarray(z / (np.max(z) + 1) * (z > 0))


def batches(count: int, size: int) -> Iterator[slice]:
    """Yield the article's batches: the full ones from row ``count % size`` on, then the first rows.

    >>> [(batch.start, batch.stop) for batch in batches(10, 4)]
    [(2, 6), (6, 10), (0, 2)]
    """
    rest = count % size
    for start in range(rest, count, size):
        yield slice(start, start + size)
    if rest:
        yield slice(0, rest)


@dataclass
class Network:
    """Two dense layers, ``x @ w + b``: scaled ReLU, then sigmoid.

    Attributes
    ----------
    w1, b1, w2, b2 : arrays of shapes (inputs, hidden), (1, hidden), (hidden, outputs), (1, outputs)
    mended : how many of :data:`FAULTS` are mended, from the first on; 0 is as written
    """

    w1: Array
    b1: Array
    w2: Array
    b2: Array
    mended: int = 0

    @classmethod
    def draw(cls, seed: int, inputs: int, hidden: int = 128, outputs: int = 10) -> Network:
        """Draw the weights uniformly from [-1, 1), layer by layer, the weight before the bias."""
        rand = np.random.RandomState(seed).rand
        w1, b1 = rand(inputs, hidden) * 2 - 1, rand(1, hidden) * 2 - 1
        w2, b2 = rand(hidden, outputs) * 2 - 1, rand(1, outputs) * 2 - 1
        return cls(w1, b1, w2, b2)

    def predict(self, x: Array) -> Array:
        """Return the outputs, shape (rows, outputs), of inputs of shape (rows, inputs)."""
        return sigmoid(scaled_relu(x @ self.w1 + self.b1) @ self.w2 + self.b2)

    def gradients(self, x: Array, y: Array) -> tuple[float, dict[str, Array]]:
        """Return a batch's mean loss, and the article's gradients of the loss's sum over it."""
        z1 = x @ self.w1 + self.b1
        hidden = scaled_relu(z1)
        output = sigmoid(hidden @ self.w2 + self.b2)
        loss = float(np.mean((output - y) ** 2))
        delta2 = 2 * (output - y) / y.shape[1] * self._sigmoid_derivative(output)
        delta1 = self._relu_derivative(z1, hidden, delta2 @ self.w2.T)
        return loss, {
            "w1": x.T @ delta1,
            "b1": np.sum(delta1, axis=0, keepdims=True),
            "w2": hidden.T @ delta2,
            "b2": np.sum(delta2, axis=0, keepdims=True),
        }

    def _sigmoid_derivative(self, output: Array) -> Array:
        value = output if self.mended >= 1 else sigmoid(output)
        return value * (1 - value)

    def _relu_derivative(self, z: Array, output: Array, g: Array) -> Array:
        mask = (z > 0) if self.mended >= 2 else (output >= 0)
        scale = np.max(z) + 1
        result: Array = g * mask
        if self.mended >= 3:
            result = result / scale
        if self.mended >= 4:
            result[np.unravel_index(np.argmax(z), z.shape)] -= np.sum(g * output) / scale
        return result

    def train(
        self, x: Array, y: Array, learning_rate: float = 0.01, epochs: int = 5, batch: int = 256
    ) -> float:
        """Run the article's gradient descent in place and return its running error."""
        error = 0.0
        for _ in range(epochs):
            for rows in batches(len(x), batch):
                loss, gradients = self.gradients(x[rows], y[rows])
                error = (error + loss) / 2
                for name, gradient in gradients.items():
                    parameter = getattr(self, name)
                    parameter -= learning_rate * gradient
        return error
