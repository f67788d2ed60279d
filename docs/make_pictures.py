"""Make the pictures of the README and the docs: ``python docs/make_pictures.py``.

Needs Graphviz's dot; the page of `explain` is photographed by Chromium, where there is one.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import graphviz
import numpy as np

import autograd_np as ag
import nn
from autograd_np.explaining.explanation import Explanation

FOLDER = Path(__file__).parent / "pictures"

rng = np.random.default_rng(0)
x, labels = rng.normal(size=(100, 2)), rng.integers(0, 3, 100)
W1 = ag.Tensor(rng.normal(size=(2, 8)), requires_grad=True)
b1 = ag.Tensor(np.zeros(8), requires_grad=True)
W2 = ag.Tensor(rng.normal(size=(8, 3)), requires_grad=True)
b2 = ag.Tensor(np.zeros(3), requires_grad=True)


def network() -> graphviz.Digraph:
    """A network with one hidden layer, its parameters named by the variables."""
    h = np.tanh(x @ W1 + b1)
    loss = ag.cross_entropy(h @ W2 + b2, labels)
    return ag.draw(loss)


def gradients() -> graphviz.Digraph:
    """The same with values, gradients and what the reverse pass keeps."""
    with ag.record():
        h = np.tanh(x @ W1 + b1)
        loss = ag.cross_entropy(h @ W2 + b2, labels)
        loss.backward()
    return ag.draw(loss, values=True, gradients=True, memory=True)


def backward() -> graphviz.Digraph:
    """The reverse pass beside the forward one."""
    h = np.tanh(x @ W1 + b1)
    loss = ag.cross_entropy(h @ W2 + b2, labels)
    return ag.draw(loss, backward=True)


def modules() -> graphviz.Digraph:
    """Modules as boxes."""
    encoder = nn.Sequential(nn.Linear(2, 8, rng=0), nn.ReLU())
    model = nn.Sequential(encoder, nn.Dropout(0.1, rng=0), nn.Linear(8, 3, rng=0))
    return model.draw(x)


def nan() -> graphviz.Digraph:
    """Where a NaN is from."""
    with ag.record(), np.errstate(invalid="ignore"):
        scores = np.log(x @ W1)
        loss = np.mean(scores**2)
    return ag.draw(loss)


def explained() -> Explanation:
    """The page that steps through the network."""
    with ag.record():
        h = np.tanh(x @ W1 + b1)
        loss = ag.cross_entropy(h @ W2 + b2, labels)
        loss.backward()
    return ag.explain(loss)


def photograph(page: Path, picture: Path) -> None:
    """Have Chromium draw the page at its first step of the reverse pass."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        print("there is no Chromium, so explain.png stays as it is")
        return
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [
                chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run", f"--user-data-dir={profile}", "--window-size=1280,800",
                f"--screenshot={picture}", f"{page.as_uri()}#step=8",
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip


PICTURES: list[Callable[[], graphviz.Digraph]] = [network, gradients, backward, modules, nan]

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for make in PICTURES:
        make().render(FOLDER / make.__name__, format="png", cleanup=True)
        print(f"wrote {FOLDER / make.__name__}.png")
    with tempfile.TemporaryDirectory() as folder:
        page = explained().save(Path(folder) / "explain.html")
        photograph(page, FOLDER / "explain.png")
