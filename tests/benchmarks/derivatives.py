"""What products with derivatives cost on a three-layer network: hvp in gradients, jvp in passes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tests.benchmarks.networks import LARGEST, Network, Problem, flat, problem
from tests.benchmarks.reporting import Target, table
from tests.benchmarks.timing import paired, ratio

# Products of matrices come to 2.9; a native forward mode takes 3 passes for a jvp.
HVP_LIMIT = 3.5


def loss_of(network: Problem) -> Callable[..., Any]:
    """The loss as a function of weights and biases, in turn."""
    import autograd_np as ag

    def loss(*parameters: Any) -> Any:
        x: Any = network.x
        for i in range(0, len(parameters), 2):
            x = (x if i == 0 else np.tanh(x)) @ parameters[i] + parameters[i + 1]
        return ag.cross_entropy(x, network.y)

    return loss


def run(dtypes: Sequence[str], rounds: int) -> list[Target]:
    """Time the three and print a table; return the targets."""
    import autograd_np as ag

    rows, targets = [], []
    for dtype in dtypes:
        network = problem(Network.named(LARGEST), dtype)
        loss = loss_of(network)
        primals = flat(network.initial)
        tangents = [0.1 * each for each in primals]
        gradient = ag.grad(loss, tuple(range(len(primals))))
        times = paired(
            {
                "forward": lambda f=loss, x=primals: f(*x),
                "gradient": lambda f=gradient, x=primals: f(*x),
                "hvp": lambda f=loss, x=primals, d=tangents: ag.hvp(f, x, d),
                "jvp": lambda f=loss, x=primals, d=tangents: ag.jvp(f, x, d),
            },
            rounds=rounds,
        )
        hvp = ratio(times["hvp"], times["gradient"])
        rows.append((dtype, f"{hvp:.2f}", f"{ratio(times['jvp'], times['forward']):.2f}"))
        targets.append(Target("hvp over gradient", f"{LARGEST}, {dtype}", hvp, HVP_LIMIT))
    print(f"## Products with derivatives, {LARGEST}, three layers of tanh\n")
    print(table(("dtype", "hvp / gradient", "jvp / forward pass"), rows))
    return targets
