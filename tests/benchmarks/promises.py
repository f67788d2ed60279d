"""What is promised about the time of a step."""

from __future__ import annotations

import statistics

from tests.benchmarks import peers
from tests.benchmarks.networks import LAST_THREE, SECOND, SMALLEST, Network
from tests.benchmarks.reporting import Target
from tests.benchmarks.timing import Times, ratio

Limit = tuple[str, str | None, float]


def targets_of(network: Network, dtype: str, times: Times) -> list[Target]:
    """List the promises about one network, for each of our variants that they hold for.

    PyTorch's time is that of its faster eager variant.

    Examples
    --------
    >>> times = {peers.NUMPY: [4.0], peers.TENSORS_NUMPY: [3.0]}
    >>> [target] = targets_of(Network.named(SECOND), "float32", times)
    >>> target.promise, target.measured, target.limit
    ("time over hand-written NumPy's", 0.75, 0.85)
    """
    torches = [label for label in (peers.TORCH, peers.TORCH_NN) if label in times]
    torch = min(torches, key=lambda label: statistics.median(times[label]), default=None)
    promises = (
        (peers.EAGER, _eager(network, torch)),
        (peers.COMPILED_NUMPY, _numpy(network)),
        (peers.COMPILED_NUMBA, _numba(network, dtype, torch)),
    )
    return [
        Target(promise, f"{network.name}, {dtype}, {mine}", ratio(times[mine], times[peer]), limit)
        for variants, limits in promises
        for promise, peer, limit in limits
        if peer in times
        for mine in variants
        if mine in times
    ]


def _eager(network: Network, torch: str | None) -> list[Limit]:
    limits: list[Limit] = []
    limits.append(("time over PyTorch's", torch, 0.6 if network.name == SMALLEST else 1.0))
    if network.name == SMALLEST:
        limits.append(("time over HIPS autograd's", peers.HIPS, 0.25))
        limits.append(("time over MyGrad's (guard off)", peers.MYGRAD_UNGUARDED, 0.7))
    if network.name in LAST_THREE:
        limits.append(("time over hand-written NumPy's", peers.NUMPY, 1.15))
    return limits


def _numpy(network: Network) -> list[Limit]:
    limit = 0.85 if network.name == SECOND else 1.0
    return [("time over hand-written NumPy's", peers.NUMPY, limit)]


def _numba(network: Network, dtype: str, torch: str | None) -> list[Limit]:
    if network.name != SMALLEST:
        return [("time over JAX's", peers.JAX, 1.0)]
    over_jax = {"float32": 0.35, "float64": 0.40}[dtype]
    return [("time over JAX's", peers.JAX, over_jax), ("time over PyTorch's", torch, 0.1)]
