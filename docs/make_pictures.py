"""Make the pictures of the README: ``python docs/make_pictures.py`` (needs Graphviz's dot)."""

from pathlib import Path

import numpy as np

import autograd_np as ag

FOLDER = Path(__file__).parent / "pictures"


def network() -> ag.Tensor:
    """The loss of a network with one hidden layer, its parameters named."""
    rng = np.random.default_rng(0)
    w1 = ag.Tensor(rng.normal(size=(2, 8)), requires_grad=True, name="W1")
    b1 = ag.Tensor(np.zeros(8), requires_grad=True, name="b1")
    w2 = ag.Tensor(rng.normal(size=(8, 3)), requires_grad=True, name="W2")
    b2 = ag.Tensor(np.zeros(3), requires_grad=True, name="b2")
    x, labels = rng.normal(size=(100, 2)), rng.integers(0, 3, 100)
    return ag.cross_entropy(np.tanh(x @ w1 + b1) @ w2 + b2, labels)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    ag.draw(network()).render(FOLDER / "network", format="png", cleanup=True)
    print(f"wrote {FOLDER / 'network.png'}")
